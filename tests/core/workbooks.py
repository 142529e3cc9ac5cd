"""Files for tests of tables: honest ones, and ones made to hurt."""

import zipfile
from io import BytesIO

import xlsxwriter

MAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACROS = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def a_workbook(rows: list[list[object]]) -> bytes:
    """A workbook with the rows as they are, formulas among them."""
    kept = BytesIO()
    with xlsxwriter.Workbook(
        kept, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}
    ) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(number, place, cell)
    return kept.getvalue()


def with_members(content: bytes, members: dict[str, bytes | None]) -> bytes:
    """The workbook with members replaced, added, or taken away."""
    kept = BytesIO()
    old = zipfile.ZipFile(BytesIO(content))
    with old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in members:
                new.writestr(name, old.read(name))
        for name, part in members.items():
            if part is not None:
                new.writestr(name, part)
    return kept.getvalue()


def member(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as opened:
        return opened.read(name)


def sheet_xml(rows: bytes) -> bytes:
    return (
        b'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns='
        b'"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + rows
        + b"</sheetData></worksheet>"
    )
