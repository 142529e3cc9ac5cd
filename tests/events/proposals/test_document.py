"""Any bytes in: the lines of a document, or a clear refusal."""

import io
import unicodedata
import zipfile
from contextlib import suppress

import pytest
from docx import Document as Word
from hypothesis import given, settings
from hypothesis import strategies as st

from events.proposals import document, reading
from events.proposals.errors import (
    BrokenDocx,
    DocumentTooLarge,
    ForeignFormat,
    TooManyLines,
    UnknownEncoding,
    UnreadableDocument,
)

TEXT = "Kế hoạch tổ chức Tuần lễ\nhọc tập suốt đời của các trường và người dân được thực hiện"


def a_docx(word) -> bytes:
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def an_archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return stream.getvalue()


def texts(raw: bytes) -> list[str]:
    return [line.text for line in document.from_bytes(raw).lines]


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode(),
        unicodedata.normalize("NFD", TEXT).encode(),
    ],
)
def test_the_same_lines_come_out_of_every_encoding(raw: bytes) -> None:
    assert texts(raw) == TEXT.split("\n")


def test_windows_1258_is_read() -> None:
    parts = [_for_1258(letter) for letter in TEXT]

    assert texts("".join(parts).encode("cp1258")) == TEXT.split("\n")


def test_tcvn_is_read() -> None:
    high = dict(zip("ếạổứđờủườ", b"\xd5\xb9\xe6\xf8\xae\xea\xf1\xad\xea", strict=True))
    text = "Kế hoạch tổ chức đời của người"
    raw = bytes(high[c] if c in high else ord(c) for c in text)

    assert texts(raw) == [text]


def _for_1258(letter: str) -> str:
    """The letter with its tone apart, as Windows-1258 writes it."""
    apart = unicodedata.normalize("NFD", letter)
    tones = [mark for mark in apart if mark in "\u0300\u0301\u0303\u0309\u0323"]
    rest = "".join(mark for mark in apart if mark not in tones)
    return unicodedata.normalize("NFC", rest) + "".join(tones)


def test_a_decomposed_text_is_known_as_such() -> None:
    assert document.from_text(unicodedata.normalize("NFD", TEXT)).decomposed
    assert not document.from_text(TEXT).decomposed


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        (b"%PDF-1.7 \x00", ForeignFormat),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ForeignFormat),
        (b"\x89PNG\r\n\x1a\n", ForeignFormat),
        (bytes(range(128, 256)) * 40, UnknownEncoding),
        (b"\x01\x02\x03\x04" * 100, UnknownEncoding),
        (b"PK\x03\x04 broken", BrokenDocx),
        (an_archive(other=b"<a/>"), BrokenDocx),
        (an_archive(word__document=b"<a"), BrokenDocx),
        (an_archive(word__document=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), BrokenDocx),
        (an_archive(word__document=b"<a>" + b" " * 30_000_000 + b"</a>"), DocumentTooLarge),
        (b"a\n" * 100_000, TooManyLines),
        ("chữ ".encode() * 800_000, TooManyLines),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_what_is_no_document_is_refused_by_name(raw: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        document.from_bytes(raw)


def test_paragraphs_tables_and_what_stands_side_by_side_come_out_of_word() -> None:
    word = Word()
    head = word.add_table(1, 2)
    head.cell(0, 0).text = "UBND TỈNH A\nSỞ B"
    head.cell(0, 1).text = "Quốc hiệu\nTiêu ngữ"
    word.add_paragraph("KẾ HOẠCH")
    table = word.add_table(2, 3)
    for cell, text in zip(table.row_cells(0), ["TT", "Nội dung", "Đơn vị"], strict=True):
        cell.text = text
    for cell, text in zip(table.row_cells(1), ["1", "Treo băng rôn", "Sở B"], strict=True):
        cell.text = text

    lines = document.from_bytes(a_docx(word)).lines

    assert [line.cells for line in lines] == [
        ("UBND TỈNH A",),
        ("SỞ B",),
        ("Quốc hiệu",),
        ("Tiêu ngữ",),
        ("KẾ HOẠCH",),
        ("TT", "Nội dung", "Đơn vị"),
        ("1", "Treo băng rôn", "Sở B"),
    ]


def test_a_cell_over_several_rows_is_told_in_each_and_columns_stay_in_place() -> None:
    word = Word()
    table = word.add_table(4, 4)
    said = [
        ("Ngày", "Nội dung", "Địa điểm", "Đơn vị"),
        ("01/10", "Lễ phát động", "Sân", "Tổ A"),
        ("", "Ngày hội sách", "Phòng đọc", "Tổ B"),
        ("02/10", "Thi vẽ", "", "Tổ C"),
    ]
    for row, texts_of in zip(table.rows, said, strict=True):
        for cell, text in zip(row.cells, texts_of, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0)).text = "01/10"
    table.cell(3, 1).merge(table.cell(3, 2)).text = "Thi vẽ"

    lines = document.from_bytes(a_docx(word)).lines

    assert [line.cells for line in lines][2:] == [
        ("01/10", "Ngày hội sách", "Phòng đọc", "Tổ B"),
        ("02/10", "Thi vẽ", "", "Tổ C"),
    ]


def test_a_list_in_a_cell_is_parted_as_clauses_are() -> None:
    word = Word()
    table = word.add_table(2, 3)
    for cell, text in zip(table.row_cells(0), ["TT", "Nội dung", "Đơn vị"], strict=True):
        cell.text = text
    table.cell(1, 1).text = "- Treo băng rôn"
    table.cell(1, 1).add_paragraph("- Ngày hội sách")

    assert document.from_bytes(a_docx(word)).lines[1].cells[1] == "Treo băng rôn; Ngày hội sách"


def test_the_numbers_that_word_writes_itself_are_read() -> None:
    word = Word()
    word.add_paragraph("Mục đích", style="List Number")
    word.add_paragraph("Yêu cầu", style="List Number")
    for paragraph in word.paragraphs:
        style = paragraph.style.element.pPr.numPr
        paragraph._p.get_or_add_pPr().append(style.__copy__())

    assert texts(a_docx(word)) == ["1. Mục đích", "2. Yêu cầu"]


def test_a_table_pasted_with_bars_gives_its_cells() -> None:
    lines = document.from_text("| TT | Nội dung |\n|----|----|\n| 1 | Ngày hội sách |\nhết").lines

    assert [line.cells for line in lines] == [
        ("TT Nội dung",),
        ("1 Ngày hội sách",),
        ("hết",),
    ]


@given(st.binary(max_size=3000))
@settings(max_examples=200, deadline=None)
def test_no_bytes_break_it(raw: bytes) -> None:
    with suppress(UnreadableDocument):
        reading.read(document.from_bytes(raw)).to_json()


LINES = [
    "KẾ HOẠCH", "Tổ chức Tuần lễ học tập suốt đời", "Số:  /KH-UBND", "Căn cứ", "I. NỘI DUNG", "- a",
    "1. ", "Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", "chủ đề “", "từ 01/10 - 99/99", "|a|b|", "A\tB\tC",
    "Giao Sở X chủ trì, phối hợp với", "STT\tNội dung\tĐơn vị", "giai đoạn 1", "",
]  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=40))
@settings(max_examples=200, deadline=None)
def test_no_order_of_lines_breaks_it(lines: list[str]) -> None:
    reading.read(document.from_text("\n".join(lines))).to_json()
