"""What a venue's code stands for, and which pass whoever opens it is given."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from checkin import rotating
from checkin.models import Grade, Registration, Standing
from checkin.passes import ScanPass, new_pass
from checkin.posters import online_code, poster_code, read_code
from checkin.scanned import Scanned, remembered
from checkin.windows import Open, window
from core.codes import typed
from core.database import session
from events.models import Activity, ActivityState, Counting, Session

EARLY = timedelta(minutes=30)
"""How long before the doors open the code on the screen already shows that somebody is there."""

_NEAR = timedelta(hours=12)
"""How far from now a sitting may be whose doors may be open."""


@dataclass(frozen=True)
class Opening:
    """What a code stands for: an activity, and how good the evidence is that it gives."""

    activity: Scanned
    grade: Grade
    slot: int | None = None

    @property
    def code(self) -> str:
        """The lasting code that leads to the same button."""
        is_afar = self.grade is Grade.ONLINE_LINK
        return online_code(self.activity.id) if is_afar else poster_code(self.activity.id)

    def new_pass(self, now: datetime) -> ScanPass:
        """A pass for one opening of it."""
        return new_pass(self.activity.id, now, self.grade, self.slot)


def better(held: ScanPass | None, found: Opening, now: datetime) -> ScanPass:
    """The pass that this browser has, unless what it opened now is worth more."""
    order = list(Grade)
    if held is None or not held.is_fresh(now) or order.index(found.grade) < order.index(held.grade):
        return found.new_pass(now)
    came_after_all = Grade.ONLINE_LINK is held.grade and found.grade is not held.grade
    return found.new_pass(now) if came_after_all else held


def kept_for_later(
    found: Opening, held: ScanPass | None, opens_at: datetime | None, now: datetime
) -> ScanPass | None:
    """A pass for the hour when it begins, for whoever scanned the screen a little too early."""
    if found.slot is None or opens_at is None or not now < opens_at <= now + EARLY:
        return None
    is_kept = held is not None and held.grade is found.grade and held.is_fresh(opens_at)
    return held if is_kept else found.new_pass(opens_at)


def behind(code: str) -> Opening | None:
    """The activity of a code; a draft is as unknown as a forged code."""
    read = read_code(code)
    if read is None:
        return None
    activity = remembered.get(read[0])
    if activity is None or activity.state is ActivityState.DRAFT:
        return None
    return Opening(activity, read[1])


def at_step(found: Opening, step: str, now: datetime) -> Opening | None:
    """The same, opened by the code on the screen; nothing when that was shown too long ago."""
    slot = rotating.SCANNED.slot(found.activity.id, step, now)
    return None if slot is None else Opening(found.activity, Grade.ROTATING_SELF_SCAN, slot)


def open_there(activity: Scanned | None, now: datetime) -> list[Activity]:
    """What is counted now at the same place, for whoever scanned the code of something else."""
    if activity is None:
        return []
    found = _beside(activity, now)
    return [one for one in session().scalars(found) if isinstance(window(one, now), Open)][:3]


def with_sittings(number: int) -> sa.Select[Activity]:
    """One activity with all that its pages and rules ask of it."""
    return (
        sa.select(Activity)
        .where(Activity.id == number)
        .options(
            selectinload(Activity.sessions), joinedload(Activity.venue), joinedload(Activity.unit)
        )
    )


def holder(ticket: str) -> int | None:
    """The person whose ticket it is, at whatever activity."""
    return session().scalar(
        sa.select(Registration.participant_id)
        .where(Registration.short_code == typed(ticket))
        .where(Registration.standing != Standing.WITHDRAWN)
    )


def _beside(activity: Scanned, now: datetime) -> sa.Select[Activity]:
    """What may be counted by self-scan about now at the same place, or by the same unit."""
    place = Activity.venue_id == activity.venue_id
    if activity.venue_id is None:
        place = sa.and_(Activity.venue_id.is_(None), Activity.unit_id == activity.unit_id)
    near = Activity.sessions.any(
        sa.and_(Session.starts_at < now + _NEAR, Session.ends_at > now - _NEAR)
    )
    return (
        sa.select(Activity)
        .where(Activity.id != activity.id, place, near)
        .where(Activity.state == ActivityState.RELEASED, Activity.counting == Counting.SELF_SCAN)
        .options(selectinload(Activity.sessions))
        .order_by(Activity.starts_at, Activity.id)
        .limit(20)
    )
