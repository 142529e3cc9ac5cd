"""A ticket is held to a door: who may go in, judged in one fixed order and kept as a row.

``judge`` is the rule and knows no database; ``checkin.redeem_store`` looks, asks it and keeps
attempts as rows.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, assert_never

from checkin.models import Decision, Direction, Grade, ScanStatus, Standing
from checkin.tokens import Ticket, read_ticket
from checkin.windows import nearest
from events.models import ActivityState


@dataclass(frozen=True, slots=True)
class Gate:
    """A scanner as the rule sees it: who it is and which part of the tree it serves."""

    device_id: int
    path: str
    activity_id: int | None = None
    venue_id: int | None = None
    name: str | None = None

    def serves(self, unit_path: str, activity_id: int, venue_id: int | None) -> bool:
        """Whether an activity of this unit, held there, is within the scanner's scope."""
        if self.activity_id is not None:
            return self.activity_id == activity_id
        if self.venue_id is not None and self.venue_id != venue_id:
            return False
        return unit_path.startswith(self.path)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a scanner asks: one secret, at one door, once."""

    secret: str
    nonce: str
    lists: frozenset[str] = frozenset()
    direction: Direction = Direction.ENTRY
    force: bool = False
    made_at: datetime | None = None
    """When a scan that arrives later was made, by the server's clock."""
    shown_at: datetime | None = None
    """The same moment as the device's clock showed it."""
    skew: int | None = None
    """By how many milliseconds that clock is ahead."""
    decision: Decision | None = None
    """What the door did by itself, without a connection."""
    clock: dict[str, Any] | None = None
    """How its clock was set meanwhile; kept with the answer."""

    ticket: Ticket | None = field(init=False)
    """What the secret is when it comes from a QR of ours; nothing when it was typed."""
    content: str = field(init=False)
    """What makes two attempts the same; neither the time nor ``force`` does."""

    def __post_init__(self) -> None:
        parts = [self.secret, self.direction.value, *sorted(self.lists)]
        digest = hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
        object.__setattr__(self, "ticket", read_ticket(self.secret))
        object.__setattr__(self, "content", digest)

    @property
    def is_let_in(self) -> bool:
        """Whether the person has gone in already, whatever the hours say."""
        return self.decision in {Decision.ADMITTED, Decision.PROVISIONAL}

    def at(self, now: datetime) -> datetime:
        """The moment that judges: now, or when it was made; nothing was made later than now."""
        return now if self.made_at is None else min(self.made_at, now)


@dataclass(frozen=True, slots=True)
class First:
    """The scan that an attendance rests on."""

    at: datetime
    grade: Grade
    device: str | None
    device_id: int = 0
    nonce: str = ""

    @property
    def order(self) -> "Order":
        """What decides between two scans of one ticket."""
        return GRADES.index(self.grade), self.at, self.device_id, self.nonce


Order = tuple[int, datetime, int, str]
"""The least counts: the better grade, then the earlier time; the rest only parts equals. None
of it depends on which scan reached the server first."""
GRADES = list(Grade)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session of the ticket's activity, and whether its holder is counted there already."""

    id: int
    starts_at: datetime
    opens_at: datetime
    closes_at: datetime
    first: First | None = None
    left_at: datetime | None = None
    """Since when the holder is outside again."""


@dataclass(frozen=True, slots=True)
class Person:
    """What the door may see of who comes."""

    name: str | None = None
    unit: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Everything the rule needs to know about a ticket, read in one look."""

    registration_id: int
    participant_id: int
    serial: int
    standing: Standing
    activity_id: int
    slug: str
    title: str
    state: ActivityState
    unit_path: str
    venue_id: int | None
    place: str
    person: Person
    sittings: Sequence[Sitting]


@dataclass(frozen=True, slots=True)
class Admitted:
    """Goes in. ``first`` is there when the door let in again someone already counted."""

    claim: Claim
    sitting: Sitting
    first: First | None = None


@dataclass(frozen=True, slots=True)
class AlreadyInside:
    """The ticket was used before: when and where the door has to know."""

    claim: Claim
    sitting: Sitting
    first: First


@dataclass(frozen=True, slots=True)
class TooEarly:
    """The doors open later."""

    claim: Claim
    sitting: Sitting


@dataclass(frozen=True, slots=True)
class TooLate:
    """The doors have closed."""

    claim: Claim
    sitting: Sitting | None


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """The ticket does not hold, whatever the time is."""

    status: ScanStatus
    claim: Claim | None


Verdict = Admitted | AlreadyInside | TooEarly | TooLate | TurnedAway


def judge(attempt: Attempt, claim: Claim | None, gate: Gate, at: datetime) -> Verdict:
    """What the door answers; the first reason that applies, in the order of the contract."""
    verdict = _judged(attempt, claim, gate, at)
    if attempt.decision is Decision.REFUSED and isinstance(verdict, Admitted):
        return TurnedAway(ScanStatus.RULES, verdict.claim)
    return verdict


def _judged(attempt: Attempt, claim: Claim | None, gate: Gate, at: datetime) -> Verdict:
    if claim is None or claim.state is ActivityState.DRAFT:
        return TurnedAway(ScanStatus.INVALID, None)
    ticket = attempt.ticket
    if ticket is not None and ticket.serial != claim.serial:
        return TurnedAway(ScanStatus.REVOKED, claim)
    if claim.standing is Standing.WITHDRAWN or claim.state is ActivityState.CANCELLED:
        return TurnedAway(ScanStatus.CANCELED, claim)
    if claim.standing is Standing.WAITING:
        return TurnedAway(ScanStatus.UNAPPROVED, claim)
    listed = not attempt.lists or claim.slug in attempt.lists
    if not listed or not gate.serves(claim.unit_path, claim.activity_id, claim.venue_id):
        return TurnedAway(ScanStatus.WRONG_ACTIVITY, claim)
    return _by_the_clock(attempt, claim, at)


def _by_the_clock(attempt: Attempt, claim: Claim, at: datetime) -> Verdict:
    sitting = nearest(claim.sittings, at)
    if sitting is None:
        return TooLate(claim, None)
    keeps_hours = not (attempt.force or attempt.is_let_in)
    if at < sitting.opens_at and keeps_hours:
        return TooEarly(claim, sitting)
    if at >= sitting.closes_at and keeps_hours:
        return TooLate(claim, sitting)
    first = sitting.first
    if first is None or attempt.direction is Direction.EXIT or _precedes(attempt, first):
        return Admitted(claim, sitting)
    has_left = sitting.left_at is not None and sitting.left_at <= at
    if has_left or attempt.force:
        return Admitted(claim, sitting, first)
    return AlreadyInside(claim, sitting, first)


def _precedes(attempt: Attempt, first: First) -> bool:
    """Whether a scan that arrives late was made before the one that counted until now."""
    return attempt.made_at is not None and attempt.made_at < first.at


def status_of(verdict: Verdict) -> ScanStatus:
    """The word that is kept with the attempt."""
    match verdict:
        case Admitted():
            return ScanStatus.OK
        case AlreadyInside():
            return ScanStatus.ALREADY_REDEEMED
        case TooEarly():
            return ScanStatus.TOO_EARLY
        case TooLate():
            return ScanStatus.TOO_LATE
        case TurnedAway(status=status):
            return status
        case _:
            assert_never(verdict)


def facts_of(verdict: Verdict, now: datetime) -> dict[str, Any]:
    """What was answered, without the person: kept with the attempt, worded again on a replay."""
    facts: dict[str, Any] = {"status": status_of(verdict).value, "time": now.isoformat()}
    claim = verdict.claim
    if claim is not None:
        facts |= {"activity": claim.slug, "title": claim.title}
    match verdict:
        case Admitted(claim=held, sitting=sitting, first=first):
            facts["session"] = sitting.starts_at.isoformat()
            if first is not None:
                facts["first"] = _first(first, held)
        case AlreadyInside(claim=held, first=first):
            facts["first"] = _first(first, held)
        case TooEarly(sitting=sitting):
            facts["opens_at"] = sitting.opens_at.isoformat()
        case TooLate(sitting=last):
            facts["closed_at"] = last.closes_at.isoformat() if last else None
        case TurnedAway(status=ScanStatus.WRONG_ACTIVITY, claim=Claim() as held):
            next_one = nearest(held.sittings, now)
            facts["starts_at"] = next_one.starts_at.isoformat() if next_one else None
        case TurnedAway():
            pass
        case _:
            assert_never(verdict)
    return facts


def _first(first: First, claim: Claim) -> dict[str, Any]:
    return {
        "time": first.at.isoformat(),
        "device": first.device,
        "place": claim.place or None,
        "source": first.grade.value,
    }
