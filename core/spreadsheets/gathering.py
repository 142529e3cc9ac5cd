"""What a session would write, taken from it as rows.

The rules of the pages work on it as ever, and nothing of it reaches the
database until all of it is known.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, Session, attributes
from sqlalchemy.orm.interfaces import ONETOMANY, RelationshipDirection

from core.database import Base, database, session
from core.spreadsheets.changes import Changes, Touched

_NUMBERS, _LINES, _LINE = "sheets: numbers", "sheets: lines", "sheets: line"
_ROWS, _AHEAD = "sheets: rows", "sheets: numbers ahead"


@dataclass(frozen=True)
class _Shape:
    """What must be known of a kind of thing to read it as a row."""

    table: sa.Table
    columns: list[tuple[str, str, Any]]
    """Each column's name, its attribute, and what it is when nothing was said."""
    above: list[tuple[str, list[tuple[str, str]]]]
    """Each reference to another thing: the attribute, our column and its attribute."""
    below: list[tuple[str, list[tuple[str, str]], bool]]
    """Each collection: the attribute, our attribute and the column over there, whether it owns."""
    number: str
    """The attribute of a number that the database would give; empty when it gives none."""


def concerning(number: int) -> None:
    """From now on the work is for this line of the file."""
    session().info[_LINE] = number


def about(thing: Base) -> None:
    """Say that a thing, not a new one, is changed for the line at hand."""
    session().info.setdefault(_LINES, {})[id(thing)] = session().info.get(_LINE, 0)


def add_row(model: type[Base], **values: Any) -> int:
    """A new row for the line at hand, where a thing of its own would be too much; its number."""
    shape = _shape(model)
    for name, _, usual in shape.columns:
        if name not in values:
            values[name] = usual(None) if usual else None
    info = session().info
    number = 0
    if shape.table.info.get("only_added"):
        del values[shape.number]
    elif shape.number:
        number = values[shape.number] = _one_more(shape.table)
    info.setdefault(_ROWS, []).append(Touched(shape.table, None, values, info.get(_LINE, 0)))
    return number


def numbered(things: Iterable[Base]) -> None:
    """Give new things the numbers under which they will be written."""
    waiting: dict[sa.Table, list[tuple[Base, str]]] = {}
    for thing in things:
        shape = _shape(type(thing))
        if shape.number and thing.__dict__.get(shape.number) is None:
            waiting.setdefault(shape.table, []).append((thing, shape.number))
    for table, some in waiting.items():
        for (thing, name), number in zip(some, _reserved(table, len(some)), strict=True):
            setattr(thing, name, number)


def gathered(opened: Session) -> Changes:
    """Everything that the session would write now."""
    new: list[Any] = list(opened.new)
    numbered(thing for thing in new if not _is_log(thing))
    lines: dict[int, int] = opened.info.get(_LINES, {})
    changes = Changes(expected={t: first for t, (first, _) in _numbers(opened).items()})
    owned = dict(_owned(new)) | dict(_owned(opened.dirty))
    for thing in new:
        values = _said(thing) | owned.get(id(thing), {})
        if _is_log(thing):
            changes.entries.append((_shape(type(thing)).table, values))
        else:
            changes.rows.append(
                Touched(_shape(type(thing)).table, None, values, lines.get(id(thing), 0))
            )
    for each in opened.info.get(_ROWS, ()):
        if each.table.info.get("only_added"):
            changes.entries.append((each.table, each.facts))
        else:
            changes.rows.append(each)
    gone = {id(thing): thing for thing in (*opened.deleted, *_let_go(opened.dirty))}
    for thing in opened.dirty:
        if id(thing) not in gone:
            before, after = _was(thing), _is(thing)
            if before != after:
                line = lines.get(id(thing), 0)
                changes.rows.append(Touched(_shape(type(thing)).table, before, after, line))
    for key, thing in gone.items():
        table = _shape(type(thing)).table
        changes.rows.append(Touched(table, _was(thing), None, lines.get(key, 0)))
    return changes


@sa.event.listens_for(Session, "transient_to_pending")
def _note_line(opened: Session, thing: object) -> None:
    """A new thing belongs to the line at hand."""
    if _LINE in opened.info:
        opened.info.setdefault(_LINES, {})[id(thing)] = opened.info[_LINE]


def _shape(kind: type[Any]) -> _Shape:
    known = _shapes.get(kind)
    if known is None:
        known = _shapes[kind] = _read_shape(kind)
    return known


_shapes: dict[type[Any], _Shape] = {}


def _read_shape(kind: type[Any]) -> _Shape:
    mapper: Mapper[Any] = sa.inspect(kind)
    table: sa.Table = mapper.local_table  # type: ignore[assignment]
    attribute = {c.name: mapper.get_property_by_column(c).key for c in table.columns}
    above, below = [], []
    for rel in mapper.relationships:
        if rel.direction is RelationshipDirection.MANYTOONE:
            pairs = [(here.name, rel.mapper.get_property_by_column(there).key)
                     for here, there in rel.local_remote_pairs]  # fmt: skip
            above.append((rel.key, pairs))
        elif rel.direction is ONETOMANY:
            down = [(attribute[here.name], there.name) for here, there in rel.local_remote_pairs]
            below.append((rel.key, down, bool(rel.cascade.delete_orphan)))
    keys = list(table.primary_key)
    number = attribute[keys[0].name] if len(keys) == 1 and not keys[0].foreign_keys else ""
    columns = [(c.name, attribute[c.name], _usual(c)) for c in table.columns]
    return _Shape(table, columns, above, below, number)


def _usual(column: sa.Column[Any]) -> Any:
    """What makes the value of a column of which nothing is said."""
    usual: Any = column.default
    if usual is None:
        return None
    return usual.arg if usual.is_callable else lambda _context: usual.arg


def _said(thing: Any) -> dict[str, Any]:
    """A new thing as a row."""
    shape, told = _shape(type(thing)), thing.__dict__
    values = {
        name: told[key] if key in told else usual(None) if usual else None
        for name, key, usual in shape.columns
    }
    for rel, pairs in shape.above:
        if (other := told.get(rel)) is not None:
            values.update((name, getattr(other, key)) for name, key in pairs)
    if _is_log(thing) and shape.number:
        del values[shape.number]
    return values


def _was(thing: Any) -> dict[str, Any]:
    """A thing as it was read from the database."""
    first = attributes.instance_state(thing).committed_state
    return {
        name: first[key] if key in first else getattr(thing, key)
        for name, key, _ in _shape(type(thing)).columns
    }


def _is(thing: Any) -> dict[str, Any]:
    """A changed thing as it will be."""
    shape = _shape(type(thing))
    first = attributes.instance_state(thing).committed_state
    values = {name: getattr(thing, key) for name, key, _ in shape.columns}
    for rel, pairs in shape.above:
        if rel in first:
            other = getattr(thing, rel)
            values.update((n, None if other is None else getattr(other, k)) for n, k in pairs)
    return values


def _owned(things: Iterable[Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """What things in collections learn from those that they stand in."""
    for thing in things:
        told = thing.__dict__
        for rel, pairs, _ in _shape(type(thing)).below:
            for child in told.get(rel) or ():
                if attributes.instance_state(child).key is None:
                    yield id(child), {name: told[key] for key, name in pairs}


def _let_go(things: Iterable[Any]) -> Iterator[Any]:
    """What was taken out of a collection that owns it."""
    for thing in things:
        first = attributes.instance_state(thing).committed_state
        for rel, _, is_owner in _shape(type(thing)).below:
            if is_owner and rel in first:
                for child in attributes.get_history(thing, rel).deleted or ():
                    if attributes.instance_state(child).key is not None:
                        yield child


def _is_log(thing: Any) -> bool:
    return bool(_shape(type(thing)).table.info.get("only_added"))


def _numbers(opened: Session) -> dict[sa.Table, tuple[int, int]]:
    """Of each table the first number that was given away, and the next one."""
    found: dict[sa.Table, tuple[int, int]] = opened.info.setdefault(_NUMBERS, {})
    return found


def _one_more(table: sa.Table) -> int:
    """A number of those that were reserved ahead."""
    ahead: dict[sa.Table, list[int]] = session().info.setdefault(_AHEAD, {})
    if not ahead.get(table):
        ahead[table] = _reserved(table, 500)[::-1]
    return ahead[table].pop()


def _reserved(table: sa.Table, count: int) -> list[int]:
    """Numbers that no row of the table has.

    On SQLite they are those that the next rows would be given; ``expected`` holds this to be so.
    """
    key = next(iter(table.primary_key))
    if not database().is_sqlite:
        line = sa.func.pg_get_serial_sequence(f'"{table.name}"', key.name)
        several = sa.func.generate_series(1, count).table_valued("n")
        with database().writer.begin() as beside:
            return list(beside.scalars(sa.select(sa.func.nextval(line)).select_from(several)))
    numbers = _numbers(session())
    if table not in numbers:
        last = session().scalar(sa.select(sa.func.max(key))) or 0
        numbers[table] = (last + 1, last + 1)
    first, following = numbers[table]
    numbers[table] = (first, following + count)
    return list(range(following, following + count))
