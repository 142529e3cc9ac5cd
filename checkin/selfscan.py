"""Self-scan at the venue: one opening of its code counts once; the rule, which knows no database.

``checkin.selfscan_store`` looks, asks it and keeps the presses of all who wait.
"""

from dataclasses import dataclass
from datetime import datetime

from checkin.models import Grade, ScanStatus
from checkin.passes import ScanPass
from checkin.scanned import Scanned, Sitting
from checkin.windows import NotYet, Open, Over, standing
from events.models import Activity, ActivityState, Counting, Format

MOST_COMPANIONS = 20
"""How many may share one phone; a whole class is a head count."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """What someone wrote under the button, with their agreement to keep it."""

    name: str
    unit: str = ""
    locale: str = "vi"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whom a ticket or this phone names."""

    participant_id: int


@dataclass(frozen=True, slots=True)
class Press:
    """One press of the button: at which activity, with which pass, from which phone, as whom."""

    activity_id: int
    scan_pass: ScanPass | None
    """Nothing when the page was not ours: that is written down and never counted."""
    now: datetime
    phone: str = ""
    """An authentication code of what the browser shows of itself."""
    who: Visitor | Known | None = None

    @property
    def nonce(self) -> str:
        """What the press is written down under."""
        return self.scan_pass.id if self.scan_pass else ""

    @property
    def grade(self) -> Grade:
        """What it is worth as evidence."""
        return self.scan_pass.grade if self.scan_pass else Grade.STATIC_SELF_SCAN


@dataclass(frozen=True, slots=True)
class Counted:
    """The opening stands for one attendance; ``again`` when it did before."""

    activity: Scanned
    sitting: Sitting
    pass_id: str | None
    """Nothing for somebody who was counted at a door."""
    participant_id: int | None
    again: bool = False


@dataclass(frozen=True, slots=True)
class NotCounted:
    """Nothing was recorded, and why; ``moment`` is when the doors open or did close."""

    status: ScanStatus
    moment: datetime | None = None


def judge(press: Press, activity: Scanned | None) -> Open[Sitting] | NotCounted:
    """Whether a press counts, unless it did before."""
    if press.scan_pass is None or activity is None:
        return NotCounted(ScanStatus.INVALID)
    return admits(activity, press.now, press.grade)


def admits(
    activity: Scanned, now: datetime, grade: Grade = Grade.STATIC_SELF_SCAN
) -> Open[Sitting] | NotCounted:
    """Whether a code of an activity counts now, and for which sitting."""
    if activity.state is ActivityState.DRAFT:
        return NotCounted(ScanStatus.INVALID)
    if activity.state is ActivityState.CANCELLED:
        return NotCounted(ScanStatus.CANCELED)
    if not _is_counted_by(activity, grade):
        return NotCounted(ScanStatus.WRONG_ACTIVITY)
    return hours(activity, now)


def hours(activity: Scanned, now: datetime) -> Open[Sitting] | NotCounted:
    """Whether its doors are open now."""
    match standing(activity.sittings, activity.ends_at, now):
        case NotYet(opens_at):
            return NotCounted(ScanStatus.TOO_EARLY, opens_at)
        case Over(closed_at):
            return NotCounted(ScanStatus.TOO_LATE, closed_at)
        case open_now:
            return open_now


def takes_online(activity: Activity | Scanned) -> bool:
    """Whether people take part from afar, who are counted by a link beside those who are there."""
    is_afar = activity.format is not Format.IN_PERSON
    return is_afar and activity.counting is not Counting.EVIDENCE


def takes_companions(activity: Scanned, now: datetime) -> bool:
    """Whether those who share a phone are counted now."""
    return activity.state is ActivityState.RELEASED and isinstance(hours(activity, now), Open)


def _is_counted_by(activity: Scanned, grade: Grade) -> bool:
    if grade is Grade.ONLINE_LINK:
        return takes_online(activity)
    return activity.counting is Counting.SELF_SCAN
