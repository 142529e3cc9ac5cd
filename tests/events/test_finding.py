import re
from html import unescape

import pytest
import sqlalchemy as sa

from accounts.models import Role
from core import database
from events.finding import desk
from events.models import ActivityState, Assignment, DutyRole, Venue
from tests.factories import DURING, a_plan, a_unit, an_account, an_activity, signed_in


@pytest.fixture
def ours(given):
    unit = a_unit(code="so", name="Sở Giáo dục")
    given(unit)
    return unit


@pytest.fixture
def observer(client, given, ours):
    return signed_in(client, given(an_account((Role.OBSERVER, ours))))


@pytest.fixture
def admin(client, given, ours):
    return signed_in(client, given(an_account((Role.ADMIN, ours), full_name="Đỗ Đức Trí")))


def _page(who, words, **more):
    answer = who.get("/desk/search", query_string={"q": words, **more})
    assert answer.status_code == 200
    return answer.get_data(as_text=True).replace("<mark>", "").replace("</mark>", "")


def test_one_search_finds_every_kind_of_thing(admin, ours, given) -> None:
    plan = a_plan(unit=ours, title="Kế hoạch Nguyễn Trãi")
    school = a_unit(parent=ours, name="Trường Nguyễn Trãi", code="thpt-nt")
    venue = Venue(name="Hội trường Nguyễn Trãi", unit=ours)
    duty = Assignment(plan=plan, unit=ours, role=DutyRole.DO, duty="Mời trường Nguyễn Trãi")
    activity = an_activity(plan=plan, title="Thi đọc Nguyễn Trãi", state=ActivityState.DRAFT)
    teacher = an_account((Role.STEWARD, school), full_name="Nguyễn Trãi Em")
    given(school, venue, duty, activity, teacher)
    found = _page(admin, "nguyen trai")
    for name in ("Trường", "Hội trường", "Kế hoạch", "Thi đọc", "Mời trường"):
        assert f"{name} Nguyễn Trãi" in found, name
    assert "Nguyễn Trãi Em" in found
    assert found.count('<ul class="found-list">') == 6


def test_d_finds_a_person_with_a_stroke_in_the_name(admin) -> None:
    assert "Đỗ Đức Trí" in _page(admin, "duc")


def test_what_was_looked_for_stands_out(admin) -> None:
    answer = admin.get("/desk/search?q=duc").get_data(as_text=True)
    assert "Đỗ <mark>Đức</mark> Trí" in answer


def test_a_draft_of_a_foreign_unit_is_not_found(observer, given) -> None:
    foreign = a_unit(name="Sở Nội vụ")
    plan = a_plan(unit=foreign, title="Kế hoạch bí mật")
    venue = Venue(name="Phòng bí mật", unit=foreign)
    duty = Assignment(plan=plan, unit=foreign, role=DutyRole.DO, duty="Việc bí mật")
    given(an_activity(plan=plan, title="Việc bí mật"), venue, duty)
    assert "found-list" not in _page(observer, "bi mat")
    assert "found-list" not in _page(observer, "noi vu")


def test_observers_find_no_accounts_and_no_venues(observer, ours, given) -> None:
    given(an_account((Role.STEWARD, ours), full_name="Cao Bá"), Venue(name="Cao ốc", unit=ours))
    assert "found-list" not in _page(observer, "cao")


def test_a_person_with_a_role_elsewhere_is_not_found(admin, given) -> None:
    given(an_account((Role.ADMIN, a_unit()), full_name="Người Lạ"))
    assert "found-list" not in _page(admin, "nguoi la")


def test_a_duty_that_our_plan_lays_on_another_unit_is_found(observer, ours, given) -> None:
    other = a_unit(name="Sở Văn hóa")
    plan = a_plan(unit=ours)
    given(Assignment(plan=plan, unit=other, role=DutyRole.DO, duty="Mở cửa bảo tàng"))
    assert "Mở cửa bảo tàng" in _page(observer, "bao tang")


def test_each_kind_stands_in_vietnamese_order(observer, ours, given) -> None:
    names = ["Trường Ơn", "Trường An", "Trường Đức", "Trường Dục", "Trường Ân", "Trường Ôn"]
    given(*(a_unit(parent=ours, name=name) for name in names))
    found = _page(observer, "truong")
    order = sorted(names, key=found.index)
    assert [name.split()[1] for name in order] == ["An", "Ân", "Dục", "Đức", "Ôn", "Ơn"]


def test_many_of_a_kind_are_cut_and_shown_when_asked_for(observer, ours, given) -> None:
    given(*(a_unit(parent=ours, name=f"Trường {number:02}") for number in range(12)))
    first = _page(observer, "truong")
    assert first.count("/desk/units/") == 8
    assert "kind=unit" in first
    assert _page(observer, "truong", kind="unit").count('href="/desk/units/') == 12


def test_a_kind_is_turned_forward_and_back_in_the_vietnamese_order(
    observer, ours, given, monkeypatch
) -> None:
    monkeypatch.setattr(desk, "MANY", 2)
    names = ["Trường An", "Trường Ấn", "Trường Bình", "Trường Đức", "Trường Ê", "Trường Đức"]
    given(*(a_unit(parent=ours, name=name) for name in names))
    in_order = ["An", "Ấn", "Bình", "Đức", "Đức", "Ê"]

    def shown(address: str) -> tuple[list[str], dict[str, str]]:
        text = unescape(observer.get(address).text).replace("<mark>", "").replace("</mark>", "")
        links = re.findall(r'rel="(prev|next)" href="([^"]+)"', text)
        return re.findall(r">Trường ([^<]+)</a>", text), dict(links)

    read: list[str] = []
    pages = ["/desk/search?q=truong&kind=unit"]
    while True:
        listed, turning = shown(pages[-1])
        read += listed
        if "next" not in turning:
            break
        pages.append(turning["next"])
    assert (read, len(pages)) == (in_order, 3)
    assert shown(turning["prev"])[0] == in_order[2:4]
    assert shown(shown(turning["prev"])[1]["prev"])[0] == in_order[:2]
    assert "prev" not in shown(shown(turning["prev"])[1]["prev"])[1]


def test_a_page_after_a_thing_that_is_no_more_begins_anew(observer, ours, given) -> None:
    given(a_unit(parent=ours, name="Trường An"))
    assert "Trường An" in _page(observer, "truong", kind="unit", after=99999)
    assert observer.get("/desk/search?q=truong&kind=unit&after=x").status_code == 404


@pytest.mark.parametrize("words", ["", " ", "%%", "-"])
def test_no_words_find_nothing(observer, words) -> None:
    assert "found-list" not in _page(observer, words)


def test_nothing_found_says_so(observer) -> None:
    assert "Không tìm thấy kết quả" in _page(observer, "xyz")


@pytest.mark.parametrize(("query", "status"), [({"q": "\x00"}, 400), ({"q": "a" * 201}, 400),
                                               ({"q": "a", "kind": "secrets"}, 404)])  # fmt: skip
def test_what_no_form_sends_is_refused(observer, query, status) -> None:
    assert observer.get("/desk/search", query_string=query).status_code == status


def test_words_of_a_stranger_are_shown_as_text(observer) -> None:
    assert "<script>" not in _page(observer, "<script>alert(1)</script>")


def test_the_number_of_statements_does_not_grow_with_what_is_found(admin, ours, given) -> None:
    plan = a_plan(unit=ours, title="Kế hoạch các trường")
    given(plan, *_school(plan, 0))
    before = _statements(lambda: _page(admin, "truong"))
    for number in range(1, 6):
        given(*_school(plan, number))
    assert _statements(lambda: _page(admin, "truong")) == before


def _school(plan, number):
    school = a_unit(parent=plan.unit, name=f"Trường {number}")
    venue = Venue(name=f"Sân trường {number}", unit=school)
    activity = an_activity(plan=plan, unit=school, venue=venue, title=f"Thi ở trường {number}")
    return activity, an_account((Role.STEWARD, school), full_name=f"Cô Trường {number}")


def _statements(work) -> int:
    made: list[str] = []

    def hear(_connection, _cursor, statement, *_rest) -> None:
        made.append(statement)

    engine = database.database().reader
    sa.event.listen(engine, "before_cursor_execute", hear)
    try:
        work()
    finally:
        sa.event.remove(engine, "before_cursor_execute", hear)
    return len(made)


def test_the_programme_is_searched_by_the_same_words(client, given, at) -> None:
    at(DURING)
    given(an_activity(title="Đọc sách ở Trường Nguyễn Trãi", plan=a_plan()))
    found = client.get("/?q=nguyen+trai").get_data(as_text=True)
    assert "Đọc sách ở Trường Nguyễn Trãi" in found
    assert "Đọc sách ở" not in client.get("/?q=nguyen+du").get_data(as_text=True)
