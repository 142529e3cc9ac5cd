"""The outline of a document: which line is a heading, an item or a bullet, and of what."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise

from events.proposals import dates, pasted, tables
from events.proposals.details import is_detail
from events.proposals.document import PICTURES, Line, without_stars
from events.proposals.spelling import mended


class Rank(IntEnum):
    """How deep a marker stands; the lower the number, the higher the heading."""

    PART = 0
    CAPITAL = 1
    ROMAN = 2
    NUMBER = 3
    LETTER = 8
    DASH = 9
    PLUS = 10
    TEXT = 11


_ROMAN = re.compile(r"([IVX]{1,5})\s?[./)-]\s*(?=\S)")
_PART = re.compile(r"(?:Phần|Chương|Mục|Điều)\s+(?:thứ\s+)?([IVX\d]{1,4}|\w+)\s*[.:]?\s*", re.I)
_NUMBER = re.compile(
    r"(\d{1,2}(?:\.\d{1,2}){0,3})\s?(?:[.)/]\s*(?=[^\W\d]|[“\"(])|:\s+|[-–]\s+(?=[^\W\d]))"
    r"|(\d{1,2}(?:\.\d{1,2}){1,3})\s+(?=\w)"
)
_WORDED = re.compile(r"(?:Hoạt động|Nội dung|Nhiệm vụ)\s+(\d{1,2})\s?[.:]\s+(?=\S)")
"""A number with its word: "Hoạt động 2: …"; it stands below numbered headings."""
_LETTER = re.compile(r"([a-zđ])\s?[.)/]\s*(?=\S)")
_CAPITAL = re.compile(r"([A-HĐ])\s?[./)]\s*(?=\S)")
_DASH = re.compile(r"[-–—•●▪■*·✓✔]\s*(?=[^\s*\-–—])")
_PLUS = re.compile(r"[+○◦o]\s+(?=\S)|\+(?=\S)")
_WORTH = {"I": 1, "V": 5, "X": 10}
_PAGE = re.compile(r"[-–—]?\s*(?:trang\s*)?\d{1,3}(?:\s*/\s*\d{1,3})?\s*[-–—]?", re.IGNORECASE)
"""A line that only counts pages."""
DEBRIS = re.compile(r"(?<=\w\.)\s*/?\s*\*\w{1,12}\*\s*$")
"""What a scanner makes of initials behind the last sentence: ". / *han*"."""
_WRAPPED = 55
"""A line that broke in the middle of a sentence is at least that long."""
_FEW = 3
_WIDEST = 130
_NEARLY = 0.9
"""Letters are not equally wide: so much of a line is a full one."""
_ENDS = (".", ";", ":", "?", "!", "”", "/")
_HANGS = (
    ",",
    " và",
    " với",
    " của",
    " các",
    " để",
    " tại",
    " đến",
    " trong",
    " về",
    " cho",
    " năm",
)
_GOES_ON = re.compile(r"(?:CỦA|VÀ|TRONG|CHO|TẠI|NĂM|TRÊN|VỀ|ĐỐI VỚI)\b")
_BROKEN_HEADING = 40


@dataclass(slots=True, eq=False)
class Item:
    """A heading, an item of a list, a paragraph or a row, with what hangs below it."""

    line: int
    rank: Rank | int
    label: str
    text: str
    raw: str
    row: tables.Row | None = None
    """The cells of a row by what their columns say; empty for the heading of a table."""
    parent: "Item | None" = None
    children: list["Item"] = field(default_factory=list)

    def below(self) -> Iterator["Item"]:
        """Everything below, in reading order."""
        waiting = self.children[::-1]
        while waiting:
            item = waiting.pop()
            yield item
            waiting.extend(reversed(item.children))

    def above(self) -> Iterator["Item"]:
        """The headings above, the nearest first."""
        item = self.parent
        while item is not None and item.parent is not None:
            yield item
            item = item.parent

    @property
    def is_heading(self) -> bool:
        """Whether it names what follows: numbered, with things below, no whole sentence."""
        ends = self.text.rstrip().endswith((".", ";", ",")) or len(self.text) > 240
        return bool(self.children) and not ends and self.rank < Rank.DASH

    @property
    def count(self) -> int | None:
        """What its marker counts: 4 for "4." and "2.4.", 3 for "III."; letters count nothing."""
        if self.rank == Rank.ROMAN and self.label:
            return _roman(self.label)
        last = self.label.rpartition(".")[2]
        return int(last) if last.isdigit() else None

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return self.row is not None


def _roman(label: str) -> int:
    values = [_WORTH.get(letter, 0) for letter in label]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


def outline(lines: list[Line]) -> Item:
    """The lines as a tree under one root."""
    root = Item(0, -1, "", "", "")
    stack = [root]
    lines = pasted.tabled(lines)
    rows = tables.rows(lines)
    told = [line for line in lines if not _PAGE.fullmatch(line.text)]
    items = (_item(line, rows.get(line.number)) for line in told)
    for item in _joined(items, _width(told)):
        if item.rank == Rank.TEXT:
            parent = _owner_of_text(stack, item)
        else:
            while stack[-1].rank >= item.rank:
                stack.pop()
            parent = stack[-1]
            stack.append(item)
        item.parent = parent
        parent.children.append(item)
    return root


def _item(line: Line, row: tables.Row | None) -> Item:
    if row is not None:
        return Item(line.number, Rank.TEXT, "", mended(line.text), line.text, row)
    text = DEBRIS.sub("", line.text)
    text = mended(without_stars(text) if "**" in text else text)
    picture = PICTURES.match(text)
    text = text[picture.end() :] if picture and picture.end() < len(text) else text
    for rank, pattern in (
        (Rank.PART, _PART),
        (Rank.ROMAN, _ROMAN),
        (Rank.CAPITAL, _CAPITAL),
        (Rank.NUMBER, _NUMBER),
        (Rank.LETTER, _LETTER),
        (Rank.LETTER, _WORDED),
        (Rank.PLUS, _PLUS),
        (Rank.DASH, _DASH),
    ):
        match = pattern.match(text)
        if match and text[match.end() :]:
            label = next(filter(None, match.groups()), "") if pattern.groups else ""
            depth = label.count(".") if rank is Rank.NUMBER else 0
            rest = text[match.end() :].strip()
            return Item(line.number, rank + depth, label, rest, line.text)
    rank = Rank.ROMAN if _shouts(text) else Rank.DASH if picture else Rank.TEXT
    return Item(line.number, rank, "", text, line.text)


def _shouts(text: str) -> bool:
    """A line in capitals alone is a heading even without a number."""
    return text.isupper() and 6 <= len(text) <= 120 and len(text.split()) > 1


def _width(lines: list[Line]) -> int | None:
    """How wide the page was, when its paragraphs come broken into lines."""
    broken = [
        len(line.text)
        for line, after in pairwise(lines)
        if after.text[:1].islower() and _WRAPPED <= len(line.text) <= _WIDEST
    ]
    return max(broken) if len(broken) >= _FEW else None


def _joined(items: Iterator[Item], width: int | None) -> Iterator[Item]:
    """Put lines together that a page or a scanner broke in the middle of a sentence."""
    held: Item | None = None
    last = ""
    for item in items:
        if held is not None and (_continues(held, last, item, width) or _heads_on(held, item)):
            held.text = f"{held.text} {item.text}"
            held.raw = f"{held.raw} {item.raw}"
            last = item.raw
            continue
        if held is not None:
            yield held
        held, last = item, item.raw
    if held is not None:
        yield held


def _continues(held: Item, last: str, item: Item, width: int | None) -> bool:
    if item.rank != Rank.TEXT or held.is_row or item.is_row or not item.text:
        return False
    if held.text.endswith(_ENDS) or len(held.text) > 6_000 or is_detail(item.text):
        return False
    if width is not None and len(last) + len(item.text.split()[0]) >= _NEARLY * width:
        return True
    hangs = held.text.endswith(_HANGS)
    return len(held.raw) >= _WRAPPED and (hangs or item.text[0].islower())


def _heads_on(held: Item, item: Item) -> bool:
    """Whether a heading in capitals goes on in a second line."""
    if item.label or not (item.text.isupper() and held.text.isupper()) or held.rank >= Rank.DASH:
        return False
    if held.is_row or item.is_row or held.text.endswith(_ENDS):
        return False
    hangs = held.text.lower().endswith(_HANGS) or bool(_GOES_ON.match(item.text))
    return hangs or (bool(held.label) and len(held.raw) >= _BROKEN_HEADING)


def _owner_of_text(stack: list[Item], item: Item) -> Item:
    """A plain paragraph belongs to the nearest heading; a detail to the item before it."""
    if is_detail(item.text) or dates.is_expected(item.text):
        return stack[-1]
    for owner in reversed(stack):
        if owner.rank < Rank.DASH and not owner.text.endswith((".", ";")):
            return owner
    return stack[0]
