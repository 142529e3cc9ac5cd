"""What was counted for a unit and its subtree: *lượt* and *người*, never mixed.

All totals come from one statement, so they belong to one moment on any
database; a lượt keeps the day, the activity, the group and the grade it is from.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from accounts.models import Unit
from accounts.scope import subtree
from checkin.models import Attendance, Grade, Group, Participant, Tally
from core.database import LocalDay, session
from events.models import Activity, Campaign, Plan, Session

Rows = sa.Select[*tuple[Any, ...]]

UNKNOWN = "unknown"
"""The group of those who were counted without one."""


@dataclass(frozen=True)
class Count:
    """Some lượt that share activity, day, group and grade."""

    activity_id: int
    day: date
    group: str
    grade: str
    luot: int


@dataclass(frozen=True)
class Held:
    """An activity as far as figures go."""

    id: int
    slug: str
    kind: str
    unit_code: str


@dataclass(frozen=True)
class Figures:
    """The counted figures; every breakdown sums to ``luot``."""

    luot: int
    nguoi: int
    identified: int
    """Lượt of people who gave a name: only these can be told apart as người."""
    by_activity: dict[str, int] = field(default_factory=dict)
    by_day: dict[date, int] = field(default_factory=dict)
    by_kind: dict[str, int] = field(default_factory=dict)
    by_unit: dict[str, int] = field(default_factory=dict)
    by_group: dict[str, int] = field(default_factory=dict)
    by_grade: dict[str, int] = field(default_factory=dict)


def figures(unit: Unit, campaign: Campaign) -> Figures:
    """Everything counted so far at the unit and below it in a campaign."""
    counts, nguoi, identified = _counted(unit, campaign)
    activities = {
        row.id: Held(row.id, row.slug, row.kind.value, row.code)
        for row in session().execute(_activities(unit, campaign))
    }
    return _summed(counts, activities, nguoi, identified)


def in_subtree(unit: Unit, campaign: Campaign) -> sa.ColumnElement[bool]:
    """True for activities of the campaign whose host is the unit or below it."""
    return sa.and_(
        Activity.plan_id.in_(sa.select(Plan.id).where(Plan.campaign_id == campaign.id)),
        subtree(unit).owns(Activity.unit_id),
    )


def person() -> sa.ColumnElement[str | None]:
    """Who someone is: the same e-mail and name are one human, else each row is one.

    Null for those who gave no name.
    """
    mail = sa.func.lower(sa.func.coalesce(Participant.email, ""))
    return sa.case(
        (sa.func.coalesce(Participant.name, "") == "", sa.null()),
        (mail != "", mail + sa.literal(" ") + Participant.name_folded),
        else_=sa.cast(Participant.id, sa.Text),
    )


def _counted(unit: Unit, campaign: Campaign) -> tuple[list[Count], int, int]:
    counts, nguoi, identified = [], 0, 0
    for row in session().execute(_one_statement(unit, campaign)):
        if row.activity_id is None:
            nguoi, identified = row.luot, row.identified
        else:
            counts.append(
                Count(row.activity_id, row.day, row.group or UNKNOWN, row.grade, row.luot)
            )
    return counts, nguoi, identified


def _one_statement(unit: Unit, campaign: Campaign) -> sa.CompoundSelect[*tuple[Any, ...]]:
    here = sa.select(Activity.id).where(in_subtree(unit, campaign))
    return sa.union_all(_attendances(here), _tallies(here), _people(here))


def _attendances(here: sa.Select[int]) -> Rows:
    day = LocalDay(Attendance.at)
    group, grade = sa.cast(Participant.group, sa.Text), sa.cast(Attendance.grade, sa.Text)
    return (
        sa.select(
            Attendance.activity_id.label("activity_id"),
            day.label("day"),
            group.label("group"),
            grade.label("grade"),
            sa.func.count().label("luot"),
            sa.literal_column("0").label("identified"),
        )
        .outerjoin(Participant, Participant.id == Attendance.participant_id)
        .where(Attendance.activity_id.in_(here))
        .group_by(Attendance.activity_id, day, group, grade)
    )


def _tallies(here: sa.Select[int]) -> Rows:
    """The last head count of each session and group, on the day of the session."""
    last = (
        sa.select(sa.func.max(Tally.id))
        .where(Tally.activity_id.in_(here))
        .group_by(Tally.session_id, Tally.group)
    )
    return (
        sa.select(
            Tally.activity_id,
            LocalDay(Session.starts_at),
            sa.cast(Tally.group, sa.Text),
            sa.cast(Tally.grade, sa.Text),
            Tally.count,
            sa.literal_column("0"),
        )
        .join(Session, Session.id == Tally.session_id)
        .where(Tally.id.in_(last))
    )


def _people(here: sa.Select[int]) -> Rows:
    nothing = (sa.cast(sa.null(), kind) for kind in (sa.BigInteger, sa.Date, sa.Text, sa.Text))
    return (
        sa.select(*nothing, sa.func.count(person().distinct()), sa.func.count(person()))
        .select_from(Attendance)
        .join(Participant, Participant.id == Attendance.participant_id)
        .where(Attendance.activity_id.in_(here))
    )


def _activities(unit: Unit, campaign: Campaign) -> Rows:
    return (
        sa.select(Activity.id, Activity.slug, Activity.kind, Unit.code)
        .join(Unit, Unit.id == Activity.unit_id)
        .where(in_subtree(unit, campaign))
        .order_by(Activity.starts_at, Activity.id)
    )


def _summed(
    counts: Iterable[Count], activities: dict[int, Held], nguoi: int, identified: int
) -> Figures:
    sums: dict[str, Counter[str]] = {
        name: Counter() for name in ("activity", "kind", "unit", "group", "grade")
    }
    days: Counter[date] = Counter()
    for count in counts:
        held = activities[count.activity_id]
        days[count.day] += count.luot
        sums["activity"][held.slug] += count.luot
        sums["kind"][held.kind] += count.luot
        sums["unit"][held.unit_code] += count.luot
        sums["group"][count.group] += count.luot
        sums["grade"][count.grade] += count.luot
    return Figures(
        luot=sum(days.values()),
        nguoi=nguoi,
        identified=identified,
        by_activity=dict(sums["activity"]),
        by_day={day: days[day] for day in sorted(days)},
        by_kind=dict(sums["kind"]),
        by_unit=dict(sums["unit"]),
        by_group={g: n for g in [*map(str, Group), UNKNOWN] if (n := sums["group"][g])},
        by_grade={g.value: n for g in Grade if (n := sums["grade"][g.value])},
    )
