"""The numbers and bullets that Word writes before paragraphs of a list."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Self
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    pattern: str
    start: int


@dataclass(slots=True)
class Counter:
    """Counts the lists of one document as Word does."""

    levels: dict[str, dict[int, _Level]]
    counts: defaultdict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, numbering: Element | None) -> Self:
        """A counter for the lists that the document defines."""
        if numbering is None:
            return cls({})
        shapes = {
            abstract.get(f"{W}abstractNumId", ""): _levels(abstract)
            for abstract in numbering.iter(f"{W}abstractNum")
        }
        lists = {}
        for num in numbering.iter(f"{W}num"):
            lists[num.get(f"{W}numId", "")] = shapes.get(_value(num, "abstractNumId") or "", {})
        return cls(lists)

    def label(self, paragraph: Element) -> str:
        """What Word prints before this paragraph, or nothing."""
        properties = paragraph.find(f"{W}pPr/{W}numPr")
        if properties is None:
            return ""
        number = _value(properties, "numId") or ""
        depth = _whole(_value(properties, "ilvl"), 0)
        level = self.levels.get(number, {}).get(depth)
        if level is None or level.form == "none":
            return ""
        if level.form == "bullet":
            return "- " if depth == 0 else "+ "
        return self._next(number, depth, level) + " "

    def _next(self, number: str, depth: int, level: _Level) -> str:
        counts = self.counts[number]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [key for key in counts if key > depth]:
            del counts[deeper]
        label = level.pattern
        for place in range(depth + 1):
            form = self.levels[number].get(place, level).form
            label = label.replace(f"%{place + 1}", _worded(counts.get(place, 1), form))
        return label


def _levels(abstract: Element) -> dict[int, _Level]:
    return {
        _whole(level.get(f"{W}ilvl"), 0): _Level(
            form=_value(level, "numFmt") or "decimal",
            pattern=_value(level, "lvlText") or "",
            start=_whole(_value(level, "start"), 1),
        )
        for level in abstract.iter(f"{W}lvl")
    }


def _value(element: Element, name: str) -> str | None:
    child = element.find(f"{W}{name}")
    return child.get(f"{W}val") if child is not None else None


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else otherwise


def _worded(value: int, form: str) -> str:
    if form in {"lowerLetter", "upperLetter"}:
        letter = _LETTERS[(value - 1) % len(_LETTERS)]
        return letter.upper() if form == "upperLetter" else letter
    if form in {"lowerRoman", "upperRoman"} and 0 < value < 40:
        return _roman(value).upper() if form == "upperRoman" else _roman(value)
    return str(value)


def _roman(value: int) -> str:
    text = ""
    for worth, letters in _ROMAN:
        while value >= worth:
            text, value = text + letters, value - worth
    return text
