"""A document as numbered lines, whatever it came as: .docx, a text file, pasted text."""

import re
import textwrap
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from events.proposals import docx, plain
from events.proposals.encodings import decoded
from events.proposals.errors import DocumentTooLarge, TooManyLines, UnreadableDocument
from events.proposals.sentences import sentences

LARGEST = 10 * 1024 * 1024
"""Bytes of a file, pictures included."""
LONGEST = 1_000_000
"""Letters of a text; the longest plan has a fifth of it."""
MOST_LINES = 20_000
_LONGEST_LINE = 6_000
_MOST_COLUMNS = 60
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_BREAK = re.compile(r"\r\n|\n|\r")
_BREAK_OF_CELL = re.compile(r"<br ?/?>", re.IGNORECASE)
_COLUMN = re.compile(r"\t| {4,}|\|")
_UNSEEN = re.compile(
    r"[\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff\u00ad\ufffe\uffff\x00-\x08\x0e-\x1f\x7f]"
)
_KEYCAP = re.compile(r"(?<=\d)\u20e3\.?")
_SIGNS = "\u2190-\u21ff\u2300-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"
PICTURES = re.compile(rf"[{_SIGNS}\s]*[{_SIGNS}]\s*")
"""What a chat puts before a line in place of a bullet."""
_LONGEST_MARKER = 5
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_STARS = re.compile(rf"[{_SIGNS}]+|\*{{1,3}}|(?<!\w)_{{1,2}}(?=\w)|(?<=\w)_{{1,2}}(?!\w)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the input, counted from 1; a row of a table has several cells."""

    number: int
    text: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The lines of a document that say something, in composed letters."""

    lines: tuple[Line, ...]
    decomposed: bool
    """Whether the letters came with their marks apart (NFD)."""
    unmarked: bool = False
    """Whether it was typed without diacritics; the common words have got theirs."""


def from_bytes(raw: bytes) -> Document:
    """The document in a file or an upload.

    Raises a subclass of ``UnreadableDocument``.
    """
    if len(raw) > LARGEST:
        raise DocumentTooLarge(megabytes=LARGEST // 1024 // 1024)
    if raw.startswith(_ZIP):
        return _document(docx.rows(raw))
    return from_text(decoded(raw))


def from_text(text: str) -> Document:
    """The document that a person pasted."""
    if len(text) > 2 * LONGEST or text.count("\n") > MOST_LINES:
        raise TooManyLines(letters=LONGEST, lines=MOST_LINES)
    if _SURROGATE.search(text):
        raise UnreadableDocument
    return _document([_cells(line) for line in _BREAK.split(text)])


def without_stars(text: str) -> str:
    """The text without the emphasis that a scanner or a chat puts around words."""
    return " ".join(_STARS.sub(" ", text).split())


def _document(rows: list[tuple[str, ...]]) -> Document:
    if len(rows) > MOST_LINES or sum(len(cell) for row in rows for cell in row) > LONGEST:
        raise TooManyLines(letters=LONGEST, lines=MOST_LINES)
    whole = "".join(cell for row in rows for cell in row)
    unmarked = plain.is_plain(whole)
    if unmarked:
        rows = [tuple(map(plain.marked, row)) for row in rows]
    lines = [
        line
        for number, cells in enumerate((tuple(map(_clean, row)) for row in rows), start=1)
        if any(cells)
        for line in _lines(number, cells)
    ]
    is_composed = unicodedata.is_normalized("NFC", whole)
    return Document(tuple(lines), decomposed=not is_composed, unmarked=unmarked)


def _lines(number: int, cells: tuple[str, ...]) -> Iterator[Line]:
    """The line; one that is longer than any paragraph comes in portions of whole sentences."""
    text = " ".join(filter(None, cells))
    if len(text) <= _LONGEST_LINE:
        yield Line(number, text, cells)
        return
    portion = ""
    for sentence in sentences(text):
        for part in textwrap.wrap(sentence, _LONGEST_LINE, break_on_hyphens=False):
            if portion and len(portion) + len(part) >= _LONGEST_LINE:
                yield Line(number, portion, (portion,))
                portion = ""
            portion = f"{portion} {part}".lstrip()
    yield Line(number, portion, (portion,))


def _clean(text: str) -> str:
    text = _BREAK_OF_CELL.sub(" ", text)
    text = _KEYCAP.sub(".", _UNSEEN.sub("", unicodedata.normalize("NFC", text)))
    return " ".join(text.split())


def _cells(line: str) -> tuple[str, ...]:
    """The columns of a line of text: tabs, upright bars or wide gaps between them."""
    line = line.rstrip()
    if line.count("|") > 1:
        line = line.strip().strip("|")
    cells = tuple(_COLUMN.split(line, _MOST_COLUMNS))
    said = [cell for cell in cells if cell.strip()]
    if len(said) < 2 or _is_rule(said):
        return ("".join(said),) if not _is_rule(said) else ("",)
    if len(said) == 2 and len(said[0].strip()) <= _LONGEST_MARKER:
        return (f"{said[0].strip()} {said[1].strip()}",)
    return cells


def _is_rule(cells: list[str]) -> bool:
    """Whether a line only draws the border of a table."""
    return len(cells) > 1 and all(not cell.strip(" -:=+") for cell in cells)
