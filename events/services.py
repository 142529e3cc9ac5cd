"""What an organiser does with an activity; every rule takes ``now``."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from accounts.models import Unit
from accounts.scope import subtree
from core import text
from core.database import session
from events import errors, slugs
from events.describing import Description, check_reachable, describe, described_as, said
from events.models import Activity, ActivityState, Evidence, Plan, Venue
from events.sittings import lay_out
from events.slots import slots


def create(
    plan: Plan, described: Description, *, starts_at: datetime, ends_at: datetime, now: datetime
) -> Activity:
    """Put a draft into the plan, with its sittings.

    Raises ``HostOutsideThePlan``, ``EndsBeforeItStarts`` or ``RunsTooLong``.
    """
    _check_host(plan, described.unit)
    activity = Activity(
        plan=plan,
        slug=_free_slug(described.title, plan.campaign.year),
        state=ActivityState.DRAFT,
        revision=0,
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=now,
        changed_at=now,
    )
    describe(activity, described)
    lay_out(activity)
    session().add(activity)
    session().flush()
    return activity


def as_row(
    plan: Plan,
    described: Description,
    *,
    slug: str,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> dict[str, Any]:
    """The same as the values of its row, under an address known to be free, for many at once.

    Raises ``HostOutsideThePlan``.
    """
    _check_host(plan, described.unit)
    return said(described) | {
        "slug": slug,
        "plan_id": plan.id,
        "unit_id": described.unit.id,
        "venue_id": described.venue.id if described.venue else None,
        "state": ActivityState.DRAFT,
        "revision": 0,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "created_at": now,
        "changed_at": now,
    }


def edit(
    activity: Activity,
    described: Description,
    *,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> None:
    """Say everything about it anew; a calendar learns of what it must.

    Raises ``HostOutsideThePlan``, ``NoSeatsBelowThoseTaken``, ``PeopleWereRecorded``,
    and as ``create``; a released one must keep a place or a link.
    """
    say_anew(activity, described, starts_at=starts_at, ends_at=ends_at, now=now)
    _flush()


def say_anew(
    activity: Activity,
    described: Description,
    *,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> None:
    """The same for many at once: not yet flushed, so it does not see people at a sitting."""
    _check_host(activity.plan, described.unit)
    _check_seats(activity, described.seats)
    before, place_before = _calendar_facts(activity), _place_facts(activity)
    describe(activity, described)
    if (starts_at, ends_at) != (activity.starts_at, activity.ends_at):
        _move(activity, starts_at, ends_at)
    if activity.state is ActivityState.RELEASED:
        check_reachable(activity)
    activity.changed_at = now
    if activity.state is not ActivityState.DRAFT and before != _calendar_facts(activity):
        activity.revision += 1
        if place_before != _place_facts(activity):
            activity.moved_at = now


def release(activity: Activity, *, now: datetime) -> None:
    """Put it on the programme for everyone.

    Raises ``AlreadyReleased``, ``PlaceMissing`` or ``JoinLinkMissing``.
    """
    if activity.state is not ActivityState.DRAFT:
        raise errors.AlreadyReleased(title=activity.title)
    check_reachable(activity)
    activity.state = ActivityState.RELEASED
    activity.released_at = activity.changed_at = now


def take_back(activity: Activity, *, now: datetime) -> None:
    """Undo a release while nobody is registered: a draft again.

    Raises ``NotReleased`` or ``PeopleAreRegistered``.
    """
    if activity.state is not ActivityState.RELEASED:
        raise errors.NotReleased(title=activity.title)
    registered = slots.registered([activity.id]).get(activity.id, 0)
    if registered:
        raise errors.PeopleAreRegistered(count=registered, title=activity.title)
    activity.state = ActivityState.DRAFT
    activity.released_at = activity.moved_at = None
    activity.changed_at = now
    activity.revision += 1


def cancel(activity: Activity, *, reason: str, now: datetime) -> None:
    """Call it off; it stays on the programme as cancelled, with the reason.

    Raises ``NotReleased``, ``AlreadyOver`` or ``ReasonMissing``.
    """
    if activity.state is not ActivityState.RELEASED:
        raise errors.NotReleased(title=activity.title)
    if activity.ends_at <= now:
        raise errors.AlreadyOver(title=activity.title)
    if not reason.strip():
        raise errors.ReasonMissing
    activity.state = ActivityState.CANCELLED
    activity.cancelled_reason = text.nfc(reason)
    activity.cancelled_at = activity.changed_at = now
    activity.revision += 1


def reschedule(
    activity: Activity,
    *,
    starts_at: datetime,
    ends_at: datetime,
    venue: Venue | None,
    place: str,
    now: datetime,
) -> None:
    """Move an activity to another time or place; those registered for a released one are told.

    Raises ``NotReleased``, ``AlreadyOver``, ``PlaceMissing``, ``PeopleWereRecorded``,
    ``EndsBeforeItStarts`` or ``RunsTooLong``.
    """
    is_released = activity.state is ActivityState.RELEASED
    if activity.state is ActivityState.CANCELLED:
        raise errors.NotReleased(title=activity.title)
    if is_released and activity.ends_at <= now:
        raise errors.AlreadyOver(title=activity.title)
    before = _place_facts(activity)
    activity.venue, activity.place = venue, place
    if is_released:
        check_reachable(activity)
    if (starts_at, ends_at) != (activity.starts_at, activity.ends_at):
        _move(activity, starts_at, ends_at)
    if before != _place_facts(activity):
        activity.changed_at = now
        if is_released:
            activity.revision += 1
            activity.moved_at = now
    _flush()


def copy(activity: Activity, *, plan: Plan, now: datetime) -> Activity:
    """A draft like it: at the same hours, on the same day of the plan's week."""
    shift = timedelta(days=(plan.campaign.starts_on - activity.plan.campaign.starts_on).days)
    return create(
        plan,
        described_as(activity),
        starts_at=activity.starts_at + shift,
        ends_at=activity.ends_at + shift,
        now=now,
    )


def add_evidence(
    activity: Activity, *, note: str, link: str, number: int | None, now: datetime
) -> Evidence:
    """Add a minh chứng: what it shows, with a link or a count."""
    evidence = Evidence(note=note, link=link, count=number, added_at=now)
    activity.evidence.append(evidence)
    return evidence


def remove_evidence(activity: Activity, number: int) -> None:
    """Take a minh chứng out again."""
    activity.evidence[:] = [row for row in activity.evidence if row.id != number]


def _check_host(plan: Plan, host: Unit) -> None:
    if not subtree(plan.unit).covers(host):
        raise errors.HostOutsideThePlan(unit=host.name)


def _move(activity: Activity, starts_at: datetime, ends_at: datetime) -> None:
    activity.starts_at, activity.ends_at = starts_at, ends_at
    lay_out(activity)


def _flush() -> None:
    try:
        session().flush()
    except IntegrityError as refusal:
        raise errors.PeopleWereRecorded from refusal


def _check_seats(activity: Activity, seats: int | None) -> None:
    if seats is None or (activity.seats is not None and seats >= activity.seats):
        return
    taken = _seats_taken(activity)
    if seats < taken:
        raise errors.NoSeatsBelowThoseTaken(taken=taken)


def _seats_taken(activity: Activity) -> int:
    """How many seats are held, as the floor above counts them."""
    if activity.seats is None:
        return slots.registered([activity.id]).get(activity.id, 0)
    left = slots.seats_left([activity.id]).get(activity.id, activity.seats)
    return activity.seats - left


def _place_facts(activity: Activity) -> tuple[object, ...]:
    venue = activity.venue.id if activity.venue else None
    return (
        activity.starts_at,
        activity.ends_at,
        venue,
        activity.place,
        activity.format,
        activity.join_link,
    )


def _calendar_facts(activity: Activity) -> tuple[object, ...]:
    return (*_place_facts(activity), activity.title, activity.summary, activity.unit.id)


def _free_slug(title: str, year: int) -> str:
    base = slugs.base(title)
    alike = sa.select(Activity.slug).where(Activity.slug.startswith(base, autoescape=True))
    taken = {"new", *session().scalars(alike)}
    names = (base, f"{base}-{year}")
    free = (name for name in names if name not in taken)
    numbered = (f"{base}-{year}-{n}" for n in count(2))
    return next(free, None) or next(name for name in numbered if name not in taken)
