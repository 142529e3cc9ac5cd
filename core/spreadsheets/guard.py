"""What a file is, told from its first bytes, and whether it may be opened at all.

Everything here looks at bytes and counts; no parser runs before it is done, so
that a file made to hurt is refused in well under a second.
"""

import re
from enum import Enum, auto
from functools import partial

from core import archive
from core.spreadsheets import errors

MOST_BYTES = 6 * 1024 * 1024
"""A table of 5,000 rows has half of it; more is no table of people."""
MOST_ROWS = 10_000
MOST_COLUMNS = 60
_MOST_CELLS = 400_000
_MOST_TEXTS = 200_000
MOST_RAW_ROWS = 30_000
"""Rows that a workbook may hold, those of blanks included."""
_SMALL = 4 << 20
"""Bytes of a part that holds no cells: styles, the workbook itself."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"{\\rtf")
_FOREIGN = re.compile(
    r"(^|/)(externalLinks?|embeddings|activeX|ctrlProps|model|queryTables|webextensions)/"
    r"|(^|/)connections\.xml$|(^|/)(macrosheets|dialogsheets)/",
    re.I,
)
_PARTS_WITH_CELLS = re.compile(r"(^|/)(worksheets/[^/]+|sharedStrings)\.xml$", re.I)
_LIMITS = archive.Limits(members=1_000, unpacked=40 << 20, ratio=100, depth=0)
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)["']""", re.I)
_COLUMN = re.compile(rb"<(?:\w+:)?c\b[^>]{0,80}?\sr=[\"']([A-Za-z]+)")

_FAR_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]{0,80}?\sr=[\"'](\d{5,9})")


class Kind(Enum):
    """What a file is."""

    WORKBOOK = auto()
    CSV = auto()


def kind_of(content: bytes, most_bytes: int = MOST_BYTES) -> Kind:
    """What the file is, once it may be opened. Raises ``UnreadableTable`` or what archive does."""
    if not content.strip():
        raise errors.NothingSent
    if len(content) > most_bytes:
        raise errors.TableTooLarge(most=most_bytes // 1024 // 1024)
    if content.startswith(_OLE):
        marks = ("EncryptedPackage", "EncryptionInfo")
        is_locked = any(mark.encode("utf-16-le") in content for mark in marks)
        raise errors.ProtectedWorkbook if is_locked else errors.OldWorkbook
    if content.startswith(archive.MAGIC):
        _check_workbook(content)
        return Kind.WORKBOOK
    if content.startswith((b"PK", *_PICTURES)):
        raise errors.OtherDocument
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise errors.PageInsteadOfTable
    return Kind.CSV


def _check_workbook(content: bytes) -> None:
    try:
        names = archive.look_into(content, _LIMITS)
    except archive.ArchiveInArchive:
        raise errors.LeadsElsewhere from None
    lower = {name.casefold() for name in names}
    if "mimetype" in lower and _OPEN_DOCUMENT in content[:200]:
        raise errors.OtherDocument
    if "[content_types].xml" not in lower:
        raise errors.DamagedWorkbook
    if any("vbaproject" in name or "vbadata" in name for name in lower):
        raise errors.HoldsMacros
    if not any(name.endswith("xl/workbook.xml") for name in lower):
        raise errors.OtherDocument
    if any(_FOREIGN.search(name) for name in names):
        raise errors.LeadsElsewhere
    read = partial(archive.member, content)
    types = read(next(name for name in names if name.casefold() == "[content_types].xml"))
    if b"macroEnabled" in types:
        raise errors.HoldsMacros
    for name in names:
        if name.casefold().endswith((".xml", ".rels", ".vml")):
            _check_part(name, read(name))


def _check_part(name: str, part: bytes) -> None:
    """No document type, no other encoding, no more cells than people type."""
    begins = part.removeprefix(b"\xef\xbb\xbf").lstrip()
    declared = _ENCODING.match(begins)
    encoding = declared[1].lower() if declared else b"utf-8"
    if not begins.startswith(b"<") or b"\0" in part or encoding not in {b"utf-8", b"us-ascii"}:
        raise errors.UnsafeMarkup
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"<!doctype" in part:
        raise errors.UnsafeMarkup
    if not _PARTS_WITH_CELLS.search(name):
        if len(part) > _SMALL:
            raise archive.ArchiveTooLarge
        return
    beyond = any(int(number) > MOST_RAW_ROWS for number in _FAR_ROW.findall(part))
    if beyond or _count(part, b"row") > MOST_RAW_ROWS:
        raise errors.TooManyRows(most=MOST_ROWS)
    if _count(part, b"c") > _MOST_CELLS or _count(part, b"si") > _MOST_TEXTS:
        raise errors.TooManyColumns(most=MOST_COLUMNS)
    if any(_place(letters) > MOST_COLUMNS for letters in set(_COLUMN.findall(part))):
        raise errors.TooManyColumns(most=MOST_COLUMNS)


def _count(part: bytes, tag: bytes) -> int:
    return len(re.findall(rb"<(?:\w+:)?" + tag + rb"[\s/>]", part))


def _place(letters: bytes) -> int:
    """The number of a column: A is 1, AA is 27."""
    place = 0
    for letter in letters.upper()[:6]:
        place = place * 26 + letter - 64
    return place
