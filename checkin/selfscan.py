"""Self-scan at the venue: one opening of the poster's code counts once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from checkin import notice, queries
from checkin.models import Attendance, Grade, Participant, Scan, ScanStatus
from checkin.passes import ScanPass
from checkin.services import new_participant
from checkin.signals import services as signals
from checkin.windows import NotYet, Open, Over, window
from core.database import session
from events.models import Activity, ActivityState, Counting, Format, Session

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


@dataclass(frozen=True)
class Press:
    """One press of the button: with which pass, from which phone, and as whom."""

    scan_pass: ScanPass
    phone: str
    """An authentication code of what the browser shows of itself."""
    who: Visitor | Participant | None = None
    """A name that was written, or somebody we know already by ticket or phone."""


def admits(
    activity: Activity, now: datetime, grade: Grade = Grade.STATIC_SELF_SCAN
) -> Open | NotCounted:
    """Whether a code of an activity counts now, and for which sitting."""
    if activity.state is ActivityState.DRAFT:
        return NotCounted(ScanStatus.INVALID)
    if activity.state is ActivityState.CANCELLED:
        return NotCounted(ScanStatus.CANCELED)
    if not _is_counted_by(activity, grade):
        return NotCounted(ScanStatus.WRONG_ACTIVITY)
    return _hours(activity, now)


def _hours(activity: Activity, now: datetime) -> Open | NotCounted:
    match window(activity, now):
        case Open() as open_now:
            return open_now
        case NotYet(opens_at):
            return NotCounted(ScanStatus.TOO_EARLY, opens_at)
        case Over(closed_at):
            return NotCounted(ScanStatus.TOO_LATE, closed_at)


def takes_online(activity: Activity) -> bool:
    """Whether people take part from afar, who are counted by a link beside those who are there."""
    is_afar = activity.format is not Format.IN_PERSON
    return is_afar and activity.counting is not Counting.EVIDENCE


def _is_counted_by(activity: Activity, grade: Grade) -> bool:
    if grade is Grade.ONLINE_LINK:
        return takes_online(activity)
    return activity.counting is Counting.SELF_SCAN


def record(activity: Activity, press: Press, *, now: datetime) -> Counted | NotCounted:
    """Count the holder of a pass, by name when there is one; every attempt is written down."""
    scan_pass = press.scan_pass
    grade = scan_pass.grade
    answer = admits(activity, now, grade)
    if isinstance(answer, NotCounted):
        attempt(answer.status, scan_pass.id, now, activity=activity, grade=grade)
        return answer
    known = _known(answer.session, press)
    if known is None:
        try:
            with session().begin_nested():
                return Counted(_count_press(activity, answer.session, press, now))
        except IntegrityError:
            known = _known(answer.session, press)
    again = ScanStatus.ALREADY_REDEEMED
    attempt(again, scan_pass.id, now, activity=activity, sitting=answer.session, grade=grade)
    return Counted(known, again=True) if known else NotCounted(ScanStatus.INVALID)


def _known(sitting: Session, press: Press) -> Attendance | None:
    """What this pass, or this person, was counted as before."""
    same = Attendance.pass_id == press.scan_pass.id
    if isinstance(press.who, Participant):
        same = sa.or_(same, Attendance.participant_id == press.who.id)
    found = sa.select(Attendance).where(Attendance.session_id == sitting.id, same)
    return session().scalar(found.order_by(Attendance.id).limit(1))


def _count_press(activity: Activity, sitting: Session, press: Press, now: datetime) -> Attendance:
    """Count it, and look whether it is odd."""
    person = _person(press.who, now) if isinstance(press.who, Visitor) else press.who
    scan_pass = press.scan_pass
    counted = _count(activity, sitting, scan_pass.id, scan_pass.grade, person, now)
    signals.notice(counted, activity, sitting, phone=press.phone, slot=scan_pass.slot, now=now)
    return counted


def add_companions(
    first: Attendance, activity: Activity, *, already: int, more: int, now: datetime
) -> int:
    """Count those who share the phone, after the ones it already stands for.

    ``already`` is what the page said, so that pressing twice adds nothing. Gives how many
    there are now.
    """
    answer = _hours(activity, now)
    held = len(session().scalars(queries.companions(first.session_id, first.pass_id or "")).all())
    is_off = activity.state is not ActivityState.RELEASED
    if is_off or isinstance(answer, NotCounted) or held != already:
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
    person: Participant | None,
    now: datetime,
) -> Attendance:
    scan = attempt(ScanStatus.OK, pass_id, now, activity=activity, sitting=sitting, grade=grade)
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
