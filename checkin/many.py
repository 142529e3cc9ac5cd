"""Statements over many rows at once, as each database takes them.

SQLite reads a list out of one JSON value; PostgreSQL has arrays, and the same for rows.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from checkin.redeem_sql import for_sqlite


def among(connection: sa.Connection, column: str, place: str) -> str:
    """That a column is one of a list, given as ``:place``."""
    if connection.dialect.name == "sqlite":
        return f"{column} IN (SELECT value FROM json_each(:{place}))"  # noqa: S608  names of ours
    return f"{column} = ANY(:{place})"


def table(connection: sa.Connection, columns: Mapping[str, str]) -> str:
    """The rows that come as ``:rows``, named ``given``; PostgreSQL wants the columns' types."""
    if connection.dialect.name == "sqlite":
        read = ", ".join(f"value ->> '{name}' AS {name}" for name in columns)
        return f"(SELECT {read} FROM json_each(:rows) ORDER BY key) AS given"  # noqa: S608
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    return f"json_to_recordset(CAST(:rows AS json)) AS given({typed})"


def rows(connection: sa.Connection, given: Sequence[Mapping[str, Any]]) -> str:
    """Many rows as the one value that ``table`` reads."""
    is_sqlite = connection.dialect.name == "sqlite"

    def plain(value: Any) -> Any:
        if not isinstance(value, datetime):
            return value
        return for_sqlite(value) if is_sqlite else value.isoformat()

    return json.dumps([{name: plain(value) for name, value in row.items()} for row in given])
