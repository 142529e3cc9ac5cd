"""Self-scan at the venue: one opening of the poster's code counts once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from checkin import notice, queries
from checkin.models import Attendance, Grade, Participant, Scan, ScanStatus
from checkin.passes import ScanPass
from checkin.services import new_participant
from checkin.windows import NotYet, Open, Over, window
from core.database import session
from events.models import Activity, ActivityState, Counting, Session

MOST_COMPANIONS = 20
"""How many may share one phone; a whole class is a head count."""


@dataclass(frozen=True)
class Visitor:
    """What someone wrote under the button, with their agreement to keep it."""

    name: str
    unit: str = ""
    locale: str = "vi"


@dataclass(frozen=True)
class Counted:
    """The opening stands for one attendance; ``again`` when it did before."""

    attendance: Attendance
    again: bool = False


@dataclass(frozen=True)
class NotCounted:
    """Nothing was recorded, and why; ``moment`` is when the doors open or did close."""

    status: ScanStatus
    moment: datetime | None = None


def grade_of(scan_pass: ScanPass) -> Grade:
    """How good the evidence is: a code that changes shows that somebody was there."""
    return Grade.ROTATING_SELF_SCAN if scan_pass.is_rotating else Grade.STATIC_SELF_SCAN


def admits(activity: Activity, now: datetime) -> Open | NotCounted:
    """Whether the poster of an activity counts now, and for which sitting."""
    if activity.state is ActivityState.DRAFT:
        return NotCounted(ScanStatus.INVALID)
    if activity.state is ActivityState.CANCELLED:
        return NotCounted(ScanStatus.CANCELED)
    if activity.counting is not Counting.SELF_SCAN:
        return NotCounted(ScanStatus.WRONG_ACTIVITY)
    match window(activity, now):
        case Open() as open_now:
            return open_now
        case NotYet(opens_at):
            return NotCounted(ScanStatus.TOO_EARLY, opens_at)
        case Over(closed_at):
            return NotCounted(ScanStatus.TOO_LATE, closed_at)


def record(
    activity: Activity, scan_pass: ScanPass, visitor: Visitor | None, *, now: datetime
) -> Counted | NotCounted:
    """Count the holder of a pass, by name when they gave one; every attempt is written down."""
    answer = admits(activity, now)
    grade = grade_of(scan_pass)
    if isinstance(answer, NotCounted):
        attempt(answer.status, scan_pass.id, now, activity=activity, grade=grade)
        return answer
    known = session().scalar(queries.attendance_by_pass(answer.session.id, scan_pass.id))
    if known is None:
        try:
            with session().begin_nested():
                return Counted(_count(activity, answer.session, scan_pass.id, grade, visitor, now))
        except IntegrityError:
            found = queries.attendance_by_pass(answer.session.id, scan_pass.id)
            known = session().scalars(found).one()
    again = ScanStatus.ALREADY_REDEEMED
    attempt(again, scan_pass.id, now, activity=activity, sitting=answer.session, grade=grade)
    return Counted(known, again=True)


def add_companions(
    first: Attendance, activity: Activity, *, already: int, more: int, now: datetime
) -> int:
    """Count those who share the phone, after the ones it already stands for.

    ``already`` is what the page said, so that pressing twice adds nothing. Gives how many
    there are now.
    """
    answer = admits(activity, now)
    held = len(session().scalars(queries.companions(first.session_id, first.pass_id or "")).all())
    if isinstance(answer, NotCounted) or held != already:
        return held
    for number in range(already + 1, min(already + more, MOST_COMPANIONS) + 1):
        try:
            with session().begin_nested():
                companion = f"{first.pass_id}+{number}"
                _count(activity, _sitting(first, activity), companion, first.grade, None, now)
        except IntegrityError:
            continue
        held += 1
    return held


def attempt(
    status: ScanStatus,
    pass_id: str,
    now: datetime,
    *,
    activity: Activity | None = None,
    sitting: Session | None = None,
    grade: Grade = Grade.STATIC_SELF_SCAN,
) -> Scan:
    """Write down one press of the button."""
    place = activity.id if activity else 0
    scan = Scan(
        nonce=pass_id,
        request_hash=hashlib.sha256(f"self-scan {place} {pass_id}".encode()).hexdigest(),
        status=status,
        grade=grade,
        activity_id=activity.id if activity else None,
        session_id=sitting.id if sitting else None,
        at=now,
        received_at=now,
        answer={"status": "ok"}
        if status is ScanStatus.OK
        else {"status": "error", "reason": status.value},
    )
    session().add(scan)
    session().flush()
    return scan


def _count(
    activity: Activity,
    sitting: Session,
    pass_id: str,
    grade: Grade,
    visitor: Visitor | None,
    now: datetime,
) -> Attendance:
    scan = attempt(ScanStatus.OK, pass_id, now, activity=activity, sitting=sitting, grade=grade)
    person = _person(visitor, now) if visitor else None
    attendance = Attendance(
        activity_id=activity.id,
        session_id=sitting.id,
        participant_id=person.id if person else None,
        pass_id=pass_id,
        scan_id=scan.id,
        grade=grade,
        at=now,
    )
    session().add(attendance)
    session().flush()
    return attendance


def _person(visitor: Visitor, now: datetime) -> Participant:
    person = new_participant(visitor.name, visitor.unit, locale=visitor.locale, now=now)
    given = notice.consent(notice.ATTENDANCE, locale=visitor.locale, now=now)
    given.participant_id = person.id
    session().add(given)
    return person


def _sitting(first: Attendance, activity: Activity) -> Session:
    return next(s for s in activity.sessions if s.id == first.session_id)
