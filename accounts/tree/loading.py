"""Putting the 34 provinces, and those merged into them, under one unit of the tree."""

from dataclasses import dataclass
from datetime import timedelta

from accounts import queries
from accounts.models import SuccessionKind, Unit, UnitKind
from accounts.provinces import TWO_TIERS_FROM, Province, provinces, ranked
from accounts.services import create_unit
from accounts.tree.services import link
from core.database import session
from core.text import slug


@dataclass(frozen=True)
class Loaded:
    """What a loading made anew; what was there is left alone."""

    made: int
    linked: int


def load_provinces(under: Unit) -> Loaded:
    """Make each province of today and each that ended on 30 June 2025, and link them."""
    made = linked = 0
    for province in provinces():
        later, is_new = _unit(under, province, province.name)
        made += is_new
        for name in province.predecessors:
            earlier, is_new = _unit(under, province, name)
            made += is_new
            if is_new:
                earlier.valid_until = TWO_TIERS_FROM - timedelta(days=1)
                link(earlier, later, kind=SuccessionKind.MERGED, on=TWO_TIERS_FROM)
                linked += 1
    session().flush()
    return Loaded(made, linked)


def _unit(under: Unit, province: Province, name: str) -> tuple[Unit, bool]:
    """The people's committee of a province by its code, made when it is missing."""
    is_city = province.is_city and name == province.name  # none of those that ended was a city
    code = f"ubnd-{slug(name)}"
    known = session().scalar(queries.unit_by_code(code))
    if known is not None:
        return known, False
    rank = ranked(name, is_city=is_city)
    made = create_unit(
        parent=under,
        code=code,
        name=f"Ủy ban nhân dân {rank}",
        short_name=f"UBND {rank}",
        kind=UnitKind.PROVINCE,
        place=rank if name == "Hồ Chí Minh" else name,
        head_title="CHỦ TỊCH",
    )
    return made, True
