"""Many attempts at once: looked up, judged and kept by one statement each for all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from checkin import redeem_many_sql as sql
from checkin.models import Decision, Direction, Grade
from checkin.redeem import (
    Admitted,
    AlreadyInside,
    Attempt,
    Claim,
    First,
    Gate,
    Person,
    TurnedAway,
    Verdict,
    facts_of,
    judge,
    status_of,
)
from checkin.redeem_sql import ask
from checkin.redeem_store import Answered, NonceReused, Outcome, claim_of, one_piece, replayed
from checkin.redeem_store import written as as_json
from checkin.settling import Candidate, settle


@dataclass(frozen=True, slots=True)
class _Judged:
    """An attempt that is new, with what the door says to it."""

    attempt: Attempt
    verdict: Verdict
    at: datetime
    facts: dict[str, Any]
    """What is kept of the answer."""


def redeem_many(
    connection: sa.Connection, attempts: Sequence[Attempt], gate: Gate, now: datetime
) -> list[Outcome]:
    """Answer what a device hands in, in its order; what was answered before changes nothing.

    Which scan counts in the end does not depend on who hands in first: see ``settling``.
    """
    with one_piece(connection):
        sql.hold_device(connection, gate.device_id)
        known = _known(connection, attempts, gate)
        new = [a for a in _first_of_each_nonce(attempts) if a.nonce not in known]
        judged = _all_judged(new, _Claims(connection, new), gate, now)
        numbers = _keep(connection, judged, gate, now)
        overtaken = [j.attempt for j in judged if j.attempt.nonce not in numbers]
        known |= _known(connection, overtaken, gate)
        fresh = {j.attempt.nonce: j for j in judged if j.attempt.nonce in numbers}
        settle(connection, _candidates(fresh.values(), numbers, gate), now)
    return _answers(attempts, fresh, known)


def _known(connection: sa.Connection, attempts: Iterable[Attempt], gate: Gate) -> dict[str, Any]:
    nonces = [attempt.nonce for attempt in attempts]
    if not nonces:
        return {}
    rows = ask(connection, sql.known(connection), device_id=gate.device_id, nonces=nonces)
    return {row[0]: row for row in rows}


def _first_of_each_nonce(attempts: Sequence[Attempt]) -> Iterable[Attempt]:
    first: dict[str, Attempt] = {}
    for attempt in attempts:
        first.setdefault(attempt.nonce, attempt)
    return first.values()


class _Claims:
    """The tickets of a batch, as they stand after each of its scans."""

    def __init__(self, connection: sa.Connection, attempts: Sequence[Attempt]) -> None:
        tickets = {a.ticket.registration_id for a in attempts if a.ticket is not None}
        codes = {a.secret for a in attempts if a.ticket is None}
        self._of_code: dict[str, int] = {}
        self._claims: dict[int, Claim] = {}
        if tickets:
            self._take(ask(connection, sql.claims_of_tickets(connection), numbers=list(tickets)))
        if codes:
            rows = ask(connection, sql.claims_of_codes(connection), codes=list(codes))
            self._of_code = {row[-1]: row[0] for row in rows}
            self._take(rows)

    def _take(self, rows: list[Any]) -> None:
        rows.sort(key=lambda row: row[0])
        for number, own in groupby(rows, key=lambda row: row[0]):
            self._claims[number] = claim_of([row[:-1] for row in own])

    def of(self, attempt: Attempt) -> Claim | None:
        """The ticket that a secret stands for."""
        ticket = attempt.ticket
        if ticket is None:
            return self._claims.get(self._of_code.get(attempt.secret, 0))
        claim = self._claims.get(ticket.registration_id)
        return claim if claim and claim.activity_id == ticket.activity_id else None

    def passed(self, attempt: Attempt, verdict: Admitted, gate: Gate, at: datetime) -> None:
        """Somebody went in or out: the next scan of the ticket sees that."""
        claim, sitting = verdict.claim, verdict.sitting
        if attempt.direction is Direction.EXIT:
            after = replace(sitting, left_at=at)
        else:
            own = _first(attempt, gate, at)
            first = min(own, sitting.first or own, key=lambda f: f.order)
            after = replace(sitting, first=first, left_at=None)
        sittings = [after if s.id == sitting.id else s for s in claim.sittings]
        self._claims[claim.registration_id] = replace(claim, sittings=sittings)


def _first(attempt: Attempt, gate: Gate, at: datetime) -> First:
    return First(at, Grade.STAFF_SCAN, gate.name, gate.device_id, attempt.nonce)


def _all_judged(
    attempts: Sequence[Attempt], claims: _Claims, gate: Gate, now: datetime
) -> list[_Judged]:
    judged = []
    for attempt in attempts:
        at = attempt.at(now)
        verdict = judge(attempt, claims.of(attempt), gate, at)
        if isinstance(verdict, Admitted):
            claims.passed(attempt, verdict, gate, at)
        judged.append(_Judged(attempt, verdict, at, facts_of(verdict, at)))
    return judged


def _keep(
    connection: sa.Connection, judged: Sequence[_Judged], gate: Gate, now: datetime
) -> dict[str, int]:
    """The number of each row by its nonce; another request may have kept some meanwhile."""
    if not judged:
        return {}
    rows = [_row(one) for one in judged]
    kept = sql.insert_scans(connection, rows, device_id=gate.device_id, now=now)
    return {nonce: number for number, nonce in kept}


def _row(judged: _Judged) -> dict[str, Any]:
    attempt, verdict, claim = judged.attempt, judged.verdict, judged.verdict.claim
    sitting = None if isinstance(verdict, TurnedAway) else verdict.sitting
    return {
        "nonce": attempt.nonce,
        "content": attempt.content,
        "direction": attempt.direction.value,
        "status": status_of(verdict).value,
        "activity_id": claim.activity_id if claim else None,
        "session_id": sitting.id if sitting else None,
        "registration_id": claim.registration_id if claim else None,
        "at": judged.at,
        "made_at": attempt.shown_at,
        "skew": attempt.skew,
        "decision": attempt.decision.value if attempt.decision else None,
        "forced": attempt.force,
        "answer": as_json(judged.facts),
    }


def _candidates(judged: Iterable[_Judged], numbers: dict[str, int], gate: Gate) -> list[Candidate]:
    """The entries that somebody went in by; the door could not know of another one."""
    return [
        Candidate(
            activity_id=one.verdict.claim.activity_id,
            session_id=one.verdict.sitting.id,
            participant_id=one.verdict.claim.participant_id,
            registration_id=one.verdict.claim.registration_id,
            scan_id=numbers[one.attempt.nonce],
            order=_first(one.attempt, gate, one.at).order,
        )
        for one in judged
        if isinstance(one.verdict, Admitted | AlreadyInside)
        and one.attempt.direction is Direction.ENTRY
        and one.attempt.decision is not Decision.REFUSED
    ]


def _answers(
    attempts: Sequence[Attempt], fresh: dict[str, _Judged], known: dict[str, Any]
) -> list[Outcome]:
    answered: list[Outcome] = []
    said: set[str] = set()
    for attempt in attempts:
        one = fresh.get(attempt.nonce)
        if one is None:
            answered.append(replayed(known[attempt.nonce], attempt))
        elif one.attempt.content != attempt.content:
            answered.append(NonceReused())
        else:
            claim = one.verdict.claim
            person = claim.person if claim else Person()
            answered.append(Answered(one.facts, person, replayed=attempt.nonce in said))
            said.add(attempt.nonce)
    return answered
