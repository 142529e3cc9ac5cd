"""Rows as a workbook or a CSV that opens with its letters right and runs nothing."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

import xlsxwriter

from core.i18n import N_, translate
from core.sheet import harmless
from core.spreadsheets.columns import Column, Written
from core.spreadsheets.reading import letters

ROOM = 400
"""Empty rows of a template that still know which values are allowed."""
_LONGEST = 32_767
"""Letters that a cell of Excel holds."""

Row = Sequence[Written]


def as_xlsx(title: str, columns: Sequence[Column], rows: Iterable[Row], locale: str) -> bytes:
    """A workbook: the table, and a second sheet that says what each column takes."""
    kept = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(kept, options) as book:
        table = book.add_worksheet(_sheet_name(title))
        text = book.add_format({"num_format": "@", "valign": "top"})
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "valign": "top"})
        for place, column in enumerate(columns):
            table.set_column(place, place, column.width, text)
            table.write_string(0, place, _heading(column, locale), head)
        last = 0
        for last, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if isinstance(cell, int):
                    table.write_number(last, place, cell)
                elif cell:
                    table.write_string(last, place, cell[:_LONGEST], text)
        table.freeze_panes(1, 1)
        table.autofilter(0, 0, max(last, 1), len(columns) - 1)
        _explain(book, table, columns, last + ROOM, locale)
    return kept.getvalue()


def as_csv(
    columns: Sequence[Column], rows: Iterable[Row], locale: str, separator: str = ";"
) -> bytes:
    """The rows with a byte order mark, so that spreadsheets read them as UTF-8."""
    written = StringIO(newline="")
    out = csv.writer(written, delimiter=separator, lineterminator="\r\n")
    out.writerow([_heading(column, locale) for column in columns])
    out.writerows([_escaped(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _explain(
    book: xlsxwriter.Workbook,
    table: xlsxwriter.worksheet.Worksheet,
    columns: Sequence[Column],
    last: int,
    locale: str,
) -> None:
    """The second sheet, and lists to choose from in the cells of the first."""
    name = translate(N_("How to fill in"), locale)
    guide = book.add_worksheet(name)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
    titles = (N_("Column"), N_("Needed for a new row"), N_("What to write"), N_("Values allowed"))
    for place, (sentence, width) in enumerate(zip(titles, (28, 18, 60, 60), strict=True)):
        guide.set_column(place, place, width, wrapped)
        guide.write_string(0, place, translate(sentence, locale), head)
    for number, column in enumerate(columns, 1):
        offered = column.offered(locale)
        guide.write_string(number, 0, translate(column.heading, locale))
        guide.write_string(number, 1, translate(N_("Yes"), locale) if column.needed else "")
        guide.write_string(number, 2, hint(column, locale))
        guide.write_string(number, 3, "\n".join(offered))
        if not offered:
            continue
        place = 10 + number
        for row, value in enumerate(offered):
            guide.write_string(row, place, value)
        guide.set_column(place, place, None, None, {"hidden": True})
        if column.longest <= 300:
            source = f"='{name}'!${letters(place)}$1:${letters(place)}${len(offered)}"
            at = (1, number - 1, last, number - 1)
            table.data_validation(*at, {"validate": "list", "source": source,
                                        "error_type": "information"})  # fmt: skip


def hint(column: Column, locale: str) -> str:
    """What to write into a column."""
    if column.shown:
        return translate(N_("Only for reading; an import does not change it."), locale)
    return translate(column.hint, locale) if column.hint else ""


def _heading(column: Column, locale: str) -> str:
    return translate(column.heading, locale) + (" *" if column.needed else "")


def _sheet_name(title: str) -> str:
    return "".join(c for c in title if c not in "[]:*?/\\'")[:31] or "Sheet"


def _escaped(cell: Written) -> Written:
    """What ``reading`` takes back to the same text."""
    if isinstance(cell, str) and cell.startswith("'"):
        return f"'{cell}"
    return harmless(cell)
