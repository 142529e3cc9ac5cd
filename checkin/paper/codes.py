"""What stands on a sheet and beside each of its rows, and what people make of it when they type.

A sheet is ``ABC-XY``, its row 17 ``ABC-017-XY``; the last two letters tell a slip of the finger.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core import keys
from core.codes import ALPHABET, number, numeral, typed

_LEAST = 3
_CHECK = 2
MOST_ROWS = 999
MOST_ENTRIES = 5000
"""Nobody types more at once; what comes after is not read."""
_SPAN = re.compile(r"(\d{1,3})(?:\s*[-–]\s*(\d{1,3}))?", re.ASCII)
_MORE = re.compile(r"\+\s*(\d{1,3})?\s*(.*)", re.ASCII | re.DOTALL)
_MISREAD = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of one sheet, with who signed it when that was typed too."""

    typed: str
    sheet_id: int
    number: int
    name: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class More:
    """People who signed nowhere that we printed: one by name, or so many."""

    typed: str
    sheet_id: int
    count: int
    name: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What is no code; ``needs_sheet`` when only the sheet is missing before it."""

    typed: str
    needs_sheet: bool = False


Entry = Row | More | Unreadable


def sheet_code(sheet_id: int) -> str:
    """What stands at the head of a sheet."""
    return f"{numeral(sheet_id, _LEAST)}-{_check(sheet_id, 0)}"


def row_code(sheet_id: int, row: int) -> str:
    """What stands beside a row."""
    return f"{numeral(sheet_id, _LEAST)}-{row:03}-{_check(sheet_id, row)}"


def read(text: str) -> list[Entry]:
    """What was typed, line by line; the numbers after a sheet's code are rows of that sheet."""
    entries: list[Entry] = []
    sheet: int | None = None
    for line in text.splitlines():
        for entry in _of_line(line.strip(), sheet):
            if isinstance(entry, int):
                sheet = entry
            else:
                entries.append(entry)
                if len(entries) > MOST_ENTRIES:
                    return entries
                sheet = sheet if isinstance(entry, Unreadable) else entry.sheet_id
    return entries


def _of_line(line: str, sheet: int | None) -> Iterator[Entry | int]:
    """A line is several codes, or one with a name behind it."""
    more = _MORE.fullmatch(line)
    if more:
        yield _more(line, more, sheet)
        return
    words = re.sub(r"(?<=\d)\s*[-–]\s*(?=\d{1,3}(?:[\s,;]|$))", "-", line, flags=re.ASCII)
    parts = [part for part in re.split(r"[\s,]+", words.replace(";", " ; ")) if part]
    for place, part in enumerate(parts):
        if part == ";":
            continue
        found = list(_of_word(part, sheet))
        rest = " ".join(parts[place + 1 :])
        if len(found) == 1 and isinstance(found[0], Row) and _is_name(rest):
            yield _named(found[0], line, rest)
            return
        for entry in found:
            sheet = entry if isinstance(entry, int) else getattr(entry, "sheet_id", sheet)
            yield entry


def _of_word(word: str, sheet: int | None) -> Iterator[Entry | int]:
    span = _SPAN.fullmatch(word)
    if span is None:
        yield _of_code(word)
        return
    if sheet is None:
        yield Unreadable(word, needs_sheet=True)
        return
    first, last = int(span[1]), int(span[2] or span[1])
    if not 1 <= first <= last:
        yield Unreadable(word)
        return
    for row in range(first, last + 1):
        yield Row(str(row), sheet, row)


def _of_code(word: str) -> Entry | int:
    """A row, or the number of a sheet."""
    code = typed(word.removeprefix("P:"))
    letters, check = code[:-_CHECK], code[-_CHECK:]
    digits = letters[-3:].translate(_MISREAD)
    place = number(letters[:-3])
    is_row = len(letters) >= _LEAST + 3 and digits.isdecimal() and place is not None
    if is_row and place is not None and _check(place, int(digits)) == check and int(digits):
        return Row(word, place, int(digits))
    place = number(letters) if len(letters) >= _LEAST else None
    if place is not None and place < 2**62 and _check(place, 0) == check:
        return place
    return Unreadable(word)


def _is_name(text: str) -> bool:
    """Whether words are a name, not more codes."""
    first = text.split(" ")[0]
    is_code = not isinstance(_of_code(first), Unreadable)
    return bool(text) and not is_code and not any(c.isdecimal() for c in first) and first != ";"


def _named(row: Row, line: str, rest: str) -> Row:
    name, _semicolon, unit = rest.partition(" ; ")
    return Row(line, row.sheet_id, row.number, name.strip(), unit.strip())


def _more(line: str, found: re.Match[str], sheet: int | None) -> Entry:
    name, _semicolon, unit = found[2].partition(";")
    count = int(found[1]) if found[1] else 1
    if sheet is None:
        return Unreadable(line, needs_sheet=True)
    if count < 1 or not (found[1] or name.strip()):
        return Unreadable(line)
    return More(line, sheet, count, name.strip(), unit.strip())


def _check(sheet_id: int, row: int) -> str:
    mac = int.from_bytes(keys.sign("paper row", f"{sheet_id} {row}"), "big")
    return numeral(mac % len(ALPHABET) ** _CHECK, _CHECK)
