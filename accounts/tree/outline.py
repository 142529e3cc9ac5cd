"""The tree as nested branches, and what a change of it would carry along."""

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import Account, Grant, Unit
from accounts.scope import subtree
from accounts.tree import holdings
from accounts.tree.history import ids_of
from core.database import session
from core.search import words
from core.text import sort_key


@dataclass
class Node:
    """A unit with the branches below it."""

    unit: Unit
    below: list["Node"] = field(default_factory=list)
    all_below: int = 0
    """How many units stand below, however deep."""


@dataclass(frozen=True)
class Preview:
    """What a change would carry along, and whose work it touches."""

    units: int
    people: int
    kept: list[tuple[str, int]]
    gaining: list[Grant]
    """Roles above the new place that reach it from then on."""
    losing: list[Grant]
    """Roles above the old place that no longer reach it."""
    carried: list[Grant]
    """Roles on the unit itself that are given on the other one too."""


def outline(units: Iterable[Unit], only: Set[int] | None = None) -> list[Node]:
    """The units, each within its parent, neighbours by position and name; on wish only some."""
    nodes = {unit.id: Node(unit) for unit in units}
    below: dict[int | None, list[Node]] = defaultdict(list)
    for node in nodes.values():
        parent = node.unit.parent_id
        below[parent if parent in nodes else None].append(node)
    for node in sorted(nodes.values(), key=lambda n: len(n.unit.path), reverse=True):
        here = below[node.unit.id]
        node.all_below = sum(1 + child.all_below for child in here)
        node.below = _ordered(here, only)
    return _ordered(below[None], only)


def named(units: Iterable[Unit], text: str) -> list[Unit]:
    """The units whose names have words with all the beginnings."""
    wanted = words(text)
    return [unit for unit in units if _has(unit, wanted)]


def with_those_above(units: Iterable[Unit]) -> set[int]:
    """The ids of units and of everything above them."""
    return {number for unit in units for number in ids_of(unit.path)}


def _has(unit: Unit, wanted: list[str]) -> bool:
    own = words(f"{unit.name} {unit.short_name} {unit.code}")
    return all(any(word.startswith(beginning) for word in own) for beginning in wanted)


def preview(unit: Unit, *, to: Unit | None, day: date, merging: bool = False) -> Preview:
    """What moves when the unit goes under, or into, another one; without one, what it still has."""
    inside = subtree(unit)
    below = session().scalar(
        sa.select(sa.func.count()).select_from(inside.units().order_by(None).subquery())
    )
    people = session().scalar(
        sa.select(sa.func.count(Grant.account_id.distinct()))
        .join(Grant.account)
        .where(inside.owns(Grant.unit_id), Account.closed_at.is_(None))
    )
    old, new = set(ids_of(unit.path)[:-1]), set(ids_of(to.path)) if to else set[int]()
    moving = to is not None and not merging
    return Preview(
        units=(below or 1) - 1,
        people=people or 0,
        kept=holdings.kept(inside, day),
        gaining=_grants_on(new - old) if moving else [],
        losing=_grants_on(old - new) if moving else [],
        carried=_grants_on({unit.id}) if merging else [],
    )


def _grants_on(units: set[int]) -> list[Grant]:
    return list(
        session().scalars(
            sa.select(Grant)
            .join(Grant.account)
            .where(Grant.unit_id.in_(units), Account.closed_at.is_(None))
            .options(joinedload(Grant.account), joinedload(Grant.unit))
            .order_by(Account.full_name, Grant.id)
        )
    )


def _ordered(nodes: Iterable[Node], only: Set[int] | None) -> list[Node]:
    kept = (node for node in nodes if only is None or node.unit.id in only)
    return sorted(kept, key=_order)


def _order(node: Node) -> tuple[int, object, int]:
    return node.unit.position, sort_key(node.unit.name), node.unit.id
