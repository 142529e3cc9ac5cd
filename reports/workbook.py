"""The figures as a workbook: every text is text, whatever it begins with."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from reports import rows
from reports.frozen import Frozen

Cell = str | int


def workbook(frozen: Frozen) -> bytes:
    """One sheet for each table of the report, ready to be added up again."""
    written = BytesIO()
    book = xlsxwriter.Workbook(
        written,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties(
        {
            "title": rows.title(frozen),
            "author": frozen.facts["unit"]["name"],
            "comments": f"{frozen.code} SHA-256 {frozen.hash}",
        }
    )
    book.set_properties({"created": frozen.made_at.replace(tzinfo=None)})
    formats = _formats(book)
    for table in rows.tables(frozen):
        _sheet(book, formats, table)
    book.close()
    return written.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    base = {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "text_wrap": True}
    return {
        "head": book.add_format({**base, "bold": True, "align": "center", "border": 1}),
        "text": book.add_format({**base, "border": 1}),
        "number": book.add_format({**base, "border": 1, "num_format": "#,##0"}),
        "title": book.add_format({**base, "bold": True, "font_size": 14, "text_wrap": False}),
        "note": book.add_format({**base, "italic": True, "text_wrap": False}),
    }


def _sheet(book: Any, formats: dict[str, Any], table: rows.Table) -> None:
    sheet = book.add_worksheet(table.name)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, table.title, formats["title"])
    sheet.write_string(1, 0, table.note, formats["note"])
    top = 3
    for column, (label, width) in enumerate(zip(table.head, table.widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, label, formats["head"])
    for number, row in enumerate(table.rows, top + 1):
        _row(sheet, formats, number, row)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    sheet.autofilter(top, 0, top + max(len(table.rows), 1), len(table.head) - 1)


def _row(sheet: Any, formats: dict[str, Any], number: int, row: Sequence[Cell]) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, int):
            sheet.write_number(number, column, cell, formats["number"])
        else:
            sheet.write_string(number, column, cell, formats["text"])
