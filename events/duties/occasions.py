"""When duties write to a unit: handed out, due soon, late, urged by somebody, changed.

A letter goes to the unit's address, or to its own organisers when it has none.
Handed-out duties and reminders are about one handout, a unit and a plan; who
only coordinates hears of the duty once and is not reminded.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core import clock
from core.database import UtcDateTime, session
from events.duties import changes, queries
from events.duties.links import path
from events.duties.models import Chase, DutyChange, Handout
from events.duties.services import open_duties
from events.duties.state import is_open, open_column
from events.models import Assignment, DutyRole, Plan, PlanState
from notifications.occasions import Doubt, Kind, Letter, Occasion

DAYS_BEFORE = 2
"""How long before the due day the unit is reminded."""
REMIND_AT = (7, 30)
USEFUL = timedelta(days=10)
"""How long a letter is worth sending; what fell due longer ago is nobody's business any more."""
CARRIES = (DutyRole.LEAD, DutyRole.DO)
"""Who is reminded: not those who only help."""

Audience = sa.Select[*tuple[Any, ...]]
Together = Callable[[Any, date], sa.ColumnElement[bool]]

TOLD_TOGETHER: list[Together] = []
"""Rooms above say here which addresses hear of a morning's duties in one letter of theirs."""


def given(since: datetime, now: datetime) -> Audience:
    """Units to whom duties were handed out."""
    moment = Handout.told_at
    rows = _rows(sa.cast(Handout.id, sa.Text), _seconds(moment), moment, _moment(now + USEFUL))
    return rows.where(_within(moment, since, now))


def due_soon(since: datetime, now: datetime) -> Audience | None:
    """Units that lead or carry out what is due in two days and is not done."""
    return _alone(since, now, hears=-DAYS_BEFORE, until=1)


def late(since: datetime, now: datetime) -> Audience | None:
    """Units that lead or carry out what was due yesterday and is not done."""
    return _alone(since, now, hears=1, until=1 + USEFUL.days)


def of_morning(day: date) -> list[tuple[str, Audience]]:
    """All who hear on a morning of what is due soon or late, however they are told."""
    morning = clock.at(day, *REMIND_AT)
    made = [
        (name, _about_days(morning - timedelta(minutes=1), morning, hears=hears, until=until))
        for name, hears, until in (
            ("duties_due_soon", -DAYS_BEFORE, 1),
            ("duties_late", 1, 1 + USEFUL.days),
        )
    ]
    return [(name, rows) for name, rows in made if rows is not None]


def chased(since: datetime, now: datetime) -> Audience:
    """Units that somebody urged."""
    moment = Chase.chased_at
    rows = _rows(sa.cast(Chase.id, sa.Text), _seconds(moment), moment, _moment(now + USEFUL))
    return rows.join(Chase, Chase.handout_id == Handout.id).where(_within(moment, since, now))


def changed(since: datetime, now: datetime) -> Audience:
    """Units for which something became other than they were told."""
    latest = (
        sa.select(
            DutyChange.handout_id,
            sa.func.max(DutyChange.id).label("id"),
            sa.func.max(DutyChange.tell_at).label("at"),
        )
        .where(DutyChange.tell_at > _moment(max(since, now - USEFUL)))
        .group_by(DutyChange.handout_id)
        .subquery()
    )
    moment = sa.type_coerce(latest.c.at, UtcDateTime())
    rows = _rows(sa.cast(latest.c.id, sa.Text), latest.c.id, moment, _moment(now + USEFUL))
    return rows.join(latest, latest.c.handout_id == Handout.id).where(moment <= _moment(now))


def _given_still_due(subject: str, revision: int, _now: datetime) -> bool:
    handout = _handout(int(subject))
    if handout is None or abs(handout.told_at.timestamp() - revision) > 1:
        return False
    return any(is_open(duty) for duty in session().scalars(queries.handed_out(handout)))


def _day_still_due(subject: str, _revision: int, _now: datetime) -> bool:
    return bool(open_of_day(subject)[1])


def _chase_still_due(subject: str, _revision: int, now: datetime) -> bool:
    urged = _chase(subject)
    return urged is not None and bool(open_duties(urged.handout, clock.local_day(now)))


def _changes_still_due(subject: str, _revision: int, _now: datetime) -> bool:
    """Whether anything is left of it; what changed later that day has a letter of its own."""
    last = _last_change(subject)
    return last is not None and not changes.goes_on(last) and bool(changes.of_day(last))


def _given_letter(subject: str, _locale: str) -> Letter:
    handout = _handout(int(subject))
    if handout is None:
        raise LookupError(subject)
    found = session().scalars(queries.handed_out(handout)).all()
    return _letter(handout, [duty for duty in found if is_open(duty)])


def _day_letter(subject: str, _locale: str) -> Letter:
    handout, duties = open_of_day(subject)
    if handout is None:
        raise LookupError(subject)
    return _letter(handout, duties)


def _chase_letter(subject: str, _locale: str) -> Letter:
    urged = _chase(subject)
    if urged is None:
        raise LookupError(subject)
    letter = _letter(urged.handout, open_duties(urged.handout, clock.local_day(urged.chased_at)))
    letter.facts["chaser"] = urged.account.full_name
    return letter


def _changes_letter(subject: str, _locale: str) -> Letter:
    last = _last_change(subject)
    if last is None:
        raise LookupError(subject)
    letter = _letter(last.handout, [])
    letter.facts["changes"] = changes.of_day(last)
    return letter


def _letter(handout: Handout, duties: list[Assignment]) -> Letter:
    return Letter(
        {
            "unit_name": handout.unit.name,
            "issuer": handout.plan.unit.name,
            "plan_title": handout.plan.title,
            "campaign_title": handout.plan.campaign.title,
            "duties": duties,
            "partners": queries.companions(duties),
            "path": path(handout),
        }
    )


def _page(subject: str) -> str:
    """Where the staff sees what the unit has been told."""
    handout = session().get(Handout, int(subject.partition(":")[0]))
    return f"/desk/duties/units/{handout.unit.code}" if handout else "/desk/duties"


def _chase_page(subject: str) -> str:
    urged = _chase(subject)
    return _page(str(urged.handout_id)) if urged else "/desk/duties"


def _changes_page(subject: str) -> str:
    last = _last_change(subject)
    return _page(str(last.handout_id)) if last else "/desk/duties"


OCCASIONS = [
    Occasion("duties_given", given, _given_still_due, _given_letter, _page, Kind.DUTY),
    Occasion("duties_due_soon", due_soon, _day_still_due, _day_letter, _page, Kind.DUTY),
    Occasion("duties_late", late, _day_still_due, _day_letter, _page, Kind.DUTY),
    Occasion(
        "duties_chased", chased, _chase_still_due, _chase_letter, _chase_page, Kind.DUTY, Doubt.HOLD
    ),
    Occasion(
        "duties_changed", changed, _changes_still_due, _changes_letter, _changes_page, Kind.DUTY
    ),
]
"""When duties write to units."""


def _rows(subject: Any, revision: Any, due_at: Any, useful_until: Any) -> Audience:
    addresses = queries.addresses()
    return (
        sa.select(
            subject.label("subject"),
            addresses.c.address.label("recipient"),
            Handout.unit_id.label("unit_id"),
            revision.label("revision"),
            sa.type_coerce(due_at, UtcDateTime()).label("due_at"),
            sa.type_coerce(useful_until, UtcDateTime()).label("useful_until"),
            sa.literal("vi").label("locale"),
        )
        .select_from(Handout)
        .join(addresses, addresses.c.unit_id == Handout.unit_id)
        .join(Plan, Plan.id == Handout.plan_id)
        .where(Plan.state == PlanState.RELEASED)
    )


def _alone(since: datetime, now: datetime, *, hears: int, until: int) -> Audience | None:
    """Who hears of a morning's duties in a letter about nothing else."""
    rows = _about_days(since, now, hears=hears, until=until)
    if rows is None:
        return None
    mornings = clock.days_with(REMIND_AT, max(since, now - USEFUL), now)
    address = rows.selected_columns["recipient"]
    for together in TOLD_TOGETHER:
        for morning in mornings:
            due = Assignment.due_on == morning - timedelta(days=hears)
            rows = rows.where(~sa.and_(due, together(address, morning)))
    return rows


def _about_days(since: datetime, now: datetime, *, hears: int, until: int) -> Audience | None:
    """Handouts with something open due on a day, so many days from which the unit hears of it."""
    heard = clock.days_with(REMIND_AT, max(since, now - USEFUL), now)
    if not heard:
        return None
    days = [day - timedelta(days=hears) for day in heard]
    due_on = Assignment.due_on

    def for_each(value: Any) -> sa.ColumnElement[Any]:
        return sa.case(*((due_on == day, value(day)) for day in days))

    def at(shift: int, *hour: int) -> Any:
        return for_each(lambda day: _moment(clock.at(day + timedelta(days=shift), *hour)))

    mark = for_each(lambda day: sa.literal(f":{day:%Y%m%d}"))
    reminder = at(hears, *REMIND_AT)
    number = for_each(lambda day: sa.literal(int(f"{day:%Y%m%d}"), sa.Integer))
    subject = sa.cast(Handout.id, sa.Text) + mark
    return (
        _rows(subject, number, reminder, at(until))
        .join(
            Assignment,
            sa.and_(Assignment.plan_id == Handout.plan_id, Assignment.unit_id == Handout.unit_id),
        )
        .where(due_on.in_(days), Assignment.role.in_(CARRIES), open_column())
        .where(Assignment.told_at < reminder, reminder > _moment(since), reminder <= _moment(now))
        .distinct()
    )


def open_of_day(subject: str) -> tuple[Handout | None, list[Assignment]]:
    """The handout that a letter of a morning is about, and what of it is still open."""
    number, _, day = subject.partition(":")
    handout = _handout(int(number))
    if handout is None:
        return None, []
    found = session().scalars(queries.handed_out(handout))
    return handout, [
        duty
        for duty in found
        if duty.due_on and f"{duty.due_on:%Y%m%d}" == day
        if is_open(duty) and duty.role in CARRIES
    ]


def _handout(number: int) -> Handout | None:
    found = session().get(Handout, number)
    return session().scalar(queries.handout(found.id, found.serial)) if found else None


def _chase(subject: str) -> Chase | None:
    urged = session().get(Chase, int(subject))
    return urged if urged and _handout(urged.handout_id) else None


def _last_change(subject: str) -> DutyChange | None:
    found = session().get(DutyChange, int(subject))
    return found if found and _handout(found.handout_id) else None


def _within(moment: Any, since: datetime, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(moment > _moment(max(since, now - USEFUL)), moment <= _moment(now))


def _seconds(moment: Any) -> sa.ColumnElement[int]:
    return sa.cast(sa.extract("epoch", moment), sa.BigInteger)


def _moment(moment: datetime) -> sa.ColumnElement[datetime]:
    return sa.literal(moment, UtcDateTime())
