"""Calendars as other programs read them: one in Python here, Thunderbird's in a browser."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import vobject
from hypothesis import given as example_of
from hypothesis import strategies as st
from icalendar import Calendar

from core import clock
from core.clock import VIETNAM
from events import ical
from events.models import Activity, ActivityState, Format, Session
from tests.factories import a_plan, a_unit, an_activity

SITE = "https://tuanle.example.vn"
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=120)


def whole_days(first: date, days: int, **facts) -> Activity:
    """An activity without hours."""
    starts = clock.at(first)
    made = an_activity(
        plan=a_plan(unit=a_unit(name="Thư viện tỉnh")),
        id=9,
        starts_at=starts,
        ends_at=starts + timedelta(days=days),
        **facts,
    )
    made.sessions = [
        Session(starts_at=starts + timedelta(days=n), ends_at=starts + timedelta(days=n + 1))
        for n in range(days)
    ]
    return made


@pytest.fixture
def programme() -> bytes:
    """Something with hours, something that repeats, something without hours, something off."""
    plan = a_plan(unit=a_unit(name="Thư viện tỉnh"))
    talk = an_activity(plan=plan, id=1, title="Tọa đàm: đọc, và hiểu; rồi kể", revision=3)
    daily = an_activity(
        plan=plan, id=2, title="Triển lãm sách", ends_at=clock.at(date(2027, 10, 3), 17)
    )
    daily.sessions = [
        Session(starts_at=clock.at(day, 8), ends_at=clock.at(day, 17))
        for day in clock.days(date(2027, 10, 1), date(2027, 10, 3))
    ]
    banners = whole_days(date(2027, 10, 1), 7, title="Tuần đọc sách " * 9)
    off = an_activity(plan=plan, id=4, title="Hội thi", state=ActivityState.CANCELLED)
    return ical.calendar(
        [ical.entry_of(one) for one in (talk, daily, banners, off)], "Tuần lễ", SITE
    )


def test_another_python_reader_finds_the_same(programme) -> None:
    read = vobject.readOne(programme.decode())

    talk, daily, banners, off = read.vevent_list
    assert talk.summary.value == "Tọa đàm: đọc, và hiểu; rồi kể"
    assert talk.dtstart.value.astimezone(UTC) == clock.at(date(2027, 10, 1), 8)
    assert talk.sequence.value == "3"
    assert [d.astimezone(VIETNAM).day for d in daily.getrruleset(addRDate=True)] == [1, 2, 3]
    assert (banners.dtstart.value, banners.dtend.value) == (date(2027, 10, 1), date(2027, 10, 8))
    assert banners.summary.value == ("Tuần đọc sách " * 9).strip()
    assert off.status.value == "CANCELLED"
    assert len(read.vtimezone_list) == 1


@example_of(title=WORDS, place=WORDS, summary=WORDS)
def test_entries_say_what_the_library_would_read_from_its_own(title, place, summary) -> None:
    activity = an_activity(
        plan=a_plan(unit=a_unit(name="Thư viện")), id=5, title=title, place=place, summary=summary
    )

    [event] = Calendar.from_ical(ical.activity_calendar(activity, SITE)).events

    assert event["summary"] == " ".join(title.split())
    assert event.get("location", "") == " ".join(place.split())
    assert event["description"].startswith(summary.splitlines()[0] if summary else "Thư viện")
    assert event.to_ical().count(b"\r\n") >= 14


def test_the_lines_are_those_that_the_library_writes(programme) -> None:
    written = [event.to_ical() for event in Calendar.from_ical(programme).events]

    ours = set(programme.replace(b"\r\n ", b"").splitlines())
    assert {line for one in written for line in one.replace(b"\r\n ", b"").splitlines()} <= ours


def test_whole_days_have_no_hour_and_end_on_the_day_after() -> None:
    [event] = Calendar.from_ical(
        ical.activity_calendar(whole_days(date(2027, 10, 2), 1), SITE)
    ).events

    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2027, 10, 2), date(2027, 10, 3))
    assert not isinstance(event["dtstart"].dt, datetime)


def test_who_only_waits_for_a_seat_has_it_pencilled_in() -> None:
    entry = replace(ical.entry_of(whole_days(date(2027, 10, 2), 1)), is_tentative=True)

    assert b"STATUS:TENTATIVE\r\n" in ical.calendar([entry], "x", SITE)


def test_an_online_activity_has_a_place_in_words() -> None:
    activity = whole_days(date(2027, 10, 2), 1, format=Format.ONLINE)

    assert "LOCATION:Trực tuyến\r\n" in ical.activity_calendar(activity, SITE).decode()
