"""How plans call units: abbreviations, forms of address, lists; all without diacritics."""

import re
from functools import lru_cache

from core.text import folded

_SHORT = (
    (r"\buy ban nhan dan\b|\bub nhan dan\b", "ubnd"),
    (r"\bgiao duc (?:va|&|-) dao tao\b|\bgd ?[&-] ?dt\b", "gddt"),
    (r"\bkhoa hoc (?:va|&|-) cong nghe\b|\bkh ?[&-] ?cn\b", "khcn"),
    (r"\bvan hoa, the thao (?:va|&) du lich\b|\bvh, ?tt ?(?:va|&) ?dl\b|\bvhtt ?& ?dl\b", "vhttdl"),
    (r"\bvan hoa (?:-|–|va) xa hoi\b|\bvh ?- ?xh\b", "vhxh"),
    (r"\bgiao duc nghe nghiep\b", "gdnn"),
    (r"\bgiao duc thuong xuyen\b", "gdtx"),
    (r"\btrung hoc pho thong\b", "thpt"),
    (r"\btrung hoc co so\b", "thcs"),
    (r"\btrung tam\b", "tt"),
    (r"\bhtcd\b", "hoc tap cong dong"),
    (r"\btthtcd\b", "tt hoc tap cong dong"),
    (r"\bpt ?- ?th\b", "phat thanh, truyen hinh"),
)
LEVEL = (
    r"(?:mam non|mau giao|tieu hoc|thcs|thpt|gdtx|gdnn ?- ?gdtx|gdnn|dai hoc|cao dang|trung cap"
    r"|pho thong dan toc noi tru|lien cap)"
)
"""A level of school, as its name says it."""
ONESELF = frozenset(
    {"so", "tinh", "bo", "truong", "phuong", "xa", "ubnd tinh", "ubnd", "thanh pho", "dac khu",
     "don vi", "ban", "so ta", "quan ly", "so quan ly"}
)  # fmt: skip
"""Words by which an office means itself."""
JOINING = frozenset({"va", "cung", "cung voi", "phoi hop voi", ""})

_ADDRESS = re.compile(
    r"^(?:(?:\d+(?:\.\d+)*[.)]|[a-zđ]\)|[-+*•–]) *)?"
    r"(?:(?:kinh |tran trong )?de nghi|yeu cau|giao|phoi hop voi|va)? *"
    r"(?:(?:thu truong|lanh dao|giam doc|hieu truong|truong|chu tich|nguoi dung dau) (?=cac\b))?"
)


@lru_cache(maxsize=20_000)
def bare(words: str) -> str:
    """The words as they are compared: no diacritics, abbreviated, without forms of address."""
    plain = folded(words).strip(" .,;:")
    for pattern, short in _SHORT:
        plain = re.sub(pattern, short, plain)
    plain = _ADDRESS.sub("", plain).strip(" .,;:")
    return re.sub(r"\s*,\s*", ", ", re.sub(r" {2,}", " ", plain))


def parts(phrase: str) -> list[str]:
    """The phrase cut where a list may go on: at commas, semicolons and ``và``."""
    cut = re.split(r"((?:\s*[,;]\s*(?:và\s+)?)|\s+và\s+)", phrase.strip())
    head, rest = cut[0], cut[1:]
    return [head, *(rest[n] + rest[n + 1] for n in range(0, len(rest), 2))]


def is_longer_form(name: str, said: str) -> bool:
    """Whether one only adds the place to the other: ``Sở GD&ĐT`` and ``Sở GD&ĐT tỉnh Lào Cai``."""
    if " " not in said:
        return False
    tail = name.removeprefix(f"{said} ") if name.startswith(f"{said} ") else ""
    back = said.removeprefix(f"{name} ") if name.startswith(said[:4]) and " " in name else ""
    back = back if back != said else ""
    return bool(re.fullmatch(r"(?:tinh|thanh pho|tp\.?)(?! va )(?:(?! va )[^,])*", tail or back))


def levels(said: str) -> set[str]:
    """The levels of school that the words name."""
    found = set(re.findall(LEVEL, said))
    return {part for level in found for part in re.split(r" ?- ?", level)}
