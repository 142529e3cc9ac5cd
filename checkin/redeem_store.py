"""Attempts at doors, looked up, judged and kept: all that wait by one statement each.

``redeem`` settles what ``commit_together`` hands it, from one door or from many, made now or
while there was no connection. Which scan counts in the end does not depend on who hands in first:
see ``settling``.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from checkin import redeem_sql as sql
from checkin.claims import Claims, first_of
from checkin.many import ask_all, written
from checkin.models import Decision, Direction
from checkin.redeem import (
    Admitted,
    AlreadyInside,
    Attempt,
    Gate,
    Person,
    TurnedAway,
    Verdict,
    facts_of,
    judge,
    status_of,
)
from checkin.settling import Candidate, settle


@dataclass(frozen=True, slots=True)
class Asked:
    """An attempt as it reached us: through which scanner, and when."""

    attempt: Attempt
    gate: Gate
    now: datetime

    @property
    def at(self) -> datetime:
        """The moment that judges."""
        return self.attempt.at(self.now)

    @property
    def key(self) -> tuple[int, str]:
        """What it is known by: the scanner and the nonce that the scanner gave it."""
        return self.gate.device_id, self.attempt.nonce


@dataclass(frozen=True, slots=True)
class Answered:
    """The door has its answer: the facts, and who it is about."""

    facts: dict[str, Any]
    person: Person
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class NonceReused:
    """The nonce already stands for something else."""


Outcome = Answered | NonceReused
Known = dict[tuple[int, str], Any]


@dataclass(frozen=True, slots=True)
class _Judged:
    """An attempt that is new, with what the door says to it."""

    asked: Asked
    verdict: Verdict
    facts: dict[str, Any]
    """What is kept of the answer."""


def redeem(connection: sa.Connection, handed_in: Sequence[Sequence[Asked]]) -> list[list[Outcome]]:
    """Answer what scanners hand in, in its order; what was answered before changes nothing."""
    asked = [one for together in handed_in for one in together]
    known, claims = _looked_up(connection, asked)
    new = _first_of_each_key(one for one in asked if one.key not in known)
    judged = _all_judged(new, claims)
    numbers = _keep(connection, judged)
    overtaken = [one.asked for one in judged if one.asked.key not in numbers]
    known |= _looked_up(connection, overtaken)[0] if overtaken else {}
    fresh = {one.asked.key: one for one in judged if one.asked.key in numbers}
    settle(connection, _candidates(fresh.values(), numbers), now=max(one.now for one in asked))
    said: set[tuple[int, str]] = set()
    return [[_answer(one, fresh, known, said) for one in together] for together in handed_in]


def _looked_up(connection: sa.Connection, asked: Sequence[Asked]) -> tuple[Known, Claims]:
    """What was answered before, and the tickets as they stand; they are held until we are done."""
    given = [{"device_id": one.gate.device_id, "nonce": one.attempt.nonce} for one in asked]
    attempts = [one.attempt for one in asked]
    tickets = list({a.ticket.registration_id for a in attempts if a.ticket is not None})
    codes = list({a.secret for a in attempts if a.ticket is None})
    _held, before, of_tickets, of_codes = ask_all(
        connection,
        [
            sql.hold(connection, tickets, codes),
            sql.known(connection, given),
            sql.claims_of_tickets(connection, tickets),
            sql.claims_of_codes(connection, codes),
        ],
    )
    return {(row[0], row[1]): row[2:] for row in before}, Claims(of_tickets, of_codes)


def _first_of_each_key(asked: Iterable[Asked]) -> list[Asked]:
    first: dict[tuple[int, str], Asked] = {}
    for one in asked:
        first.setdefault(one.key, one)
    return list(first.values())


def _all_judged(new: Sequence[Asked], claims: Claims) -> list[_Judged]:
    judged = []
    for one in new:
        verdict = judge(one.attempt, claims.of(one.attempt), one.gate, one.at)
        if isinstance(verdict, Admitted):
            claims.passed(one.attempt, verdict, one.gate, one.at)
        facts = facts_of(verdict, one.at)
        if one.attempt.clock:
            facts["clock"] = one.attempt.clock
        judged.append(_Judged(one, verdict, facts))
    return judged


def _keep(connection: sa.Connection, judged: Sequence[_Judged]) -> dict[tuple[int, str], int]:
    """The number of each row by its key; another request may have kept some meanwhile."""
    if not judged:
        return {}
    kept = sql.insert_scans(connection, [_row(one) for one in judged])
    return {(device_id, nonce): number for number, device_id, nonce in kept}


def _row(judged: _Judged) -> dict[str, Any]:
    asked, verdict, claim = judged.asked, judged.verdict, judged.verdict.claim
    attempt = asked.attempt
    sitting = None if isinstance(verdict, TurnedAway) else verdict.sitting
    return {
        "device_id": asked.gate.device_id,
        "nonce": attempt.nonce,
        "content": attempt.content,
        "direction": attempt.direction.value,
        "status": status_of(verdict).value,
        "activity_id": claim.activity_id if claim else None,
        "session_id": sitting.id if sitting else None,
        "registration_id": claim.registration_id if claim else None,
        "at": asked.at,
        "received_at": asked.now,
        "made_at": attempt.shown_at,
        "skew": attempt.skew,
        "decision": attempt.decision.value if attempt.decision else None,
        "forced": attempt.force,
        "answer": written(judged.facts),
    }


def _candidates(judged: Iterable[_Judged], numbers: dict[tuple[int, str], int]) -> list[Candidate]:
    """The entries that somebody went in by and that may count more than what counts already."""
    found = []
    for one in judged:
        verdict, attempt = one.verdict, one.asked.attempt
        if not isinstance(verdict, Admitted | AlreadyInside) or not _went_in(verdict, attempt):
            continue
        order = first_of(attempt, one.asked.gate, one.asked.at).order
        first = verdict.sitting.first
        if first is not None and first.order < order:
            continue
        found.append(
            Candidate(
                activity_id=verdict.claim.activity_id,
                session_id=verdict.sitting.id,
                participant_id=verdict.claim.participant_id,
                registration_id=verdict.claim.registration_id,
                scan_id=numbers[one.asked.key],
                order=order,
            )
        )
    return found


def _went_in(verdict: Admitted | AlreadyInside, attempt: Attempt) -> bool:
    """Whether the door let somebody in; without a connection it could not know of another scan."""
    if attempt.direction is Direction.EXIT or attempt.decision is Decision.REFUSED:
        return False
    return isinstance(verdict, Admitted) or attempt.shown_at is not None


def _answer(
    asked: Asked,
    fresh: dict[tuple[int, str], _Judged],
    known: Known,
    said: set[tuple[int, str]],
) -> Outcome:
    one = fresh.get(asked.key)
    if one is None:
        return _replayed(known[asked.key], asked.attempt)
    if one.asked.attempt.content != asked.attempt.content:
        return NonceReused()
    is_replay = asked.key in said
    said.add(asked.key)
    person = one.verdict.claim.person if one.verdict.claim else Person()
    return Answered(one.facts, person, replayed=is_replay)


def _replayed(row: Any, attempt: Attempt) -> Outcome:
    """The first answer once more, from a row of ``sql.known``."""
    content, answer, *person = row
    if content != attempt.content:
        return NonceReused()
    facts = json.loads(answer) if isinstance(answer, str) else answer
    return Answered(facts, Person(*person), replayed=True)
