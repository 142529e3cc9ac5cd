"""Weeks, plans, duties and venues."""

from datetime import date

import pytest

from accounts.models import Role
from accounts.scope import scope
from core import clock
from events import errors, planning
from events.models import (
    Assignment,
    Deadline,
    DeadlineKind,
    DutyRole,
    Venue,
)
from tests.factories import (
    LONG_AGO,
    OPENING_DAY,
    a_plan,
    a_unit,
    an_account,
    an_activity,
)

FACTS = planning.WeekFacts(
    year=2027, title="Tuần lễ", starts_on=OPENING_DAY, ends_on=date(2027, 10, 7)
)
DUE = {DeadlineKind.UNIT_REPORT: planning.Due(clock.at(date(2027, 10, 12), 17), "Công văn")}


def test_a_week_keeps_its_deadlines_with_the_letter(session) -> None:
    week = planning.create_week(FACTS, DUE)
    planning.edit_week(week, FACTS, {DeadlineKind.PLAN: DUE[DeadlineKind.UNIT_REPORT]})

    assert [(d.kind, d.letter) for d in session.query(Deadline)] == [
        (DeadlineKind.PLAN, "Công văn")
    ]


def test_a_year_has_one_week(session) -> None:
    planning.create_week(FACTS, {})

    with pytest.raises(errors.YearTaken):
        planning.create_week(FACTS, {})


def test_a_unit_has_one_plan_in_a_week(session) -> None:
    week, unit = planning.create_week(FACTS, {}), a_unit()
    planning.start_plan(week, unit, title="Kế hoạch")

    with pytest.raises(errors.PlanExists):
        planning.start_plan(week, unit, title="Kế hoạch")


def test_an_activity_goes_into_the_nearest_plan_that_the_actor_may_write(session) -> None:
    week = planning.create_week(FACTS, {})
    province = a_unit()
    library = a_unit(parent=province)
    above, below = an_account((Role.ORGANISER, province)), an_account((Role.ORGANISER, library))
    session.add_all([above, below])
    session.flush()
    plan = planning.start_plan(week, province, title="Tỉnh")

    from_above = planning.plan_for(week, library, scope(above, Role.ORGANISER), title="Mới")
    from_below = planning.plan_for(week, library, scope(below, Role.ORGANISER), title="Mới")

    assert from_above is plan
    assert (from_below.unit, from_below.title) == (library, "Mới")


def test_a_duty_goes_from_assigned_to_done_and_back(session) -> None:
    plan = a_plan()
    session.add(plan)
    session.flush()
    duty = planning.assign(plan, plan.unit, role=DutyRole.LEAD, duty="Chủ trì", due_on=None)

    planning.finish(duty, now=LONG_AGO)
    assert (duty.received_at, duty.done_at) == (LONG_AGO, LONG_AGO)
    planning.reopen(duty)
    assert (duty.received_at, duty.done_at) == (LONG_AGO, None)
    planning.withdraw_duty(duty)
    session.flush()
    assert session.query(Assignment).count() == 0


def test_a_duty_stays_below_the_unit_of_the_plan(session) -> None:
    plan, stranger = a_plan(), a_unit()
    session.add_all([plan, stranger])
    session.flush()

    with pytest.raises(errors.DutyOutsideThePlan):
        planning.assign(plan, stranger, role=DutyRole.DO, duty="Việc", due_on=None)


def test_calendars_learn_of_a_venue_s_new_name(session) -> None:
    plan = a_plan()
    venue = Venue(name="Thư viện", address="", unit=plan.unit)
    here = an_activity(plan=plan, venue=venue)
    elsewhere = an_activity(plan=plan)
    session.add_all([plan, venue])
    session.flush()

    planning.edit_venue(venue, name="Thư viện tỉnh", address="", capacity=9, now=LONG_AGO)
    session.flush()
    session.expire_all()

    assert (here.revision, elsewhere.revision) == (1, 0)
