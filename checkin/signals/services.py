"""Odd presses: graded lower as they come (``noticing``), settled by a person who looked."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from accounts.models import Account
from checkin.models import Direction, Scan, ScanStatus
from checkin.signals.models import Doubt, Press, Verdict
from checkin.signals.noticing import LOWERED
from core.database import session

KEPT = timedelta(days=30)
"""How long it stays written down which press came from which phone."""


def settle(
    doubts: Iterable[Doubt], verdict: Verdict, *, actor: Account | None, now: datetime
) -> int:
    """Say what somebody found who looked; gives how many it was.

    It may be said anew, unless nobody was found: then a row is added and the attendance goes.
    """
    open_to = [doubt for doubt in doubts if doubt.verdict is not Verdict.NOBODY]
    for doubt in open_to:
        doubt.verdict, doubt.settled_at = verdict, now
        doubt.account_id = actor.id if actor else None
        attendance = doubt.attendance
        if attendance is None:
            continue
        if verdict is Verdict.NOBODY:
            session().add(_annulment(doubt.scan, now))
            session().delete(attendance)
        else:
            is_right = verdict is Verdict.RIGHT
            attendance.grade = doubt.grade if is_right else LOWERED[doubt.grade]
    session().flush()
    return len(open_to)


def open_doubts(activity_ids: Iterable[int]) -> dict[int, int]:
    """How many attendances somebody should look at, by activity; absent when there are none."""
    rows = session().execute(
        sa.select(Doubt.activity_id, sa.func.count())
        .where(Doubt.activity_id.in_(list(activity_ids)), Doubt.verdict.is_(None))
        .group_by(Doubt.activity_id)
    )
    return {row[0]: row[1] for row in rows}


def has_any(activity_id: int) -> bool:
    """Whether something odd was ever noticed at an activity."""
    return session().scalar(sa.select(sa.exists().where(Doubt.activity_id == activity_id))) or False


def forget(before: datetime) -> None:
    """Drop what was noted of phones; what was found stays."""
    session().execute(sa.delete(Press).where(Press.at < before))


def _annulment(scan: Scan, now: datetime) -> Scan:
    """The row that takes a press back."""
    return Scan(
        nonce=f"annul {scan.nonce}",
        request_hash=scan.request_hash,
        direction=Direction.ENTRY,
        status=ScanStatus.ANNULLED,
        grade=scan.grade,
        activity_id=scan.activity_id,
        session_id=scan.session_id,
        at=now,
        received_at=now,
        answer={"reason": "reviewed"},
        annuls_id=scan.id,
    )
