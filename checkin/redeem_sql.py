"""The statements of the door: one for all attempts that wait, whatever their number."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from checkin.many import Question, among, ask, rows, table

_CLAIM = """
SELECT r.id, r.participant_id, r.serial, r.standing, a.id, a.slug, a.title, a.state, h.path,
    a.venue_id, coalesce(v.name, a.place), p.name, coalesce(u.short_name, p.unit_text), p."group",
    a.opens_before, a.closes_after, s.id, s.starts_at, s.ends_at, t.at, t.grade, d.name,
    c.device_id, c.nonce, CASE WHEN t.id IS NOT NULL THEN (
        SELECT CASE WHEN m.direction = 'exit' THEN m.at END FROM scan m
        WHERE m.registration_id = r.id AND m.session_id = s.id AND m.status = 'ok'
            AND NOT EXISTS (SELECT 1 FROM scan n WHERE n.annuls_id = m.id)
        ORDER BY m.at DESC, m.id DESC LIMIT 1) END,
    r.short_code
FROM registration r
JOIN activity a ON a.id = r.activity_id
JOIN unit h ON h.id = a.unit_id
JOIN participant p ON p.id = r.participant_id
LEFT JOIN unit u ON u.id = p.unit_id
LEFT JOIN venue v ON v.id = a.venue_id
LEFT JOIN session s ON s.activity_id = a.id
LEFT JOIN attendance t ON t.session_id = s.id AND t.participant_id = p.id
LEFT JOIN scan c ON c.id = t.scan_id
LEFT JOIN device d ON d.id = c.device_id
"""
_ATTEMPT = {"device_id": "bigint", "nonce": "text"}
_SCAN = {
    **_ATTEMPT,
    "content": "text",
    "direction": "text",
    "status": "text",
    "activity_id": "bigint",
    "session_id": "bigint",
    "registration_id": "bigint",
    "at": "timestamptz",
    "received_at": "timestamptz",
    "made_at": "timestamptz",
    "skew": "int",
    "decision": "text",
    "forced": "boolean",
    "answer": "text",
}


def hold(
    connection: sa.Connection, tickets: Sequence[int], codes: Sequence[str]
) -> Question | None:
    """Nobody else judges these tickets until we are done; SQLite has one writer anyway."""
    if connection.dialect.name == "sqlite":
        return None
    return Question(
        "SELECT 1 FROM registration WHERE id = ANY(:tickets) OR short_code = ANY(:codes)"
        " ORDER BY id FOR NO KEY UPDATE",
        {"tickets": tickets, "codes": codes},
    )


def known(connection: sa.Connection, attempts: Sequence[Mapping[str, Any]]) -> Question:
    """Attempts that were answered before, with the person as they are now."""
    statement = f"""
        SELECT c.device_id, c.nonce, c.request_hash, c.answer,
            p.name, coalesce(u.short_name, p.unit_text), p."group"
        FROM {table(connection, _ATTEMPT)}
        JOIN scan c ON c.device_id = given.device_id AND c.nonce = given.nonce
        LEFT JOIN registration r ON r.id = c.registration_id
        LEFT JOIN participant p ON p.id = r.participant_id
        LEFT JOIN unit u ON u.id = p.unit_id
    """  # noqa: S608  nothing but names of ours stands in it
    return Question(statement, {"rows": rows(connection, attempts)})


def claims_of_tickets(connection: sa.Connection, numbers: Sequence[int]) -> Question | None:
    """What is known of tickets; the typed code stands last in each row."""
    statement = f"{_CLAIM} WHERE {among(connection, 'r.id', 'numbers')}"
    return Question(statement, {"numbers": numbers}) if numbers else None


def claims_of_codes(connection: sa.Connection, codes: Sequence[str]) -> Question | None:
    """The same by what was typed."""
    statement = f"{_CLAIM} WHERE {among(connection, 'r.short_code', 'codes')}"
    return Question(statement, {"codes": codes}) if codes else None


def insert_scans(connection: sa.Connection, scans: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Keep attempts in their order; gives number, device and nonce of those that were not there."""
    answer = "answer" if connection.dialect.name == "sqlite" else "CAST(answer AS json)"
    statement = f"""
        INSERT INTO scan (device_id, nonce, request_hash, direction, status, grade, activity_id,
            session_id, registration_id, at, received_at, made_at, skew, decision, forced, answer)
        SELECT device_id, nonce, content, direction, status, 'staff_scan', activity_id,
            session_id, registration_id, at, received_at, made_at, skew, decision, forced, {answer}
        FROM {table(connection, _SCAN)} WHERE true
        ON CONFLICT (device_id, nonce) DO NOTHING
        RETURNING id, device_id, nonce
    """  # noqa: S608  nothing but names of ours stands in it
    return ask(connection, statement, rows=rows(connection, scans))
