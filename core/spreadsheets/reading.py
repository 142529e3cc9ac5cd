"""A file as rows of cells: workbooks and CSV look the same from here on."""

import csv
import io
import json
import re
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from core.sheet import RISKY
from core.spreadsheets import errors
from core.spreadsheets.columns import Column, Fault, Formula, bare, plain
from core.spreadsheets.guard import MOST_COLUMNS, MOST_RAW_ROWS, MOST_ROWS, Kind, kind_of

_HEADINGS_WITHIN = 12
"""Rows from the top among which the headings are looked for; a title may stand above."""
_SEPARATORS = ";,\t"


@dataclass(frozen=True)
class Line:
    """One row of the file, by the number that a spreadsheet shows beside it."""

    number: int
    cells: Sequence[Any]


@dataclass(frozen=True)
class Table:
    """What a file says: where each of our columns stands, and the rows below the headings."""

    places: dict[str, int]
    """The place of each column that is there, by its key; 0 is column A."""
    ignored: list[str]
    """Headings that are none of ours."""
    lines: list[Line]

    def cell(self, key: str, line: int) -> str:
        """How a spreadsheet names the cell, such as C12; the row when the column is not there."""
        place = self.places.get(key)
        return f"{letters(place) if place is not None else ''}{line}"

    def packed(self) -> bytes:
        """The table as bytes to keep beside a job, once it was read."""
        lines = [[line.number, list(line.cells)] for line in self.lines]
        told = json.dumps([self.places, self.ignored, lines], default=_tagged, ensure_ascii=False)
        return zlib.compress(told.encode())


def unpacked(kept: bytes) -> Table:
    """The table that was read before."""
    told = json.loads(zlib.decompress(kept), object_hook=_untagged)
    places, ignored, lines = told
    names = {str(key): int(place) for key, place in places.items()}
    return Table(names, ignored, [Line(number, cells) for number, cells in lines])


_MOMENTS: dict[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat, "date": date.fromisoformat, "time": time.fromisoformat,
}  # fmt: skip


def _tagged(cell: Any) -> dict[str, str]:
    """A cell that is more than a text or a number."""
    match cell:
        case Fault(value):
            return {"fault": value}
        case Formula():
            return {"formula": ""}
        case datetime() | date() | time():
            return {type(cell).__name__: cell.isoformat()}
        case _:
            return {"text": str(cell)}


def _untagged(told: dict[str, Any]) -> Any:
    match list(told.items()):
        case [("fault", str(value))]:
            return Fault(value)
        case [("formula", str())]:
            return Formula()
        case [("datetime" | "date" | "time" as kind, str(value))]:
            return _MOMENTS[kind](value)
        case [("text", str(value))]:
            return value
        case _:
            return told


def read(content: bytes, columns: Sequence[Column]) -> Table:
    """The table in a file. Raises ``UnreadableTable`` or what archive does."""
    lines = _csv(content) if kind_of(content) is Kind.CSV else _workbook(content)
    head, places, ignored = _headings(lines, columns)
    found = [line for line in lines if line.number > head and any(plain(c) for c in line.cells)]
    if not found:
        raise errors.NothingInTable
    if len(found) > MOST_ROWS:
        raise errors.TooManyRows(most=MOST_ROWS)
    return Table(places, ignored, found)


def check(content: bytes) -> None:
    """The first look, in well under a second, before a file is kept. Raises as ``read``."""
    if kind_of(content) is Kind.CSV:
        _decoded(content)


def letters(place: int) -> str:
    """The name of a column: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def _headings(
    lines: Sequence[Line], columns: Sequence[Column]
) -> tuple[int, dict[str, int], list[str]]:
    names = {name: column.key for column in columns for name in column.headings()}

    def known(line: Line) -> int:
        return sum(bare(plain(cell)) in names for cell in line.cells)

    candidates = lines[:_HEADINGS_WITHIN]
    best = max(candidates, key=known, default=None)
    if best is None or known(best) < min(2, len(columns)):
        needed = ", ".join(column.heading for column in columns if column.needed)
        raise errors.NoHeadings(headings=needed)
    places: dict[str, int] = {}
    ignored = []
    for place, cell in enumerate(best.cells):
        text = plain(cell)
        key = names.get(bare(text))
        if key is not None and key in places:
            first, second = (f"{letters(at)}{best.number}" for at in (places[key], place))
            raise errors.HeadingTwice(heading=text, first=first, second=second)
        if key is not None:
            places[key] = place
        elif text:
            ignored.append(text[:60])
    return best.number, places, ignored


def _workbook(content: bytes) -> list[Line]:
    """The first sheet of a workbook that the guard has let pass."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return list(_sheet_rows(content))
        except errors.UnreadableTable:
            raise
        except Exception as fault:
            raise errors.DamagedWorkbook from fault


def _sheet_rows(content: bytes) -> Iterator[Line]:
    book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        sheet: Any = next(each for each in book.worksheets if each.sheet_state == "visible")
        sheet.reset_dimensions()
        for number, row in enumerate(
            sheet.iter_rows(max_row=MOST_RAW_ROWS, max_col=MOST_COLUMNS), 1
        ):
            cells = [_cell(cell) for cell in row]
            while cells and cells[-1] is None:
                cells.pop()
            if cells:
                yield Line(number, cells)
    finally:
        book.close()


def _cell(cell: Any) -> Any:
    match cell.data_type:
        case "f":
            return Formula()
        case "e":
            return Fault(str(cell.value))
        case _:
            return cell.value


def _csv(content: bytes) -> list[Line]:
    text = _decoded(content)
    text, separator = _separator(text)
    limit = csv.field_size_limit(1 << 20)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines = []
    try:
        for number, row in enumerate(reader, 1):
            if len(row) > MOST_COLUMNS * 4:
                raise errors.TooManyColumns(most=MOST_COLUMNS)
            if number > MOST_ROWS * 3:
                raise errors.TooManyRows(most=MOST_ROWS)
            lines.append(Line(number, [_unescaped(cell) for cell in row]))
    except csv.Error:
        raise errors.BrokenCsv(row=len(lines) + 1) from None
    finally:
        csv.field_size_limit(limit)
    return lines


def _decoded(content: bytes) -> str:
    """The letters of a CSV: UTF-8 or UTF-16, with a byte order mark or without."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        if content[1:200:2].count(0) > 40:
            return content.decode("utf-16-le")
        if content[:200:2].count(0) > 40:
            return content.decode("utf-16-be")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise errors.UnknownLetters from None


def _separator(text: str) -> tuple[str, str]:
    """What stands between cells: as the file says (``sep=;``), or what its first rows hold most."""
    said = re.match(r"\s*\"?sep=(.)\"?\r?\n", text)
    if said:
        return text[said.end() :], said[1]
    first = re.sub(r'"[^"]*"', "", text[:4000]).splitlines()[:_HEADINGS_WITHIN]
    counts = {mark: max((line.count(mark) for line in first), default=0) for mark in _SEPARATORS}
    return text, max(_SEPARATORS, key=lambda mark: counts[mark])


def _unescaped(cell: str) -> str:
    """A text without the mark that keeps spreadsheets from running it."""
    rest = cell[1:]
    return rest if cell.startswith("'") and rest.lstrip(" ").startswith((*RISKY, "'")) else cell
