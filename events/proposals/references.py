"""Where a document points into itself, and whether that is there: "nội dung 2.5 Mục III"."""

import re
from collections import defaultdict
from collections.abc import Iterator

from events.proposals.outline import Item

_N = r"\d{1,2}(?:\.\d{1,2}){0,3}(?![\d.]*\d)"
_REFERENCE = re.compile(
    r"(?P<word>nội dung|điểm|khoản|mục|phần|nhiệm vụ|hoạt động|ý)\s+(?:số\s+)?"
    rf"(?P<numbers>{_N}(?:\s*[,;]\s*{_N})*(?:\s*(?:,\s*)?(?:và|đến|-)\s*{_N})?)"
    r"(?:,?\s*(?:thuộc |của |tại |ở )?(?:[Mm]ục|[Pp]hần|[Kk]hoản)\s+(?P<section>[IVX]{1,5}"
    r"|\d{1,2}|[A-E])\b)?"
    r"(?!\s*(?:năm|tháng|/|giờ|%|cuốn|suất|người|tin|bài|buổi|lớp|cuộc))"
)
_SECTION = re.compile(r"(?:[Mm]ục|[Pp]hần)\s+(?P<section>[IVX]{1,5})\b(?!\s*[/.-]\s*\d)")
_POINT = re.compile(
    r"điểm (?P<letter>[a-zđ])(?:,? (?:thuộc |của |tại )?khoản (?P<number>\d{1,2}))?"
    r",? (?:thuộc |của |tại )?[Mm]ục (?P<section>[IVX]{1,5})\b"
)
"""A letter below a number: "điểm a khoản 2 mục II"."""
_OF_OTHERS = re.compile(
    r"[^.;]{0,30}(?:Luật|Nghị định|Quyết định|Thông tư|Công văn|Nghị quyết|Chỉ thị|Điều|Bộ tiêu chí"
    r"|Hướng dẫn|Kế hoạch (?:số|của (?:UBND|Ủy ban|Uỷ ban|Bộ|Sở|Phòng|Tỉnh|Huyện)))\b(?! này)"
    r"|\s*(?:khoản )?Điều"
)
"""What follows a reference into a law or into another's plan."""
_NAMED_ALONE = {"nội dung", "nhiệm vụ", "hoạt động", "mục", "phần"}
"""Words that point at a list even when it is not said of which section."""


def broken(root: Item) -> Iterator[tuple[Item, str]]:
    """The first reference of each item to something that the document does not have."""
    numbers = _Numbers(root)
    for item in root.below():
        found = (match.group() for match in _REFERENCE.finditer(item.text) if numbers.lack(match))
        words = next(found, None) or numbers.lost_section(item.text)
        words = words or numbers.lost_point(item.text)
        if words:
            yield item, words


class _Numbers:
    """What is numbered in a document, and how."""

    def __init__(self, root: Item) -> None:
        self._lists: dict[str | None, list[frozenset[int | None]]] = defaultdict(list)
        self._labels: dict[str | None, set[str]] = defaultdict(set)
        self._sections = {item.label for item in root.below() if item.children}
        self._letters: dict[str, list[set[str]]] = defaultdict(list)
        self._known: dict[tuple[str | None, frozenset[str]], bool] = {}
        for place in [root, *root.below()]:
            if place.children:
                counts = frozenset(child.count for child in place.children if child.label)
                self._lists[place.label].append(counts)
                self._lists[None].append(counts)
        for item in root.below():
            above = {place.label for place in item.above()}
            if item.label.islower():
                self._letters[item.label].append(above)
            for section in {None, *above}:
                self._labels[section].update(_paths(item))

    def lack(self, match: re.Match[str]) -> bool:
        """Whether a reference points at nothing of this document."""
        if _OF_OTHERS.match(match.string, match.end()):
            return False
        section, wanted = match["section"], _wanted(match["numbers"])
        is_dotted = any("." in number for number in wanted)
        if not section and not is_dotted and match["word"] not in _NAMED_ALONE:
            return False
        key = section, wanted
        if key not in self._known:
            self._known[key] = self._has(section, wanted, is_dotted=is_dotted)
        return not self._known[key]

    def _has(self, section: str | None, wanted: frozenset[str], *, is_dotted: bool) -> bool:
        if is_dotted:
            return wanted <= self._labels[section]
        counts = {int(number) for number in wanted}
        return any(counts <= numbered for numbered in self._lists[section])

    def lost_section(self, text: str) -> str | None:
        """A reference to a whole section that is not there: "Mục VI"."""
        for match in _SECTION.finditer(text):
            ours = not _OF_OTHERS.match(text, match.end())
            if ours and "I" in self._sections and match["section"] not in self._sections:
                return match.group()
        return None

    def lost_point(self, text: str) -> str | None:
        """A reference to a letter that its section or its number does not have."""
        for match in _POINT.finditer(text):
            if match["section"] not in self._sections or _OF_OTHERS.match(text, match.end()):
                continue
            above = {match["section"], match["number"] or match["section"]}
            if not any(above <= labels for labels in self._letters[match["letter"]]):
                return match.group()
        return None


def _wanted(numbers: str) -> frozenset[str]:
    """Each number that is meant; a range means all between its ends."""
    listed = re.findall(r"[\d.]+", numbers)
    front, _, last = listed[-1].rpartition(".")
    before, _, first = listed[-2].rpartition(".") if len(listed) > 1 else ("", "", "")
    if re.search(r"đến|-", numbers) and front == before and int(first) < int(last):
        dotted = f"{front}." if front else ""
        listed += [f"{dotted}{number}" for number in range(int(first), int(last))]
    return frozenset(listed)


def _paths(item: Item) -> Iterator[str]:
    """By what an item can be called: its label, and "2.5" for the fifth below the second."""
    if item.label:
        yield item.label
        if item.parent is not None and item.parent.label and item.count is not None:
            yield f"{item.parent.label}.{item.count}"
