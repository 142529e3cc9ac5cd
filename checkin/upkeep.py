"""What the clock sets right: free seats that nobody got, halls left open, codes that ran out.

All of it holds without the clock, too: a code past its time opens nothing, whether or not
its row still knows it. Done twice, none of it changes anything.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from accounts import audit
from checkin import devices, services
from checkin.hall import services as hall
from checkin.hall.models import Screen
from checkin.models import Device, Registration, Standing
from core.database import session
from events.models import Activity, ActivityState, Counting


def with_room(now: datetime) -> Sequence[int]:
    """Activities that give seats, have free ones, and people in line for them."""

    def counted(standing: Standing) -> sa.ScalarSelect[int]:
        return (
            sa.select(sa.func.count(Registration.id))
            .where(Registration.activity_id == Activity.id, Registration.standing == standing)
            .scalar_subquery()
        )

    waits = sa.exists().where(
        Registration.activity_id == Activity.id, Registration.standing == Standing.WAITING
    )
    is_free = sa.or_(Activity.seats.is_(None), counted(Standing.CONFIRMED) < Activity.seats)
    found = (
        sa.select(Activity.id)
        .where(Activity.state == ActivityState.RELEASED, Activity.counting == Counting.TICKETS)
        .where(Activity.ends_at > now, waits, is_free)
        .order_by(Activity.id)
    )
    return session().scalars(found).all()


def move_up(activity_id: int, now: datetime) -> int:
    """Give the free seats of an activity to those in line; says how many got one."""
    activity = session().get_one(Activity, activity_id, with_for_update=True)
    if not services.accepts_registrations(activity, now):
        return 0
    seated = services.fill(activity, now=now)
    for registration in seated:
        subject = f"registration:{registration.id}"
        audit.record(None, activity.unit, "registration.promoted", subject, {}, now)
    return len(seated)


def left_open(now: datetime) -> sa.Select[int]:
    """Screens and phones of halls that outlived their activity, because it was moved or cut."""
    return (
        sa.select(Screen.id)
        .join(Activity, Activity.id == Screen.activity_id)
        .where(Screen.revoked_at.is_(None), Screen.expires_at > now)
        .where(Activity.ends_at <= now - hall.AFTERWARDS, Screen.created_at < Activity.ends_at)
    )


def close(now: datetime) -> int:
    """Shut out what was let in for activities that are over; says how many."""
    done = session().execute(
        sa.update(Screen).where(Screen.id.in_(left_open(now))).values(revoked_at=now)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def expired(now: datetime) -> list[sa.Update]:
    """What forgets codes and tokens that open nothing any more, of scanners and of halls."""
    changes = []
    for table, invitation in ((Device, devices.INVITATION), (Screen, hall.INVITATION)):
        over = sa.or_(table.expires_at <= now, table.revoked_at.is_not(None))
        unused = sa.or_(over, table.created_at <= now - invitation)
        changes += [
            sa.update(table)
            .where(table.pairing_hash.is_not(None), unused)
            .values(pairing_hash=None),
            sa.update(table).where(table.token_hash.is_not(None), over).values(token_hash=None),
        ]
    return changes


def forget_codes(now: datetime) -> int:
    """Forget them; says how many."""
    done = [session().execute(change).rowcount for change in expired(now)]  # type: ignore[attr-defined]
    return int(sum(done))
