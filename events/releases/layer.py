"""The draft over the version that stands: new activities, and changes that wait."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import Unit
from core.database import session
from core.errors import DomainError
from events import describing
from events.models import UNATTENDED, Activity, ActivityState, Plan, Venue
from events.releases import facts as told
from events.releases.models import PendingChange


@dataclass(frozen=True)
class Item:
    """What the next version makes of one activity."""

    activity: Activity
    pending: PendingChange | None
    change: told.Change
    overtaken: tuple[str, ...]
    """Fields that someone changed at once while this change waited."""
    mark: str
    """Stands for exactly this change: another change has another mark."""
    refusal: DomainError | None
    """Why it cannot go out as it is."""


@dataclass(frozen=True)
class Names:
    """Units and venues by id: all that a plan's activities mention, asked for once."""

    units: dict[int, Unit]
    venues: dict[int, Venue]


def names(plan: Plan, wanted: Iterable[told.Values]) -> Names:
    """The units and venues that these values name."""
    listed = list(wanted)
    unit_ids = {plan.unit_id, *(v["unit"] for v in listed)}
    unit_ids.update(number for v in listed for number in v["invited"])
    venue_ids = {v["venue"] for v in listed if v["venue"]}
    units = session().scalars(sa.select(Unit).where(Unit.id.in_(unit_ids)))
    venues = session().scalars(sa.select(Venue).where(Venue.id.in_(venue_ids)))
    return Names({unit.id: unit for unit in units}, {venue.id: venue for venue in venues})


def pending_of(activities: Sequence[Activity]) -> dict[int, PendingChange]:
    """The changes that wait, by activity; what left the programme meanwhile waits no more."""
    numbers = [a.id for a in activities if a.state is ActivityState.RELEASED]
    found = session().scalars(
        sa.select(PendingChange).where(PendingChange.activity_id.in_(numbers))
    )
    return {row.activity_id: row for row in found}


def wanted(activity: Activity, pending: PendingChange | None) -> told.Values:
    """The activity as the next version will have it."""
    now = told.values(activity)
    if pending is None:
        return now
    return now | {name: change["to"] for name, change in pending.changes.items()}


def activities_of(plan: Plan) -> sa.Select[Activity]:
    """The activities of a plan with all that a version says of them, in few questions."""
    return (
        sa.select(Activity)
        .where(Activity.plan_id == plan.id)
        .options(
            joinedload(Activity.unit),
            joinedload(Activity.venue),
            selectinload(Activity.themes),
            selectinload(Activity.invited_units),
        )
        .order_by(Activity.starts_at, Activity.id)
    )


def total(plan: Plan) -> int:
    """How many activities wait for the next version of a plan."""
    counted = sa.select(sa.func.count(Activity.id)).where(Activity.plan_id == plan.id, _WAITS)
    return session().scalar(counted) or 0


def items(plan: Plan, first: int = 0, most: int | None = None) -> list[Item]:
    """What the next version would change, by day and hour: all of it, or some from one on."""
    waits = activities_of(plan).where(_WAITS).offset(first or None).limit(most)
    concerned = session().scalars(waits).all()
    waiting = pending_of(concerned)
    now = {a.id: told.values(a) for a in concerned}
    then = {a.id: wanted(a, waiting.get(a.id)) for a in concerned}
    known = names(plan, [*now.values(), *then.values()])
    found = [
        item
        for a in concerned
        if (item := _item(a, waiting.get(a.id), now[a.id], then[a.id], known))
    ]
    return sorted(found, key=lambda item: (item.change["when"], item.activity.id))


def standing(plan: Plan) -> dict[str, told.Facts]:
    """The public facts of the plan as everyone sees them now, by activity."""
    public = activities_of(plan).where(Activity.state != ActivityState.DRAFT)
    shown = session().scalars(public).all()
    now = {a.id: told.values(a) for a in shown}
    known = names(plan, now.values())
    return {
        str(a.id): told.public(told.facts(a, now[a.id], known.units, known.venues)) for a in shown
    }


_WAITS = sa.or_(
    Activity.state == ActivityState.DRAFT,
    sa.and_(
        Activity.state == ActivityState.RELEASED,
        sa.exists().where(PendingChange.activity_id == Activity.id),
    ),
)
"""True for what the next version would change."""


def _item(
    activity: Activity,
    pending: PendingChange | None,
    now: told.Values,
    then: told.Values,
    known: Names,
) -> Item | None:
    is_draft = activity.state is ActivityState.DRAFT
    before = None if is_draft else told.facts(activity, now, known.units, known.venues)
    after = told.facts(activity, then, known.units, known.venues)
    if pending is not None and pending.cancel_reason:
        after |= {"state": ActivityState.CANCELLED.value, "reason": pending.cancel_reason}
    change = told.difference(str(activity.id), before, after)
    if change is None:
        return None
    return Item(
        activity=activity,
        pending=pending,
        change=change,
        overtaken=_overtaken(pending, now),
        mark=_mark(change["what"], after),
        refusal=_refusal(activity, pending, after),
    )


def _overtaken(pending: PendingChange | None, now: told.Values) -> tuple[str, ...]:
    if pending is None:
        return ()
    return tuple(
        name
        for name, change in pending.changes.items()
        if now[name] not in (change["from"], change["to"])
    )


def _mark(what: str, after: told.Facts) -> str:
    written: Any = json.dumps([what, after], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()[:20]


def _refusal(
    activity: Activity, pending: PendingChange | None, after: told.Facts
) -> DomainError | None:
    if pending is not None and pending.cancel_reason:
        return None
    if after["kind"] in UNATTENDED:
        return None
    return describing.unreachable(
        title=after["title"],
        is_online=after["format"] == "online",
        where=after["place"],
        join_link=after["join_link"],
    )
