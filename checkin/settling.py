"""Which scan an attendance rests on, whatever order the scans reached the server in.

Somebody who was let in at two doors is there once. The better grade counts, then the earlier
time, clocks set right; the scan that loses stays in the log as a repeat. Each attendance that
moves to another scan leaves a ``Settlement`` behind.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from checkin.many import ask, moment, rows, table
from checkin.models import Grade
from checkin.redeem import GRADES, First, Order

Seat = tuple[int, int]
"""A sitting and a participant: whose attendance it is about."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A scan by which somebody went in."""

    activity_id: int
    session_id: int
    participant_id: int
    registration_id: int
    scan_id: int
    order: Order

    @property
    def seat(self) -> Seat:
        """Whose attendance it could be."""
        return self.session_id, self.participant_id


@dataclass(frozen=True, slots=True)
class Held:
    """An attendance that is there already, and the scan it rests on."""

    id: int
    seat: Seat
    scan_id: int | None
    order: Order


def settle(connection: sa.Connection, candidates: Iterable[Candidate], now: datetime) -> None:
    """Let every attendance rest on the best of its scans, those given now among them."""
    left = _best_of_each_seat(candidates)
    while left:
        made = _insert(connection, left)
        left = [one for one in left if one.seat not in made]
        if not left:
            return
        held = {one.seat: one for one in lock(connection, [one.seat for one in left])}
        found = [(one, held[one.seat]) for one in left if one.seat in held]
        move(connection, [(one, was) for one, was in found if one.order < was.order], now)
        left = [one for one in left if one.seat not in held]


def _best_of_each_seat(candidates: Iterable[Candidate]) -> list[Candidate]:
    """In one order for everybody, so that no two requests wait for each other."""
    best: dict[Seat, Candidate] = {}
    for candidate in candidates:
        known = best.setdefault(candidate.seat, candidate)
        if candidate.order < known.order:
            best[candidate.seat] = candidate
    return sorted(best.values(), key=lambda candidate: candidate.seat)


_SEAT = {"session_id": "bigint", "participant_id": "bigint"}
_NEW = {**_SEAT, "activity_id": "bigint", "scan_id": "bigint", "grade": "text", "at": "timestamptz"}
_MOVED = {
    "attendance_id": "bigint",
    "registration_id": "bigint",
    "scan_id": "bigint",
    "displaced_id": "bigint",
    "grade": "text",
    "at": "timestamptz",
}


def _insert(connection: sa.Connection, candidates: Sequence[Candidate]) -> set[Seat]:
    """Count those who are not counted yet; gives whose attendance is new."""
    given = [
        {
            "session_id": one.session_id,
            "participant_id": one.participant_id,
            "activity_id": one.activity_id,
            "scan_id": one.scan_id,
            **_evidence(one),
        }
        for one in candidates
    ]
    statement = f"""
        INSERT INTO attendance (session_id, participant_id, activity_id, scan_id, grade, at)
        SELECT session_id, participant_id, activity_id, scan_id, grade, at
        FROM {table(connection, _NEW)} WHERE true
        ON CONFLICT DO NOTHING
        RETURNING session_id, participant_id
    """  # noqa: S608  nothing but names of ours stands in it
    return {(row[0], row[1]) for row in ask(connection, statement, rows=rows(connection, given))}


def lock(connection: sa.Connection, seats: Sequence[Seat]) -> list[Held]:
    """The attendances of these seats; nobody else moves them until we are done."""
    given = [{"session_id": seat[0], "participant_id": seat[1]} for seat in seats]
    statement = f"""
        SELECT t.id, t.session_id, t.participant_id, t.grade, t.at, t.scan_id, c.device_id, c.nonce
        FROM {table(connection, _SEAT)}
        JOIN attendance t ON t.session_id = given.session_id
            AND t.participant_id = given.participant_id
        LEFT JOIN scan c ON c.id = t.scan_id
        ORDER BY t.id {"" if connection.dialect.name == "sqlite" else "FOR UPDATE OF t"}
    """  # noqa: S608  nothing but names of ours stands in it
    return [_held(row) for row in ask(connection, statement, rows=rows(connection, given))]


def _held(row: Any) -> Held:
    number, session_id, participant_id, grade, at, scan_id, device_id, nonce = row
    first = First(moment(at), Grade(grade), None, device_id or 0, nonce or "")
    return Held(number, (session_id, participant_id), scan_id, first.order)


def move(connection: sa.Connection, moves: Sequence[tuple[Candidate, Held]], now: datetime) -> None:
    """Put attendances on other scans, and write each move down."""
    if not moves:
        return
    given = rows(
        connection,
        [
            {
                "attendance_id": was.id,
                "registration_id": one.registration_id,
                "scan_id": one.scan_id,
                "displaced_id": was.scan_id,
                **_evidence(one),
            }
            for one, was in moves
        ],
    )
    moved = table(connection, _MOVED)
    ask(
        connection,
        f"""
        UPDATE attendance SET scan_id = given.scan_id, grade = given.grade, at = given.at
        FROM {moved} WHERE attendance.id = given.attendance_id
        """,  # noqa: S608  nothing but names of ours stands in it
        rows=given,
    )
    ask(
        connection,
        f"""
        INSERT INTO settlement (registration_id, displaced_id, scan_id, at)
        SELECT registration_id, displaced_id, scan_id, :now FROM {moved}
        WHERE displaced_id IS NOT NULL
        """,  # noqa: S608  nothing but names of ours stands in it
        rows=given,
        now=now,
    )


def _evidence(candidate: Candidate) -> dict[str, Any]:
    return {"grade": GRADES[candidate.order[0]].value, "at": candidate.order[1]}
