"""The provinces that a text names, of today or of before July 2025, in any spelling."""

import re

from accounts import provinces as known

SPELLINGS = {
    "Đắk Lắk": ("Đăk Lăk", "Đắc Lắc", "Đak Lak", "Đăk Lắk", "Đắk Lăk", "Đắc Lắk", "Daklak"),
    "Đắk Nông": ("Đăk Nông", "Đắc Nông", "Đak Nông"),
    "Kon Tum": ("Kontum", "Công Tum"),
    "Bắc Kạn": ("Bắc Cạn",),
    "Thanh Hóa": ("Thanh Hoá",),
    "Khánh Hòa": ("Khánh Hoà",),
    "Hòa Bình": ("Hoà Bình",),
    "Thừa Thiên Huế": ("Thừa Thiên - Huế", "Thừa Thiên-Huế"),
    "Bà Rịa - Vũng Tàu": ("Bà Rịa-Vũng Tàu", "Bà Rịa – Vũng Tàu"),
}
"""Names that are written in several ways; the key is the official one."""

_NAMES = (
    *known.present_names(),
    *known.former_names(),
    *(o for others in SPELLINGS.values() for o in others),
)
_OFFICIAL = {other: name for name, others in SPELLINGS.items() for other in others}
_PROVINCE = re.compile(
    r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(_NAMES, key=len, reverse=True))) + r")(?!\w)"
)
_UPPER = {name.upper(): name for name in _NAMES}
_IN_CAPITALS = re.compile(
    r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(_UPPER, key=len, reverse=True))) + r")(?!\w)"
)


def named(text: str) -> list[tuple[str, int]]:
    """Each province that the text names, as it is written, and where."""
    return [(match.group(), match.start()) for match in _PROVINCE.finditer(text)]


def official(name: str) -> str:
    """The official spelling of a name."""
    return _OFFICIAL.get(name, name)


def of_today(text: str) -> str:
    """The text with every province of before July 2025 called as the one it is part of now."""

    def present(match: re.Match[str]) -> str:
        province = known.find(official(match.group()))
        return province.name if province else match.group()

    return _PROVINCE.sub(present, text)


def in_capitals(text: str) -> str:
    """The text with every province in capitals written the usual way."""
    return _IN_CAPITALS.sub(lambda match: _UPPER[match.group()], text)


def same_place(one: str, other: str) -> bool:
    """Whether two names are one province, or one went into the other or the same as it."""
    ours, theirs = known.find(official(one)), known.find(official(other))
    return official(one) == official(other) or (ours is not None and ours is theirs)
