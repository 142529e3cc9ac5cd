"""Head counts: someone stands for a number; a new one is added, none is altered."""

from datetime import datetime

import sqlalchemy as sa

from accounts.models import Account
from checkin import queries
from checkin.errors import NotCounted
from checkin.models import Group, Tally
from core.database import session
from events.models import Activity, ActivityState, Counting, Session


def standing(activity: Activity) -> dict[tuple[int, Group | None], int]:
    """The number that holds for each sitting and group."""
    last = queries.standing_head_counts().where(Tally.activity_id == activity.id)
    return {(tally.session_id, tally.group): tally.count for tally in session().scalars(last)}


def count(
    activity: Activity,
    sitting: Session,
    number: int,
    *,
    group: Group | None,
    note: str,
    actor: Account | None,
    now: datetime,
) -> Tally | None:
    """Say how many were at a sitting; nothing is added when that is what holds already.

    The activity must be locked. Raises ``NotCounted``.
    """
    if activity.counting is not Counting.TALLY or activity.state is not ActivityState.RELEASED:
        raise NotCounted()
    if standing(activity).get((sitting.id, group), 0) == number and not note:
        return None
    tally = Tally(
        activity_id=activity.id,
        session_id=sitting.id,
        group=group,
        count=number,
        note=note,
        account_id=actor.id if actor else None,
        at=now,
    )
    session().add(tally)
    session().flush()
    return tally


def step(
    activity: Activity,
    sitting: Session,
    by: int,
    *,
    group: Group | None,
    actor: Account | None,
    now: datetime,
) -> Tally | None:
    """Count some more, or take some back, never below nobody."""
    held = standing(activity).get((sitting.id, group), 0)
    return count(activity, sitting, max(0, held + by), group=group, note="", actor=actor, now=now)


def history(activity: Activity, limit: int = 30) -> sa.Select[Tally]:
    """The latest head counts, with who entered them."""
    return queries.head_counts(activity).limit(limit)
