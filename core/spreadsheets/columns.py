"""Columns as data: what each is called, how its cells are read and written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from core import addresses
from core.i18n import LOCALES, translate
from core.spreadsheets import errors
from core.text import folded, is_clean, nfc

Written = str | int
"""What a cell of ours holds in a file."""


@dataclass(frozen=True)
class Formula:
    """A cell that another program would work out."""


@dataclass(frozen=True)
class Fault:
    """A cell in which Excel shows an error."""

    value: str


@dataclass(frozen=True, kw_only=True)
class Column:
    """Text of one line; the other kinds of columns say what differs."""

    key: str
    heading: str
    """An English msgid."""
    hint: str = ""
    """What to write, as a msgid."""
    needed: bool = False
    """Whether a new row must say it."""
    shown: bool = False
    """Only for reading: written into files, not taken from them."""
    longest: int = 300
    width: int = 18

    def parse(self, raw: Any) -> Any:
        """The value of a cell that is not empty. Raises ``WrongCell``."""
        text = plain(raw)
        if not is_clean(text):
            raise errors.CellUnclean
        if len(text) > self.longest:
            raise errors.CellTooLong(most=self.longest)
        return self._taken(text)

    def write(self, value: Any, locale: str) -> Written:
        """The value as a cell of a file; equal values are written alike."""
        return plain(value)

    def empty(self) -> Any:
        """What an empty cell means."""
        return ""

    def offered(self, locale: str) -> list[str]:
        """The values allowed, when they can be listed."""
        return []

    def headings(self) -> set[str]:
        """Under which headings the column is recognised, folded."""
        words = {self.key, *(translate(self.heading, locale) for locale in LOCALES)}
        return {bare(word) for word in words}

    def _taken(self, text: str) -> Any:
        return " ".join(text.split())


@dataclass(frozen=True, kw_only=True)
class Prose(Column):
    """Text that may have several lines."""

    longest: int = 5000
    width: int = 40

    def _taken(self, text: str) -> Any:
        return text


@dataclass(frozen=True, kw_only=True)
class Code(Column):
    """A word that names a row of ours: lower case, compared as it is."""

    longest: int = 100

    def _taken(self, text: str) -> Any:
        return "".join(text.split())


@dataclass(frozen=True, kw_only=True)
class Codes(Column):
    """Several codes, divided by commas or semicolons; their order says nothing."""

    longest: int = 20_000

    def write(self, value: Any, locale: str) -> Written:
        """In the order of letters."""
        return ", ".join(sorted(value))

    def empty(self) -> Any:
        """None of them."""
        return frozenset()

    def _taken(self, text: str) -> Any:
        return frozenset(part for part in re.split(r"[,;\s]+", text) if part)


@dataclass(frozen=True, kw_only=True)
class Mail(Column):
    """An e-mail address; the rules of the feature check it."""

    longest: int = 254
    width: int = 26

    def _taken(self, text: str) -> Any:
        return addresses.kept("".join(text.split()))


@dataclass(frozen=True, kw_only=True)
class WebAddress(Column):
    """An address that a browser opens."""

    width: int = 26

    def _taken(self, text: str) -> Any:
        try:
            parts = urlsplit(text)
            is_whole = parts.scheme in {"http", "https"} and bool(parts.hostname)
        except ValueError:
            is_whole = False
        if not is_whole or set(text) & set(" \"'<>\\"):
            raise errors.CellNoAddress
        return text


@dataclass(frozen=True, kw_only=True)
class Number(Column):
    """A whole number within bounds, or nothing."""

    low: int = 0
    high: int = 1_000_000
    usual: int | None = None
    """What an empty cell means."""
    width: int = 10

    def parse(self, raw: Any) -> Any:
        """Read a number, or digits; dots between thousands are fine."""
        if isinstance(raw, float) and raw.is_integer():
            raw = int(raw)
        text = plain(raw)
        digits = text.replace(".", "") if re.fullmatch(r"\d{1,3}(\.\d{3})+", text) else text
        value = int(digits) if re.fullmatch(r"\d{1,9}", digits, re.ASCII) else None
        if value is None or not self.low <= value <= self.high:
            raise errors.CellNoNumber(low=self.low, high=self.high)
        return value

    def write(self, value: Any, locale: str) -> Written:
        """A number as a number."""
        return "" if value is None else int(value)

    def empty(self) -> Any:
        """No number, or the usual one."""
        return self.usual


@dataclass(frozen=True, kw_only=True)
class Day(Column):
    """A day, dd/mm/yyyy; a date of Excel is one too."""

    width: int = 12

    def parse(self, raw: Any) -> Any:
        """Read a date cell, or dd/mm/yyyy as people write it."""
        value = raw.date() if isinstance(raw, datetime) else raw
        if not isinstance(value, date):
            value = _day(plain(raw))
        if value is None or not 2000 <= value.year <= 2100:
            raise errors.CellNoDay
        return value

    def write(self, value: Any, locale: str) -> Written:
        """As text, which no program turns into another day."""
        return f"{value:%d/%m/%Y}" if value else ""

    def empty(self) -> Any:
        """No day."""
        return None


@dataclass(frozen=True, kw_only=True)
class Hour(Column):
    """A time of day, hh:mm."""

    width: int = 8

    def parse(self, raw: Any) -> Any:
        """Read a time cell, or hh:mm, 7h30, 07 giờ 30."""
        if isinstance(raw, datetime):
            return raw.time().replace(second=0, microsecond=0)
        if isinstance(raw, time):
            return raw.replace(second=0, microsecond=0)
        written = re.fullmatch(
            r"(\d{1,2})\s*(?::|h|giờ)\s*(\d{2})?(?::\d{2})?", plain(raw), re.ASCII
        )
        try:
            return time(int(written[1]), int(written[2] or 0)) if written else _no_hour()
        except ValueError:
            return _no_hour()

    def write(self, value: Any, locale: str) -> Written:
        """As text."""
        return f"{value:%H:%M}" if value else ""

    def empty(self) -> Any:
        """No hour."""
        return None


@dataclass(frozen=True, kw_only=True)
class Choice(Column):
    """One of our values, written as people read it; without one the usual holds."""

    choices: Mapping[Any, str] = field(default_factory=dict)
    """Each value with its msgid."""
    usual: Any = None
    width: int = 22

    def write(self, value: Any, locale: str) -> Written:
        """In the reader's language."""
        return "" if value is None else translate(self.choices[value], locale)

    def empty(self) -> Any:
        """The usual one."""
        return self.usual

    def offered(self, locale: str) -> list[str]:
        """All of them."""
        return [translate(sentence, locale) for sentence in self.choices.values()]

    @cached_property
    def names(self) -> dict[str, Any]:
        """Each value by everything that people and programs call it."""
        return {
            folded(name): value
            for value, sentence in self.choices.items()
            for name in (
                str(getattr(value, "value", value)),
                *(translate(sentence, locale) for locale in LOCALES),
            )
        }

    def _taken(self, text: str) -> Any:
        return self._one(text)

    def _one(self, text: str) -> Any:
        wanted = folded(text)
        if wanted not in self.names:
            raise errors.CellNotOffered(value=text[:60])
        return self.names[wanted]


@dataclass(frozen=True, kw_only=True)
class Choices(Choice):
    """Any of our values, divided by commas or semicolons."""

    longest: int = 2000

    def write(self, value: Any, locale: str) -> Written:
        """In our order."""
        return "; ".join(translate(s, locale) for v, s in self.choices.items() if v in value)

    def empty(self) -> Any:
        """None of them."""
        return frozenset()

    def _taken(self, text: str) -> Any:
        parts = [part for part in re.split(r"\s*;\s*", text) if part]
        return frozenset(self._one(part) for part in parts)


def plain(value: Any) -> str:
    """A value as one text: composed letters, one kind of line break, no outer blanks."""
    if value is None:
        return ""
    if type(value) is str:
        return nfc(value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    return nfc(str(value).replace("\r\n", "\n").replace("\r", "\n"))


def bare(heading: str) -> str:
    """A heading as it is compared: folded, without the mark of what is needed."""
    return folded(re.sub(r"[*_:()]+", " ", heading))


def refuse_unreadable(raw: Any) -> None:
    """Raises ``CellIsFormula`` or ``CellIsFault``."""
    if isinstance(raw, Formula):
        raise errors.CellIsFormula
    if isinstance(raw, Fault):
        raise errors.CellIsFault(value=raw.value)


def _day(text: str) -> date | None:
    written = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text, re.ASCII)
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text, re.ASCII)
    try:
        if written:
            return date(int(written[3]), int(written[2]), int(written[1]))
        return date(int(iso[1]), int(iso[2]), int(iso[3])) if iso else None
    except ValueError:
        return None


def _no_hour() -> time:
    raise errors.CellNoHour
