"""Vietnamese text: one normal form, search without diacritics, the right order."""

import re
import unicodedata
from functools import lru_cache

_UNCLEAN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff]")
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_LETTERS = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_DIGITS = "0123456789"
_PARTS = re.compile(r"[0-9]+|[\s\S]")

BLANK, NUMBER, DIGIT = -100, -90, -20
"""Places before all letters: what is neither letter nor number, how long a number is, a digit."""
MOST_DIGITS = 15
"""Longer numbers are ordered digit by digit."""


def is_clean(text: str) -> bool:
    """Whether the text has no control characters and no lone surrogates."""
    return not _UNCLEAN.search(text)


def nfc(text: str) -> str:
    """The text in composed form, its outer blanks removed."""
    return unicodedata.normalize("NFC", text).strip()


def folded(text: str) -> str:
    """The text as people search it: lower case, no diacritics, single blanks."""
    return _known_fold(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


_SHORT = 80
"""Letters of a name or a title: tables and lists hold the same ones again and again."""
_known_fold = lru_cache(maxsize=8192)(_fold)


def slug(text: str) -> str:
    """The text as a part of an address: ``Lễ khai mạc`` is ``le-khai-mac``."""
    return re.sub(r"[^a-z0-9]+", "-", folded(text)).strip("-")[:80].strip("-")


@lru_cache(maxsize=8192)
def sort_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Vietnamese dictionary order: letters first, then tones; ``số 2`` stands before ``số 10``."""
    letters: list[int] = []
    tones: list[int] = []
    for part in _PARTS.findall(unicodedata.normalize("NFC", text.casefold())):
        if part[0] in _DIGITS:
            number = part.lstrip("0") or "0"
            letters += [NUMBER + min(len(number), MOST_DIGITS), *(DIGIT + int(d) for d in number)]
            tones += [0] * (1 + len(number))
            continue
        letter, tone = _letter_and_tone(part)
        letters.append(_LETTERS.get(letter, ord(letter) + 1000 if letter > "z" else BLANK))
        tones.append(tone)
    return tuple(letters), tuple(tones)


def name_key(full_name: str) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """Order of persons: by given name, the last word, then by the words before."""
    words = full_name.split()
    return tuple(sort_key(word) for word in [*words[-1:], *words[:-1]])


def _letter_and_tone(c: str) -> tuple[str, int]:
    parts = unicodedata.normalize("NFD", c)
    tone = next((_TONES[p] for p in parts if p in _TONES), 0)
    bare = unicodedata.normalize("NFC", "".join(p for p in parts if p not in _TONES))
    return bare[:1], tone
