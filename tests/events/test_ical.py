"""Calendars, read back line by line as RFC 5545 says, not by the library that wrote them."""

from datetime import UTC, date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from accounts.models import Unit
from accounts.tree import services as tree
from core import clock, database
from events import ical
from events.models import ActivityKind, ActivityState, Format, Session, Venue
from tests.factories import DURING, LONG_AGO, a_campaign, a_plan, a_unit, an_activity

SITE = "https://tuanle.example.vn"


def unfolded(content: bytes) -> list[str]:
    """The content lines: CRLF ends a line, a blank after it goes on with it."""
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    return content.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def entries(content: bytes) -> list[dict[str, str]]:
    """Each VEVENT with its values by name and parameters."""
    found: list[dict[str, str]] = []
    inside = False
    for line in unfolded(content):
        if line == "BEGIN:VEVENT":
            found.append({})
            inside = True
        elif line == "END:VEVENT":
            inside = False
        elif inside:
            name, _, value = line.partition(":")
            found[-1][name] = value
    return found


def stored_activity(**facts):
    plan = facts.pop("plan", None) or a_plan(unit=a_unit(name="Thư viện tỉnh"))
    return an_activity(plan=plan, id=facts.pop("id", 7), **facts)


def test_an_activity_is_one_entry_in_the_time_of_vietnam() -> None:
    activity = stored_activity(
        title="Đọc sách, mỗi ngày; cùng con", slug="doc-sach", place="Tầng 2"
    )

    [entry] = entries(ical.activity_calendar(activity, SITE))

    assert entry["DTSTART;TZID=Asia/Ho_Chi_Minh"] == "20271001T080000"
    assert entry["DTEND;TZID=Asia/Ho_Chi_Minh"] == "20271001T100000"
    assert entry["SUMMARY"] == "Đọc sách\\, mỗi ngày\\; cùng con"
    assert entry["URL"] == f"{SITE}/activities/doc-sach"
    assert (entry["LOCATION"], entry["STATUS"], entry["SEQUENCE"]) == ("Tầng 2", "CONFIRMED", "0")
    assert entry["DTSTAMP"] == entry["LAST-MODIFIED"] == "20270901T000000Z"


def test_the_calendar_brings_its_time_zone_and_says_that_it_publishes() -> None:
    lines = unfolded(ical.activity_calendar(stored_activity(), SITE))

    assert {"METHOD:PUBLISH", "TZID:Asia/Ho_Chi_Minh", "TZOFFSETTO:+0700"} <= set(lines)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"


def test_no_line_is_longer_than_75_octets() -> None:
    activity = stored_activity(title="Ngày hội " * 60, summary="Ặ" * 500, place="ộ" * 200)

    content = ical.activity_calendar(activity, SITE)

    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert entries(content)[0]["SUMMARY"] == ("Ngày hội " * 60).strip()


def test_line_ends_in_a_title_cannot_begin_a_property() -> None:
    activity = stored_activity(
        title="A\r\nATTENDEE:mailto:x@example.com\nBEGIN:VALARM",
        place="B\r\nATTENDEE:mailto:x@example.com",
        summary="C\r\nATTENDEE:mailto:x@example.com",
    )

    lines = unfolded(ical.activity_calendar(activity, SITE))

    assert [line for line in lines if line.startswith(("ATTENDEE", "BEGIN:VALARM"))] == []


def test_several_days_are_one_entry_that_repeats() -> None:
    activity = stored_activity(ends_at=clock.at(date(2027, 10, 7), 17))
    activity.sessions = [
        Session(starts_at=clock.at(day, 8), ends_at=clock.at(day, 17))
        for day in clock.days(date(2027, 10, 1), date(2027, 10, 7))
    ]

    [entry] = entries(ical.activity_calendar(activity, SITE))

    assert entry["RRULE"] == "FREQ=DAILY;COUNT=7"
    assert entry["DTEND;TZID=Asia/Ho_Chi_Minh"] == "20271001T170000"


def test_sittings_without_a_rhythm_are_an_entry_each() -> None:
    activity = stored_activity()
    later = activity.starts_at + timedelta(days=3)
    activity.sessions.append(Session(starts_at=later, ends_at=later + timedelta(hours=1)))

    found = entries(ical.activity_calendar(activity, SITE))

    assert [e["UID"][:9] for e in found] == ["20271001-", "20271004-"]
    assert {e["UID"][9:] for e in found} == {ical.entry_of(activity).uid}


def test_the_uid_stays_while_everything_else_changes() -> None:
    activity = stored_activity()
    before = entries(ical.activity_calendar(activity, SITE))[0]["UID"]
    activity.title, activity.revision, activity.changed_at = "Khác", 4, DURING
    activity.state = ActivityState.CANCELLED
    activity.cancelled_reason = "Mưa bão"

    [entry] = entries(ical.activity_calendar(activity, "https://khac.example.vn"))

    assert (entry["UID"], entry["SEQUENCE"], entry["STATUS"]) == (before, "4", "CANCELLED")
    assert entry["DESCRIPTION"].startswith("Đã hủy: Mưa bão")


def test_drafts_never_leave() -> None:
    assert entries(ical.activity_calendar(stored_activity(state=ActivityState.DRAFT), SITE)) == []


def test_an_address_is_part_of_the_location() -> None:
    plan = a_plan()
    venue = Venue(name="Thư viện", address="29 Hoàng Văn Thụ", unit=plan.unit)

    [entry] = entries(ical.activity_calendar(stored_activity(plan=plan, venue=venue), SITE))

    assert entry["LOCATION"] == "Thư viện\\, 29 Hoàng Văn Thụ"


def test_an_online_activity_says_so() -> None:
    activity = stored_activity(format=Format.ONLINE)

    assert entries(ical.activity_calendar(activity, SITE))[0]["LOCATION"] == "Trực tuyến"


@pytest.fixture
def week(given):
    """Two units with an activity each, a cancelled one, a draft and a banner."""
    province = a_unit(code="tinh")
    library = a_unit(parent=province, code="thu-vien")
    plan = a_plan(campaign=a_campaign(), unit=province)
    an_activity(plan=plan, slug="khai-mac")
    an_activity(plan=plan, slug="trien-lam", unit=library)
    an_activity(plan=plan, slug="da-huy", state=ActivityState.CANCELLED)
    an_activity(plan=plan, slug="ban-thao", state=ActivityState.DRAFT)
    an_activity(plan=plan, slug="bang-ron", kind=ActivityKind.BANNER)
    return given(plan)


def slugs(response) -> set[str]:
    assert response.status_code == 200
    assert response.content_type == "text/calendar; charset=utf-8"
    return {entry["URL"].rpartition("/")[2] for entry in entries(response.data)}


def test_the_week_has_what_the_public_may_attend(client, week) -> None:
    assert slugs(client.get("/calendar/weeks/2027.ics")) == {"khai-mac", "trien-lam", "da-huy"}


def test_a_unit_has_what_it_and_those_below_hold(client, week) -> None:
    assert slugs(client.get("/calendar/units/thu-vien.ics")) == {"trien-lam"}
    assert slugs(client.get("/calendar/units/tinh.ics")) == {"khai-mac", "trien-lam", "da-huy"}


def test_one_activity_is_a_calendar_but_a_draft_is_not(client, week) -> None:
    assert slugs(client.get("/calendar/activities/da-huy.ics")) == {"da-huy"}
    assert client.get("/calendar/activities/ban-thao.ics").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "weeks/2026.ics", "weeks/99999999999999999999.ics", "weeks/0.ics", "units/la.ics",
        "units/%00.ics", "units/%ED%A0%80.ics", "activities/la.ics", "activities/%00.ics",
        "weeks/x.ics", "people/x.ics",
    ],
)  # fmt: skip
def test_there_is_no_calendar_of_what_does_not_exist(client, week, path) -> None:
    assert client.get(f"/calendar/{path}").status_code == 404


def test_an_unchanged_calendar_is_not_sent_twice(client, week, given) -> None:
    first = client.get("/calendar/weeks/2027.ics")
    again = client.get("/calendar/weeks/2027.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")

    activity = week.activities[0]
    activity.revision, activity.changed_at = 1, LONG_AGO + timedelta(days=1)
    given(activity)
    changed = client.get(
        "/calendar/weeks/2027.ics", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_a_kind_has_what_is_held_of_it_whoever_holds_it(client, week, given) -> None:
    talks = slugs(client.get("/calendar/kinds/talk.ics"))

    assert talks == {"khai-mac", "trien-lam", "da-huy"}
    assert slugs(client.get("/calendar/kinds/books.ics")) == set()
    for kind in ("banner", "la", "%00"):
        assert client.get(f"/calendar/kinds/{kind}.ics").status_code == 404


def test_a_calendar_tells_when_a_host_or_a_venue_has_another_name(client, week, given) -> None:
    first = client.get("/calendar/weeks/2027.ics").headers["ETag"]

    week.unit.name = "Tỉnh khác"
    given(week.unit)

    assert client.get("/calendar/weeks/2027.ics").headers["ETag"] != first


def told_of(client, slug: str) -> tuple[Any, ...]:
    [entry] = entries(client.get(f"/calendar/activities/{slug}.ics").data)
    names = ("UID", "SEQUENCE", "LAST-MODIFIED", "DESCRIPTION")
    return tuple(entry[name] for name in names)


def test_a_merger_of_units_is_a_change_of_what_they_hold(client, week, at) -> None:
    now = clock.at(date(2027, 9, 1), 9)
    at(now)
    before = told_of(client, "trien-lam")
    etag = client.get("/calendar/weeks/2027.ics").headers["ETag"]
    with database.transaction() as opened:
        library = opened.scalars(sa.select(Unit).where(Unit.code == "thu-vien")).one()
        heir = a_unit(parent=library.parent, code="moi", name="Trung tâm văn hóa")
        opened.add(heir)
        opened.flush()
        tree.merge(library, into=heir, on=clock.local_day(now), today=clock.local_day(now))

    after = told_of(client, "trien-lam")

    assert (after[0], int(after[1])) == (before[0], int(before[1]) + 1)
    assert after[2] == f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    assert "Trung tâm văn hóa" in after[3]
    known = {"If-None-Match": etag}
    assert client.get("/calendar/weeks/2027.ics", headers=known).status_code == 200
    assert told_of(client, "khai-mac")[1] == "0", "what others hold did not change"


def test_the_programme_leads_to_calendars_that_follow_by_themselves(client, week) -> None:
    page = client.get("/weeks/2027/?kind=talk").get_data(as_text=True)

    assert 'href="webcal://127.0.0.1:8000/calendar/weeks/2027.ics"' in page
    assert 'href="webcal://127.0.0.1:8000/calendar/kinds/talk.ics"' in page
