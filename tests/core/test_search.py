import re
from contextlib import suppress

import pytest
import sqlalchemy as sa

import events.finding.sources  # noqa: F401
from accounts.models import Unit
from core import search_keeping
from core.database import reading, transaction
from core.search import SearchEntry, SearchWord, in_order, is_found, order_key, words
from core.text import sort_key
from events.models import Activity, Venue
from tests.factories import a_plan, a_unit, an_activity
from tests.questions import explained

NAMES = [
    "Đức", "Dục", "Nguyễn Trãi", "An", "Ánh", "Ân", "anh", "Ăn", "Anh Đào", "Ôn", "Ơn", "On", "zét",
    "Wilson", "Trường số 10", "Trường số 2", "ô tô",
]  # fmt: skip

_WHOLE = r"SCAN (?!\(subquery|0x)(unit|search_\w+)|Seq Scan"
"""What a database says that reads a table from end to end."""
_BY_WORD = (
    r"SEARCH search_word USING (COVERING )?INDEX \w+ \(kind=\? AND word>\? AND word<\?\)"
    r"|Index (Only )?Scan using pk_search_word|Bitmap Index Scan on pk_search_word"
)


def found(kind, model, text, name="name"):
    with reading() as opened:
        wanted = sa.select(getattr(model, name)).where(is_found(kind, model.id, text))
        return list(opened.scalars(in_order(kind, wanted, model.id)))


def units(text):
    return found("unit", Unit, text)


def activities(text):
    return found("activity", Activity, text, "title")


def test_words_are_folded_and_cut_at_whatever_is_no_letter_and_no_digit():
    assert words("Sở KH&CN, số 12/KH-SKHCN: “Đọc”_Sách") == [
        "so", "kh", "cn", "so", "12", "kh", "skhcn", "doc", "sach",
    ]  # fmt: skip


def test_a_word_longer_than_any_real_one_is_cut_alike_in_index_and_question(given):
    given(a_unit(name="x" * 5000))
    assert units("x" * 4000) == ["x" * 5000]


@pytest.mark.parametrize("text", ["nguyen trai", "NGUYỄN TRÃI", "Nguyễn", "trai", "trãi ng"])
def test_diacritics_case_and_order_of_words_do_not_matter(given, text):
    given(a_unit(name="Trường THPT Nguyễn Trãi"), a_unit(name="Trường THPT Lê Lợi"))
    assert units(text) == ["Trường THPT Nguyễn Trãi"]


def test_letters_with_their_marks_apart_are_the_same_letters(given):
    given(a_unit(name="Thư viện tỉnh"))
    assert units("th\u01b0 vie\u0323\u0302n") == ["Thư viện tỉnh"]


def test_d_finds_d_with_a_stroke(given):
    given(a_unit(name="Xã Đức Hợp"), a_unit(name="Xã Dục Tú"))
    assert units("duc") == ["Xã Dục Tú", "Xã Đức Hợp"]
    assert units("đức") == units("duc")


def test_each_word_must_be_the_beginning_of_a_word(given):
    given(a_unit(name="Sở Khoa học"))
    assert units("khoa ho") == ["Sở Khoa học"]
    assert units("oa hoc") == []
    assert units("khoa van") == []


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "*", "'", '"', "\U0010ffff", "-- ;"])
def test_what_has_no_words_finds_nothing(given, text):
    given(a_unit(name="Sở Khoa học"))
    assert units(text) == []


def test_a_percent_sign_is_no_joker(given):
    given(a_unit(name="Sở Khoa học"))
    assert units("k%c") == []


def test_names_stand_in_vietnamese_order_on_every_database(given):
    given(*(a_unit(name=f"Xã {name}") for name in NAMES))
    assert [sort_key(name) for name in units("xa")] == sorted(sort_key(f"Xã {n}") for n in NAMES)


def test_the_key_orders_as_the_dictionary_does():
    by_key = sorted(NAMES, key=lambda name: (order_key(name), name))
    assert by_key == sorted(NAMES, key=lambda name: (sort_key(name), name))


def test_numbers_in_names_stand_by_their_size_on_every_database(given):
    numbered = [f"Tổ dân phố số {number}" for number in (1, 2, 10, 11, 100)]
    given(*(a_unit(name=name) for name in reversed(numbered)))
    assert units("to dan pho") == numbered


def test_the_key_orders_numbers_as_the_sorting_of_lists_does():
    numbers = ["", " ", "0", "2", "02a", "2b", "10", "10a", "9" * 15, "1" + "0" * 15, "9" * 40, "a"]
    names = [f"Số {number} tổ" for number in numbers] + [f"Số{number}" for number in numbers]
    assert sorted(names, key=order_key) == sorted(names, key=sort_key)


def test_an_activity_is_found_by_its_title_place_venue_and_host(given):
    host = a_unit(name="Thư viện tỉnh", short_name="TVT")
    venue = Venue(name="Hội trường lớn", unit=host)
    plan = a_plan(unit=host)
    given(an_activity(plan=plan, title="Ngày hội sách", place="Phố đi bộ", venue=venue))
    for text in ("ngay hoi", "pho di bo", "hoi truong", "thu vien", "tvt", "sach thu vien lon"):
        assert activities(text) == ["Ngày hội sách"], text


def test_the_person_in_charge_is_not_among_the_words(given):
    given(an_activity(title="Ngày hội sách", contact="Lý Thị Bưởi"))
    assert activities("buoi") == []


def test_a_new_name_is_found_and_the_old_one_no_longer(given):
    unit = given(a_unit(name="Sở Nội vụ", short_name="SNV"))
    with transaction() as opened:
        opened.get_one(Unit, unit.id).name = "Sở Tư pháp"
    assert units("tu phap") == ["Sở Tư pháp"]
    assert units("noi vu") == []


def test_the_activities_of_a_unit_follow_its_new_name(given):
    activity = given(an_activity(title="Ngày hội sách"))
    with transaction() as opened:
        opened.get_one(Unit, activity.unit_id).name = "Thư viện Quốc gia"
    assert activities("quoc gia") == ["Ngày hội sách"]


def test_the_activities_follow_when_many_units_are_renamed_at_once(given):
    given(an_activity(title="Ngày hội sách"))
    with transaction() as opened:
        opened.execute(sa.update(Unit).values(name="Thư viện Quốc gia"))
    assert activities("quoc gia") == ["Ngày hội sách"]


def test_the_activities_at_a_venue_follow_its_new_name(given):
    host = a_unit()
    venue = Venue(name="Nhà A", unit=host)
    given(an_activity(title="Ngày hội sách", plan=a_plan(unit=host), venue=venue))
    with transaction() as opened:
        opened.get_one(Venue, venue.id).name = "Vườn hoa"
    assert activities("vuon hoa") == ["Ngày hội sách"]
    assert activities("nha a") == []


def test_another_venue_brings_other_words(given):
    host = a_unit()
    venue = given(Venue(name="Vườn hoa", unit=host))
    activity = given(an_activity(title="Ngày hội sách", plan=a_plan(unit=a_unit())))
    with transaction() as opened:
        row = opened.get_one(Activity, activity.id)
        row.venue = opened.get_one(Venue, venue.id)
    assert activities("vuon hoa") == ["Ngày hội sách"]


def test_what_many_rows_get_at_once_is_kept_too(given):
    activity = given(an_activity(title="Ngày hội sách"))
    other = given(a_unit(name="Phòng Văn hóa"))
    with transaction() as opened:
        opened.execute(sa.update(Activity).values(unit_id=other.id))
    assert activities("phong van") == [activity.title]


@pytest.mark.parametrize("target", [Venue, Venue.__table__], ids=["model", "table"])
def test_many_rows_put_in_by_one_statement_are_found(given, target):
    unit = given(a_unit())
    with transaction() as opened:
        opened.execute(
            sa.insert(target),
            [{"name": f"Vườn {n}", "address": "", "unit_id": unit.id} for n in range(3)],
        )
    assert found("venue", Venue, "vuon") == ["Vườn 0", "Vườn 1", "Vườn 2"]


def test_what_is_gone_is_not_found_and_leaves_no_words(given):
    venue = given(Venue(name="Vườn hoa", unit=a_unit()))
    with transaction() as opened:
        opened.delete(opened.get_one(Venue, venue.id))
    with reading() as opened:
        left = sa.select(sa.func.count()).where(SearchWord.kind == "venue")
        assert opened.scalar(left) == 0
        assert opened.scalar(sa.select(SearchEntry).where(SearchEntry.kind == "venue")) is None


def test_what_was_undone_is_not_found(given):
    given(a_unit(name="Sở Nội vụ"))
    with reading(), suppress(RuntimeError), transaction() as opened:
        opened.add(a_unit(name="Sở Ma"))
        opened.flush()
        raise RuntimeError
    assert units("ma") == []
    assert units("so") == ["Sở Nội vụ"]


def test_rows_from_before_the_index_are_found_after_reindexing(given):
    given(a_unit(name="Sở Nội vụ"))
    with transaction() as opened:
        opened.execute(sa.delete(SearchWord))
        opened.execute(sa.delete(SearchEntry))
        opened.execute(sa.insert(SearchWord).values(word="ma", kind="unit", subject_id=999_999_999))
    assert units("noi vu") == []
    with transaction() as opened:
        assert search_keeping.reindex() == 1
        assert opened.scalar(sa.select(SearchWord).where(SearchWord.word == "ma")) is None
    assert units("noi vu") == ["Sở Nội vụ"]


def test_the_command_writes_the_index_anew(app, given):
    given(a_unit(name="Sở Nội vụ"))
    with transaction() as opened:
        opened.execute(sa.delete(SearchWord))
    done = app.test_cli_runner().invoke(args=["db", "reindex"])
    assert (done.exit_code, done.output) == (0, "Indexed 1 things\n")
    assert units("noi vu") == ["Sở Nội vụ"]


def test_looking_uses_the_index_and_reads_no_whole_table(given):
    given(*(a_unit(name=f"Trường số {number} Nguyễn Trãi") for number in range(300)))
    with reading() as opened:
        wanted = sa.select(Unit.id).where(is_found("unit", Unit.id, "nguyen 17"))
        plan = explained(opened, in_order("unit", wanted, Unit.id))
    assert re.search(_WHOLE, plan) is None, plan
    assert re.search(_BY_WORD, plan), plan
