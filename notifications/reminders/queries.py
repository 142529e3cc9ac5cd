"""Questions about reminders: whose they are, when they fall due, whom they reach."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from accounts.models import Unit
from accounts.scope import Scope
from core.database import UtcDateTime, session
from notifications.reminders.declared import SORTS, About, Audience, Rows, Sort
from notifications.reminders.models import QuietHours, ReminderMoment, ReminderRule, RuleState
from notifications.reminders.timing import Quiet

RULE, SUBJECT, MEMBER, REVISION = "rule", "subject", "member_number", "revision_asked"
ASKED = (RULE, SUBJECT, MEMBER, REVISION)
_ABOUT = About(ReminderMoment.subject_id, ReminderRule.unit_id)


def rules_in(scope: Scope) -> sa.Select[ReminderRule]:
    """The reminders of the units inside, the latest first."""
    return (
        sa.select(ReminderRule)
        .where(scope.owns(ReminderRule.unit_id))
        .options(joinedload(ReminderRule.unit))
        .order_by(ReminderRule.id.desc())
    )


def of_subject(scope: Scope, sort: str, subject_id: int) -> sa.Select[ReminderRule]:
    """The reminders about one subject, those set up first on top."""
    about = (ReminderRule.sort == sort, ReminderRule.subject_id == subject_id)
    return rules_in(scope).where(*about).order_by(None).order_by(ReminderRule.id)


def of_unit(unit: Unit) -> sa.Select[ReminderRule]:
    """The reminders that hold for all that a unit has: its templates."""
    return (
        sa.select(ReminderRule)
        .where(ReminderRule.unit_id == unit.id, ReminderRule.subject_id.is_(None))
        .options(joinedload(ReminderRule.unit))
        .order_by(ReminderRule.id)
    )


def above(unit: Unit, sort: str) -> sa.Select[ReminderRule]:
    """The templates of a unit and of those above it for a sort of subject."""
    return (
        sa.select(ReminderRule)
        .join(ReminderRule.unit)
        .where(ReminderRule.sort == sort, ReminderRule.subject_id.is_(None))
        .where(sa.literal(unit.path).startswith(Unit.path))
        .options(joinedload(ReminderRule.unit))
        .order_by(ReminderRule.id)
    )


def subjects_of(sort: Sort, rule: ReminderRule) -> Rows:
    """The subjects that a reminder is about, as they stand now."""
    found, host = sort.subjects().subquery(), aliased(Unit)
    whose = sa.func.coalesce(found.c.unit_id, rule.unit_id)
    wanted = sa.select(*_with_unit(found, whose)).join(host, host.id == whose)
    if rule.subject_id is not None:
        return wanted.where(found.c.subject_id == rule.subject_id)
    return wanted.where(host.path.startswith(rule.unit.path, autoescape=True))


@cache
def outdated(name: str) -> Rows:
    """Reminders that are on with each of their subjects, where no moment or an old one is known.

    Columns: the reminder's number, then those of ``subjects`` of the sort of that name. Made
    once, because it is asked at every beat.
    """
    sort = SORTS[name]
    found, host, owner = sort.subjects().subquery(), aliased(Unit), aliased(Unit)
    whose = sa.func.coalesce(found.c.unit_id, ReminderRule.unit_id)
    current = sa.and_(
        ReminderMoment.rule_id == ReminderRule.id,
        ReminderMoment.subject_id == found.c.subject_id,
        ReminderMoment.version == ReminderRule.version,
        ReminderMoment.mark == found.c.mark,
    )
    return (
        sa.select(ReminderRule.id.label("rule_id"), *_with_unit(found, whose))
        .select_from(ReminderRule)
        .join(owner, owner.id == ReminderRule.unit_id)
        .join(
            found,
            sa.or_(
                ReminderRule.subject_id == found.c.subject_id, ReminderRule.subject_id.is_(None)
            ),
        )
        .join(host, host.id == whose)
        .where(ReminderRule.sort == sort.name, ReminderRule.state == RuleState.ON)
        .where(sa.or_(ReminderRule.subject_id.is_not(None), host.path.startswith(owner.path)))
        .where(~sa.exists().where(current))
    )


def recipients(
    sort: Sort, audience: Audience, *among: sa.ColumnElement[bool], number: Any = None
) -> Rows:
    """Whom the moments among these reach: a message for each, as the outbox takes it.

    With a ``number`` only that one of them.
    """
    found = sort.subjects().subquery()
    members = audience.members(_ABOUT)
    column = members.selected_columns
    subject = _number(ReminderMoment.rule_id, ReminderMoment.subject_id) + column.member
    rows = members.with_only_columns(
        subject.label("subject"),
        column.recipient.label("recipient"),
        column.unit_id.label("unit_id"),
        ReminderMoment.revision.label("revision"),
        ReminderMoment.due_at.label("due_at"),
        ReminderMoment.useful_until.label("useful_until"),
        column.locale.label("locale"),
    )
    if number is not None:
        rows = rows.where(column.number == number)
    is_known = found.c[audience.after] <= ReminderMoment.due_at if audience.after else sa.true()
    joined = sa.type_coerce(column.joined_at, UtcDateTime())
    return (
        rows.where(ReminderRule.id == ReminderMoment.rule_id)
        .where(ReminderRule.sort == sort.name, ReminderRule.audience == audience.name)
        .where(ReminderRule.state == RuleState.ON, ReminderMoment.version == ReminderRule.version)
        .where(found.c.subject_id == ReminderMoment.subject_id)
        .where(found.c.mark == ReminderMoment.mark, is_known)
        .where(ReminderMoment.due_at >= ReminderMoment.counts_from)
        .where(sa.or_(joined.is_(None), joined <= ReminderMoment.due_at), *among)
    )


def falling_due(since: datetime, now: datetime) -> sa.ColumnElement[bool]:
    """True for moments in a span."""
    first, last = (sa.literal(moment, UtcDateTime()) for moment in (since, now))
    return sa.and_(ReminderMoment.due_at > first, ReminderMoment.due_at <= last)


def audiences_due(since: datetime, now: datetime) -> list[tuple[str, str]]:
    """Of which sorts and audiences something falls due in a span."""
    due = (
        sa.select(ReminderRule.sort, ReminderRule.audience)
        .join(ReminderMoment, ReminderMoment.rule_id == ReminderRule.id)
        .where(falling_due(since, now), ReminderRule.state == RuleState.ON)
        .distinct()
    )
    return [(sort, audience) for sort, audience in session().execute(due)]


def totals(sort: Sort, audience: Audience, rule: ReminderRule) -> Mapping[int, int]:
    """How many would get a reminder now, by subject."""
    found = subjects_of(sort, rule).subquery()
    about = About(found.c.subject_id, sa.literal(rule.unit_id))
    members = audience.members(about)
    counted = members.with_only_columns(found.c.subject_id, sa.func.count()).order_by(None)
    rows = session().execute(counted.group_by(found.c.subject_id))
    return {number: total for number, total in rows}  # noqa: C416


def left_out(sort: Sort, audience: Audience, rule: ReminderRule) -> int:
    """How many belong to it and cannot, or do not want to, be written to."""
    if audience.left_out is None:
        return 0
    found = subjects_of(sort, rule).subquery()
    members = audience.left_out(About(found.c.subject_id, sa.literal(rule.unit_id)))
    counted = members.with_only_columns(sa.func.count()).order_by(None)
    return session().scalar(counted.select_from(found)) or 0


def first_members(
    audience: Audience, rule: ReminderRule, subject_id: int, limit: int
) -> Sequence[Any]:
    """The first few who would get a reminder about one subject."""
    about = About(sa.literal(subject_id, sa.BigInteger()), sa.literal(rule.unit_id))
    members = audience.members(about)
    return session().execute(members.order_by(members.selected_columns.name).limit(limit)).all()


@cache
def one_of(sort: str, audience: str) -> Rows:
    """One row while a reminder to somebody stands: on, its subject not moved, they belong to it.

    Made once for each audience, with the names of ``RULE``, ``SUBJECT``, ``MEMBER`` and
    ``REVISION`` left to fill: it is asked twice for each letter.
    """
    found = SORTS[sort]
    among = found.audience(audience)
    if among is None:
        raise LookupError(audience)
    asked = {name: sa.bindparam(name, type_=sa.BigInteger) for name in ASKED}
    return recipients(
        found,
        among,
        ReminderMoment.rule_id == asked[RULE],
        ReminderMoment.subject_id == asked[SUBJECT],
        ReminderMoment.revision == asked[REVISION],
        number=asked[MEMBER],
    ).limit(1)


def quiet(units: Sequence[Unit]) -> Mapping[int, Quiet]:
    """The quiet hours of each unit: its own, else those of the nearest above, else the usual."""
    ids = {int(part) for unit in units for part in unit.path.split("/") if part}
    rows = session().scalars(sa.select(QuietHours).where(QuietHours.unit_id.in_(ids)))
    known = {row.unit_id: Quiet(row.from_minute, row.until_minute) for row in rows}
    return {unit.id: _nearest(unit, known) for unit in units}


def titles(rules: Sequence[ReminderRule]) -> Mapping[int, str]:
    """What each reminder about one subject is about, by its number; one statement for each sort."""
    found: dict[int, str] = {}
    for sort in SORTS.values():
        about = {r.id: r.subject_id for r in rules if r.sort == sort.name and r.subject_id}
        if not about:
            continue
        known = sort.subjects().subquery()
        rows = session().execute(
            sa.select(known.c.subject_id, known.c.title).where(
                known.c.subject_id.in_(set(about.values()))
            )
        )
        named = {number: title for number, title in rows}  # noqa: C416
        found |= {rule: named[subject] for rule, subject in about.items() if subject in named}
    return found


def _with_unit(found: sa.Subquery, whose: Any) -> list[Any]:
    """The columns of subjects; what belongs to no unit belongs to that of the reminder."""
    rest = [column for column in found.c if column.name != "unit_id"]
    return [*rest, whose.label("unit_id")]


def _nearest(unit: Unit, known: Mapping[int, Quiet]) -> Quiet:
    upwards = [int(part) for part in reversed(unit.path.split("/")) if part]
    return next((known[number] for number in upwards if number in known), Quiet())


def _number(*columns: Any) -> Any:
    """Numbers with a colon behind each, as text."""
    written: Any = sa.literal("")
    for column in columns:
        written = written + sa.cast(column, sa.Text) + ":"
    return written
