"""The week's calendar as Thunderbird's reader understands it, in a real browser."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from core import clock
from events import ical
from events.ical import Invitation, Person
from events.models import ActivityState, Session
from tests.factories import LONG_AGO, a_campaign, a_plan, a_unit, an_activity

pytestmark = pytest.mark.browser

HOST = Person('Thư viện "Tỉnh"; A:B', "thu-vien@example.com")
GUEST = Person("Nguyễn Thị Lan", "lan@example.com")
READER = Path(__file__).parent.parent / "vendor/ical.js-2.2.1/ical.es5.min.cjs"
READ = """async path => {
  const text = path.startsWith('/') ? await (await fetch(path)).text() : path;
  const whole = new ICAL.Component(ICAL.parse(text));
  const zones = whole.getAllSubcomponents('vtimezone');
  for (const zone of zones) ICAL.TimezoneService.register(zone);
  const method = whole.getFirstPropertyValue('method');
  return {method, zones: zones.length, events:
    whole.getAllSubcomponents('vevent').map(component => {
    const event = new ICAL.Event(component), times = event.iterator(), days = [];
    for (let next; event.isRecurring() && (next = times.next());) days.push(next.toString());
    return {uid: event.uid, title: event.summary, sequence: event.sequence,
            status: component.getFirstPropertyValue('status'),
            starts: event.startDate.toString(), at: event.startDate.toUnixTime(),
            host: component.getFirstPropertyValue('organizer'),
            guests: event.attendees.map(guest => guest.getFirstValue()),
            ends: event.endDate.toString(), days};
  })};
}"""


def test_the_reader_of_thunderbird_finds_every_activity_and_every_change(page_at, given) -> None:
    plan = a_plan(campaign=a_campaign(), unit=a_unit())
    opening = an_activity(plan=plan, title="Lễ khai mạc; “học, học nữa”")
    first = clock.at(date(2027, 10, 2))
    fair = an_activity(
        plan=plan, title="Ngày hội sách", starts_at=first, ends_at=first + timedelta(days=2)
    )
    fair.sessions = [
        Session(starts_at=first + timedelta(days=n), ends_at=first + timedelta(days=n + 1))
        for n in range(2)
    ]
    reading = an_activity(plan=plan, title="Đọc cùng con", ends_at=clock.at(date(2027, 10, 3), 9))
    reading.sessions = [
        Session(starts_at=clock.at(day, 8), ends_at=clock.at(day, 9))
        for day in clock.days(date(2027, 10, 1), date(2027, 10, 3))
    ]
    given(opening, fair, reading)
    page = page_at(1280)
    page.goto("/")
    page.evaluate(READER.read_text("utf-8"))

    before = page.evaluate(READ, "/calendar/weeks/2027.ics")
    opening.starts_at += timedelta(hours=1)
    opening.sessions[0].starts_at += timedelta(hours=1)
    opening.revision, opening.state = 1, ActivityState.CANCELLED
    given(opening)
    after = page.evaluate(READ, "/calendar/weeks/2027.ics")

    assert before["zones"] == 1
    known = {event["title"]: event for event in before["events"]}
    assert set(known) == {opening.title, fair.title, reading.title}
    assert known[opening.title]["at"] == clock.at(date(2027, 10, 1), 8).timestamp()
    assert (known[fair.title]["starts"], known[fair.title]["ends"]) == ("2027-10-02", "2027-10-04")
    assert [day[:10] for day in known[reading.title]["days"]] == [
        "2027-10-01", "2027-10-02", "2027-10-03",
    ]  # fmt: skip
    [changed] = [event for event in after["events"] if event["title"] == opening.title]
    assert changed["uid"] == known[opening.title]["uid"]
    assert (changed["sequence"], changed["status"]) == (1, "CANCELLED")
    assert changed["starts"].endswith("T09:00:00")


def test_the_reader_of_thunderbird_follows_an_invitation_to_its_end(page_at) -> None:
    talk = an_activity(plan=a_plan(unit=a_unit()), id=7, title="Tọa đàm")
    told = Invitation(HOST, GUEST, number=1, sequence=7, sent_at=LONG_AGO)
    page = page_at(1280)
    page.evaluate(READER.read_text("utf-8"))

    asked, ended = (
        page.evaluate(READ, ical.invitations(ical.entry_of(talk), each, "")[0].decode())
        for each in (told, replace(told, sequence=8, is_off=True))
    )

    assert (asked["method"], ended["method"], asked["zones"]) == ("REQUEST", "CANCEL", 1)
    [entry], [end] = asked["events"], ended["events"]
    assert entry["host"] == "mailto:thu-vien@example.com"
    assert entry["guests"] == ["mailto:lan@example.com"]
    assert entry["at"] == clock.at(date(2027, 10, 1), 8).timestamp()
    assert end["uid"] == entry["uid"]
    assert (entry["sequence"], end["sequence"], end["status"]) == (7, 8, "CANCELLED")
