"""Attempts at a door, looked up, judged and kept; runs inside ``commit_together``."""

import json
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from checkin import redeem_sql as sql
from checkin.models import Direction, Grade, Standing
from checkin.redeem import (
    Admitted,
    Attempt,
    Claim,
    First,
    Gate,
    Person,
    Sitting,
    TurnedAway,
    Verdict,
    facts_of,
    judge,
    status_of,
)
from checkin.windows import doors
from events.models import ActivityState


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

written = json.JSONEncoder(ensure_ascii=False).encode


class _Overtaken(Exception):
    """Another request took the seat between our look and our step; look again."""


def redeem(connection: sa.Connection, attempt: Attempt, gate: Gate, now: datetime) -> Outcome:
    """Answer an attempt and keep it; the same nonce is answered the same, for ever."""
    if connection.dialect.name == "postgresql":
        at_once = _admit_at_once(connection, attempt, gate, now)
        if at_once is not None:
            return at_once
    try:
        with one_piece(connection):
            answered = _judged(connection, attempt, gate, now)
    except _Overtaken:
        with one_piece(connection):
            answered = _judged(connection, attempt, gate, now)
    return answered or _known(connection, attempt, gate)


def _admit_at_once(
    connection: sa.Connection, attempt: Attempt, gate: Gate, now: datetime
) -> Answered | None:
    ticket = attempt.ticket
    if ticket is None or attempt.force or attempt.made_at or attempt.direction is Direction.EXIT:
        return None
    try:
        rows = sql.ask(
            connection,
            sql.ADMIT_AT_ONCE,
            registration_id=ticket.registration_id,
            activity_id=ticket.activity_id,
            serial=ticket.serial,
            gate_activity_id=gate.activity_id or 0,
            gate_venue_id=gate.venue_id or 0,
            path=gate.path,
            lists=list(attempt.lists),
            device_id=gate.device_id,
            nonce=attempt.nonce,
            content=attempt.content,
            now=now,
            time=now.isoformat(),
        )
    except IntegrityError:
        return None
    return Answered(rows[0][0], Person(*rows[0][1:4])) if rows else None


def _known(connection: sa.Connection, attempt: Attempt, gate: Gate) -> Outcome:
    [row] = sql.ask(connection, sql.KNOWN, device_id=gate.device_id, nonce=attempt.nonce)
    return replayed(row, attempt)


def replayed(row: Any, attempt: Attempt) -> Outcome:
    """The first answer once more, from a row of ``KNOWN``."""
    _nonce, content, answer, *person = row
    if content != attempt.content:
        return NonceReused()
    facts = json.loads(answer) if isinstance(answer, str) else answer
    return Answered(facts, Person(*person), replayed=True)


def _judged(
    connection: sa.Connection, attempt: Attempt, gate: Gate, now: datetime
) -> Answered | None:
    at = attempt.at(now)
    verdict = judge(attempt, _claim(connection, attempt), gate, at)
    facts = facts_of(verdict, at)
    scan_id = _keep(connection, attempt, verdict, facts=facts, gate=gate, now=now)
    if scan_id is None:
        return None
    if isinstance(verdict, Admitted) and attempt.direction is Direction.ENTRY and not verdict.first:
        _attend(connection, verdict, scan_id, at)
    return Answered(facts, verdict.claim.person if verdict.claim else Person())


def _claim(connection: sa.Connection, attempt: Attempt) -> Claim | None:
    ticket = attempt.ticket
    if ticket is None:
        rows = sql.ask(connection, sql.CLAIM_OF_CODE, secret=attempt.secret)
    else:
        rows = sql.ask(
            connection,
            sql.CLAIM_OF_TICKET,
            registration_id=ticket.registration_id,
            activity_id=ticket.activity_id,
        )
    return claim_of(rows) if rows else None


def claim_of(rows: Any) -> Claim:
    """What the rows of one ticket say."""
    return Claim(
        registration_id=rows[0][0],
        participant_id=rows[0][1],
        serial=rows[0][2],
        standing=Standing(rows[0][3]),
        activity_id=rows[0][4],
        slug=rows[0][5],
        title=rows[0][6],
        state=ActivityState(rows[0][7]),
        unit_path=rows[0][8],
        venue_id=rows[0][9],
        place=rows[0][10],
        person=Person(*rows[0][11:14]),
        sittings=[_sitting(row[14:]) for row in rows if row[16] is not None],
    )


def _sitting(row: Any) -> Sitting:
    opens_before, closes_after, number, starts, ends, at, grade, device, *scan = row
    device_id, nonce, left_at = scan
    starts_at = sql.moment(starts)
    opens_at, closes_at = doors(starts_at, sql.moment(ends), opens_before, closes_after)
    first = None
    if at is not None:
        first = First(sql.moment(at), Grade(grade), device, device_id or 0, nonce or "")
    outside = sql.moment(left_at) if left_at is not None else None
    return Sitting(number, starts_at, opens_at, closes_at, first, outside)


def _attend(connection: sa.Connection, verdict: Admitted, scan_id: int, at: datetime) -> None:
    rows = sql.ask(
        connection,
        sql.ATTENDANCE,
        activity_id=verdict.claim.activity_id,
        session_id=verdict.sitting.id,
        participant_id=verdict.claim.participant_id,
        scan_id=scan_id,
        at=at,
    )
    if not rows:
        raise _Overtaken


def _keep(
    connection: sa.Connection,
    attempt: Attempt,
    verdict: Verdict,
    *,
    facts: dict[str, Any],
    gate: Gate,
    now: datetime,
) -> int | None:
    """The number of the attempt's row; nothing when its nonce is known already."""
    claim = verdict.claim
    sitting = None if isinstance(verdict, TurnedAway) else verdict.sitting
    rows = sql.ask(
        connection,
        sql.SCAN,
        device_id=gate.device_id,
        nonce=attempt.nonce,
        content=attempt.content,
        direction=attempt.direction.value,
        status=status_of(verdict).value,
        activity_id=claim.activity_id if claim else None,
        session_id=sitting.id if sitting else None,
        registration_id=claim.registration_id if claim else None,
        at=attempt.at(now),
        now=now,
        forced=attempt.force,
        answer=written(facts),
    )
    return int(rows[0][0]) if rows else None


def one_piece(connection: sa.Connection) -> AbstractContextManager[Any]:
    """All of it or nothing; on SQLite the shared COMMIT has given it a savepoint already."""
    if connection.dialect.name == "sqlite":
        return nullcontext()
    driver: Any = connection.connection.driver_connection
    return driver.transaction()  # type: ignore[no-any-return]
