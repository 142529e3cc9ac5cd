"""Which unit of ours a phrase in a document means: one, a group of them, or none."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from accounts.models import Unit, UnitKind
from core.text import folded

_ABBREVIATIONS = {
    "ubnd": "uy ban nhan dan",
    "gd&dt": "giao duc va dao tao",
    "gddt": "giao duc va dao tao",
    "gd-dt": "giao duc va dao tao",
    "kh&cn": "khoa hoc va cong nghe",
    "khcn": "khoa hoc va cong nghe",
    "vh&tt": "van hoa va the thao",
    "vhttdl": "van hoa the thao va du lich",
    "vh-xh": "van hoa xa hoi",
    "tt&tt": "thong tin va truyen thong",
    "tttt": "thong tin va truyen thong",
    "gdtx": "giao duc thuong xuyen",
    "gdnn": "giao duc nghe nghiep",
    "tthtcd": "trung tam hoc tap cong dong",
    "tt": "trung tam",
    "thpt": "trung hoc pho thong",
    "thcs": "trung hoc co so",
    "pt-th": "phat thanh truyen hinh",
    "ptth": "phat thanh truyen hinh",
    "tp": "thanh pho",
    "tp.hcm": "thanh pho ho chi minh",
    "vp": "van phong",
    "hkh": "hoi khuyen hoc",
}
_WORD = re.compile(r"[\w&.\-]*\w")
_LEADING = re.compile(r"^(?:de nghi|giao|truong(?= cac)|thu truong|lanh dao)\s+")
_JOINS = frozenset({"va", "cac"})
_PLURAL = re.compile(r"^(?:cac|nhung|tat ca|toan the|moi)\b|^uy ban nhan dan (?:cac|cap)\b")
_SPLIT = re.compile(
    r"\s*(?:[;,]|\bvà\b)\s*(?=(?:Sở|Ban|Báo|Đài|Trung tâm|Trường|Phòng|Văn phòng|Hội|Đoàn|UBND"
    r"|Ủy ban|Thư viện|Đại học|Bảo tàng|Công an|Mặt trận|Liên đoàn|Công đoàn|Cổng|[Cc]ác)\b)"
)

_GROUPS: tuple[tuple[str, frozenset[UnitKind], str], ...] = (
    (r"uy ban nhan dan (?:cac |cap )?(?:xa|phuong)|cac (?:xa|phuong)|cap xa"
     r"|uy ban nhan dan cac (?:huyen|quan|dia phuong)|cac dia phuong",
     frozenset({UnitKind.COMMUNE}), ""),
    (r"truong trung hoc pho thong", frozenset({UnitKind.SCHOOL}), "trung hoc pho thong"),
    (r"truong trung hoc co so", frozenset({UnitKind.SCHOOL}), "trung hoc co so"),
    (r"truong tieu hoc", frozenset({UnitKind.SCHOOL}), "tieu hoc"),
    (r"truong mam non", frozenset({UnitKind.SCHOOL}), "mam non"),
    (r"truong (?:dai hoc|cao dang)", frozenset({UnitKind.SCHOOL}), "dai hoc|cao dang"),
    (r"trung tam hoc tap cong dong", frozenset({UnitKind.CENTRE}), "hoc tap cong dong"),
    (r"trung tam giao duc", frozenset({UnitKind.CENTRE}), "giao duc"),
    (r"co so giao duc|nha truong|truong hoc|\bcac truong\b",
     frozenset({UnitKind.SCHOOL, UnitKind.CENTRE}), ""),
    (r"thu vien", frozenset({UnitKind.LIBRARY}), ""),
    (r"co quan bao chi|cac bao dai", frozenset({UnitKind.PRESS}), ""),
    (r"\bcac so\b|so ban nganh", frozenset({UnitKind.DEPARTMENT}), ""),
    (r"cac hoi\b", frozenset({UnitKind.ASSOCIATION}), ""),
)  # fmt: skip
"""A phrase that means many, the kinds of unit that it means, what their names must say."""

_BELOW = re.compile(
    r"truc thuoc|thuoc so\b|thuoc truong|phong chuyen mon|phong chuc nang|cac phong|cac don vi"
    r"|cac to chuyen mon|cac to\b|cac khoa"
)
_KINDS: tuple[tuple[str, UnitKind], ...] = (
    (r"^so\b", UnitKind.DEPARTMENT),
    (r"^uy ban nhan dan (?:xa|phuong|dac khu)", UnitKind.COMMUNE),
    (r"^uy ban nhan dan", UnitKind.PROVINCE),
    (r"^(?:thu vien)", UnitKind.LIBRARY),
    (r"^(?:truong|dai hoc|hoc vien)", UnitKind.SCHOOL),
    (r"^(?:trung tam|bao tang|nha van hoa)", UnitKind.CENTRE),
    (r"^(?:hoi|doan|lien doan|lien hiep|cong doan|mat tran)", UnitKind.ASSOCIATION),
    (r"^(?:bao|dai|cong thong tin)", UnitKind.PRESS),
    (r"^(?:phong|van phong|ban|to|thanh tra|chi cuc)", UnitKind.DIVISION),
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
    """Units of ours that are meant, but stand above or beside the unit of the plan."""


@dataclass
class Directory:
    """The units that a plan can name, ready to be found by phrases."""

    issuer: Unit
    below: list[Unit]
    """The unit of the plan and everything below it, in the order of the tree."""
    others: list[Unit] = field(default_factory=list)
    """Units that may be named but are given no duty: those above, and beside."""

    def __post_init__(self) -> None:
        self._keys = {unit.id: _names(unit) for unit in [*self.below, *self.others]}

    def match(self, phrase: str) -> Match:
        """The units that the phrase means."""
        whole = self._exact(phrase) or self._group(phrase)
        if whole is not None:
            return whole
        pieces = [piece.strip() for piece in _SPLIT.split(phrase) if piece.strip()]
        if len(pieces) > 1:
            return _together(phrase, [self.match(piece) for piece in pieces])
        missing = () if is_plural(phrase) else (phrase.strip(),)
        return self._close(phrase) or Match(phrase, missing=missing)

    def _group(self, phrase: str) -> Match | None:
        members = self._members(_plain(phrase)) if is_plural(phrase) else ()
        return Match(phrase, units=members, is_group=True) if members else None

    def _exact(self, phrase: str) -> Match | None:
        """The unit that bears this very name, or the unit of the plan by what it calls itself."""
        plain = _plain(phrase)
        if plain in _called(self.issuer):
            return Match(phrase, units=(self.issuer,))
        return self._found(phrase, lambda unit: plain in self._keys[unit.id])

    def _close(self, phrase: str) -> Match | None:
        """The unit whose name goes on where the phrase ends, or the other way round."""
        bare = re.sub(r" (?:tinh|thanh pho|so|truong|xa|phuong)$", "", _plain(phrase))
        if len(bare.split()) < 2:
            return None
        return self._found(phrase, lambda u: any(_begins(name, bare) for name in self._keys[u.id]))

    def _found(self, phrase: str, is_meant: Callable[[Unit], bool]) -> Match | None:
        below = sorted((u for u in self.below if is_meant(u)), key=lambda u: len(u.path))
        if below:
            return Match(phrase, units=(below[0],))
        others = [unit for unit in self.others if is_meant(unit)]
        return Match(phrase, outside=(others[0],)) if others else None

    def _members(self, plain: str) -> tuple[Unit, ...]:
        for pattern, kinds, must_say in _GROUPS:
            if re.search(pattern, plain):
                return tuple(
                    unit for unit in self.below
                    if unit is not self.issuer and unit.kind in kinds
                    and (not must_say or any(re.search(must_say, n) for n in self._keys[unit.id]))
                )  # fmt: skip
        if _BELOW.search(plain):
            return tuple(unit for unit in self.below if unit.parent_id == self.issuer.id)
        return ()


def is_plural(phrase: str) -> bool:
    """Whether a phrase means several units without naming them."""
    return bool(_PLURAL.search(_plain(phrase)))


def kind_of(name: str) -> UnitKind:
    """What sort of body a name speaks of."""
    plain = _plain(name)
    return next((kind for pattern, kind in _KINDS if re.search(pattern, plain)), UnitKind.OTHER)


def _names(unit: Unit) -> frozenset[str]:
    return frozenset(name for name in (_plain(unit.name), _plain(unit.short_name)) if name)


def _together(phrase: str, found: list[Match]) -> Match:
    return Match(
        phrase,
        units=_once(unit for match in found for unit in match.units),
        is_group=any(match.is_group for match in found),
        missing=tuple(name for match in found for name in match.missing),
        outside=_once(unit for match in found for unit in match.outside),
    )


def _called(unit: Unit) -> frozenset[str]:
    """What a document calls its own unit: ``Sở``, ``Nhà trường``, ``UBND tỉnh``."""
    words = _plain(unit.name).split()
    if words[:4] == ["uy", "ban", "nhan", "dan"]:
        return frozenset({"uy ban nhan dan", " ".join(words[:5])})
    own = {"so": {"so"}, "truong": {"truong", "nha truong"}, "thu": {"thu vien"}}
    return frozenset(own.get(words[0] if words else "", set()))


def _begins(name: str, start: str) -> bool:
    """Whether one name is the other with a place or the unit above behind it."""
    if name.startswith(start + " "):
        return True
    rest = start.removeprefix(name + " ")
    return rest != start and bool(re.match(r"(?:tinh|thanh pho|so|xa|phuong|huyen)\b", rest))


def _plain(phrase: str) -> str:
    """A phrase without diacritics and abbreviations, its joining words and marks removed."""
    words = _WORD.findall(folded(phrase).replace("gd & dt", "gd&dt").replace("kh & cn", "kh&cn"))
    told = " ".join(_ABBREVIATIONS.get(word, word) for word in words)
    for sign in ("-", "&", "."):
        told = told.replace(sign, " ")
    told = _LEADING.sub("", " ".join(told.split()))
    return told if _PLURAL.search(told) else " ".join(w for w in told.split() if w not in _JOINS)


def _once(units: Iterable[Unit]) -> tuple[Unit, ...]:
    return tuple(dict.fromkeys(units))
