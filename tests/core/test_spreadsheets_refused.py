"""Files that are no table of people are refused at once, in a sentence that says what to do."""
# ruff: noqa: E501  a table of harm reads best in lines

import time
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from core import archive
from core.i18n import translate
from core.spreadsheets import errors, guard, reading
from core.spreadsheets.columns import Column
from tests.core.workbooks import MACROS, MAIN, a_workbook, member, sheet_xml, with_members

COLUMNS = (
    Column(key="name", heading="Full name", needed=True),
    Column(key="place", heading="Place"),
)
HONEST = a_workbook([["name", "place"], ["Nguyễn Văn An", "Hà Nội"]])
SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def packed(rows: bytes) -> bytes:
    return with_members(HONEST, {SHEET: sheet_xml(rows)})


def a_bomb() -> bytes:
    return with_members(HONEST, {SHEET: sheet_xml(b" " * (300 << 20))})


def with_types(types: bytes) -> bytes:
    old = member(HONEST, "[Content_Types].xml")
    return with_members(HONEST, {"[Content_Types].xml": old.replace(MAIN, types)})


def a_document() -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w") as out:
        out.writestr("[Content_Types].xml", "<Types/>")
        out.writestr("word/document.xml", "<w/>")
    return kept.getvalue()


CELL = b'<c r="A1" t="str"><v>x</v></c>'
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
Fault = type[Exception]
HARMFUL: dict[str, tuple[Callable[[], bytes], Fault | tuple[Fault, ...]]] = {
    "a bomb": (a_bomb, archive.ArchiveTooLarge),
    "a million rows": (lambda: packed(b'<row><c t="n"><v>1</v></c></row>' * 900_000), archive.ArchiveTooLarge),
    "many rows that differ": (lambda: packed(b"".join(b'<row r="%d"><c><v>%d</v></c></row>' % (n, n * 7919) for n in range(1, 200_000))), errors.TooManyRows),
    "a row at the very end": (lambda: packed(b'<row r="1048576">' + CELL + b"</row>"), errors.TooManyRows),
    "a million columns": (lambda: packed(b'<row r="1">' + b"<c><v>1</v></c>" * 1_000_000 + b"</row>"), archive.ArchiveTooLarge),
    "many columns that differ": (lambda: packed(b"<row>" + b"".join(b"<c><v>%d</v></c>" % (n * 7919) for n in range(500_000)) + b"</row>"), errors.TooManyColumns),
    "the last column": (lambda: packed(b'<row r="1"><c r="XFD1"><v>1</v></c></row>'), errors.TooManyColumns),
    "a column that Excel does not have": (lambda: packed(b'<row r="1"><c r="ZZZZZ1"><v>1</v></c></row>'), errors.TooManyColumns),
    "a program": (lambda: with_members(HONEST, {"xl/vbaProject.bin": OLE}), errors.HoldsMacros),
    "xlsm under the name of xlsx": (lambda: with_types(MACROS), errors.HoldsMacros),
    "values of other files": (lambda: with_members(HONEST, {"xl/externalLinks/externalLink1.xml": b"<a/>"}), errors.LeadsElsewhere),
    "values of the network": (lambda: with_members(HONEST, {"xl/connections.xml": b"<a/>"}), errors.LeadsElsewhere),
    "an object inside": (lambda: with_members(HONEST, {"xl/embeddings/a.docx": a_document()}), errors.LeadsElsewhere),
    "entities": (lambda: with_members(HONEST, {SHEET: ENTITY + sheet_xml(b"")[38:]}), errors.UnsafeMarkup),
    "entities in another encoding": (lambda: with_members(HONEST, {SHEET: (ENTITY + b"<x/>").decode().encode("utf-16")}), errors.UnsafeMarkup),
    "another encoding": (lambda: with_members(HONEST, {SHEET: b'<?xml version="1.0" encoding="utf-7"?><a/>'}), errors.UnsafeMarkup),
    "styles without end": (lambda: with_members(HONEST, {"xl/styles.xml": b"<a>" + bytes(range(32, 127)) * 60_000}), (archive.ArchiveTooLarge, errors.UnsafeMarkup)),
    "a workbook without its sheet": (lambda: with_members(HONEST, {SHEET: None}), errors.DamagedWorkbook),
    "a torn workbook": (lambda: HONEST[: len(HONEST) // 2], archive.NotAnArchive),
    "an old Excel": (lambda: OLE + bytes(5000), errors.OldWorkbook),
    "an encrypted workbook": (lambda: OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le"), errors.ProtectedWorkbook),
    "a page named .xls": (lambda: b"\xef\xbb\xbf\n<html><table><tr><td>1</td></tr></table>", errors.PageInsteadOfTable),
    "an empty file": (lambda: b"", errors.NothingSent),
    "blanks": (lambda: b" \r\n ", errors.NothingSent),
    "a Word document": (a_document, errors.OtherDocument),
    "a picture": (lambda: b"\x89PNG" + bytes(100), errors.OtherDocument),
    "too many bytes": (lambda: b"a;b\n" * (guard.MOST_BYTES // 4 + 1), errors.TableTooLarge),
    "no headings": (lambda: b"mot;hai\n1;2\n", errors.NoHeadings),
    "only headings": (lambda: b"name;place\n;\n", errors.NothingInTable),
    "a heading twice": (lambda: b"name;place;Full name\na;b;c\n", errors.HeadingTwice),
    "a CSV of an old code page": (lambda: "name;place\nNguyễn;Hà Nội\n".encode("cp1258", "ignore"), errors.UnknownLetters),
    "quotes without end": (lambda: b'name;place\n"Lan;Hue\n', errors.BrokenCsv),
    "a CSV of a million columns": (lambda: b"name;place\n" + b";" * 1_000_000, errors.TooManyColumns),
    "a CSV of many rows": (lambda: b"name;place\n" + b"a;b\n" * 200_000, errors.TooManyRows),
}  # fmt: skip


@pytest.mark.parametrize("name", list(HARMFUL))
def test_what_is_no_table_of_people_is_refused_at_once(name: str) -> None:
    make, fault = HARMFUL[name]
    content = make()
    began = time.process_time()

    with pytest.raises(fault) as refusal:
        reading.read(content, COLUMNS)

    assert time.process_time() - began < 1
    error = refusal.value
    assert translate(error.sentence, "vi") != error.sentence
    assert error.status in {400, 413}


def test_the_first_look_needs_no_parser() -> None:
    with pytest.raises(errors.OldWorkbook):
        reading.check(OLE + bytes(99))

    reading.check(HONEST)


def test_an_address_that_excel_made_a_link_is_no_harm() -> None:
    content = a_workbook([["name", "place"], ["An", "mailto:an@example.com"]])

    assert reading.read(content, COLUMNS).lines[0].cells[0] == "An"


def test_a_title_above_the_headings_is_passed_over() -> None:
    content = a_workbook(
        [["DANH SÁCH"], [], ["Full name", "PLACE *", "Ghi chú"], ["An", "Huế", "x"]]
    )

    table = reading.read(content, COLUMNS)

    assert (table.places, table.ignored) == ({"name": 0, "place": 1}, ["Ghi chú"])
    assert [line.number for line in table.lines] == [4]
    assert table.cell("place", 4) == "B4"
