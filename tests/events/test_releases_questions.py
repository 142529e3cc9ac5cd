"""Pages of versions and of a take-over ask as often for many rows as for few."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core import database
from events.cloning.models import Cloning, Part, Shift
from events.models import ActivityState, Venue
from events.releases.models import PendingChange
from tests.factories import LONG_AGO, a_campaign, a_plan, an_activity

PAGES = [
    "/weeks/2027/changes", "/weeks/2027/changes.atom", "/weeks/2027/changes/tinh",
    "/desk/plans/{plan}", "/desk/plans/{plan}/release", "/desk/plans/take-over/{cloning}",
]  # fmt: skip


@pytest.fixture
def asked(database_url):
    """How many statements something sends to the database."""

    def count(work) -> int:
        seen: list[str] = []

        def hear(_connection, _cursor, statement, *_rest) -> None:
            seen.append(statement)

        engine = database.database().reader
        sa.event.listen(engine, "before_cursor_execute", hear)
        try:
            assert work().status_code == 200
        finally:
            sa.event.remove(engine, "before_cursor_execute", hear)
        return len(seen)

    return count


def fill(given, plan, old, number: int) -> None:
    """Activities of this year, changed, drafted and at once; and as many of last year."""
    for _ in range(number):
        venue = given(Venue(name="Thư viện", unit_id=plan.unit_id))
        given(an_activity(plan=plan, state=ActivityState.DRAFT, venue_id=venue.id))
        changed = given(
            an_activity(plan=plan, place="Sân", changed_at=LONG_AGO + timedelta(days=1))
        )
        seats = {"seats": {"from": None, "to": 9}}
        given(PendingChange(activity_id=changed.id, changes=seats, changed_at=LONG_AGO))
        given(an_activity(plan=old, venue_id=venue.id))


@pytest.mark.parametrize("address", PAGES)
def test_more_rows_ask_no_more_questions(desk, plan, given, asked, address: str) -> None:
    old = given(a_plan(campaign=a_campaign(2026), unit=plan.unit))
    given(an_activity(plan=plan, place="Nơi"))
    desk.post(f"/desk/plans/{plan.id}/release")
    facts = {"parts": [part.value for part in Part], "shift": Shift.RUN, "changes": {}}
    cloning = given(
        Cloning(
            source_id=old.campaign_id, target_id=plan.campaign_id, unit_id=plan.unit_id,
            created_at=LONG_AGO, outcome={}, **facts,
        )
    )  # fmt: skip
    fill(given, plan, old, 2)
    page = address.format(plan=plan.id, cloning=cloning.id)
    desk.get(page)
    few = asked(lambda: desk.get(page))
    fill(given, plan, old, 7)
    for _ in range(3):
        desk.post(f"/desk/plans/{plan.id}/release", data={"listed": "1", "activity": "0"})

    assert asked(lambda: desk.get(page)) <= few
