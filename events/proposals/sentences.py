"""Sentences and clauses of a paragraph, each with where it begins."""

import re

_END = re.compile(
    r"(?<=[.!?])(?<![A-ZĐ]\.)(?<!\s\d\.)(?<!\s\d\d\.)(?<!^\d\.)(?<!^\d\d\.)\s+(?=[A-ZĐÀ-Ỹ“\"-])"
)
_SEMICOLON = re.compile(r"\s*;\s+")
_QUOTED = re.compile(r"[“\"«]\s*([^“”\"«»]{3,300}?)\s*[”\"»]")


def sentences(text: str) -> list[str]:
    """The sentences of a text; an abbreviation or a numbered heading ends none."""
    return [part for part in _END.split(text) if part]


def clauses(text: str) -> list[str]:
    """What semicolons part, outside quotation marks."""
    return [part for part in _SEMICOLON.split(text) if part]


def quoted(text: str) -> list[re.Match[str]]:
    """Each passage in quotation marks; the first group is without them."""
    return list(_QUOTED.finditer(text))


def unquoted(text: str) -> str:
    """The text without its passages in quotation marks, when anything is left."""
    return _QUOTED.sub(" ", text).strip() or text
