"""What an import does to the rows of the database, as data: written in bulk, taken back exactly."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from core.database import Base, UtcDateTime

Facts = Mapping[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Touched:
    """One row: as it is found, and as it is left; a new one was not there, a removed one is not."""

    table: sa.Table
    before: Facts | None
    after: Facts | None
    line: int = 0
    """The line of the file that asked for it; 0 when none did by itself."""

    @property
    def facts(self) -> Facts:
        """What there is to say of it."""
        return self.after or self.before or {}

    @property
    def key(self) -> Key:
        """What names the row in its table."""
        return key_of(self.table, self.facts)


@dataclass
class Changes:
    """Everything that one import writes."""

    rows: list[Touched] = field(default_factory=list)
    entries: list[tuple[sa.Table, Facts]] = field(default_factory=list)
    """Rows that are only ever added, such as the change log's; they stay when all goes back."""
    expected: dict[sa.Table, int] = field(default_factory=dict)
    """The number that the next row of a table would have, where the database gives none ahead."""


@dataclass(frozen=True)
class Past:
    """One row of an import that was kept: enough to know it again and to put it back."""

    table: sa.Table
    key: Key
    line: int
    before: Facts | None
    """What it said in the columns that were changed, or all of it when it was removed."""
    left: str
    """The print of the row as it was left; empty when it was removed."""


def merged(rows: Iterable[Touched], further: Iterable[Touched]) -> list[Touched]:
    """Each row once, from how it was found at first to how it was left at last."""
    once: dict[tuple[str, Key], Touched] = {}
    for row in (*rows, *further):
        first = once.get((row.table.name, row.key))
        if first is not None:
            row = Touched(row.table, first.before, row.after, first.line or row.line)
        once[row.table.name, row.key] = row
    return list(once.values())


def key_of(table: sa.Table, facts: Facts) -> Key:
    """The values of the primary key."""
    return tuple(facts[column.name] for column in table.primary_key)


def named(table: sa.Table, keys: Iterable[Key]) -> sa.ColumnElement[bool]:
    """True for the rows with these keys."""
    columns = list(table.primary_key)
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return sa.tuple_(*columns).in_(list(keys))


def print_of(facts: Facts) -> str:
    """The same for the same values, whichever database gave them."""
    plain = json.dumps({name: _plain(value) for name, value in facts.items()}, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Told:
    """What the preview told of a line: its name, and heading, before and after of each change."""

    title: str
    changes: list[tuple[str, str, str]]


def packed(rows: Iterable[Touched], lines: Mapping[int, Told]) -> bytes:
    """What undoes the changes, small enough to keep beside a job; with what lines were told."""
    kept = []
    for row in rows:
        before = row.before
        if before is not None and row.after is not None:
            before = {n: v for n, v in before.items() if v != row.after[n]}
        left = print_of(row.after) if row.after is not None else ""
        told = None if before is None else {n: _plain(v) for n, v in before.items()}
        kept.append([row.table.name, [_plain(v) for v in row.key], row.line, told, left])
    named_lines = [[number, line.title, line.changes] for number, line in lines.items()]
    return zlib.compress(json.dumps([kept, named_lines], ensure_ascii=False).encode())


def unpacked(kept: bytes) -> tuple[list[Past], dict[int, Told]]:
    """The same again."""
    rows, told = json.loads(zlib.decompress(kept))
    lines = {n: Told(title, [(h, b, a) for h, b, a in changes]) for n, title, changes in told}
    return [_past(*row) for row in rows], lines


def _past(name: str, key: list[Any], line: int, before: Facts | None, left: str) -> Past:
    table = Base.metadata.tables[name]
    names = [column.name for column in table.primary_key]
    typed_key = tuple(_typed(table.c[n], v) for n, v in zip(names, key, strict=True))
    typed = None if before is None else {n: _typed(table.c[n], v) for n, v in before.items()}
    return Past(table, typed_key, line, typed, left)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _typed(column: sa.Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, sa.Enum) and column.type.enum_class:
        return column.type.enum_class(value)
    if isinstance(column.type, sa.Date):
        return date.fromisoformat(value)
    is_moment = isinstance(column.type, UtcDateTime | sa.DateTime)
    return datetime.fromisoformat(value) if is_moment else value
