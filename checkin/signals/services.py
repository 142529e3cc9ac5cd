"""Odd presses: noticed as they come, graded lower, never turned away, settled by a person."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from accounts.models import Account
from checkin.models import Attendance, Direction, Grade, Scan, ScanStatus
from checkin.signals.models import Doubt, Press, Signal, Verdict
from core.database import session
from events.models import Activity, Session

FROM_ONE_PHONE = 5
"""Presses at one sitting by one phone, each as somebody new, before it looks odd."""
BY_ONE_CODE = 300
"""Presses by one step of the screen where nobody said how many the place holds."""
AFTER_END = 20
"""Presses after the end of a sitting, within ``BURST``, before it looks odd."""
KEPT = timedelta(days=30)
"""How long it stays written down which press came from which phone."""
BURST = timedelta(minutes=1)

LOWERED = {
    Grade.ROTATING_SELF_SCAN: Grade.STATIC_SELF_SCAN,
    Grade.ONLINE_LINK: Grade.STATIC_SELF_SCAN,
    Grade.STATIC_SELF_SCAN: Grade.ESTIMATE,
}
"""What an odd attendance counts as."""


def notice(
    attendance: Attendance,
    activity: Activity,
    sitting: Session,
    *,
    phone: str,
    slot: int | None,
    now: datetime,
) -> Doubt | None:
    """Note a press, and doubt it when it is one too many."""
    found = _oddity(activity, sitting, phone, slot, now)
    press = Press(scan_id=attendance.scan_id, session_id=sitting.id, phone=phone, slot=slot, at=now)
    session().add(press)
    if found is None:
        return None
    signal, series = found
    doubt = Doubt(
        scan_id=attendance.scan_id,
        activity_id=activity.id,
        signal=signal,
        series=series,
        grade=attendance.grade,
        raised_at=now,
    )
    attendance.grade = LOWERED[attendance.grade]
    session().add(doubt)
    return doubt


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


def _oddity(
    activity: Activity, sitting: Session, phone: str, slot: int | None, now: datetime
) -> tuple[Signal, str] | None:
    """What is odd about one more press, and what it has in common with others."""
    if _reach(FROM_ONE_PHONE, sitting, Press.phone == phone):
        return Signal.ONE_PHONE, phone
    if slot is not None and _reach(_room(activity), sitting, Press.slot == slot):
        return Signal.ONE_CODE, str(slot)
    lately = Press.at > max(sitting.ends_at, now - BURST)
    if now > sitting.ends_at and _reach(AFTER_END, sitting, lately):
        return Signal.AFTER_END, str(sitting.id)
    return None


def _room(activity: Activity) -> int:
    """How many can be there at once."""
    capacity = activity.venue.capacity if activity.venue else None
    return activity.seats or capacity or BY_ONE_CODE


def _reach(limit: int, sitting: Session, which: sa.ColumnElement[bool]) -> bool:
    """Whether there were so many such presses before; no more are looked at."""
    some = sa.select(Press.scan_id).where(Press.session_id == sitting.id, which).limit(limit)
    number = session().scalar(sa.select(sa.func.count()).select_from(some.subquery()))
    return (number or 0) >= limit


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
