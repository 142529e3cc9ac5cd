"""The statements of the door, written once with ``:name`` places for both databases."""

import json
import re
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

KNOWN_OF_DEVICE = """
SELECT c.nonce, c.request_hash, c.answer, p.name, coalesce(u.short_name, p.unit_text), p."group"
FROM scan c
LEFT JOIN registration r ON r.id = c.registration_id
LEFT JOIN participant p ON p.id = r.participant_id
LEFT JOIN unit u ON u.id = p.unit_id
WHERE c.device_id = :device_id
"""
KNOWN = f"{KNOWN_OF_DEVICE} AND c.nonce = :nonce"
"""An attempt that was answered before, with the person as they are now."""

CLAIM = """
SELECT r.id, r.participant_id, r.serial, r.standing, a.id, a.slug, a.title, a.state, h.path,
    a.venue_id, coalesce(v.name, a.place), p.name, coalesce(u.short_name, p.unit_text), p."group",
    a.opens_before, a.closes_after, s.id, s.starts_at, s.ends_at, t.at, t.grade, d.name,
    c.device_id, c.nonce, CASE WHEN t.id IS NOT NULL THEN (
        SELECT CASE WHEN m.direction = 'exit' THEN m.at END FROM scan m
        WHERE m.registration_id = r.id AND m.session_id = s.id AND m.status = 'ok'
            AND NOT EXISTS (SELECT 1 FROM scan n WHERE n.annuls_id = m.id)
        ORDER BY m.at DESC, m.id DESC LIMIT 1) END
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

CLAIM_OF_TICKET = f"{CLAIM} WHERE r.id = :registration_id AND r.activity_id = :activity_id"
CLAIM_OF_CODE = f"{CLAIM} WHERE r.short_code = :secret"

SCAN = """
INSERT INTO scan (device_id, nonce, request_hash, direction, status, grade, activity_id,
    session_id, registration_id, at, received_at, forced, answer)
VALUES (:device_id, :nonce, :content, :direction, :status, 'staff_scan', :activity_id,
    :session_id, :registration_id, :at, :now, :forced, :answer)
ON CONFLICT (device_id, nonce) DO NOTHING
RETURNING id
"""

ATTENDANCE = """
INSERT INTO attendance (activity_id, session_id, participant_id, scan_id, grade, at)
VALUES (:activity_id, :session_id, :participant_id, :scan_id, 'staff_scan', :at)
ON CONFLICT DO NOTHING
RETURNING id
"""

ADMIT_AT_ONCE = """
WITH claim AS (
    SELECT r.id AS registration_id, r.participant_id, a.id AS activity_id, a.slug, a.title,
        s.id AS session_id, s.starts_at, p.name, coalesce(u.short_name, p.unit_text) AS unit,
        p."group" AS "group", nextval('scan_id_seq') AS scan_id
    FROM registration r
    JOIN activity a ON a.id = r.activity_id
    JOIN unit h ON h.id = a.unit_id
    JOIN participant p ON p.id = r.participant_id
    LEFT JOIN unit u ON u.id = p.unit_id
    JOIN LATERAL (
        SELECT id, starts_at FROM session
        WHERE activity_id = a.id
            AND starts_at - make_interval(mins => a.opens_before) <= :now
            AND ends_at + make_interval(mins => a.closes_after) > :now
        ORDER BY starts_at DESC LIMIT 1
    ) s ON true
    WHERE r.id = :registration_id AND r.activity_id = :activity_id AND r.serial = :serial
        AND r.standing = 'confirmed' AND a.state = 'released'
        AND (a.id = :gate_activity_id OR (:gate_activity_id = 0 AND starts_with(h.path, :path)
            AND (:gate_venue_id = 0 OR a.venue_id = :gate_venue_id)))
        AND (cardinality(CAST(:lists AS text[])) = 0 OR a.slug = ANY(CAST(:lists AS text[])))
        AND NOT EXISTS (SELECT 1 FROM scan WHERE device_id = :device_id AND nonce = :nonce)
), seat AS (
    INSERT INTO attendance (activity_id, session_id, participant_id, scan_id, grade, at)
    SELECT activity_id, session_id, participant_id, scan_id, 'staff_scan', :now FROM claim
    ON CONFLICT DO NOTHING
    RETURNING scan_id
), attempt AS (
    INSERT INTO scan (id, device_id, nonce, request_hash, direction, status, grade, activity_id,
        session_id, registration_id, at, received_at, forced, answer)
    SELECT c.scan_id, :device_id, :nonce, :content, 'entry', 'ok', 'staff_scan', c.activity_id,
        c.session_id, c.registration_id, :now, :now, false,
        json_build_object('status', 'ok', 'time', CAST(:time AS text), 'activity', c.slug,
            'title', c.title,
            'session', to_char(c.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS+00:00'))
    FROM claim c JOIN seat USING (scan_id)
    RETURNING answer
)
SELECT attempt.answer, claim.name, claim.unit, claim."group" FROM attempt, claim
"""
"""PostgreSQL: a first scan of a good ticket, whole in one round trip; no row when anything
speaks against it, and then nothing was written either."""


def ask(connection: sa.Connection, statement: str, **values: Any) -> list[Any]:
    """The rows that a statement gives, asked of the driver itself: this is the hot path.

    Raises SQLAlchemy's errors, as every other question does.
    """
    driver: Any = connection.connection.driver_connection
    try:
        if connection.dialect.name == "sqlite":
            kept = {name: for_sqlite(value) for name, value in values.items()}
            return list(driver.execute(statement, kept))
        cursor = driver.execute(_for_psycopg(statement), values)
        return list(cursor) if cursor.description else []
    except connection.dialect.loaded_dbapi.Error as error:
        raise _known_to_all(connection, statement, error) from error


def _known_to_all(connection: sa.Connection, statement: str, error: Any) -> Exception:
    dialect = connection.dialect
    if dialect.is_disconnect(error, connection.connection.driver_connection, None):
        connection.invalidate(error)
    fault = dialect.loaded_dbapi.Error
    known: Exception = sa.exc.DBAPIError.instance(statement, None, error, fault, dialect=dialect)
    return known


def moment(value: datetime | str) -> datetime:
    """A moment as either driver gives it: aware, UTC."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC)


def for_sqlite(value: Any) -> Any:
    """A value as SQLite keeps it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, list):
        return json.dumps([for_sqlite(part) for part in value])
    return value


@cache
def _for_psycopg(statement: str) -> str:
    return re.sub(r"(?<![:\d]):([a-z_]+)", r"%(\1)s", statement)
