"""Office files that would fill the memory are refused before they do."""

import struct
import time
import zipfile
from io import BytesIO

import pytest

from core import archive


def a_zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", method) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return written.getvalue()


def refused(content: bytes, fault: type[Exception]) -> None:
    began = time.perf_counter()
    with pytest.raises(fault):
        archive.look_into(content)
    assert time.perf_counter() - began < 1


def test_an_ordinary_document_is_opened() -> None:
    content = a_zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>" * 1000})

    assert archive.look_into(content) == ["[Content_Types].xml", "word/document.xml"]
    assert archive.member(content, "[Content_Types].xml") == b"<Types/>"


def test_a_chart_with_its_own_table_is_an_ordinary_document() -> None:
    table = a_zip({"xl/workbook.xml": b"<workbook/>"})

    assert archive.look_into(a_zip({"word/embeddings/table.xlsx": table}))


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    refused(a_zip({"xl/sheet.xml": bytes(200 << 20)}), archive.ArchiveTooLarge)


def test_a_small_file_that_swells_is_refused() -> None:
    refused(a_zip({"xl/sheet.xml": bytes(20 << 20)}), archive.ArchiveTooLarge)


def test_too_many_members_are_refused() -> None:
    refused(a_zip({f"xl/{n}.xml": b"" for n in range(3_000)}), archive.ArchiveTooLarge)


def test_a_member_that_lies_about_its_size_is_refused() -> None:
    honest = a_zip({"xl/sheet.xml": bytes(50 << 20)})
    size = struct.pack("<L", 50 << 20)
    assert honest.count(size) == 2

    with pytest.raises((archive.ArchiveTooLarge, archive.NotAnArchive)):
        archive.look_into(honest.replace(size, struct.pack("<L", 1000)))


def test_archives_within_archives_are_refused() -> None:
    innermost = a_zip({"a": b"x" * 100})
    inner = a_zip({"b.zip": innermost})

    refused(a_zip({"c.zip": inner}), archive.ArchiveInArchive)
    refused(a_zip({"d.gz": b"\x1f\x8b" + b"0" * 100}), archive.ArchiveInArchive)


def test_a_bomb_inside_is_counted_with_its_shell() -> None:
    bomb = a_zip({"a": bytes(90 << 20)}, zipfile.ZIP_DEFLATED)

    refused(a_zip({"x.xlsx": bomb}), archive.ArchiveTooLarge)


def test_a_protected_file_is_refused() -> None:
    content = bytearray(a_zip({"a.xml": b"<a/>"}))
    content[content.find(b"PK\x01\x02") + 8] |= 1

    refused(bytes(content), archive.ArchiveIsProtected)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\windows", "a/../../b"])
def test_names_that_lead_out_of_the_folder_are_refused(name: str) -> None:
    refused(a_zip({name: b"x"}), archive.NotAnArchive)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packing_that_no_office_uses_is_refused(method: int) -> None:
    refused(a_zip({"a.xml": b"<a/>"}, method), archive.NotAnArchive)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x03\x04" + bytes(500), b"<html>"])
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    refused(content, archive.NotAnArchive)


def test_a_torn_archive_is_refused() -> None:
    whole = a_zip({"a.xml": b"<a>" + bytes(range(256)) * 50})

    refused(whole[: len(whole) // 2], archive.NotAnArchive)
    refused(whole.replace(b"PK\x03\x04", b"PK\x03\x05", 1), archive.NotAnArchive)


def test_two_members_of_one_name_are_refused() -> None:
    content = a_zip({"a.xml": b"1", "b.xml": b"2"}).replace(b"b.xml", b"a.xml")

    refused(content, archive.NotAnArchive)
