"""Taking over an earlier week or plan; every rule takes ``now``."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from accounts.models import Account, Unit
from accounts.scope import Scope
from core import clock, search_keeping
from core.database import session
from events.cloning import errors
from events.cloning.dates import shifted
from events.cloning.models import Cloning, Part, Shift
from events.cloning.proposal import Proposal
from events.cloning.rows import Duty, Row
from events.models import (
    Activity,
    ActivityState,
    ActivityTheme,
    Assignment,
    Campaign,
    Deadline,
    InvitedUnit,
    Plan,
    PlanState,
    Session,
    searchable,
)
from events.sittings import sittings
from events.slugs import Slugs


@dataclass(frozen=True)
class Wish:
    """From where to where, whose, and what."""

    source: Campaign
    target: Campaign
    unit: Unit
    below: bool
    parts: frozenset[Part]
    shift: Shift


@dataclass(frozen=True)
class Outcome:
    """What a take-over made, and what it left because it was there."""

    activities: int
    duties: int
    plans: int
    deadlines: int
    there: int


def start(wish: Wish, scope: Scope, *, by: Account | None, now: datetime) -> Cloning:
    """Lay an earlier week or plan beside the new one; nothing is made yet.

    Raises ``NotEarlier`` or ``NothingThere``.
    """
    if wish.source.starts_on >= wish.target.starts_on:
        raise errors.NotEarlier
    cloning = Cloning(
        source=wish.source,
        target=wish.target,
        unit=wish.unit,
        below=wish.below,
        parts=sorted(part.value for part in wish.parts),
        shift=wish.shift,
        changes={},
        created_at=now,
        account_id=by.id if by else None,
        outcome={},
    )
    session().add(cloning)
    session().flush()
    if not Proposal(cloning, scope).plans:
        raise errors.NothingThere(unit=wish.unit.name, year=wish.source.year)
    return cloning


def decide(cloning: Cloning, decided: Mapping[str, Mapping[str, Any]]) -> None:
    """Remember for some rows what was decided; an empty decision follows the rule again."""
    changes = {**cloning.changes, **{key: dict(said) for key, said in decided.items()}}
    cloning.changes = {key: said for key, said in changes.items() if said}


def keep(proposal: Proposal, *, with_deadlines: bool, now: datetime) -> Outcome:
    """Make every chosen row a draft of the new week; what is there already stays as it is.

    Raises ``TakenOverMeanwhile``.
    """
    rows, duties = proposal.chosen, proposal.chosen_duties
    try:
        plans, begun = _plans(proposal, rows, duties)
        made = _activities(proposal, rows, plans, now)
        _belongings(proposal, rows, made)
        _duties(proposal, duties, plans)
    except IntegrityError as twin:
        raise errors.TakenOverMeanwhile from twin
    deadlines = _deadlines(proposal) if with_deadlines and proposal.takes(Part.REMINDERS) else 0
    outcome = Outcome(len(rows), len(duties), begun, deadlines, proposal.there)
    if rows or duties:
        proposal.cloning.kept_at, proposal.cloning.outcome = now, vars(outcome).copy()
    session().flush()
    return outcome


def _plans(
    proposal: Proposal, rows: Sequence[Row], duties: Sequence[Duty]
) -> tuple[dict[int, Plan], int]:
    """The plan of each unit in the new week, by unit; begun where there is none."""
    target = proposal.target
    wanted = [row.plan_unit for row in rows] + [duty.plan_unit for duty in duties]
    units = {unit.id: unit for unit in wanted if unit}
    found = session().scalars(sa.select(Plan).where(Plan.campaign_id == target.id))
    plans = {plan.unit_id: plan for plan in found}
    sources = {unit.id: p for p in proposal.plans if (unit := proposal.plan_unit(p.id))}
    begun = [
        Plan(
            campaign_id=target.id,
            unit_id=number,
            title=_title(sources[number], proposal),
            state=PlanState.DRAFT,
            bases=sources[number].bases if proposal.takes(Part.TEXTS) else [],
        )
        for number in units
        if number not in plans
    ]
    session().add_all(begun)
    session().flush()
    return plans | {plan.unit_id: plan for plan in begun}, len(begun)


def _title(source: Plan, proposal: Proposal) -> str:
    """The earlier title with the new year in place of the old."""
    return source.title.replace(str(proposal.source.year), str(proposal.target.year))


def _activities(
    proposal: Proposal, rows: Sequence[Row], plans: Mapping[int, Plan], now: datetime
) -> dict[int, int]:
    """Write the activities; the new id of each by the old one."""
    slugs = Slugs(proposal.target.year)
    columns, takes_places = _columns(proposal), proposal.takes(Part.VENUES)
    facts = {row[0]: row for row in _facts(columns, [row.old.id for row in rows])}
    new = [
        {
            **dict(zip((c.key for c in columns), facts[row.old.id][1:], strict=True)),
            "slug": slugs.free(row.title),
            "plan_id": plans[row.plan_unit.id].id,
            "unit_id": row.unit.id,
            "title": row.title,
            "text_folded": searchable(row.title, row.old.place if takes_places else ""),
            "starts_at": row.starts_at,
            "ends_at": row.ends_at,
            "state": ActivityState.DRAFT,
            "revision": 0,
            "created_at": now,
            "changed_at": now,
            "cloned_from_id": row.old.id,
        }
        for row in rows
        if row.plan_unit and row.unit
    ]
    return _insert(new)


def _insert(new: list[dict[str, Any]]) -> dict[int, int]:
    if not new:
        return {}
    table = cast(sa.Table, Activity.__table__)
    made = session().execute(sa.insert(table).returning(table.c.cloned_from_id, table.c.id), new)
    numbers = {old: number for old, number in made}  # noqa: C416  rows are no pairs to mypy
    search_keeping.written(Activity, numbers.values())
    return numbers


def _columns(proposal: Proposal) -> list[Any]:
    """What is copied as it is, by the parts that were chosen."""
    columns: list[Any] = [
        Activity.kind, Activity.format, Activity.audience, Activity.seats, Activity.counting,
    ]  # fmt: skip
    if proposal.takes(Part.VENUES):
        columns += [Activity.venue_id, Activity.place, Activity.join_link]
    if proposal.takes(Part.REMINDERS):
        columns += [Activity.opens_before, Activity.closes_after]
    if proposal.takes(Part.TEXTS):
        columns += [Activity.summary, Activity.contact]
    return columns


def _facts(columns: Sequence[Any], numbers: Sequence[int]) -> Iterable[Sequence[Any]]:
    for some in _portions(numbers):
        yield from (
            session().execute(sa.select(Activity.id, *columns).where(Activity.id.in_(some))).all()
        )


def _belongings(proposal: Proposal, rows: Sequence[Row], made: Mapping[int, int]) -> None:
    """Sittings, themes and invited units of what was made."""
    told = [
        {"activity_id": made[row.old.id], "starts_at": one.starts_at, "ends_at": one.ends_at}
        for row in rows
        for one in sittings(row.starts_at, row.ends_at)
    ]
    themes: list[dict[str, Any]] = []
    invited: list[dict[str, Any]] = []
    for some in _portions(list(made)):
        themes += [
            {"activity_id": made[number], "theme": theme}
            for number, theme in session().execute(
                sa.select(ActivityTheme.activity_id, ActivityTheme.theme).where(
                    ActivityTheme.activity_id.in_(some)
                )
            )
        ]
        found = session().execute(
            sa.select(InvitedUnit.activity_id, InvitedUnit.unit_id).where(
                InvitedUnit.activity_id.in_(some)
            )
        )
        pairs = {(made[n], unit.id) for n, u in found if (unit := proposal.successor(u))}
        invited += [{"activity_id": n, "unit_id": u} for n, u in sorted(pairs)]
    for model, new in ((Session, told), (ActivityTheme, themes), (InvitedUnit, invited)):
        if new:
            session().execute(sa.insert(model), new)


def _duties(proposal: Proposal, duties: Sequence[Duty], plans: Mapping[int, Plan]) -> None:
    """Write the duties below those that the plans lay already."""
    numbers = [plan.id for plan in plans.values()]
    last = sa.func.max(Assignment.position), sa.func.max(Assignment.task)
    found = session().execute(
        sa.select(Assignment.plan_id, *last)
        .where(Assignment.plan_id.in_(numbers))
        .group_by(Assignment.plan_id)
    )
    position, task = {}, {}
    for plan_id, highest, highest_task in found:
        position[plan_id], task[plan_id] = highest or 0, highest_task or 0
    new = []
    for duty in duties:
        if duty.plan_unit is None or duty.unit is None:
            continue
        plan_id = plans[duty.plan_unit.id].id
        position[plan_id] = position.get(plan_id, 0) + 1
        new.append(
            {
                "plan_id": plan_id,
                "unit_id": duty.unit.id,
                "role": duty.old.role,
                "duty": duty.text,
                "due_on": duty.due_on,
                "position": position[plan_id],
                "task": None if duty.old.task is None else duty.old.task + task.get(plan_id, 0),
                "group_name": duty.old.group_name,
                "remark": duty.old.remark if proposal.takes(Part.TEXTS) else "",
                "cloned_from_id": duty.old.id,
            }
        )
    if new:
        session().execute(sa.insert(Assignment), new)


def _deadlines(proposal: Proposal) -> int:
    """The deadlines of the earlier week, where the new one has none of the sort."""
    source, target = proposal.source, proposal.target
    known = {deadline.kind for deadline in target.deadlines}
    missing = [deadline for deadline in source.deadlines if deadline.kind not in known]
    for deadline in missing:
        at = clock.local(deadline.due_at)
        day = shifted(at.date(), source, target, Shift(proposal.cloning.shift))
        due_at = deadline.due_at + timedelta(days=(day - at.date()).days)
        target.deadlines.append(Deadline(kind=deadline.kind, due_at=due_at, letter=""))
    return len(missing)


def _portions(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    """Small enough for one question of any database."""
    return (numbers[start : start + 500] for start in range(0, len(numbers), 500))
