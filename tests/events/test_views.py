"""The public programme, as a visitor reads it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from core import clock, database
from events import programme
from events.models import (
    ActivityKind,
    ActivityState,
    ActivityTheme,
    Audience,
    Session,
    Theme,
    Venue,
)
from events.slots import slots
from tests.factories import (
    DURING,
    LONG_AGO,
    OPENING_DAY,
    a_campaign,
    a_plan,
    a_unit,
    an_activity,
)


@pytest.fixture
def week(given):
    """A week with a library below the province, a reading there and a talk."""
    province = a_unit(code="tinh", name="Ủy ban nhân dân tỉnh")
    library = a_unit(parent=province, code="thu-vien", name="Thư viện tỉnh")
    plan = a_plan(campaign=a_campaign(theme="Văn hóa đọc cho mọi người"), unit=province)
    venue = Venue(name="Nhà văn hóa xã", unit=province)
    reading = an_activity(
        plan=plan, unit=library, slug="doc", title="Đọc sách cùng con", kind=ActivityKind.READING
    )
    reading.themes = [ActivityTheme(theme=Theme.READING_CULTURE)]
    an_activity(
        plan=plan, slug="toa-dam", title="Tọa đàm công dân số", venue=venue,
        starts_at=clock.at(date(2027, 10, 3), 14), seats=50,
    )  # fmt: skip
    return given(plan)


def titles(response) -> list[str]:
    assert response.status_code == 200, response.status
    text = unescape(response.get_data(as_text=True))
    return re.findall(r'row-title"><a href="/activities/[^"]+">([^<]+)<', text)


def test_the_programme_is_vietnamese_whatever_the_browser_prefers(client, week) -> None:
    page = client.get("/", headers={"Accept-Language": "en-US"}).get_data(as_text=True)

    assert '<html lang="vi">' in page
    assert "Văn hóa đọc cho mọi người" in page
    assert "08 giờ 00" in page


def test_the_whole_week_stands_on_one_page_by_time(client, week, at) -> None:
    at(LONG_AGO)

    assert titles(client.get("/")) == ["Đọc sách cùng con", "Tọa đàm công dân số"]
    assert titles(client.get("/weeks/2027/")) == titles(client.get("/"))


def test_today_comes_first_while_the_week_is_on(client, week, at) -> None:
    at(clock.at(date(2027, 10, 3), 9))

    assert titles(client.get("/")) == ["Tọa đàm công dân số", "Đọc sách cùng con"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("unit=thu-vien", ["Đọc sách cùng con"]),
        ("unit=tinh", ["Đọc sách cùng con", "Tọa đàm công dân số"]),
        ("kind=talk", ["Tọa đàm công dân số"]),
        ("theme=reading_culture", ["Đọc sách cùng con"]),
        ("day=2027-10-03", ["Tọa đàm công dân số"]),
        ("q=doc+sach", ["Đọc sách cùng con"]),
        ("q=ĐỌC+SÁCH", ["Đọc sách cùng con"]),
        ("q=nha+van+hoa", ["Tọa đàm công dân số"]),
        ("q=thu+vien", ["Đọc sách cùng con"]),
        ("q=100%25", []),
        ("unit=thu-vien&kind=talk", []),
        ("utm_source=zalo&fbclid=x", ["Đọc sách cùng con", "Tọa đàm công dân số"]),
    ],
)
def test_filters_narrow_the_programme(client, week, at, query, found) -> None:
    at(LONG_AGO)

    assert titles(client.get(f"/?{query}")) == found


def test_the_place_is_a_filter_too(client, week, stored) -> None:
    [venue] = stored(Venue)

    assert titles(client.get(f"/?place={venue.id}")) == ["Tọa đàm công dân số"]


@pytest.mark.parametrize(
    "query",
    [
        "unit=la", "kind=la", "theme=la", "place=la", "place=999999999999999999999", "place=-1",
        "day=la", "day=2027-10-09", "day=9999-99-99", "day=2027-10-03&after=la",
        "day=2027-10-03&after=99999999999999-1", "q=%00", "q=a%01b", "unit=%00",
        f"q={'a' * 300}",
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_without_a_fault(client, week, query) -> None:
    assert client.get(f"/?{query}").status_code in {400, 404}


@pytest.mark.parametrize("year", ["1", "2026", "10000", "99999999999999999999", "x", "-1"])
def test_a_year_without_a_week_is_not_found(client, week, year) -> None:
    assert client.get(f"/weeks/{year}/").status_code == 404


def test_a_filter_without_a_match_says_how_to_get_back(client, week) -> None:
    page = client.get("/?q=khong+co").get_data(as_text=True)

    assert "Không có hoạt động phù hợp" in page
    assert "Xem toàn bộ chương trình" in page


def test_before_the_first_week_the_page_says_what_comes(client) -> None:
    page = client.get("/")

    assert page.status_code == 200
    assert "Chưa có Tuần lễ nào được lập" in page.get_data(as_text=True)


def test_an_empty_week_says_that_it_is_being_prepared(client, given) -> None:
    given(a_campaign(2026), a_campaign(2027))

    page = client.get("/weeks/2027/").get_data(as_text=True)

    assert "Chương trình đang được chuẩn bị" in page
    assert 'href="/weeks/2026/"' in page


def test_the_week_that_comes_next_is_shown_and_then_the_last_one(client, given, at) -> None:
    given(a_campaign(2026), a_campaign(2027))
    shown = []
    for day in (date(2026, 10, 7), date(2026, 10, 8), date(2028, 1, 1)):
        at(clock.at(day, 23))
        page = client.get("/").get_data(as_text=True)
        shown.append(re.findall(r"<h1>[^<]*(\d{4})</h1>", page))

    assert shown == [["2026"], ["2027"], ["2027"]]


def test_drafts_are_hidden_and_banners_stay_out_of_the_days(client, week, given) -> None:
    an_activity(plan=week, title="Bản thảo kín", state=ActivityState.DRAFT)
    an_activity(plan=week, title="Băng rôn đầu phố", kind=ActivityKind.BANNER)
    given(week)

    response = client.get("/")

    assert titles(response) == ["Đọc sách cùng con", "Tọa đàm công dân số"]
    page = response.get_data(as_text=True)
    assert "Bản thảo kín" not in page
    assert "Băng rôn đầu phố" in page


def test_a_cancelled_activity_stays_and_says_so(client, week, given) -> None:
    week.activities[0].state = ActivityState.CANCELLED
    given(week)

    response = client.get("/")

    assert titles(response)[0] == "Đọc sách cùng con"
    assert "Đã hủy" in response.get_data(as_text=True)


def test_a_week_that_is_over_says_what_came_of_it_and_leads_on(
    client, week, given, at, monkeypatch
) -> None:
    given(a_campaign(2028))
    monkeypatch.setattr(slots, "attendances", lambda ids: dict.fromkeys(ids, 600))

    at(DURING)
    assert "đã kết thúc" not in client.get("/weeks/2027/").text
    at(clock.at(date(2027, 10, 8), 9))
    page = client.get("/weeks/2027/").text

    assert "Tuần lễ này đã kết thúc với 1.200 lượt tham dự" in page
    assert '<a href="/weeks/2028/">Xem chương trình năm 2028</a>' in page


@pytest.mark.parametrize(("left", "words"), [(12, "Còn 12 chỗ"), (0, "Hết chỗ, có danh sách chờ")])
def test_seats_are_said_in_words(client, week, at, monkeypatch, left, words) -> None:
    at(LONG_AGO)
    monkeypatch.setattr(slots, "seats_left", lambda ids: dict.fromkeys(ids, left))

    assert words in client.get("/").get_data(as_text=True)


def test_what_runs_for_days_is_printed_in_full_once(client, given, at) -> None:
    at(LONG_AGO)
    fair = an_activity(title="Triển lãm", ends_at=clock.at(date(2027, 10, 3), 17))
    fair.sessions = [
        Session(starts_at=clock.at(d, 8), ends_at=clock.at(d, 17))
        for d in clock.days(OPENING_DAY, date(2027, 10, 3))
    ]
    given(fair)

    page = client.get("/")

    assert titles(page) == ["Triển lãm"]
    assert page.get_data(as_text=True).count("Tiếp tục mở trong ngày này") == 2
    assert titles(client.get("/?day=2027-10-02")) == ["Triển lãm"]


def test_for_whom_it_is_is_said(client, given, at) -> None:
    at(LONG_AGO)
    given(an_activity(audience=Audience.INVITED))

    assert "Theo giấy mời" in client.get("/").get_data(as_text=True)


def many(plan, number: int) -> None:
    for n in range(number):
        day = OPENING_DAY + timedelta(days=n % 7)
        an_activity(
            plan=plan, title=f"Hoạt động {n}", starts_at=clock.at(day, 7 + n % 10), seats=10
        )


def test_a_long_week_is_read_by_day_and_a_long_day_by_page(client, given, at, monkeypatch) -> None:
    at(LONG_AGO)
    monkeypatch.setattr(programme, "WHOLE", 10)
    plan = a_plan()
    many(plan, 84)
    given(plan)

    first = client.get("/")
    following = re.search(r'rel="next" href="([^"]+)"', first.get_data(as_text=True))
    assert following
    second = client.get(unescape(following[1]))

    assert len(titles(first)) == 10
    assert len(titles(second)) == 2
    assert len(set(titles(first) + titles(second))) == 12


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    seen: list[str] = []

    def note(_c, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    engine = database.database().reader
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


def test_the_number_of_questions_does_not_grow_with_the_programme(client, given) -> None:
    plan = a_plan()
    many(plan, 3)
    given(plan)
    with counted() as few:
        client.get("/")
    many(plan, 60)
    given(plan)
    with counted() as more:
        assert len(titles(client.get("/"))) == 63

    assert len(more) == len(few) <= 15


def test_the_present_hour_is_marked(client, week, at) -> None:
    at(DURING)

    assert "Đang diễn ra" in client.get("/").get_data(as_text=True)


def test_english_is_complete_on_the_programme(client, week) -> None:
    client.set_cookie("locale", "en")

    page = client.get("/").get_data(as_text=True)

    assert '<html lang="en">' in page
    assert "Search the programme" in page
