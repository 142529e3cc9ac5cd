"""A phrase of a plan that means several units, as the units it means.

``expand("UBND cấp xã, các phòng thuộc Sở", office, units)`` gives the units and,
apart from them, the words that name nobody here: nothing is guessed silently.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from accounts.models import Unit, UnitKind
from accounts.scope import Scope
from core.text import folded
from events.duties import names

LOCAL = {UnitKind.DEPARTMENT, UnitKind.ASSOCIATION, UnitKind.PRESS, UnitKind.COMMUNE}
"""What stands beside the departments of a province and answers to the same office."""

LONGEST_PHRASE = 1000
LONGEST_LIST = 12
"""Letters of a phrase, and parts of one group in it; more is no group of units."""


@dataclass(frozen=True)
class Expansion:
    """The units that a phrase means, in the order of the tree, and what it leaves open."""

    units: tuple[Unit, ...]
    unknown: tuple[str, ...] = ()
    """Parts of the phrase that name no unit here, as they were written."""


def reach(issuer: Unit) -> Scope:
    """On whom a plan may lay duties: all below; an office of a province also asks its sisters."""
    above = issuer.parent
    asks = above is not None and above.kind is UnitKind.PROVINCE and issuer.kind in LOCAL
    return Scope((above.path,)) if above is not None and asks else Scope((issuer.path,))


def expand(phrase: str, issuer: Unit, units: Iterable[Unit]) -> Expansion:
    """The units that a phrase in a plan of the issuer means, among those it can reach."""
    if len(phrase) > LONGEST_PHRASE:
        return Expansion((), (phrase,))
    field = reach(issuer)
    there = [unit for unit in units if field.covers(unit)]
    there.sort(key=lambda unit: unit.path)
    kept, left_out = _without(phrase)
    found, unknown = _named(kept, issuer, there)
    if left_out:
        dropped, odd = _named(left_out, issuer, there)
        gone, unknown = {unit.id for unit in dropped}, [*unknown, *odd]
        found = [unit for unit in found if unit.id not in gone]
    wanted = {unit.id for unit in found}
    return Expansion(tuple(u for u in there if u.id in wanted), tuple(unknown))


def _without(phrase: str) -> tuple[str, str]:
    """The phrase, and who is left out: ``các xã (trừ xã Đại Phúc)``."""
    said = re.split(r"[(,]?\s*\b(?:ngoại\s+)?trừ\b", phrase, maxsplit=1, flags=re.IGNORECASE)
    return said[0], said[1].strip(" ).") if len(said) > 1 else ""


def _named(phrase: str, issuer: Unit, there: list[Unit]) -> tuple[list[Unit], list[str]]:
    """Read from the left, each time the longest part that means somebody."""
    parts = names.parts(phrase)
    found: list[Unit] = []
    unknown: list[str] = []
    place = 0
    while place < len(parts):
        for end in range(min(len(parts), place + LONGEST_LIST), place, -1):
            meant = _meant("".join(parts[place:end]), issuer, there)
            if meant is not None:
                found += meant
                break
        else:
            end = place + 1
            odd = parts[place].strip(" ,;.")
            unknown += [odd] if odd and folded(odd) not in names.JOINING else []
        place = end
    return found, unknown


def _meant(words: str, issuer: Unit, there: list[Unit]) -> list[Unit] | None:
    """The units of one part; None when it names no unit and no group, empty when there are none."""
    said = names.bare(words)
    if not said:
        return None
    one = _one_unit(said, issuer, there)
    if one is not None:
        return [one]
    for form, members in _GROUPS:
        fits = re.fullmatch(form, said)
        if fits:
            holder = _holder(fits.groupdict().get("of") or "", issuer, there)
            met = [] if holder is None else list(members(said, holder, there))
            return met or None
    return None


def _one_unit(said: str, issuer: Unit, there: list[Unit]) -> Unit | None:
    """The unit of that name; of several, the one that the issuer commands itself."""
    exact = [u for u in there if said in {names.bare(u.name), names.bare(u.short_name)}]
    near = exact or [u for u in there if names.is_longer_form(names.bare(u.name), said)]
    if not near and said.endswith((" so", " truong", " tinh", " xa", " phuong")):
        below = [u for u in there if u.parent_id == issuer.id]
        near = [u for u in below if names.bare(u.name).startswith(said)]
    own = [u for u in near if u.parent_id == issuer.id] if len(near) > 1 else near
    return own[0] if len(own) == 1 else None


def _holder(words: str, issuer: Unit, there: list[Unit]) -> Unit | None:
    """Below whom a group is looked for: the issuer, unless another unit is named."""
    said = names.bare(words)
    if not said or said in names.ONESELF:
        return issuer
    return _one_unit(said, issuer, there)


def _communes(_said: str, holder: Unit, there: list[Unit]) -> Iterator[Unit]:
    return (u for u in there if u.kind is UnitKind.COMMUNE and u.id != holder.id)


def _departments(said: str, holder: Unit, there: list[Unit]) -> Iterator[Unit]:
    kinds = {UnitKind.DEPARTMENT}
    if re.search(r"\b(doan the|hoi)\b", said):
        kinds.add(UnitKind.ASSOCIATION)
    return (u for u in there if u.kind in kinds and u.id != holder.id)


def _below(said: str, holder: Unit, there: list[Unit]) -> Iterator[Unit]:
    """Directly under the holder; its own divisions only when the words speak of them."""
    own = [u for u in there if u.parent_id == holder.id]
    outer = [u for u in own if u.kind is not UnitKind.DIVISION]
    apart = "truc thuoc" in said and not re.search(r"\bphong\b|\bthuoc va\b|thuoc, truc", said)
    return iter(outer or own if apart else own)


def _divisions(_said: str, holder: Unit, there: list[Unit]) -> Iterator[Unit]:
    return (u for u in there if u.parent_id == holder.id and u.kind is UnitKind.DIVISION)


def _schools(said: str, holder: Unit, there: list[Unit]) -> Iterator[Unit]:
    """All schools below the holder, or those of the levels named."""
    levels = names.levels(said)
    kinds = {UnitKind.SCHOOL, UnitKind.CENTRE} if levels or "co so" in said else {UnitKind.SCHOOL}
    for unit in there:
        if unit.kind in kinds and unit.path.startswith(holder.path) and unit.id != holder.id:
            own = names.levels(names.bare(unit.name))
            if levels & own if levels else unit.kind is UnitKind.SCHOOL or own:
                yield unit


def _of_kind(kind: UnitKind, word: str = "") -> Callable[..., Iterator[Unit]]:
    def members(_said: str, holder: Unit, there: list[Unit]) -> Iterator[Unit]:
        return (
            u for u in there
            if u.kind is kind and u.id != holder.id and word in names.bare(u.name)
        )  # fmt: skip

    return members


_WARD = r"(?:xa|phuong|thi tran|dac khu)"
_WARDS = rf"(?:{_WARD}(?:(?:, | va |, va ){_WARD})*)"
_AROUND = r"(?: (?:cua|thuoc|trong|tren dia ban)(?: toan)?(?: tinh| thanh pho| dia ban)?(?: .*)?)?"
_AND = r"(?:, va |, | va )"
_ROOMS = r"phong(?: chuc nang| chuyen mon| nghiep vu)?"
_OF = r"(?: (?:cua |thuoc )?(?P<of>.+))?"
_GROUPS: list[tuple[str, Callable[..., Iterable[Unit]]]] = [
    (rf"(?:ubnd |chinh quyen )?(?:cac )?(?:cap xa|dia phuong cap xa|{_WARDS}){_AROUND}", _communes),
    (
        rf"(?:cac )?phong vhxh(?: (?:cua |thuoc )?(?:ubnd )?(?:cac )?(?:cap xa|{_WARDS}))?",
        _of_kind(UnitKind.DIVISION, "vhxh"),
    ),
    (
        rf"(?:cac )?tt hoc tap cong dong(?: (?:cap xa|(?:cac )?{_WARDS}))?{_AROUND}",
        _of_kind(UnitKind.CENTRE, "hoc tap cong dong"),
    ),
    (
        rf"(?:cac )?hoi khuyen hoc (?:cac cap|cap xa|(?:cac )?{_WARDS}){_AROUND}",
        _of_kind(UnitKind.ASSOCIATION, "khuyen hoc"),
    ),
    (
        rf"cac so(?:{_AND}(?:ban|nganh|doan the|hoi|co quan|don vi))*(?: cap tinh)?{_AROUND}",
        _departments,
    ),
    (
        rf"cac (?:hoi(?:, | va )doan the|doan the|hoi)(?: cap tinh)?{_AROUND}",
        _of_kind(UnitKind.ASSOCIATION),
    ),
    (
        r"cac co quan (?:bao chi|thong tan|truyen thong|thong tin dai chung|bao, dai).*",
        _of_kind(UnitKind.PRESS),
    ),
    (rf"(?:cac|he thong) thu vien(?: cong cong| co so)?{_AROUND}", _of_kind(UnitKind.LIBRARY)),
    (
        rf"(?:cac )?(?:co quan{_AND})?(?:{_ROOMS}{_AND})?(?:ban{_AND})?don vi (?:su nghiep )?"
        rf"(?:cong lap )?(?:thuoc(?: va |, )?)?(?:truc thuoc|thuoc){_OF}",
        _below,
    ),
    (
        rf"cac (?:{_ROOMS}{_AND})?(?:ban{_AND})?don vi",
        _below,
    ),
    (rf"cac phong(?:, ban)?(?: chuc nang| chuyen mon| nghiep vu)*{_OF}", _divisions),
    (
        rf"(?:cac )?(?:truong(?: hoc)?|co so giao duc|nha truong)(?:,? (?:va )?{names.LEVEL})*"
        rf"(?:{_AROUND}|{_OF})",
        _schools,
    ),
    (rf"cac tt(?:,? (?:va )?{names.LEVEL})+{_OF}", _schools),
    (rf"cac tt{_OF}", _of_kind(UnitKind.CENTRE)),
]
"""What a group is called, without diacritics and shortened, and who belongs to it."""
