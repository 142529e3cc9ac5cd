"""The statements of the self-scan: one for all presses that wait, whatever their number."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from checkin.many import among, ask, moment, rows, table
from checkin.models import Grade

_SEAT = {"session_id": "bigint", "pass_id": "text", "participant_id": "bigint"}
_SCAN = {
    "nonce": "text",
    "content": "text",
    "status": "text",
    "grade": "text",
    "activity_id": "bigint",
    "session_id": "bigint",
    "at": "timestamptz",
    "answer": "text",
}
_ATTENDANCE = {
    "activity_id": "bigint",
    "session_id": "bigint",
    "participant_id": "bigint",
    "pass_id": "text",
    "scan_id": "bigint",
    "grade": "text",
    "at": "timestamptz",
}


class Seated(NamedTuple):
    """An attendance: by which pass or whose, worth what, since when."""

    id: int
    session_id: int
    pass_id: str | None
    participant_id: int | None
    grade: Grade
    at: datetime


def hold(connection: sa.Connection, people: Sequence[int]) -> set[int]:
    """Those of these people who are there; nobody else counts them until we are done."""
    if not people:
        return set()
    held = "" if connection.dialect.name == "sqlite" else "FOR NO KEY UPDATE"
    statement = f"""
        SELECT id FROM participant WHERE {among(connection, "id", "people")} ORDER BY id {held}
    """  # noqa: S608  nothing but names of ours stands in it
    return {row[0] for row in ask(connection, statement, people=people)}


def counted(connection: sa.Connection, seats: Sequence[Mapping[str, Any]]) -> list[Seated]:
    """Attendances of these passes or people at these sittings, the first one first."""
    given = table(connection, _SEAT)
    which = ["t.pass_id = given.pass_id"]
    if any(seat.get("participant_id") is not None for seat in seats):
        which.append("t.participant_id = given.participant_id")
    asked = [
        f"""SELECT t.id, t.session_id, t.pass_id, t.participant_id, t.grade, t.at FROM {given}
        JOIN attendance t ON t.session_id = given.session_id AND {same}"""  # noqa: S608
        for same in which
    ]
    found = ask(connection, f"{' UNION '.join(asked)} ORDER BY 1", rows=rows(connection, seats))
    return [
        Seated(number, sitting, pass_id, person, Grade(grade), moment(at))
        for number, sitting, pass_id, person, grade, at in found
    ]


def of_pass(connection: sa.Connection, sittings: Sequence[int], pass_id: str) -> list[Seated]:
    """What one opening of a code was counted as at these sittings."""
    return counted(connection, [{"session_id": s, "pass_id": pass_id} for s in sittings])


def rank(connection: sa.Connection, activity_id: int, since: datetime, last: Seated) -> int:
    """How many were counted at an activity since the day began, up to this one."""
    statement = """
        SELECT count(*) FROM attendance
        WHERE activity_id = :activity AND at >= :since AND at <= :at AND (at < :at OR id <= :last)
    """
    places = {"activity": activity_id, "since": since, "at": last.at, "last": last.id}
    return int(ask(connection, statement, **places)[0][0])


def insert_scans(connection: sa.Connection, scans: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Keep presses in their order; gives number, nonce, sitting and status of each."""
    answer = "answer" if connection.dialect.name == "sqlite" else "CAST(answer AS json)"
    statement = f"""
        INSERT INTO scan (nonce, request_hash, direction, status, grade, activity_id, session_id,
            at, received_at, forced, answer)
        SELECT nonce, content, 'entry', status, grade, activity_id, session_id, at, at, false,
            {answer}
        FROM {table(connection, _SCAN)}
        RETURNING id, nonce, session_id, status
    """  # noqa: S608  nothing but names of ours stands in it
    return ask(connection, statement, rows=rows(connection, scans))


def insert_attendances(connection: sa.Connection, given: Sequence[Mapping[str, Any]]) -> set[int]:
    """Count those who are not counted yet; gives the scans that the new attendances rest on."""
    columns = ", ".join(_ATTENDANCE)
    statement = f"""
        INSERT INTO attendance ({columns}) SELECT {columns}
        FROM {table(connection, _ATTENDANCE)} WHERE true
        ON CONFLICT DO NOTHING
        RETURNING scan_id
    """  # noqa: S608  nothing but names of ours stands in it
    return {row[0] for row in ask(connection, statement, rows=rows(connection, given))}


def repeat(connection: sa.Connection, scans: Sequence[int]) -> None:
    """Say of scans just written down that they repeat what another process counted meanwhile."""
    statement = f"""
        UPDATE scan SET status = 'already_redeemed',
            answer = '{{"status": "error", "reason": "already_redeemed"}}'
        WHERE {among(connection, "id", "scans")}
    """  # noqa: S608  nothing but names of ours stands in it
    ask(connection, statement, scans=scans)


def forget(connection: sa.Connection, people: Sequence[int]) -> None:
    """Drop people just written down who are counted as somebody already."""
    for of, column in (("consent", "participant_id"), ("participant", "id")):
        which = among(connection, column, "people")
        ask(connection, f"DELETE FROM {of} WHERE {which}", people=people)  # noqa: S608
