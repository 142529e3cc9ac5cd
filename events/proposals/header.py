"""The head of a document: who issues it, under whom, its number, place, day, kind and title."""

import re
from dataclasses import dataclass
from datetime import date

from events.proposals import casing
from events.proposals.document import Line
from events.proposals.letterhead import (
    date_of,
    day_in,
    issuers,
    number_in,
    place_of,
    without_number,
    year_of,
)
from events.proposals.proposal import DocumentKind, Source
from events.proposals.titles import LONGEST_HEAD, kind_of, title_of


@dataclass(frozen=True, slots=True)
class Blank:
    """A number or a day that the records office has not written yet."""

    what: str
    source: Source


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above the body, and how many lines it takes."""

    kind: DocumentKind | None
    issuer: str | None
    superior: str | None
    number: str | None
    symbol: str | None
    place: str | None
    issued_on: date | None
    year: int | None
    title: str | None
    title_source: Source | None
    blanks: tuple[Blank, ...]
    body: int
    """The index of the first line of the body."""


def header(lines: tuple[Line, ...]) -> Header:
    """The head of the document."""
    kind, at = kind_of(lines)
    title, title_line, body = title_of(lines, at)
    head = lines[: at if at is not None else min(body, LONGEST_HEAD)]
    numbered = [(line, number) for line in head if (number := number_in(line.text))]
    dated = [(line, day) for line in head if (day := _day(line))]
    number = numbered[0][1] if numbered else None
    day = dated[0][1] if dated else None
    whole = "\n".join(line.text for line in lines[body:])
    units = issuers(head)
    blanks = []
    if number is not None and number.number is None:
        blanks.append(Blank("number", _source(numbered[0][0])))
    if day is not None and date_of(day) is None:
        blanks.append(Blank("day", _source(dated[0][0])))
    return Header(
        kind=kind,
        issuer=casing.usual(units[-1], whole) if units else None,
        superior=casing.usual(" ".join(units[:-1]), whole) if len(units) > 1 else None,
        number=number.number if number else None,
        symbol=number.symbol if number else None,
        place=place_of(day) if day else None,
        issued_on=date_of(day) if day else None,
        year=year_of(day) if day else None,
        title=title,
        title_source=Source(title_line.number, title) if title and title_line else None,
        blanks=tuple(blanks),
        body=body,
    )


def _day(line: Line) -> re.Match[str] | None:
    """Place and day in a column of the line or in all of it."""
    parts = [*line.cells, line.text] if len(line.cells) > 1 else [line.text]
    return next((day for part in parts if (day := day_in(without_number(part)))), None)


def _source(line: Line) -> Source:
    return Source(line.number, line.text)
