"""The report of an old year counts by the tree of that year."""

from datetime import date

import pytest
import sqlalchemy as sa

from accounts.models import Unit
from accounts.scope import subtree
from accounts.tree import services
from core import clock
from core.database import transaction
from events.models import ActivityState, Campaign, Deadline, DeadlineKind
from reports import queries
from reports.deadlines import owes
from reports.payload import payload
from tests.factories import a_campaign, a_plan, a_unit, an_activity

NOW = clock.at(date(2027, 9, 1), 9)
TODAY = date(2027, 9, 1)


@pytest.fixture
def moved(given):
    """A school that held an activity in 2026 under one office and was moved to another in 2027."""
    province = given(a_unit(name="Tỉnh"))
    old, new = given(a_unit(parent=province, name="Cũ"), a_unit(parent=province, name="Mới"))
    school = given(a_unit(parent=old, name="Trường"))
    week = given(a_campaign(2026))
    at = clock.at(week.starts_on, 8)
    given(
        an_activity(
            plan=given(a_plan(campaign=week, unit=school)),
            state=ActivityState.RELEASED,
            starts_at=at,
            ends_at=clock.at(week.starts_on, 9),
        )
    )
    with transaction() as opened:
        units = [opened.get_one(Unit, u.id) for u in (school, new)]
        services.move(units[0], to=units[1], on=date(2027, 7, 1), today=TODAY)
    return old, new, week


def report(unit, week):
    with transaction() as opened:
        return payload(opened.get_one(Unit, unit.id), opened.get_one(Campaign, week.id), NOW)


def test_what_a_unit_did_before_it_was_moved_stays_in_the_old_report(moved) -> None:
    old, new, week = moved

    before, after = report(old, week), report(new, week)

    assert [u["name"] for u in before["units"]] == ["Cũ", "Trường"]
    assert len(before["activities"]) == 1
    assert [u["name"] for u in after["units"]] == ["Mới"]
    assert after["activities"] == []


def test_the_week_of_this_year_counts_by_the_tree_of_today(moved, given) -> None:
    old, new, _ = moved
    week = given(a_campaign(2027))

    assert [u["name"] for u in report(old, week)["units"]] == ["Cũ"]
    assert [u["name"] for u in report(new, week)["units"]] == ["Mới", "Trường"]


def test_a_unit_that_has_ended_is_in_no_list_of_a_later_week(session) -> None:
    province = a_unit()
    ended = a_unit(parent=province, valid_until=date(2026, 12, 31))
    weeks = a_campaign(2026), a_campaign(2027)
    session.add_all([province, ended, *weeks])
    session.flush()

    found = [queries.rows(subtree(province), week)[0] for week in weeks]

    assert [[row.unit for row in rows] for rows in found] == [[province, ended], [province]]


def test_a_unit_that_has_ended_owes_no_report(session) -> None:
    province = a_unit()
    ended = a_unit(parent=province, valid_until=date(2026, 12, 31))
    week = a_campaign(2027)
    week.deadlines = [Deadline(kind=DeadlineKind.UNIT_REPORT, due_at=clock.at(week.ends_on, 17))]
    session.add_all([province, ended, week])
    session.flush()

    owing = session.scalars(sa.select(Unit).where(owes(week.deadlines[0])))

    assert list(owing) == [province]
