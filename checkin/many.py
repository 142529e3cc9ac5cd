"""Statements over many rows at once, asked of the driver itself: this is the hot path.

Written once with ``:name`` places. SQLite reads a list out of one JSON value; PostgreSQL has
arrays, and the same for rows.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from pydantic_core import to_json


def written(value: Any) -> str:
    """JSON as it is kept."""
    return to_json(value).decode()


def ask(connection: sa.Connection, statement: str, **values: Any) -> list[Any]:
    """The rows that a statement gives. Raises SQLAlchemy's errors, as every other question does."""
    driver: Any = connection.connection.driver_connection
    try:
        if connection.dialect.name == "sqlite":
            kept = {name: _for_sqlite(value) for name, value in values.items()}
            return list(driver.execute(statement, kept))
        cursor = driver.execute(_for_psycopg(statement), values)
        return list(cursor) if cursor.description else []
    except connection.dialect.loaded_dbapi.Error as error:
        raise _known_to_all(connection, statement, error) from error


@dataclass(frozen=True, slots=True)
class Question:
    """A statement that gives rows, and what stands in its places."""

    statement: str
    values: dict[str, Any]


def ask_all(connection: sa.Connection, questions: Sequence[Question | None]) -> list[list[Any]]:
    """The rows of each question, none where there is no question.

    They are asked in their order and in one trip: a server may lie apart, and to wait for it is
    what costs. Raises what ``ask`` raises.
    """
    if connection.dialect.name == "sqlite":
        return [ask(connection, q.statement, **q.values) if q else [] for q in questions]
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            asked = [q and driver.execute(_for_psycopg(q.statement), q.values) for q in questions]
        return [cursor.fetchall() if cursor else [] for cursor in asked]
    except connection.dialect.loaded_dbapi.Error as error:
        statements = [q.statement for q in questions if q]
        raise _known_to_all(connection, ";\n".join(statements), error) from error


def moment(value: datetime | str) -> datetime:
    """A moment as either driver gives it: aware, UTC."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC)


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
    written = _rows_for_sqlite if connection.dialect.name == "sqlite" else _rows_for_postgresql
    return written(given)


def _known_to_all(connection: sa.Connection, statement: str, error: Any) -> Exception:
    dialect = connection.dialect
    if dialect.is_disconnect(error, connection.connection.driver_connection, None):
        connection.invalidate(error)
    fault = dialect.loaded_dbapi.Error
    known: Exception = sa.exc.DBAPIError.instance(statement, None, error, fault, dialect=dialect)
    return known


def _moment_for_sqlite(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, datetime):
        return _moment_for_sqlite(value)
    if isinstance(value, list):
        return json.dumps([_for_sqlite(part) for part in value])
    return value


_rows_for_sqlite = json.JSONEncoder(default=_moment_for_sqlite).encode
_rows_for_postgresql = json.JSONEncoder(default=datetime.isoformat).encode


@cache
def _for_psycopg(statement: str) -> str:
    return re.sub(r"(?<![:\d]):([a-z_]+)", r"%(\1)s", statement)
