"""Reminders about duties: what is due on one day of a plan, for the units that carry it.

Their subject is a day of a plan, so that a unit with ten duties due on it
gets one letter.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import sqlalchemy as sa

from core.database import UtcDateTime, session
from core.i18n import N_
from events.duties.links import path
from events.duties.models import Handout
from events.duties.occasions import CARRIES
from events.duties.state import open_column
from events.models import Assignment, Plan, PlanState
from events.reminding import unit_of, units_among
from notifications.reminders.declared import About, Anchor, Audience, Rows, Sort, Suggestion

_DAYS = 100_000
"""More than the days since 1970 that anybody will see."""


def subjects() -> Rows:
    """The days on which something of a plan is due that was handed out."""
    told = sa.type_coerce(sa.func.max(Assignment.told_at), UtcDateTime())
    return (
        sa.select(
            _number().label("subject_id"),
            Plan.unit_id.label("unit_id"),
            Plan.title.label("title"),
            told.label("counts_from"),
            sa.cast(Assignment.due_on, sa.Text).label("mark"),
            Assignment.due_on.label("due"),
        )
        .join(Plan, Plan.id == Assignment.plan_id)
        .where(Plan.state == PlanState.RELEASED)
        .where(Assignment.told_at.is_not(None), Assignment.due_on.is_not(None))
        .group_by(Assignment.plan_id, Plan.unit_id, Plan.title, Assignment.due_on)
    )


def _number() -> sa.ColumnElement[int]:
    seconds = sa.cast(sa.extract("epoch", Assignment.due_on), sa.BigInteger)
    return sa.cast(Assignment.plan_id, sa.BigInteger) * _DAYS + seconds // 86_400


def _read(subject_id: int) -> tuple[int, date]:
    """The plan and the day of a subject."""
    plan_id, days = divmod(subject_id, _DAYS)
    return plan_id, datetime.fromtimestamp(days * 86_400, UTC).date()


def _carriers(about: About, *among: sa.ColumnElement[bool]) -> Rows:
    carry = (
        sa.select(Assignment.unit_id, _number().label("subject_id"))
        .where(Assignment.role.in_(CARRIES), Assignment.due_on.is_not(None))
        .where(Assignment.told_at.is_not(None), open_column(), *among)
        .distinct()
    )
    return units_among(carry.subquery(), about)


def open_duty(about: About) -> Rows:
    """Units with something due on the day that is not done."""
    return _carriers(about)


def silent(about: About) -> Rows:
    """Units that have not even said that they received it."""
    return _carriers(about, Assignment.received_at.is_(None))


def facts(subject_id: int, member: str, _locale: str) -> Mapping[str, str]:
    """What the fields stand for."""
    plan_id, day = _read(subject_id)
    plan, unit = session().get_one(Plan, plan_id), unit_of(member)
    found = sa.select(Assignment).where(
        Assignment.plan_id == plan_id, Assignment.due_on == day, open_column(),
        Assignment.unit_id == (unit.id if unit else None), Assignment.role.in_(CARRIES),
    )  # fmt: skip
    duties = session().scalars(found.order_by(Assignment.position, Assignment.id))
    handout = session().scalar(
        sa.select(Handout).where(
            Handout.plan_id == plan_id, Handout.unit_id == (unit.id if unit else None)
        )
    )
    return {
        "name": unit.name if unit else "",
        "plan": plan.title,
        "unit": plan.unit.name,
        "when": f"{day:%d/%m/%Y}",
        "duties": "\n".join(f"- {duty.duty}" for duty in duties),
        "link": path(handout) if handout else "/duties",
    }


def _link(subject_id: int) -> str:
    return f"/desk/plans/{_read(subject_id)[0]}"


SORT = Sort(
    name="duty",
    label=N_("Duties"),
    subjects=subjects,
    anchors=(Anchor("due", N_("the day on which a duty is due")),),
    milestones=("due",),
    fields={
        "duties": N_("what is due and not done, one on each line"),
        "when": N_("the day on which it is due"),
        "plan": N_("the plan that says so"),
        "unit": N_("the unit whose plan it is"),
        "name": N_("the name of the unit that is reminded"),
        "link": N_("the address at which the unit answers"),
    },
    facts=facts,
    link=_link,
    suggestions=(
        Suggestion(
            "week_before", N_("A week before a duty is due"), "open_duty", "due", -7, 450,
            N_("Due on {when}: duties of {name}"),
            N_("{name} has the following in the plan of {unit}, due on {when}:\n\n{duties}\n\n"
               "Please answer here: {link}"),
        ),
        Suggestion(
            "silent", N_("To units without an answer, three days before"), "silent", "due", -3, 450,
            N_("No answer yet: duties due on {when}"),
            N_("No answer has come from {name} about what is due on {when}:\n\n{duties}\n\n"
               "One press says that it was received: {link}"),
        ),
        Suggestion(
            "late", N_("To units that are late, three days after"), "late_duty", "due", 3, 450,
            N_("Past its day: duties of {name}"),
            N_("The following of the plan of {unit} was due on {when} and is not marked as done:"
               "\n\n{duties}\n\nWhat is done already only needs to be marked here: {link}"),
        ),
    ),
    audiences=(
        Audience("open_duty", N_("Units whose duty is not done"), open_duty),
        Audience("late_duty", N_("Units with a late duty"), open_duty, after="due"),
        Audience("silent", N_("Units without an answer so far"), silent),
    ),
)  # fmt: skip
"""Reminders about what is due on a day of a plan."""
