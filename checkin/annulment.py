"""A scan taken back by the device that made it: a row is added, none is altered or removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from checkin.arrivals import groups
from checkin.many import ask, moment, written
from checkin.models import Decision, Grade, ScanStatus
from checkin.queues.clocks import Stood
from checkin.redeem import First, Gate
from checkin.settling import Candidate, lock, move

WITHIN = timedelta(minutes=15)
"""How long a scan may be taken back: after it was made, or after it reached the server."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The scan does not count any more; ``replayed`` when that was so before."""

    replayed: bool = False


@dataclass(frozen=True, slots=True)
class NoSuchScan:
    """No scan of the device has that nonce."""


@dataclass(frozen=True, slots=True)
class NobodyAdmitted:
    """The scan let nobody in, so there is nothing to take back."""


@dataclass(frozen=True, slots=True)
class TooLong:
    """The scan is too old."""


Annulment = TakenBack | NoSuchScan | NobodyAdmitted | TooLong


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a scanner asks: which of its own scans goes, and why."""

    nonce: str
    reason: str
    gate: Gate
    now: datetime
    stood: Stood | None = None
    """When that was, if there was no connection then."""
    shown_at: datetime | None = None

    @property
    def at(self) -> datetime:
        """When the steward took it back."""
        return self.stood.at if self.stood else self.now


def annul(connection: sa.Connection, wanted: Sequence[Wanted]) -> list[Annulment]:
    """Take scans back; an attendance that rests on one moves to the next best one, or goes."""
    return [_annul(connection, one) for one in wanted]


def _annul(connection: sa.Connection, wanted: Wanted) -> Annulment:
    found = ask(connection, _SCAN, device_id=wanted.gate.device_id, nonce=wanted.nonce)
    if not found:
        return NoSuchScan()
    number, status, decision, at, made_at, received_at, annulled = found[0]
    if annulled is not None:
        return TakenBack(replayed=True)
    if not _has_admitted(ScanStatus(status), decision, made_at):
        return NobodyAdmitted()
    known_at = moment(received_at)
    if wanted.at >= (known_at if wanted.at >= known_at else moment(at)) + WITHIN:
        return TooLong()
    is_new = ask(
        connection,
        _ANNUL,
        scan_id=number,
        nonce=f"annul {wanted.nonce}",
        at=wanted.at,
        now=wanted.now,
        made_at=wanted.shown_at,
        skew=wanted.stood.skew if wanted.stood else None,
        answer=written({"reason": wanted.reason}),
    )
    if is_new:
        _settle_without(connection, number, wanted.now)
    return TakenBack(replayed=not is_new)


def _has_admitted(status: ScanStatus, decision: str | None, made_at: Any) -> bool:
    """Whether somebody went in by it: the same as ``_REMAINING`` asks for."""
    if status is ScanStatus.OK:
        return True
    let_in = made_at is not None and decision != Decision.REFUSED.value
    return status is ScanStatus.ALREADY_REDEEMED and let_in


def _settle_without(connection: sa.Connection, scan_id: int, now: datetime) -> None:
    rows = ask(connection, _SEAT_OF, scan_id=scan_id)
    if not rows:
        groups.withdraw(connection, scan_id)
        return
    [(activity_id, session_id, participant_id, registration_id)] = rows
    held = next(iter(lock(connection, [(session_id, participant_id)])), None)
    if held is None or held.scan_id != scan_id:
        return
    remaining = [
        Candidate(
            activity_id=activity_id,
            session_id=session_id,
            participant_id=participant_id,
            registration_id=registration_id,
            scan_id=row[0],
            order=First(moment(row[2]), Grade(row[1]), None, row[3] or 0, row[4]).order,
        )
        for row in ask(
            connection, _REMAINING, registration_id=registration_id, session_id=session_id
        )
    ]
    if remaining:
        move(connection, [(min(remaining, key=lambda one: one.order), held)], now)
        return
    ask(connection, "DELETE FROM attendance WHERE id = :id", id=held.id)
    ask(connection, _GONE, registration_id=registration_id, scan_id=scan_id, now=now)


_SCAN = """
SELECT c.id, c.status, c.decision, c.at, c.made_at, c.received_at, n.id
FROM scan c LEFT JOIN scan n ON n.annuls_id = c.id
WHERE c.device_id = :device_id AND c.nonce = :nonce
"""
_ANNUL = """
INSERT INTO scan (device_id, nonce, request_hash, direction, status, grade, activity_id,
    session_id, registration_id, at, received_at, made_at, skew, forced, answer, annuls_id)
SELECT device_id, :nonce, request_hash, direction, 'annulled', grade, activity_id,
    session_id, registration_id, :at, :now, :made_at, :skew, forced, :answer, id
FROM scan WHERE id = :scan_id
ON CONFLICT DO NOTHING
RETURNING id
"""
_SEAT_OF = """
SELECT c.activity_id, c.session_id, r.participant_id, r.id
FROM scan c JOIN registration r ON r.id = c.registration_id
WHERE c.id = :scan_id AND c.session_id IS NOT NULL AND c.direction = 'entry'
"""
_REMAINING = """
SELECT c.id, c.grade, c.at, c.device_id, c.nonce
FROM scan c
WHERE c.registration_id = :registration_id AND c.session_id = :session_id
    AND c.direction = 'entry' AND (c.status = 'ok' OR (c.status = 'already_redeemed'
        AND c.made_at IS NOT NULL AND coalesce(c.decision, '') <> 'refused'))
    AND NOT EXISTS (SELECT 1 FROM scan n WHERE n.annuls_id = c.id)
"""
_GONE = """
INSERT INTO settlement (registration_id, displaced_id, scan_id, at)
VALUES (:registration_id, :scan_id, NULL, :now)
"""
