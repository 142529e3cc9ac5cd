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
from accounts.tree.history import subtree_on
from checkin.models import Attendance, Grade, Group, Participant, Tally
from core.database import LocalDay, session
from events.models import Activity, Campaign, Plan, Session

Rows = sa.Select[*tuple[Any, ...]]

UNKNOWN = "unknown"
"""The group of those who were counted without one."""


@dataclass(frozen=True)
class Count:
    """Some lượt that share activity, day, group and grade."""

    activity: str
    kind: str
    unit: str
    day: date
    group: str
    grade: str
    luot: int


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
    counts, nguoi, identified = [], 0, 0
    for row in session().execute(_one_statement(unit, campaign)):
        if row.slug is None:
            nguoi, identified = row.luot, row.identified
            continue
        group = row.group or UNKNOWN
        counts.append(Count(row.slug, row.kind, row.code, row.day, group, row.grade, int(row.luot)))
    return _summed(counts, nguoi, identified)


def in_subtree(unit: Unit, campaign: Campaign) -> sa.ColumnElement[bool]:
    """True for activities of the campaign whose host was the unit or below it as it ended."""
    return sa.and_(
        Activity.plan_id.in_(sa.select(Plan.id).where(Plan.campaign_id == campaign.id)),
        subtree_on(unit, campaign.ends_on).owns(Activity.unit_id),
    )


def person() -> sa.ColumnElement[str | None]:
    """Who someone is: the same e-mail and name are one human, else each row is one.

    Null for those who gave no name. Whoever was erased stays the one they were.
    """
    mail = sa.func.lower(sa.func.coalesce(Participant.email, ""))
    return sa.case(
        (Participant.erased_as.is_not(None), Participant.erased_as),
        (sa.func.coalesce(Participant.name, "") == "", sa.null()),
        (mail != "", mail + sa.literal(" ") + Participant.name_folded),
        else_=sa.cast(Participant.id, sa.Text),
    )


def _one_statement(unit: Unit, campaign: Campaign) -> sa.CompoundSelect[*tuple[Any, ...]]:
    here = in_subtree(unit, campaign)
    return sa.union_all(_attendances(here), _tallies(here), _people(here))


def _about_activity() -> tuple[sa.ColumnElement[str], ...]:
    return Activity.slug.expression, sa.cast(Activity.kind, sa.Text), Unit.code.expression


def _attendances(here: sa.ColumnElement[bool]) -> Rows:
    slug, kind, code = _about_activity()
    day = LocalDay(Attendance.at)
    group, grade = sa.cast(Participant.group, sa.Text), sa.cast(Attendance.grade, sa.Text)
    return (
        sa.select(
            slug.label("slug"),
            kind.label("kind"),
            code.label("code"),
            day.label("day"),
            group.label("group"),
            grade.label("grade"),
            sa.func.count().label("luot"),
            sa.literal_column("0").label("identified"),
        )
        .select_from(Attendance)
        .join(Activity, Activity.id == Attendance.activity_id)
        .join(Unit, Unit.id == Activity.unit_id)
        .outerjoin(Participant, Participant.id == Attendance.participant_id)
        .where(here)
        .group_by(slug, kind, code, day, group, grade)
    )


def _tallies(here: sa.ColumnElement[bool]) -> Rows:
    """The last head count of each session, group and point, on the day of the session."""
    last = (
        sa.select(sa.func.max(Tally.id))
        .where(Tally.activity_id.in_(sa.select(Activity.id).where(here)))
        .group_by(Tally.session_id, Tally.group, Tally.point_id)
    )
    return (
        sa.select(
            *_about_activity(),
            LocalDay(Session.starts_at),
            sa.cast(Tally.group, sa.Text),
            sa.cast(Tally.grade, sa.Text),
            Tally.count,
            sa.literal_column("0"),
        )
        .select_from(Tally)
        .join(Session, Session.id == Tally.session_id)
        .join(Activity, Activity.id == Tally.activity_id)
        .join(Unit, Unit.id == Activity.unit_id)
        .where(Tally.id.in_(last))
    )


def _people(here: sa.ColumnElement[bool]) -> Rows:
    texts, day = (sa.Text, sa.Text, sa.Text), (sa.Date, sa.Text, sa.Text)
    nothing = (sa.cast(sa.null(), kind) for kind in (*texts, *day))
    return (
        sa.select(*nothing, sa.func.count(person().distinct()), sa.func.count(person()))
        .select_from(Attendance)
        .join(Participant, Participant.id == Attendance.participant_id)
        .where(Attendance.activity_id.in_(sa.select(Activity.id).where(here)))
    )


def _summed(counts: Iterable[Count], nguoi: int, identified: int) -> Figures:
    sums: dict[str, Counter[str]] = {
        name: Counter() for name in ("activity", "kind", "unit", "group", "grade")
    }
    days: Counter[date] = Counter()
    for count in counts:
        days[count.day] += count.luot
        for name, counter in sums.items():
            counter[getattr(count, name)] += count.luot
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
