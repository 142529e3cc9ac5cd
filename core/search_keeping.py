"""Keeping the index of ``core.search``: what has words, and when they are written anew.

A feature registers a ``Source``. What is written through the ORM is put in the
index when its transaction commits; ``reindex`` does it for rows that are there.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from core.database import Base, session
from core.paging import portions
from core.search import SearchEntry, SearchWord, order_key, words

_WAITING, _STALE, _NEW = "search: waiting", "search: stale", "search: new"

Ids = Sequence[int]
Texts = sa.Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Source:
    """Where the words of one kind of thing stand."""

    kind: str
    model: type[Base]
    texts: Callable[[], Texts]
    """Selects the id, the name to order by, then every other text that has words of it."""
    watched: frozenset[str]
    """The attributes whose change changes the words."""
    follows: Mapping[type[Base], Callable[[Ids], sa.Select[int]]] = field(default_factory=dict)
    """Which rows have words of a row of another model, by that row's id."""

    @property
    def id(self) -> Any:
        """The column that names a thing."""
        return sa.inspect(self.model).primary_key[0]


_sources: dict[type[Base], Source] = {}


def register(source: Source) -> None:
    """From now on keep what the source tells of."""
    _sources[source.model] = source


def reindex() -> int:
    """Put everything that is there into the index and take out what is not; how many things."""
    session().flush()
    for table in (SearchEntry, SearchWord):
        session().execute(sa.delete(table))
    return sum(
        _index(session(), source, _all_of(session(), source)) for source in _sources.values()
    )


def written(model: type[Base], ids: Iterable[int]) -> None:
    """Rows that were put in beside the ORM, in numbers: their words are kept at the commit."""
    if model in _sources:
        waiting = session().info.setdefault(_WAITING, defaultdict(set))
        waiting[model].update(ids)


@sa.event.listens_for(Session, "after_flush")
def _note(opened: Session, _context: UOWTransaction) -> None:
    """Remember which things were written whose words may be others now."""
    for row in (*opened.new, *opened.deleted):
        _remember(opened, row)
    for row in opened.dirty:
        source = _sources.get(type(row))
        if source is not None and _is_changed(row, source.watched):
            _remember(opened, row)


@sa.event.listens_for(Session, "do_orm_execute")
def _note_bulk(state: ORMExecuteState) -> None:
    """A statement that writes many rows at once tells no ids: its whole kind is looked through."""
    if not (state.is_insert or state.is_update):
        return
    name = getattr(getattr(state.statement, "table", None), "name", "")
    source = next((one for one in _sources.values() if one.model.__tablename__ == name), None)
    if source is None:
        return
    values = getattr(state.statement, "_values", None) or {}
    if state.is_insert:
        state.session.info.setdefault(_NEW, set()).add(source.model)
    elif {getattr(column, "key", column) for column in values} & source.watched:
        state.session.info.setdefault(_STALE, set()).add(source.model)


@sa.event.listens_for(Session, "before_commit")
def _keep(opened: Session) -> None:
    """Write what waits, as a part of the transaction that is about to commit."""
    if not opened.info.get("writes"):
        return
    opened.flush()
    waiting: dict[type[Base], set[int]] = opened.info.pop(_WAITING, {})
    stale: set[type[Base]] = opened.info.pop(_STALE, set())
    stale |= {source.model for source in _sources.values() if stale & source.follows.keys()}
    for model in stale:
        _index(opened, _sources[model], _all_of(opened, _sources[model]))
    for model, ids in waiting.items():
        _index(opened, _sources[model], sorted(ids))
        for source in _sources.values():
            if model in source.follows:
                for some in portions(sorted(ids)):
                    _index(opened, source, list(opened.scalars(source.follows[model](some))))
    for model in opened.info.pop(_NEW, set()) - stale:
        _index(opened, _sources[model], _unknown_of(opened, _sources[model]))


def _remember(opened: Session, row: object) -> None:
    if type(row) in _sources:
        waiting = opened.info.setdefault(_WAITING, defaultdict(set))
        waiting[type(row)].add(row.id)  # type: ignore[attr-defined]


def _is_changed(row: object, watched: frozenset[str]) -> bool:
    attributes = sa.inspect(row, raiseerr=True).attrs
    return any(attributes[name].history.has_changes() for name in watched)


def _all_of(opened: Session, source: Source) -> list[int]:
    return list(opened.scalars(sa.select(source.id).order_by(source.id)))


def _unknown_of(opened: Session, source: Source) -> list[int]:
    known = sa.select(SearchEntry.subject_id).where(SearchEntry.kind == source.kind)
    return list(opened.scalars(sa.select(source.id).where(source.id.not_in(known))))


@dataclass(frozen=True)
class _Said:
    """What the index says of one thing."""

    order_key: str
    words: frozenset[str]


def _index(opened: Session, source: Source, ids: Ids) -> int:
    """Write the words of some things anew where they changed; how many things there are."""
    number = 0
    for some in portions(ids):
        told = opened.execute(source.texts().where(source.id.in_(some))).all()
        number += len(told)
        _write(opened, source.kind, some, {row[0]: _of(row[1:]) for row in told})
    return number


def _of(texts: Iterable[str | None]) -> _Said:
    known = [text for text in texts if text]
    told = frozenset(word for text in known for word in words(text))
    return _Said(order_key(known[0] if known else ""), told)


def _write(opened: Session, kind: str, ids: Ids, said: dict[int, _Said]) -> None:
    before = _before(opened, kind, ids)
    other = [number for number in ids if said.get(number) != before.get(number)]
    if gone := [number for number in other if number in before]:
        for table in (SearchEntry, SearchWord):
            opened.execute(sa.delete(table).where(table.kind == kind, table.subject_id.in_(gone)))
    new = {number: said[number] for number in other if number in said}
    entries = [{"subject_id": n, "order_key": its.order_key} for n, its in new.items()]
    told = [{"subject_id": n, "word": word} for n, its in new.items() for word in its.words]
    _insert(opened, SearchEntry, kind, entries)
    _insert(opened, SearchWord, kind, told)


def _insert(
    opened: Session,
    table: type[SearchEntry] | type[SearchWord],
    kind: str,
    rows: list[dict[str, Any]],
) -> None:
    """Add rows; one that a transaction beside this one has just added may stay."""
    if not rows:
        return
    here: sa.Table = table.__table__  # type: ignore[assignment]
    names = list(rows[0])
    if opened.get_bind().dialect.name == "sqlite":
        opened.connection().execute(
            sqlite.insert(here).on_conflict_do_nothing(), [{"kind": kind, **row} for row in rows]
        )
        return
    columns = [
        sa.func.unnest(sa.literal([row[n] for row in rows], postgresql.ARRAY(here.c[n].type)))
        for n in names
    ]
    told = sa.select(sa.literal(kind), *columns)
    insert = postgresql.insert(here).from_select(["kind", *names], told)
    opened.connection().execute(insert.on_conflict_do_nothing())


def _before(opened: Session, kind: str, ids: Ids) -> dict[int, _Said]:
    found: dict[int, set[str]] = defaultdict(set)
    for number, word in opened.execute(
        sa.select(SearchWord.subject_id, SearchWord.word).where(
            SearchWord.kind == kind, SearchWord.subject_id.in_(ids)
        )
    ):
        found[number].add(word)
    entries = opened.execute(
        sa.select(SearchEntry.subject_id, SearchEntry.order_key).where(
            SearchEntry.kind == kind, SearchEntry.subject_id.in_(ids)
        )
    )
    return {number: _Said(key, frozenset(found[number])) for number, key in entries}
