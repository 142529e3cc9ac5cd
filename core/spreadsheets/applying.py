"""Writing what is known: a few statements for thousands of rows, all of them or none."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core import search_keeping
from core.database import Base, database, session
from core.paging import portions
from core.spreadsheets.changes import Changes, Facts, Key, Touched, key_of, named

Tell = Callable[[int, int], None]


class Stale(Exception):
    """The rows are not any more as they were when the changes were worked out."""


def write(changes: Changes, tell: Tell = lambda _done, _total: None) -> None:
    """Write all of it. Raises ``Stale``."""
    _check_numbers(changes)
    _check_before(changes)
    by_table: dict[sa.Table, list[Touched]] = defaultdict(list)
    for row in changes.rows:
        by_table[row.table].append(row)
    order = sa.schema.sort_tables(by_table)
    total, done = len(changes.rows), 0
    try:
        for table in order:
            new = [row.after for row in by_table[table] if row.after and not row.before]
            for facts in portions(new):
                session().connection().execute(sa.insert(table), list(facts))
                done += len(facts)
                tell(done, total)
        for table in order:
            _update(table, [row for row in by_table[table] if row.before and row.after])
        for table in reversed(order):
            gone = [row.key for row in reversed(by_table[table]) if row.after is None]
            for keys in portions(gone):
                session().connection().execute(sa.delete(table).where(named(table, keys)))
        for table, entries in _entries(changes).items():
            session().connection().execute(sa.insert(table), entries)
    except IntegrityError as refusal:
        raise Stale from refusal
    tell(total, total)
    for table in order:
        _keep_words(table, by_table[table])


def present(table: sa.Table, keys: Sequence[Key], *, lock: bool = False) -> dict[Key, Facts]:
    """The rows with these keys as they are now."""
    found: dict[Key, Facts] = {}
    for some in portions(keys):
        wanted = sa.select(table).where(named(table, some))
        for row in session().connection().execute(wanted.with_for_update() if lock else wanted):
            facts = dict(row._mapping)
            found[key_of(table, facts)] = facts
    return found


def _check_numbers(changes: Changes) -> None:
    if not database().is_sqlite:
        return
    for table, first in changes.expected.items():
        key = next(iter(table.primary_key))
        if (session().scalar(sa.select(sa.func.max(key))) or 0) + 1 != first:
            raise Stale


def _check_before(changes: Changes) -> None:
    """Every row that is changed or removed is as it was."""
    known: dict[sa.Table, dict[Key, Facts]] = defaultdict(dict)
    for row in changes.rows:
        if row.before is not None:
            known[row.table][key_of(row.table, row.before)] = row.before
    for table, rows in known.items():
        if present(table, list(rows), lock=True) != rows:
            raise Stale


def _update(table: sa.Table, rows: Sequence[Touched]) -> None:
    """One statement for all rows that change in the same columns."""
    alike: dict[tuple[str, ...], list[Facts]] = defaultdict(list)
    keys = [column.name for column in table.primary_key]
    for row in rows:
        before, after = row.before or {}, row.after or {}
        names = tuple(name for name in after if before[name] != after[name])
        told = {f"to_{name}": after[name] for name in names}
        alike[names].append(told | {f"of_{name}": after[name] for name in keys})
    for names, several in alike.items():
        one = sa.and_(*(table.c[name] == sa.bindparam(f"of_{name}") for name in keys))
        values: dict[str, Any] = {name: sa.bindparam(f"to_{name}") for name in names}
        session().connection().execute(sa.update(table).where(one).values(values), several)


def _entries(changes: Changes) -> dict[sa.Table, list[Facts]]:
    entries: dict[sa.Table, list[Facts]] = defaultdict(list)
    for table, facts in changes.entries:
        entries[table].append(facts)
    return entries


def _keep_words(table: sa.Table, rows: Sequence[Touched]) -> None:
    """What is searched for is written anew when the transaction commits."""
    model = next((m.class_ for m in Base.registry.mappers if m.local_table is table), None)
    if model is not None and len(table.primary_key) == 1:
        search_keeping.written(model, [row.key[0] for row in rows])
