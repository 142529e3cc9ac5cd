"""The statements of a batch: one for all its scans, whatever their number."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from checkin.many import among, rows, table
from checkin.redeem_sql import CLAIM, KNOWN_OF_DEVICE, ask

_COLUMNS = {
    "nonce": "text",
    "content": "text",
    "direction": "text",
    "status": "text",
    "activity_id": "bigint",
    "session_id": "bigint",
    "registration_id": "bigint",
    "at": "timestamptz",
    "made_at": "timestamptz",
    "skew": "int",
    "decision": "text",
    "forced": "boolean",
    "answer": "text",
}


def hold_device(connection: sa.Connection, device_id: int) -> None:
    """One batch of a device after the other; SQLite has one writer anyway."""
    if connection.dialect.name != "sqlite":
        ask(connection, "SELECT 1 FROM device WHERE id = :id FOR NO KEY UPDATE", id=device_id)


def known(connection: sa.Connection) -> str:
    """``KNOWN``, for many nonces."""
    return f"{KNOWN_OF_DEVICE} AND {among(connection, 'c.nonce', 'nonces')}"


def claims_of_tickets(connection: sa.Connection) -> str:
    """What is known of many tickets; the typed code stands last in each row."""
    return f"{_WITH_CODE} WHERE {among(connection, 'r.id', 'numbers')}"


def claims_of_codes(connection: sa.Connection) -> str:
    """The same by what was typed."""
    return f"{_WITH_CODE} WHERE {among(connection, 'r.short_code', 'codes')}"


_WITH_CODE = CLAIM.replace("\nFROM registration r\n", ", r.short_code\nFROM registration r\n")


def insert_scans(
    connection: sa.Connection,
    scans: Sequence[Mapping[str, Any]],
    *,
    device_id: int,
    now: datetime,
) -> list[Any]:
    """Keep attempts in their order; gives number and nonce of those that were not there."""
    is_sqlite = connection.dialect.name == "sqlite"
    answer = "answer" if is_sqlite else "CAST(answer AS json)"
    statement = f"""
        INSERT INTO scan (device_id, nonce, request_hash, direction, status, grade, activity_id,
            session_id, registration_id, at, received_at, made_at, skew, decision, forced, answer)
        SELECT :device_id, nonce, content, direction, status, 'staff_scan', activity_id,
            session_id, registration_id, at, :now, made_at, skew, decision, forced, {answer}
        FROM {table(connection, _COLUMNS)} WHERE true
        ON CONFLICT (device_id, nonce) DO NOTHING
        RETURNING id, nonce
    """  # noqa: S608  nothing but names of ours stands in it
    return ask(connection, statement, device_id=device_id, now=now, rows=rows(connection, scans))
