"""Which units of ours a phrase in a document means: one, a group of them, or none.

``events.duties.groups`` knows how plans call units; here stand the names that are
missing, the words by which a document means its own unit, and districts that ended.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from accounts.models import Unit, UnitKind
from events.duties import groups, names
from events.proposals import provinces

_PLURAL = re.compile(r"^(?:cac|nhung|tat ca|toan the|moi)\b|^ubnd (?:cac|cap)\b")
_DISTRICTS = re.compile(r"(?:\bcac|\bcap|,|\bva) (?:huyen|quan|thi xa)\b")
_COMMUNES = "UBND cấp xã"
_SPLIT = re.compile(
    r"\s*(?:[;,]|\bvà\b)\s*(?=(?:Sở|Ban|Báo|Đài|Trung tâm|Trường|Phòng|Văn phòng|Hội|Đoàn|UBND"
    r"|Ủy ban|Thư viện|Đại học|Bảo tàng|Công an|Mặt trận|Liên đoàn|Công đoàn|Cổng|[Cc]ác)\b)"
)
_KINDS: tuple[tuple[str, UnitKind], ...] = (
    (r"so\b", UnitKind.DEPARTMENT),
    (r"ubnd (?:xa|phuong|dac khu)", UnitKind.COMMUNE),
    (r"ubnd", UnitKind.PROVINCE),
    (r"thu vien", UnitKind.LIBRARY),
    (r"(?:truong|dai hoc|hoc vien)", UnitKind.SCHOOL),
    (r"(?:tt|bao tang|nha van hoa)\b", UnitKind.CENTRE),
    (r"(?:hoi|doan|lien doan|lien hiep|cong doan|mat tran)\b", UnitKind.ASSOCIATION),
    (r"(?:bao|dai|cong thong tin)\b", UnitKind.PRESS),
    (r"(?:phong|van phong|ban|to|thanh tra|chi cuc)\b", UnitKind.DIVISION),
)


@dataclass(frozen=True)
class Match:
    """What a phrase means: the units, and whether it named a group of them."""

    phrase: str
    units: tuple[Unit, ...] = ()
    is_group: bool = False
    missing: tuple[str, ...] = ()
    """Names inside the phrase that no unit of ours bears."""
    outside: tuple[Unit, ...] = ()
    """Units of ours that are meant, but on which this plan can lay nothing."""
    is_dated: bool = False
    """Whether it speaks of districts, in place of which communes are taken."""
    former: tuple[tuple[str, Unit], ...] = ()
    """Names of units that are no more, each with the unit that is taken instead."""


@dataclass
class Directory:
    """The units that a plan can name, ready to be found by phrases."""

    issuer: Unit
    reachable: list[Unit]
    """The units on which the plan may lay duties, in the order of the tree."""
    others: list[Unit] = field(default_factory=list)
    """Units that may be named but are given no duty: those above and beside."""
    gone: list[tuple[Unit, Unit]] = field(default_factory=list)
    """Units that are no more, each with the one that goes on for it."""

    def __post_init__(self) -> None:
        self._known: dict[str, Match] = {}

    def match(self, phrase: str) -> Match:
        """The units that the phrase means."""
        if phrase not in self._known:
            self._known[phrase] = self._match(phrase)
        return self._known[phrase]

    def _match(self, phrase: str) -> Match:
        whole = self._meant(phrase)
        if whole is not None:
            return whole
        pieces = [piece.strip() for piece in _SPLIT.split(phrase) if piece.strip()]
        if len(pieces) > 1:
            return _together(phrase, [self.match(piece) for piece in pieces])
        return self._formerly(phrase) or self._outside(phrase) or self._some(phrase)

    def _meant(self, phrase: str) -> Match | None:
        """What the whole phrase means, when nothing in it is left over."""
        said = names.bare(phrase)
        if said in _called(self.issuer):
            return Match(phrase, units=(self.issuer,))
        if is_plural(phrase) and _DISTRICTS.search(said):
            communes = groups.expand(_COMMUNES, self.issuer, self.reachable).units
            return Match(phrase, communes, is_group=True, is_dated=True) if communes else None
        found = groups.expand(phrase, self.issuer, self.reachable)
        if found.unknown or not found.units:
            return None
        return Match(phrase, units=found.units, is_group=is_plural(phrase))

    def _some(self, phrase: str) -> Match:
        """Of a group the members that are known; of a name nothing but that it is missing."""
        if not is_plural(phrase):
            return Match(phrase, missing=(phrase.strip(),))
        found = groups.expand(phrase, self.issuer, self.reachable)
        return Match(phrase, units=found.units, is_group=True)

    def _formerly(self, phrase: str) -> Match | None:
        """Who goes on for a unit that is no more, or for one named after a former province."""
        said = names.bare(phrase)
        heirs = {heir.id: heir for unit, heir in self.gone if _bears(unit, said)}
        if len(heirs) == 1:
            (heir,) = heirs.values()
            inside = heir is self.issuer or heir in self.reachable
            taken, outside = ((heir,), ()) if inside else ((), (heir,))
            return Match(phrase, taken, outside=outside, former=((phrase.strip(), heir),))
        renamed = provinces.of_today(phrase)
        found = self.match(renamed) if renamed != phrase else None
        if found is None or not (found.units or found.outside):
            return None
        former = tuple((phrase.strip(), unit) for unit in (*found.units, *found.outside))
        return replace(found, phrase=phrase, former=found.former or former)

    def _outside(self, phrase: str) -> Match | None:
        said = names.bare(phrase)
        for unit in self.others:
            if _bears(unit, said):
                return Match(phrase, outside=(unit,))
        return None


def is_plural(phrase: str) -> bool:
    """Whether a phrase means several units without naming them."""
    return bool(_PLURAL.search(names.bare(phrase)))


def kind_of(name: str) -> UnitKind:
    """What sort of body a name speaks of."""
    said = names.bare(name)
    return next((kind for pattern, kind in _KINDS if re.match(pattern, said)), UnitKind.OTHER)


def _bears(unit: Unit, said: str) -> bool:
    """Whether the words are a unit's name, with or without its place."""
    called = {names.bare(unit.name), names.bare(unit.short_name)}
    return said in called or any(names.is_longer_form(name, said) for name in called)


def _together(phrase: str, found: list[Match]) -> Match:
    return Match(
        phrase,
        units=_once(unit for match in found for unit in match.units),
        is_group=any(match.is_group for match in found),
        missing=tuple(name for match in found for name in match.missing),
        outside=_once(unit for match in found for unit in match.outside),
        is_dated=any(match.is_dated for match in found),
        former=tuple(pair for match in found for pair in match.former),
    )


def _called(unit: Unit) -> frozenset[str]:
    """What a document calls its own unit: ``Sở``, ``Nhà trường``, ``UBND tỉnh``."""
    own = {
        UnitKind.DEPARTMENT: {"so"},
        UnitKind.SCHOOL: {"truong", "nha truong"},
        UnitKind.LIBRARY: {"thu vien"},
        UnitKind.PROVINCE: {"ubnd", "ubnd tinh", "ubnd thanh pho"},
        UnitKind.COMMUNE: {"ubnd", "ubnd xa", "ubnd phuong"},
    }
    return frozenset(own.get(unit.kind, set()))


def _once(units: Iterable[Unit]) -> tuple[Unit, ...]:
    return tuple(dict.fromkeys(units))
