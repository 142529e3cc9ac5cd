"""When two units become one, what doors keep for the earlier goes to the later."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from accounts.models import Role, Unit
from accounts.scope import subtree
from accounts.tree import services
from checkin import holdings
from checkin.hall.models import Screen
from checkin.models import Device, Participant, Standing
from checkin.points.models import Point
from core.clock import local_day
from core.database import reading, transaction
from events.models import Activity, Counting
from tests.factories import (
    DURING,
    LONG_AGO,
    a_participant,
    a_plan,
    a_registration,
    a_unit,
    an_account,
    an_activity,
    signed_in,
)

TODAY = local_day(DURING)


@pytest.fixture
def units(app: Any, given: Any, at: Any) -> tuple[Unit, Unit]:
    """Two wards of one province; the first one is about to go into the second."""
    at(DURING)
    province = given(a_unit())
    first, second = a_unit(parent=province, name="Xã A"), a_unit(parent=province, name="Xã B")
    given(first, second)
    return first, second


@pytest.fixture
def merged(units: tuple[Unit, Unit]) -> Callable[[], None]:
    """Make them one."""

    def merge() -> None:
        with transaction() as opened:
            first, second = (opened.get_one(Unit, unit.id) for unit in units)
            services.merge(first, into=second, on=TODAY, today=TODAY)

    return merge


def a_device(unit: Unit, **facts: Any) -> Device:
    facts = {"expires_at": DURING + timedelta(days=30)} | facts
    return Device(name="Cửa", unit_id=unit.id, created_at=LONG_AGO, **facts)


def an_old_activity(**facts: Any) -> Activity:
    return an_activity(starts_at=LONG_AGO, ends_at=LONG_AGO + timedelta(hours=2), **facts)


def owners(stored: Any, model: type[Any]) -> list[int | None]:
    return [row.unit_id for row in stored(model)]


def test_scanners_in_use_go_over(given: Any, units: Any, merged: Any, stored: Any) -> None:
    first, second = units
    over = {"revoked_at": LONG_AGO}, {"expires_at": LONG_AGO}
    given(a_device(first), *(a_device(first, **facts) for facts in over))

    merged()

    assert owners(stored, Device) == [second.id, first.id, first.id]


def test_points_of_what_is_to_come_go_over(
    given: Any, units: Any, merged: Any, stored: Any
) -> None:
    first, second = units
    plan = given(a_plan(unit=a_unit()))
    ahead, past = given(an_activity(plan=plan), an_old_activity(plan=plan))
    for activity in (ahead, past):
        given(Point(activity_id=activity.id, name="Nhà văn hóa", unit_id=first.id,
                    created_at=LONG_AGO))  # fmt: skip

    merged()

    assert owners(stored, Point) == [second.id, first.id]


def test_people_who_are_still_to_come_are_of_the_later_unit(
    given: Any, units: Any, merged: Any, stored: Any
) -> None:
    first, second = units
    plan = given(a_plan())
    ahead, past = given(an_activity(plan=plan), an_old_activity(plan=plan))
    coming, waiting, gone, was = (a_participant(unit_id=first.id) for _ in range(4))
    given(coming, waiting, gone, was)
    given(
        a_registration(activity=ahead, participant=coming),
        a_registration(activity=ahead, participant=waiting, standing=Standing.WAITING),
        a_registration(activity=ahead, participant=gone, standing=Standing.WITHDRAWN),
        a_registration(activity=past, participant=was),
    )

    merged()

    assert owners(stored, Participant) == [second.id, second.id, first.id, first.id]


def test_screens_of_halls_go_with_their_activity(
    client: Any, given: Any, units: Any, merged: Any
) -> None:
    first, second = units
    activity = given(an_activity(plan=a_plan(unit=first), counting=Counting.SELF_SCAN))
    given(Screen(activity_id=activity.id, token_hash="x", created_at=LONG_AGO, paired_at=LONG_AGO,
                 expires_at=DURING + timedelta(days=1)))  # fmt: skip
    signed_in(client, given(an_account((Role.ORGANISER, second))))
    page = f"/desk/activities/{activity.id}/self-scan"
    assert client.get(page).status_code == 404

    merged()

    assert client.get(page).status_code == 200
    with reading() as opened:
        host = sa.select(Activity.unit_id).join(Screen, Screen.activity_id == Activity.id)
        assert opened.scalar(host) == second.id


def test_all_of_it_is_counted_before(given: Any, units: Any) -> None:
    first, _second = units
    person = a_participant(unit_id=first.id)
    activity = given(an_activity())
    given(
        person,
        a_device(first),
        Point(activity_id=activity.id, name="Chợ", unit_id=first.id, created_at=LONG_AGO),
    )
    given(a_registration(activity=activity, participant=person))

    with reading():
        counted = holdings.kept(subtree(first), TODAY)

    assert counted == {holdings.SCANNERS: 1, holdings.POINTS: 1, holdings.PEOPLE: 1}
