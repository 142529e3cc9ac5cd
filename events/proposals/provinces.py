"""The provinces that a document may name: the 34 of today and the 63 before July 2025."""

import re

TODAY = (
    "Hà Nội", "Cao Bằng", "Tuyên Quang", "Điện Biên", "Lai Châu", "Sơn La", "Lào Cai",
    "Thái Nguyên", "Lạng Sơn", "Quảng Ninh", "Bắc Ninh", "Phú Thọ", "Hải Phòng", "Hưng Yên",
    "Ninh Bình", "Thanh Hóa", "Nghệ An", "Hà Tĩnh", "Quảng Trị", "Huế", "Đà Nẵng", "Quảng Ngãi",
    "Gia Lai", "Khánh Hòa", "Đắk Lắk", "Lâm Đồng", "Đồng Nai", "Hồ Chí Minh", "Tây Ninh",
    "Đồng Tháp", "Vĩnh Long", "An Giang", "Cần Thơ", "Cà Mau",
)  # fmt: skip

MERGED = {
    "Hà Giang": "Tuyên Quang", "Yên Bái": "Lào Cai", "Bắc Kạn": "Thái Nguyên",
    "Bắc Giang": "Bắc Ninh", "Vĩnh Phúc": "Phú Thọ", "Hòa Bình": "Phú Thọ",
    "Hải Dương": "Hải Phòng", "Thái Bình": "Hưng Yên", "Hà Nam": "Ninh Bình",
    "Nam Định": "Ninh Bình", "Quảng Bình": "Quảng Trị", "Quảng Nam": "Đà Nẵng",
    "Kon Tum": "Quảng Ngãi", "Bình Định": "Gia Lai", "Ninh Thuận": "Khánh Hòa",
    "Phú Yên": "Đắk Lắk", "Đắk Nông": "Lâm Đồng", "Bình Thuận": "Lâm Đồng",
    "Bình Phước": "Đồng Nai", "Bình Dương": "Hồ Chí Minh", "Bà Rịa - Vũng Tàu": "Hồ Chí Minh",
    "Long An": "Tây Ninh", "Tiền Giang": "Đồng Tháp", "Bến Tre": "Vĩnh Long",
    "Trà Vinh": "Vĩnh Long", "Kiên Giang": "An Giang", "Sóc Trăng": "Cần Thơ",
    "Hậu Giang": "Cần Thơ", "Bạc Liêu": "Cà Mau", "Thừa Thiên Huế": "Huế",
}  # fmt: skip
"""Each province that ended, and the one it went into."""

SPELLINGS = {
    "Đắk Lắk": ("Đăk Lăk", "Đắc Lắc", "Đak Lak", "Đăk Lắk", "Đắk Lăk", "Đắc Lắk", "Đăc Lăc", "Daklak"),
    "Đắk Nông": ("Đăk Nông", "Đắc Nông", "Đak Nông"),
    "Kon Tum": ("Kontum", "Công Tum", "Kon-Tum"),
    "Bắc Kạn": ("Bắc Cạn",),
    "Thanh Hóa": ("Thanh Hoá",),
    "Khánh Hòa": ("Khánh Hoà",),
    "Hòa Bình": ("Hoà Bình",),
    "Gia Lai": ("Gia-lai", "Gia Lay"),
    "Thừa Thiên Huế": ("Thừa Thiên - Huế", "Thừa Thiên-Huế"),
    "Bà Rịa - Vũng Tàu": ("Bà Rịa-Vũng Tàu", "Bà Rịa – Vũng Tàu"),
    "Hồ Chí Minh": (),
    "Bạc Liêu": ("Bạc Liệu",),
}
"""Names that are written in several ways; the key is the official one."""

_NAMES = (*TODAY, *MERGED, *(other for others in SPELLINGS.values() for other in others))
_OFFICIAL = {other: name for name, others in SPELLINGS.items() for other in others}
_PROVINCE = re.compile(
    r"\b(?:" + "|".join(re.escape(name) for name in sorted(_NAMES, key=len, reverse=True)) + r")\b"
)
_UPPER = {name.upper(): name for name in _NAMES}


def named(text: str) -> list[tuple[str, int]]:
    """Each province that the text names, as it is written, and where."""
    return [(match.group(), match.start()) for match in _PROVINCE.finditer(text)]


def official(name: str) -> str:
    """The official spelling of a name, capitals or not."""
    name = _UPPER.get(name, name)
    return _OFFICIAL.get(name, name)


def in_capitals(text: str) -> str:
    """The text with every province in capitals written the usual way."""
    for capitals in sorted(_UPPER, key=len, reverse=True):
        if capitals in text:
            text = re.sub(rf"\b{re.escape(capitals)}\b", _UPPER[capitals], text)
    return text


def same_place(one: str, other: str) -> bool:
    """Whether two names are one province, or one went into the other or the same as it."""
    one, other = official(one), official(other)
    return MERGED.get(one, one) == MERGED.get(other, other)
