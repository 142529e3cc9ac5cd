"""A table whose cells were pasted one on a line, put back into rows."""

import re
from collections.abc import Sequence
from itertools import pairwise

from events.proposals.document import Line
from events.proposals.tables import Column, column_of

_MOST_COLUMNS = 9
_FEWEST_COLUMNS = 3
_AFTER = re.compile(
    r"(?:[IVX]{1,5}|[A-H])\s?[./)]\s*[^\W\d]|\d{1,2}(?:\.\d{1,2})*[.)/]\s*[^\W\d]"
    r"|[-+–*]\s*\w|Nơi nhận"
)
"""How a line begins that is no cell any more."""


def tabled(lines: list[Line]) -> list[Line]:
    """The lines, every run of such cells as the rows that it was."""
    found: list[Line] = []
    at = 0
    while at < len(lines):
        width = _heading(lines, at)
        rows, end = _rows(lines, at + width, width) if width else ([], at)
        if rows:
            found.append(_row(lines[at : at + width], width))
            found += rows
            at = end
        else:
            found.append(lines[at])
            at += 1
    return found


def _heading(lines: Sequence[Line], at: int) -> int:
    """How many lines name columns, from "STT" up to the number of the first row; 0 for none."""
    if column_of(lines[at].text) is not Column.COUNT or len(lines[at].cells) > 1:
        return 0
    for width in range(1, _MOST_COLUMNS + 1):
        if at + width >= len(lines):
            return 0
        if _counts(lines[at + width]) == 1:
            names = [column_of(line.text) for line in lines[at : at + width]]
            return width if width >= _FEWEST_COLUMNS and Column.CONTENT in names else 0
    return 0


def _rows(lines: Sequence[Line], at: int, width: int) -> tuple[list[Line], int]:
    """The rows that begin with 1, 2, 3 …, and the index after the last of them."""
    starts: list[int] = []
    for index in range(at, len(lines)):
        if _counts(lines[index]) == len(starts) + 1:
            starts.append(index)
        elif index - starts[-1] >= width or _AFTER.match(lines[index].text):
            break
    last = starts[-1] + 1
    while last < min(starts[-1] + width, len(lines)) and not _AFTER.match(lines[last].text):
        last += 1
    ends = [*starts[1:], last]
    if any(end - start > width for start, end in zip(starts, ends, strict=True)):
        return [], at
    return [_row(lines[a:b], width) for a, b in pairwise([*starts, ends[-1]])], ends[-1]


def _row(cells: Sequence[Line], width: int) -> Line:
    """One row; it stands where its second cell does, for that says what it is about."""
    texts = tuple(cell.text for cell in cells)
    at = cells[min(1, len(cells) - 1)].number
    return Line(at, " ".join(texts), texts + ("",) * (width - len(texts)))


def _counts(line: Line) -> int | None:
    """The number that a line consists of."""
    text = line.text.rstrip(".")
    return int(text) if len(line.cells) == 1 and text.isdecimal() and len(text) < 4 else None
