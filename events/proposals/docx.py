"""The lines of a .docx file: paragraphs, tables, and the numbers that Word writes itself."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from core import archive
from events.proposals.errors import BrokenDocx, DocumentTooLarge, ProtectedDocx
from events.proposals.numbering import Counter

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BODY, _NUMBERS = "word/document.xml", "word/numbering.xml"
_LIMITS = archive.Limits(members=5_000, unpacked=48 << 20, ratio=200)
_COLUMNS_OF_A_LAYOUT = 2
_MOST_COLUMNS = 60
_ITEM = re.compile(r"[-–+•]\s+")

Row = tuple[str, ...]
"""One line: a single cell for a paragraph, several for a row of a table."""


def rows(raw: bytes) -> list[Row]:
    """Every line of the body in reading order.

    Raises ``BrokenDocx``, ``ProtectedDocx`` or ``DocumentTooLarge``.
    """
    try:
        parts = archive.look_into(raw, _LIMITS)
        body = _xml(raw, _BODY).find(f"{W}body")
        numbers = Counter.of(_xml(raw, _NUMBERS) if _NUMBERS in parts else None)
        if body is not None:
            return list(_blocks(body, numbers))
    except archive.ArchiveTooLarge:
        raise DocumentTooLarge(megabytes=_LIMITS.unpacked >> 20) from None
    except archive.ArchiveIsProtected:
        raise ProtectedDocx from None
    except (archive.NotAnArchive, archive.ArchiveInArchive):
        raise BrokenDocx from None
    except (ParseError, DefusedXmlException, ValueError, RecursionError):
        raise BrokenDocx from None
    raise BrokenDocx


def _xml(raw: bytes, name: str) -> Element:
    root: Element = fromstring(archive.member(raw, name), forbid_dtd=True)
    return root


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
    trs = table.findall(f"{W}tr")
    grid = [[list(_blocks(cell, numbers)) for cell in tr.iter(f"{W}tc")] for tr in trs]
    if _is_layout(grid):
        for row in grid:
            for cell in row:
                yield from cell
        return
    above: list[str] = []
    for tr, row in zip(trs, grid, strict=True):
        above = list(_spread(tr, [_words(cell) for cell in row], above))
        yield tuple(above)


def _spread(tr: Element, words: list[str], above: list[str]) -> Iterator[str]:
    """The columns of a row: a cell over several rows is told in each, one over several but once."""
    column = 0
    for cell, text in zip(tr.iter(f"{W}tc"), words, strict=True):
        merged = cell.find(f"{W}tcPr/{W}vMerge")
        goes_on = merged is not None and merged.get(f"{W}val") != "restart"
        yield above[column] if goes_on and not text and column < len(above) else text
        width = _width(cell) if column < _MOST_COLUMNS else 1
        yield from [""] * (width - 1)
        column += width


def _width(cell: Element) -> int:
    """Over how many columns a cell stretches."""
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    told = (span.get(f"{W}val") if span is not None else None) or "1"
    return min(int(told), _MOST_COLUMNS) if told.isascii() and told.isdigit() else 1


def _words(cell: list[Row]) -> str:
    """The paragraphs of a cell in one line; those of a list are parted as clauses are."""
    text = ""
    for line in (" ".join(row).strip() for row in cell):
        item = _ITEM.match(line)
        if not text or not line:
            text += line[item.end() :] if item else line
        else:
            text += f"; {line[item.end() :]}" if item else f" {line}"
    return text.replace(";;", ";").strip()


def _is_layout(grid: list[list[list[Row]]]) -> bool:
    """Whether the table only sets things side by side: head and foot of a document."""
    widest = max((len(row) for row in grid), default=0)
    lines = [len(cell) for row in grid for cell in row]
    few_rows = len(grid) <= 3
    return widest <= _COLUMNS_OF_A_LAYOUT and few_rows and max(lines, default=0) != 1
