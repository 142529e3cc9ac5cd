"""The 34 provinces since 1 July 2025 and the 63 names that they were formed from.

Names are data (``data/provinces.csv``) and may be read by anybody without a database:
``find("Bắc Giang")`` is Bắc Ninh, whatever the case, the diacritics or the dashes.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from core.text import folded

TWO_TIERS_FROM = date(2025, 7, 1)
"""The day on which districts ended and 63 provinces became 34."""

_DATA = Path(__file__).with_name("data") / "provinces.csv"
_WORDS = re.compile(r"^(uy ban nhan dan|ubnd|tinh|thanh pho|tp\.?|t\.p\.?)\s+")


@dataclass(frozen=True)
class Province:
    """A province or a city under the centre as it is now."""

    code: str
    name: str
    """The bare name, such as ``Cao Bằng`` or ``Hồ Chí Minh``."""
    is_city: bool
    wards: int
    communes: int
    zones: int
    formed_from: tuple[str, ...]
    """Names before 1 July 2025, its own first."""
    formerly: str
    """What it was called before it was renamed, when it was."""

    @property
    def full_name(self) -> str:
        """The name with its rank: ``tỉnh Cao Bằng``, ``Thành phố Hồ Chí Minh``."""
        return ranked(self.name, is_city=self.is_city)

    @property
    def predecessors(self) -> tuple[str, ...]:
        """The names that ended when they were merged into it."""
        return tuple(name for name in self.formed_from if name != self.name)

    @property
    def communal_units(self) -> int:
        """Wards, communes and special zones together."""
        return self.wards + self.communes + self.zones


def ranked(name: str, *, is_city: bool) -> str:
    """A bare name with its rank; the capital letter of Hồ Chí Minh's is prescribed."""
    if not is_city:
        return f"tỉnh {name}"
    return f"{'Thành' if name == 'Hồ Chí Minh' else 'thành'} phố {name}"


@cache
def provinces() -> tuple[Province, ...]:
    """All 34, by their code."""
    with _DATA.open(encoding="utf-8", newline="") as file:
        return tuple(_province(row) for row in csv.DictReader(file, delimiter=";"))


@cache
def present_names() -> frozenset[str]:
    """The 34 bare names of today."""
    return frozenset(province.name for province in provinces())


@cache
def former_names() -> Mapping[str, Province]:
    """Bare names that are no longer a province's, and the province of today for each."""
    ended = {name: province for province in provinces() for name in province.predecessors}
    renamed = {province.formerly: province for province in provinces() if province.formerly}
    return ended | renamed


def find(name: str) -> Province | None:
    """The province of today that bears the name or once bore it, with or without its rank."""
    return _by_folded_name().get(_bare(name))


def _province(row: Mapping[str, str]) -> Province:
    return Province(
        code=row["code"],
        name=row["name"],
        is_city=row["kind"] == "city",
        wards=int(row["wards"]),
        communes=int(row["communes"]),
        zones=int(row["zones"]),
        formed_from=tuple(name.strip() for name in row["formed_from"].split(",")),
        formerly=row["formerly"],
    )


@cache
def _by_folded_name() -> Mapping[str, Province]:
    present = {_bare(province.name): province for province in provinces()}
    return {_bare(name): province for name, province in former_names().items()} | present


def _bare(name: str) -> str:
    plain = re.sub(r"\s*[-–—]\s*", " ", folded(name))
    while _WORDS.match(plain):
        plain = _WORDS.sub("", plain)
    return plain
