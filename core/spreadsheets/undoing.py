"""Taking an import back: every row as it was, as long as nobody touched any of them since."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from core.database import Base, session
from core.paging import portions
from core.spreadsheets.applying import present
from core.spreadsheets.changes import Changes, Facts, Key, Past, Told, Touched, print_of, unpacked
from core.spreadsheets.definitions import Keeper


@dataclass(frozen=True)
class GoingBack:
    """What undoing would do now."""

    changes: Changes
    told: Mapping[int, Told]
    """The lines of the import by their numbers."""
    stuck: frozenset[int]
    """The lines that cannot go back; 0 for what belongs to none."""

    def lines(self) -> list[tuple[int, Told, str]]:
        """Each line, what was told of it, and what becomes of it: deleted, restored, put back."""
        done: dict[int, str] = {}
        for row in self.changes.rows:
            what = "deleted" if row.after is None else "restored" if row.before else "put_back"
            done.setdefault(row.line, what)
        return [(line, told, done.get(line, "restored")) for line, told in self.told.items()]


def looked(kept: bytes, keeper: Keeper) -> GoingBack:
    """Lay what was kept beside what there is now."""
    past, told = unpacked(kept)
    now = _now(past)
    stuck = set(_hanging(past))
    rows: list[Touched] = []
    lines: list[int] = []
    for each in past:
        here = now[each.table].get(each.key)
        if (print_of(here) if here else "") != each.left:
            stuck.add(each.line)
            continue
        back = None if each.before is None else {**(here or {}), **each.before}
        row = Touched(each.table, here, back, each.line)
        rows.append(keeper.returning(row) if here and back else row)
        lines.append(each.line)
    stuck |= {lines[place] for place in keeper.stuck(rows)}
    return GoingBack(Changes(rows), told, frozenset(stuck))


def _now(past: Iterable[Past]) -> dict[sa.Table, dict[Key, Facts]]:
    keys: dict[sa.Table, list[Key]] = defaultdict(list)
    for each in past:
        keys[each.table].append(each.key)
    return {table: present(table, some) for table, some in keys.items()}


def _hanging(past: Sequence[Past]) -> Iterable[int]:
    """The lines whose new rows have something else hanging on them by now."""
    ours: dict[sa.Table, dict[Key, int]] = defaultdict(dict)
    made: dict[sa.Table, dict[Key, int]] = defaultdict(dict)
    for each in past:
        ours[each.table][each.key] = each.line
        if each.before is None:
            made[each.table][each.key] = each.line
    for table, keys in made.items():
        if len(table.primary_key) == 1:
            lines = {key[0]: line for key, line in keys.items()}
            yield from (
                lines[number]
                for other, key, number in referring(table, list(lines))
                if key not in ours[other]
            )


def referring(
    table: sa.FromClause, numbers: Sequence[int], *, held: bool = False
) -> Iterable[tuple[sa.Table, Key, int]]:
    """Every row anywhere that refers to one of these, by its table and key.

    ``held``: only rows that keep it from being deleted.
    """
    for other in Base.metadata.tables.values():
        for column in other.columns:
            reference = next((f for f in column.foreign_keys if f.column.table is table), None)
            if reference is None or (held and reference.ondelete):
                continue
            for some in portions(numbers):
                wanted = sa.select(*other.primary_key, column).where(column.in_(some))
                for row in session().execute(wanted):
                    yield other, tuple(row[:-1]), row[-1]
