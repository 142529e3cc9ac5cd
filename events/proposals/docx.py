"""The lines of a .docx file: paragraphs, tables, and the numbers that Word writes itself."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from events.proposals.errors import BrokenDocx, DocumentTooLarge
from events.proposals.numbering import Counter

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PART = 24 * 1024 * 1024
_RATIO = 200
_COLUMNS_OF_A_LAYOUT = 2

Row = tuple[str, ...]
"""One line: a single cell for a paragraph, several for a row of a table."""


def rows(raw: bytes) -> list[Row]:
    """Every line of the body in reading order.

    Raises ``BrokenDocx`` or ``DocumentTooLarge``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            body = _xml(archive, "word/document.xml").find(f"{W}body")
            numbers = Counter.of(_optional(archive, "word/numbering.xml"))
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError):
        raise BrokenDocx from None
    except (ParseError, DefusedXmlException, ValueError, zlib.error):
        raise BrokenDocx from None
    if body is None:
        raise BrokenDocx
    try:
        return list(_blocks(body, numbers))
    except RecursionError:
        raise BrokenDocx from None


def _xml(archive: zipfile.ZipFile, name: str) -> Element:
    """One part of the archive, unless it is blown up."""
    info = archive.getinfo(name)
    if info.file_size > _PART or info.file_size > _RATIO * max(info.compress_size, 1):
        raise DocumentTooLarge(megabytes=_PART // 1024 // 1024)
    with archive.open(info) as part:
        content = part.read(_PART + 1)
    if len(content) > _PART:
        raise DocumentTooLarge(megabytes=_PART // 1024 // 1024)
    root: Element = fromstring(content, forbid_dtd=True)
    return root


def _optional(archive: zipfile.ZipFile, name: str) -> Element | None:
    return _xml(archive, name) if name in archive.namelist() else None


def _blocks(parent: Element, numbers: Counter) -> Iterator[Row]:
    for block in parent:
        if block.tag == f"{W}p":
            yield from _paragraph(block, numbers)
        elif block.tag == f"{W}tbl":
            yield from _table(block, numbers)
        elif block.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"}:
            yield from _blocks(block, numbers)


def _paragraph(paragraph: Element, numbers: Counter) -> Iterator[Row]:
    """The lines of a paragraph, a line break of Word beginning a new one."""
    text = numbers.label(paragraph) + "".join(_texts(paragraph))
    for line in text.split("\n"):
        yield tuple(re.split(r"\t+", line.strip("\t"))) if "\t" in line.strip("\t") else (line,)


def _texts(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag == f"{W}tab":
            yield "\t"
        elif child.tag in {f"{W}br", f"{W}cr"}:
            yield "\n"
        elif child.tag == f"{W}noBreakHyphen":
            yield "-"
        elif child.tag == f"{W}p":
            yield "\n"
            yield from _texts(child)
        elif child.tag not in {_FALLBACK, f"{W}pPr", f"{W}rPr", f"{W}del"}:
            yield from _texts(child)


def _table(table: Element, numbers: Counter) -> Iterator[Row]:
    """A table of data gives one line per row, a table for layout each cell's own lines."""
    grid = [
        [list(_blocks(cell, numbers)) for cell in row.iter(f"{W}tc")]
        for row in table.findall(f"{W}tr")
    ]
    if _is_layout(grid):
        for row in grid:
            for cell in row:
                yield from cell
        return
    for row in grid:
        yield tuple(" ".join(" ".join(line) for line in cell).strip() for cell in row)


def _is_layout(grid: list[list[list[Row]]]) -> bool:
    """Whether the table only sets things side by side: head and foot of a document."""
    widest = max((len(row) for row in grid), default=0)
    lines = [len(cell) for row in grid for cell in row]
    few_rows = len(grid) <= 3
    return widest <= _COLUMNS_OF_A_LAYOUT and few_rows and max(lines, default=0) != 1
