"""The settlement of an activity as people read it: totals, scanners, scan by scan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from checkin.models import Attendance, Decision, Device, Direction, Scan, ScanStatus
from checkin.queues.clocks import MOST
from checkin.settlements import queries
from checkin.settlements.words import REFUSALS
from core.database import session
from core.i18n import N_
from events.models import Activity


@dataclass(frozen=True, slots=True)
class Settled:
    """How a scan was settled: in a sentence with its facts, and the tone of a badge."""

    tone: str
    title: str
    text: str = ""
    facts: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One scan of the log."""

    scan: Scan
    device: str | None
    person: str | None
    code: str | None
    settled: Settled
    notes: Sequence[str]
    clock_set: timedelta | None
    """By how much the scanner's clock was set since, when that moved the time of the scan."""
    skew: timedelta | None


@dataclass(frozen=True, slots=True)
class Clock:
    """A scanner at this activity: what it made, when it handed in, how its clock stood."""

    device_id: int
    name: str
    scans: int
    late: int
    """Made without a connection and handed in afterwards."""
    first_at: datetime
    last_at: datetime
    received_at: datetime
    skew: timedelta | None
    is_far_off: bool


def totals(activity: Activity) -> dict[str, int]:
    """What the log of the activity amounts to."""
    scans = queries.log(activity).order_by(None)

    def number(condition: Any) -> int:
        found = scans.where(condition).with_only_columns(sa.func.count())
        return session().scalar(found) or 0

    counted = sa.select(sa.func.count()).where(Attendance.activity_id == activity.id)
    return {
        "scans": number(sa.true()),
        "counted": session().scalar(counted) or 0,
        "several": number(queries.of_several(activity)),
        "against": number(queries.against_the_rules(activity)),
        "taken_back": number(Scan.status == ScanStatus.ANNULLED),
        "moved": session().scalar(queries.moves(activity)) or 0,
    }


def clocks(activity: Activity) -> list[Clock]:
    """The scanners that were at the activity, by name."""
    found = (
        queries.log(activity)
        .order_by(None)
        .join(Device, Device.id == Scan.device_id)
        .with_only_columns(
            Device.id,
            Device.name,
            sa.func.count(),
            sa.func.count(Scan.made_at),
            sa.func.min(Scan.at),
            sa.func.max(Scan.at),
            sa.func.max(Scan.received_at),
            sa.func.min(Scan.skew),
            sa.func.max(Scan.skew),
        )
        .group_by(Device.id, Device.name)
        .order_by(Device.name, Device.id)
    )
    return [_clock(row) for row in session().execute(found)]


def _clock(row: Any) -> Clock:
    number, name, scans, late, first_at, last_at, received_at, least, most = row
    worst = max((s for s in (least, most) if s is not None), key=abs, default=None)
    skew = None if worst is None else timedelta(milliseconds=worst)
    is_far_off = skew is not None and abs(skew) > queries.FAR_OFF
    return Clock(number, name, scans, late, first_at, last_at, received_at, skew, is_far_off)


def lines(activity: Activity, scans: sa.Select[Any]) -> list[Line]:
    """Scans as they are shown."""
    shut = queries.outside_hours(activity).label("shut")
    found = session().execute(queries.with_everything(scans).add_columns(shut))
    return [_line(row) for row in found]


def _line(row: Any) -> Line:
    scan, device, person, code, counting, annulment, reason, is_shut = row
    skew = None if scan.skew is None else timedelta(milliseconds=scan.skew)
    if skew is not None and abs(skew) >= MOST and scan.made_at is not None:
        skew = scan.made_at - scan.at
    settled = _settled(scan, counting, annulment, reason)
    clock = scan.answer.get("clock") or {}
    clock_set = timedelta(milliseconds=clock["set"]) if clock.get("sure") else None
    notes = _notes(scan, skew if clock_set is None else None, is_shut)
    return Line(scan, device, person, code, settled, notes, clock_set, skew)


def _settled(scan: Scan, counting: int | None, annulment: int | None, reason: Any) -> Settled:
    if scan.status is ScanStatus.ANNULLED:
        facts = {"number": scan.annuls_id, "reason": scan.answer.get("reason", "")}
        return Settled("info", N_("Takes back"), N_("No. %(number)s: %(reason)s"), facts)
    if annulment is not None:
        facts = {"number": annulment, "reason": (reason or {}).get("reason", "")}
        return Settled("plain", N_("Taken back"), N_("By no. %(number)s: %(reason)s"), facts)
    if scan.status not in {ScanStatus.OK, ScanStatus.ALREADY_REDEEMED}:
        return Settled("stop", N_("Does not count"), REFUSALS[scan.status])
    if scan.direction is Direction.EXIT:
        return Settled("plain", N_("Went out"))
    if scan.answer.get("group"):
        return _group(scan.answer["group"], counts=counting == scan.id)
    return _counted(scan, counting)


def _counted(scan: Scan, counting: int | None) -> Settled:
    """An entry that the rules allow: it counts itself, or another one does."""
    if counting == scan.id:
        return Settled("ok", N_("Counts"))
    if counting is None:
        return Settled("stop", N_("Does not count"), N_("The scan that counted was taken back."))
    facts = {"number": counting}
    if _went_in(scan):
        return Settled(
            "wait", N_("Repeat"), N_("No. %(number)s counts, it is the earliest."), facts
        )
    return Settled("plain", N_("Turned away"), N_("Counted by no. %(number)s before."), facts)


def _group(told: dict[str, Any], *, counts: bool) -> Settled:
    """A number that was told of a class; one that nobody was left of has nothing to rest on."""
    facts = {"name": told["name"], "present": told["present"], "enrolled": told["enrolled"] or "–"}
    text = N_("%(name)s: %(enrolled)s enrolled, %(present)s present")
    if counts or not told["present"]:
        return Settled("ok", N_("Counts"), text, facts)
    return Settled("plain", N_("A later number holds"), text, facts)


def _went_in(scan: Scan) -> bool:
    if scan.status is ScanStatus.OK:
        return True
    return scan.made_at is not None and scan.decision is not Decision.REFUSED


def _notes(scan: Scan, skew: timedelta | None, is_shut: bool) -> list[str]:
    """What else is to be known of it."""
    notes = []
    if scan.decision is Decision.PROVISIONAL:
        notes.append(N_("The door did not know the ticket and let the person in."))
    if scan.decision in queries.LET_IN and scan.status in REFUSALS:
        notes.append(N_("The person was let in at the door."))
    if is_shut and scan.status is ScanStatus.OK:
        notes.append(N_("Outside the hours of the doors."))
    if skew is not None and abs(skew) > queries.FAR_OFF:
        notes.append(N_("The clock of the scanner was wrong."))
    if scan.answer.get("clock", {"sure": True})["sure"] is False:
        notes.append(N_("That clock was set meanwhile; when the scan was made is not certain."))
    if scan.forced:
        notes.append(N_("Recorded all the same by the steward."))
    return notes
