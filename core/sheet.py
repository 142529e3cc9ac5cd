"""Rows for spreadsheets: a CSV that opens with its letters right and runs nothing."""

import csv
from collections.abc import Iterable
from io import StringIO

Cell = str | int

RISKY = tuple("=+-@\t\r\n\0＝＋－＠")
"""What makes a spreadsheet take a text for a formula, full-width forms included."""


def as_csv(rows: Iterable[Iterable[Cell]]) -> bytes:
    """The rows with a byte order mark, so that spreadsheets read them as UTF-8."""
    written = StringIO(newline="")
    out = csv.writer(written, lineterminator="\r\n")
    out.writerows(map(harmless, row) for row in rows)
    return written.getvalue().encode("utf-8-sig")


def harmless(cell: Cell) -> Cell:
    """A text that no spreadsheet runs; a number as it is."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(RISKY):
        return f"'{cell}"
    return cell
