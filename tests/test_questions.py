"""A page asks the database as often for many rows as for few."""

from typing import Any

import pytest

from accounts.models import Role
from events.models import Activity, Counting, Venue
from tests.factories import (
    DURING,
    a_plan,
    a_registration,
    a_unit,
    an_account,
    an_activity,
    signed_in,
)

FEW, MANY = 2, 9


@pytest.mark.parametrize(
    "address",
    [
        "/", "/weeks/2027/", "/calendar/weeks/2027.ics", "/desk/", "/desk/activities",
        "/desk/activities.csv", "/desk/plans", "/desk/check-in", "/desk/activities/{id}/people",
        "/desk/activities/{id}/people.csv",
    ],
)  # fmt: skip
def test_more_rows_ask_no_more_questions(client, given, at, asked, address: str) -> None:
    at(DURING)
    plan = given(a_plan())
    first = _filled(given, plan, FEW)
    signed_in(client, given(an_account((Role.ORGANISER, plan.unit))))
    page = address.format(id=first.id)
    client.get(page)
    few = asked(lambda: client.get(page))

    _filled(given, plan, MANY, first)

    assert asked(lambda: client.get(page)) == few


def _filled(given: Any, plan: Any, number: int, first: Activity | None = None) -> Activity:
    """More activities, each of a unit and at a place of its own; more people at the first."""
    made = [
        an_activity(
            plan=plan,
            unit=a_unit(parent=plan.unit),
            venue=Venue(name=f"Phòng {n}", unit=plan.unit),
            counting=Counting.TICKETS,
            seats=50,
        )
        for n in range(number)
    ]
    given(*made)
    first = first or made[0]
    given(*(a_registration(activity=first) for _ in range(number)))
    return first
