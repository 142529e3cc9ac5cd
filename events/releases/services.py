"""What a unit does with the versions of its plan; every rule takes ``now``."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from accounts.models import Account, Unit
from accounts.scope import subtree
from core import clock
from core.database import session
from core.paging import portions
from core.text import nfc
from events import errors as refused
from events import services
from events.describing import Description
from events.models import Activity, ActivityState, Assignment, Plan, PlanState
from events.releases import errors, layer, reviews
from events.releases import facts as told
from events.releases.models import PendingChange, Release, ReleaseReader
from events.sittings import sittings

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class By:
    """Who does it, and whether this person also speaks for the unit that asks to see plans."""

    account: Account | None
    speaks_for_parent: bool = False


def hold(number: int) -> None:
    """Make others who change this plan wait until this is done; asked before it is read."""
    plan = sa.select(Plan.id).where(Plan.id == number).with_for_update()
    activities = sa.select(Activity.id).where(Activity.plan_id == number).with_for_update()
    if session().scalar(plan) is not None:
        session().execute(activities.order_by(Activity.id))


def keep(
    activity: Activity,
    described: Description,
    *,
    starts_at: datetime,
    ends_at: datetime,
    by: Account | None,
    now: datetime,
) -> PendingChange | None:
    """Keep for the next version what was said; None when it says what stands already.

    Raises ``NotReleased``, ``HostOutsideThePlan``, ``EndsBeforeItStarts`` or ``RunsTooLong``.
    """
    if activity.state is not ActivityState.RELEASED:
        raise refused.NotReleased(title=activity.title)
    if not subtree(activity.plan.unit).covers(described.unit):
        raise refused.HostOutsideThePlan(unit=described.unit.name)
    sittings(starts_at, ends_at)
    _first_version(activity.plan, now=now)
    stands, wanted = told.values(activity), told.said(described, starts_at, ends_at)
    changes = {
        name: {"from": stands[name], "to": wanted[name]}
        for name in wanted
        if stands[name] != wanted[name]
    }
    if not changes:
        drop(activity)
        return None
    return _put(activity, changes, reason="", by=by, now=now)


def keep_cancellation(
    activity: Activity, *, reason: str, by: Account | None, now: datetime
) -> PendingChange:
    """Call it off with the next version. Raises ``NotReleased`` or ``ReasonMissing``."""
    if activity.state is not ActivityState.RELEASED:
        raise refused.NotReleased(title=activity.title)
    if not reason.strip():
        raise refused.ReasonMissing
    _first_version(activity.plan, now=now)
    return _put(activity, {}, reason=nfc(reason), by=by, now=now)


def drop(activity: Activity) -> None:
    """Throw away what waits for the next version."""
    pending = session().get(PendingChange, activity.id)
    if pending is not None:
        session().delete(pending)
        session().flush()


def release(
    plan: Plan, chosen: Collection[int] | None, *, note: str, by: By, now: datetime
) -> Release:
    """Let the chosen activities of the draft out as the next numbered version; None means all.

    Raises ``PlanCalledOff``, ``NothingChanged``, ``SeenFirst``, and what ``services.release``,
    ``services.edit`` and ``services.cancel`` raise for any of them.
    """
    now = now.replace(microsecond=0)
    if plan.state is PlanState.CANCELLED:
        raise errors.PlanCalledOff
    last = _first_version(plan, now=now)
    items = [i for i in layer.items(plan) if chosen is None or i.activity.id in chosen]
    approval = None if by.speaks_for_parent else reviews.check(plan, items)
    _let_out(plan, items, now=now)
    standing = layer.standing(plan)
    changes = told.compare(last.facts, standing) if last else _all_new(standing)
    if last is not None and not changes and plan.state is PlanState.RELEASED:
        raise errors.NothingChanged(number=last.number)
    made = _version(plan, standing, changes, note=nfc(note), by=by.account, now=now)
    if approval is not None:
        approval.used_at = now
    plan.state = PlanState.RELEASED
    plan.released_at = plan.released_at or now
    _name_readers(made, {change["activity"] for change in changes})
    return made


def cancel_plan(plan: Plan, *, reason: str, with_activities: bool, now: datetime) -> list[Activity]:
    """Call the plan off, and what it still has on the programme if so wished.

    Raises ``PlanCalledOff`` or ``ReasonMissing``.
    """
    if plan.state is PlanState.CANCELLED:
        raise errors.PlanCalledOff
    if not reason.strip():
        raise refused.ReasonMissing
    plan.state = PlanState.CANCELLED
    plan.cancelled_at, plan.cancelled_reason = now, nfc(reason)
    ahead = [
        a
        for a in plan.activities
        if with_activities and a.state is ActivityState.RELEASED and a.ends_at > now
    ]
    for activity in ahead:
        services.cancel(activity, reason=reason, now=now)
    _forget([activity.id for activity in ahead])
    return ahead


def resume_plan(plan: Plan) -> None:
    """Take up a plan that was called off; activities that were called off stay so.

    Raises ``NotCalledOff``.
    """
    if plan.state is not PlanState.CANCELLED:
        raise errors.NotCalledOff
    plan.state = PlanState.RELEASED if plan.released_at else PlanState.DRAFT
    plan.cancelled_at, plan.cancelled_reason = None, ""


def last_release(plan: Plan) -> Release | None:
    """The version that stands."""
    return session().scalar(
        sa.select(Release).where(Release.plan_id == plan.id, Release.number == plan.version)
    )


def _put(
    activity: Activity,
    changes: dict[str, Any],
    *,
    reason: str,
    by: Account | None,
    now: datetime,
) -> PendingChange:
    pending = session().get(PendingChange, activity.id)
    if pending is None:
        pending = PendingChange(activity_id=activity.id)
        session().add(pending)
    pending.changes, pending.cancel_reason = changes, reason
    pending.changed_at, pending.account_id = now, by.id if by else None
    session().flush()
    return pending


def _let_out(plan: Plan, items: list[layer.Item], *, now: datetime) -> None:
    wanted = [layer.wanted(item.activity, item.pending) for item in items]
    known = layer.names(plan, wanted)
    for item, values in zip(items, wanted, strict=True):
        activity, pending = item.activity, item.pending
        if pending is None:
            services.release(activity, now=now)
        elif pending.cancel_reason:
            services.cancel(activity, reason=pending.cancel_reason, now=now)
        else:
            described, starts_at, ends_at = told.described(values, known.units, known.venues)
            services.edit(activity, described, starts_at=starts_at, ends_at=ends_at, now=now)
    _forget([item.activity.id for item in items])


def _forget(done: Sequence[int]) -> None:
    """What is done waits no more."""
    for some in portions(done):
        session().execute(sa.delete(PendingChange).where(PendingChange.activity_id.in_(some)))
    session().flush()


def _first_version(plan: Plan, *, now: datetime) -> Release | None:
    """The version that stands; a plan that was issued before versions were kept gets its first."""
    if plan.version:
        return last_release(plan)
    if plan.state is not PlanState.RELEASED:
        return None
    return _version(plan, layer.standing(plan), [], note="", by=None, now=plan.released_at or now)


def _version(
    plan: Plan,
    standing: dict[str, told.Facts],
    changes: list[told.Change],
    *,
    note: str,
    by: Account | None,
    now: datetime,
) -> Release:
    plan.version += 1
    made = Release(
        plan=plan,
        number=plan.version,
        note=note,
        released_at=now,
        useful_until=max(clock.at(plan.campaign.ends_on) + A_DAY, now + 7 * A_DAY),
        account_id=by.id if by else None,
        facts=standing,
        changes=changes,
    )
    session().add(made)
    session().flush()
    return made


def _all_new(standing: dict[str, told.Facts]) -> list[told.Change]:
    return told.compare({}, {n: f for n, f in standing.items() if f["state"] == "released"})


def _name_readers(release: Release, changed: set[int]) -> None:
    """From the second version on, those who carry a duty or hold what changed hear of it once.

    The first version is news to nobody below: its duties were handed out by letter.
    """
    if release.number == 1:
        return
    plan = release.plan
    carry = sa.select(Assignment.unit_id).where(Assignment.plan_id == plan.id)
    hold = sa.select(Activity.unit_id).where(Activity.id.in_(changed))
    concerned = sa.select(Unit.id).where(
        sa.or_(Unit.id.in_(carry), Unit.id.in_(hold)), Unit.id != plan.unit_id
    )
    for unit_id in session().scalars(concerned.order_by(Unit.id)):
        session().add(ReleaseReader(release_id=release.id, unit_id=unit_id))
    session().flush()
