"""Writing what is taken over: many rows in few statements."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from core import search_keeping
from core.database import session
from core.paging import portions
from events.cloning.models import Part
from events.cloning.proposal import Proposal
from events.cloning.rows import Duty, Row
from events.models import (
    Activity,
    ActivityState,
    ActivityTheme,
    Assignment,
    Audience,
    InvitedUnit,
    Plan,
    Session,
)
from events.sittings import sittings
from events.slugs import Slugs

_PLACES = (Activity.venue_id, Activity.place, Activity.join_link)


def activities(
    proposal: Proposal, rows: Sequence[Row], plans: Mapping[int, Plan], now: datetime
) -> dict[int, int]:
    """Write the activities; the new id of each by the old one."""
    slugs = Slugs(proposal.target.year)
    columns = _columns(proposal)
    facts = {row[0]: row for row in _facts(columns, [row.old.id for row in rows])}
    new = [
        {
            **dict(zip((c.key for c in columns), facts[row.old.id][1:], strict=True)),
            "slug": slugs.free(row.title),
            "plan_id": plans[row.plan_unit.id].id,
            "unit_id": row.unit.id,
            "title": row.title,
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
    if proposal.sources.is_public_only:
        _as_read(new, {row.old.id: row for row in rows})
    return _insert(new)


def _as_read(new: Iterable[dict[str, Any]], rows: Mapping[int, Row]) -> None:
    """The place in words, whose venue it was; invited units are those of others."""
    for one in new:
        if "place" in one:
            one["place"] = rows[one["cloned_from_id"]].place
        if one["audience"] is Audience.UNITS:
            one["audience"] = Audience.INVITED


def _insert(new: list[dict[str, Any]]) -> dict[int, int]:
    if not new:
        return {}
    table = cast(sa.Table, Activity.__table__)
    made = session().execute(sa.insert(table).returning(table.c.cloned_from_id, table.c.id), new)
    numbers = {old: number for old, number in made}  # noqa: C416  rows are no pairs to mypy
    search_keeping.written(Activity, numbers.values())
    return numbers


def _columns(proposal: Proposal) -> list[Any]:
    """What is copied as it is, by the parts that were chosen; of others what everybody reads."""
    public = proposal.sources.is_public_only
    columns: list[Any] = [
        Activity.kind, Activity.format, Activity.audience, Activity.seats, Activity.counting,
    ]  # fmt: skip
    if proposal.takes(Part.VENUES):
        columns += [Activity.place] if public else [*_PLACES]
    if proposal.takes(Part.REMINDERS):
        columns += [Activity.opens_before, Activity.closes_after]
    if proposal.takes(Part.TEXTS):
        columns += [Activity.summary] if public else [Activity.summary, Activity.contact]
    return columns


def _facts(columns: Sequence[Any], numbers: Sequence[int]) -> Iterable[Sequence[Any]]:
    for some in portions(numbers):
        yield from (
            session().execute(sa.select(Activity.id, *columns).where(Activity.id.in_(some))).all()
        )


def belongings(proposal: Proposal, rows: Sequence[Row], made: Mapping[int, int]) -> None:
    """Sittings, themes and invited units of what was made."""
    told = [
        {"activity_id": made[row.old.id], "starts_at": one.starts_at, "ends_at": one.ends_at}
        for row in rows
        for one in sittings(row.starts_at, row.ends_at)
    ]
    themes: list[dict[str, Any]] = []
    invited: list[dict[str, Any]] = []
    for some in portions(list(made)):
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
        if proposal.sources.is_public_only:
            continue
        pairs = {(made[n], unit.id) for n, u in found if (unit := proposal.sources.successor(u))}
        invited += [{"activity_id": n, "unit_id": u} for n, u in sorted(pairs)]
    for model, new in ((Session, told), (ActivityTheme, themes), (InvitedUnit, invited)):
        if new:
            session().execute(sa.insert(model), new)


def duties(proposal: Proposal, duties: Sequence[Duty], plans: Mapping[int, Plan]) -> list[int]:
    """Write the duties below those that the plans lay already; the new ids."""
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
    if not new:
        return []
    return list(session().scalars(sa.insert(Assignment).returning(Assignment.id), new))
