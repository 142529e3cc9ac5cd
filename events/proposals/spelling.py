"""Words of every plan that are written with a wrong mark: "tuần lể" is "tuần lễ"."""

import re
import unicodedata
from collections.abc import Iterator

_PHRASES = (
    "tuần lễ", "hưởng ứng", "học tập", "suốt đời", "kế hoạch", "tổ chức", "thực hiện", "nơi nhận",
    "khai mạc", "nhân dân", "tuyên truyền", "khuyến học", "xã hội", "phối hợp", "trách nhiệm",
    "thời gian", "địa điểm", "băng rôn", "khẩu hiệu", "thư viện", "triển khai", "giáo dục",
    "đào tạo", "mục đích", "nội dung", "hoạt động", "phân công", "tổng hợp", "cuộc thi",
)  # fmt: skip
"""Only such as make no other two words with one mark changed."""

_MARKS_OF_VOWELS = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


class _Bare(dict[int, str]):
    """Every letter without its marks, worked out once."""

    def __missing__(self, code: int) -> str:
        self[code] = unicodedata.normalize("NFD", chr(code).lower())[0].replace("đ", "d")
        return self[code]


_LETTERS = _Bare()


def _bare(text: str) -> str:
    """One small letter without marks for each letter of the text."""
    return text.translate(_LETTERS)


_BY_BARE = {_bare(phrase): phrase for phrase in _PHRASES}
_BARE = re.compile(r"(?<![^\W_])(?:" + "|".join(map(re.escape, _BY_BARE)) + r")(?![^\W_])")


def slips(text: str) -> Iterator[tuple[int, str, str]]:
    """Where a word of every plan has a wrong mark: place, as written, as it should be."""
    bare = _bare(text)
    for match in _BARE.finditer(bare):
        written, right = text[match.start() : match.end()], _BY_BARE[match.group()]
        if written.lower() != right and _is_slip(written.lower(), right):
            yield match.start(), written, right


def mended(text: str) -> str:
    """The text with such slips put right, for the rules to read; its length stays."""
    for at, written, right in slips(text):
        fitted = "".join(
            one.upper() if old.isupper() else one for old, one in zip(written, right, strict=True)
        )
        text = text[:at] + fitted + text[at + len(written) :]
    return text


def _is_slip(written: str, right: str) -> bool:
    """One mark is wrong; a text without any marks, or another word, is no slip."""
    differing = [(a, b) for a, b in zip(written, right, strict=True) if a != b]
    return len(differing) == 1 and not written.isascii() and _differs_by_tone(*differing[0])


def _differs_by_tone(one: str, other: str) -> bool:
    """Whether two letters are the same but for the tone, or the first lost its marks."""
    return one.isascii() or _toneless(one) == _toneless(other)


def _toneless(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    return "".join(part for part in parts if part not in _MARKS_OF_VOWELS)
