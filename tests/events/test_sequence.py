"""Whatever changes what a calendar says, and by whatever way, the calendar is told once more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import vobject
from flask.testing import FlaskClient

from accounts.models import Role
from core import clock
from events.models import Activity, Plan, Venue
from tests.events.pages import TYPED
from tests.factories import (
    LONG_AGO,
    a_campaign,
    a_plan,
    a_unit,
    an_account,
    an_activity,
    signed_in,
)
from tests.tables import Desk

LATER = LONG_AGO + timedelta(days=1)
UNIT = {"name": "Thư viện tỉnh B", "short_name": "Thư viện", "kind": "other", "reports_to": ""}
MOVED = {"first_on": "2027-10-04", "starts": "09:00", "ends": "11:00", "place": "Sân"}


@dataclass
class World:
    """An activity on the programme of a plan, and whoever may change all of it."""

    client: FlaskClient
    plan: Plan
    hall: Venue
    talk: Activity

    def post(self, address: str, data: dict[str, Any]) -> str:
        answer = self.client.post(address, data=data)
        assert answer.status_code in {200, 302}, answer.text
        return answer.get_data(as_text=True)

    def says(self) -> tuple[str, int, datetime, list[str]]:
        """The activity in its own calendar: its name, its state, when it became that, its words."""
        answer = self.client.get(f"/calendar/activities/{self.talk.slug}.ics")
        [read] = vobject.readOne(answer.get_data(as_text=True)).vevent_list
        told = [read.summary.value, read.description.value, read.location.value]
        told.append(read.dtstart.value.isoformat())
        return (
            read.uid.value,
            int(read.sequence.value),
            getattr(read, "last_modified", None) or read.contents["last-modified"][0].value,
            told,
        )


@pytest.fixture
def world(given, at, client) -> World:
    at(LONG_AGO)
    unit = a_unit(code="tinh", name="Thư viện tỉnh")
    plan = a_plan(campaign=a_campaign(2027), unit=unit, version=1, released_at=LONG_AGO)
    hall = Venue(name="Hội trường A", address="1 Lê Lợi", unit=unit, capacity=200)
    talk = an_activity(plan=plan, slug="mot", title="Tọa đàm", venue=hall, place="")
    staff = an_account((Role.ADMIN, unit), (Role.ORGANISER, unit))
    given(hall, talk, staff)
    return World(signed_in(client, staff), plan, hall, talk)


def unit_renamed(world: World) -> None:
    world.post("/desk/units/tinh/edit", UNIT)


def unit_renamed_by_table(world: World) -> None:
    Desk(world.client).keep("units", "code;name;kind;parent\ntinh;Thư viện tỉnh B;other;\n")


def unit_renamed_and_undone(world: World) -> None:
    unit_renamed_by_table(world)
    named = world.says()[1]
    Desk(world.client).undo()
    assert world.says()[1] == named + 1


def venue_renamed(world: World) -> None:
    address = f"/desk/venues/{world.hall.id}"
    world.post(address, {"name": "Hội trường B", "address": "1 Lê Lợi", "unit": "tinh"})


def venue_moved_away(world: World) -> None:
    address = f"/desk/venues/{world.hall.id}"
    world.post(address, {"name": "Hội trường A", "address": "2 Lê Lợi", "unit": "tinh"})


def venue_changed_by_table(world: World) -> None:
    Desk(world.client).keep("venues", f"number;name;unit\n{world.hall.id};Nhà B;tinh\n")


def activity_changed_by_table(world: World) -> None:
    Desk(world.client).keep("activities", "slug;first_on\nmot;04/10/2027\n")


def draft_released(world: World) -> None:
    world.post("/desk/activities/mot/draft", TYPED)
    assert world.says()[1] == 0
    world.post(f"/desk/plans/{world.plan.id}/release", {})


def preview_confirmed(world: World) -> None:
    asked = world.post("/desk/activities/mot/move", MOVED | {"preview": "1"})
    assert world.says()[1] == 0
    seen = asked.rsplit('name="seen" value="', 1)[1].split('"', 1)[0]
    world.post("/desk/activities/mot/move", MOVED | {"seen": seen})


WAYS = [
    unit_renamed, unit_renamed_by_table, unit_renamed_and_undone, venue_renamed, venue_moved_away,
    venue_changed_by_table, activity_changed_by_table, draft_released, preview_confirmed,
]  # fmt: skip


@pytest.mark.parametrize("change", WAYS)
def test_calendars_learn_of_it(world, at, change: Callable[[World], None]) -> None:
    uid, sequence, changed_at, told = world.says()
    at(LATER)

    change(world)

    then = world.says()
    assert then[0] == uid
    assert then[1] > sequence
    assert then[2] != changed_at
    assert (then[3] != told) is (change is not unit_renamed_and_undone)


def test_what_calendars_do_not_say_is_no_change_to_them(world, at) -> None:
    before = world.says()
    at(LATER)

    world.post("/desk/units/tinh/edit", UNIT | {"name": "Thư viện tỉnh", "headcount": "12"})

    assert world.says() == before


def test_what_is_taken_over_is_another_entry_and_begins_anew(world, given, at, stored) -> None:
    given(a_campaign(2028))
    before = world.says()
    at(clock.at(date(2028, 9, 1)))
    wish = {"source": "2027", "unit": "tinh", "parts": ["activities", "venues"], "shift": "run"}
    began = world.client.post("/desk/plans/take-over/new?to=2028", data=wish).location
    world.post(began, {"keep": "1"})
    twin = next(row for row in stored(Activity) if row.id != world.talk.id)
    world.post(f"/desk/activities/{twin.slug}/release", {})

    assert world.says() == before
    world.talk = twin
    uid, sequence, changed_at, _told = world.says()
    assert uid != before[0]
    assert sequence == 0
    assert changed_at != before[2]
