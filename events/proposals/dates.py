"""Days as administrative documents write them: 01/10, ngày 01 tháng 10 năm 2024, 01-07/10."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

_MONTHS = {
    "giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
}  # fmt: skip
_NAMED = r"mười một|mười hai|mười|giêng|một|hai|ba|tư|năm(?! \d{4})|sáu|bảy|bẩy|tám|chín|chạp"
_WEEKDAY = r"(?:thứ (?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ nhật)"
_HOUR = r"\d{1,2} ?(?:giờ|h|g|:)(?: ?\d{2})?(?: ?phút)?(?: (?:sáng|chiều|tối))?"
_FIRST = (
    rf"(?:{_HOUR},? )?(?:(?:sáng|chiều|tối) )?(?:{_WEEKDAY},? ?\(?)?"
    r"(?:ngày |mồng |mùng |ngày mồng |ngày mùng )?"
)
"""What may stand before the number of a day: an hour, the day of the week."""


def _day(n: int) -> str:
    """One day of which the month and the year may stand further right."""
    return (
        rf"{_FIRST}(?P<d{n}>\d{{1,2}})"
        rf"(?:(?: ?/ ?|\.| ?- ?(?=\d{{1,2}}(?!\d| ?/)))(?P<m{n}>\d{{1,2}})(?!\d)"
        rf"|,? tháng (?P<w{n}>\d{{1,2}}|{_NAMED})\b)"
        rf"(?:(?: ?/ ?| ?- ?|\.|,? năm )(?P<y{n}>\d{{4}}))?(?!\d)"
    )


_TO = (
    rf"(?:\)|,? ?\({_WEEKDAY}\)|, {_WEEKDAY})?"
    r"(?:,? (?:đến|tới|cho đến|đến hết|cho tới|tới hết|và kết thúc(?: vào)?"
    r"|kết thúc(?: vào)?) |,? ?[-–—] ?)"
)
_BARE = rf"{_FIRST}(?P<d1>\d{{1,2}})"
_RANGES = [
    re.compile(rf"(?<![\d/.-]){_day(1)}{_TO}(?:hết )?{_day(2)}", re.IGNORECASE),
    re.compile(rf"(?<![\d/.:hg-])(?<!giờ ){_BARE}(?:{_TO}(?:hết )?| và ){_day(2)}", re.IGNORECASE),
    re.compile(
        r"\bngày (?P<d1>\d{1,2})(?:, ?(?:ngày )?\d{1,2}){0,6}(?:,| và)"
        rf" ?{_day(2)}",
        re.IGNORECASE,
    ),
]
_SINGLE = re.compile(rf"(?<![\d/.-]){_day(1)}(?![\d/])", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:\bsố|/) ?$", re.IGNORECASE)
_HOURS = re.compile(rf"{_HOUR}\s?(?:[-–]|đến|tới)\s?{_HOUR}", re.IGNORECASE)
"""From which hour to which; no days."""
_AND = re.compile(rf"\)?(?: ?\({_WEEKDAY}\))?(?:,| và|, và| &)\s+", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_LONGEST = 366
"""Nothing is held longer; such a run is an anniversary or a period of plans."""
_HANDED_IN = re.compile(
    r"(?:báo cáo|nộp|gửi|hoàn thành)\b[^.;]{0,120}\b(?:vào|trong) $", re.IGNORECASE
)
""""Nộp báo cáo vào ngày 07/10" is by that day."""
_YEARLY = re.compile(r"\s*(?:hằng|hàng|mỗi) năm", re.IGNORECASE)
_EVERY_YEAR = re.compile(r"(?:định kỳ )?(?:hằng|hàng) năm", re.IGNORECASE)
_YEAR = re.compile(r"\bnăm (?:học )?(\d{4})\b", re.IGNORECASE)
_LAST_YEAR = re.compile(r"(?<![\d/.-])(20\d{2})\W*$|\d/(20\d{2})(?!\d)")
"""A year at the end of a title or of a day."""
_ONLY_WHEN = re.compile(
    r"(?:(?:thời gian|ngày|lịch)?\s*dự kiến|thời gian|vào|ngày|từ|trong|bắt đầu|diễn ra|khai giảng"
    r"|(?:được )?(?:tổ chức|thực hiện|hoàn thành) (?:vào|từ|trong|ngày|trước))\b",
    re.IGNORECASE,
)
_DEADLINE = re.compile(
    r"(?:trước|chậm nhất|muộn nhất|hạn cuối|hạn chót|hoàn thành|thời hạn|hạn|không quá|xong)"
    r"(?: (?:là|vào|trong|lúc|đến|hết|trước|nộp|gửi|báo cáo|hoàn thành|ngày|\d{1,2} ?(?:giờ|h)"
    r"(?: ?\d{2})?(?: phút)?,?)){0,4}:? ?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """One day or several in a row, and where in the text they stand."""

    first: date
    last: date
    start: int
    end: int
    is_range: bool
    is_deadline: bool


def spans(text: str, year: int | None) -> list[Span]:
    """Every day and range of days in the text, in order; ``year`` fills one that is missing."""
    found: list[Span] = []
    if not _DIGIT.search(text):
        return found
    text = _HOURS.sub(lambda match: " " * len(match.group()), text)
    for pattern in _RANGES:
        for match in pattern.finditer(text):
            if not _overlaps(match, found):
                found.extend(_range(match, text, year))
    for match in _SINGLE.finditer(text):
        if not _overlaps(match, found):
            found.extend(_single(match, text, year))
    return sorted(found, key=lambda span: span.start)


def due(text: str, year: int | None) -> date | None:
    """The day by which something is to be done: "trước ngày 10/10" gives that day."""
    days = spans(text, year)
    by = next((span.last for span in days if span.is_deadline), None)
    on = (span.last for span in days if _HANDED_IN.search(text[: span.start]))
    return by or next(on, None)


def held(text: str, year: int | None) -> Span | None:
    """The first day or range on which something happens; deadlines do not count."""
    days = [
        s for s in spans(text, year) if not s.is_deadline and (s.last - s.first).days <= _LONGEST
    ]
    if len(days) > 1 and not days[0].is_range and days[0].last < days[1].first:
        between = text[days[0].end : days[1].start]
        if _AND.fullmatch(between):
            return replace(days[0], last=days[1].last, end=days[1].end, is_range=True)
    return days[0] if days else None


def year_in(text: str) -> int | None:
    """The year that a title or a sentence names."""
    match = _YEAR.search(text) or _LAST_YEAR.search(text)
    return int(next(filter(None, match.groups()))) if match else None


def is_expected(line: str) -> bool:
    """Whether a line only says when something is expected: "Dự kiến ngày 05/10."."""
    return len(line) <= 120 and line[:7].lower() == "dự kiến" and bool(_DIGIT.search(line))


def is_only_when(sentence: str) -> bool:
    """Whether a sentence says nothing but when: "Dự kiến ngày 05/10."."""
    return len(sentence) <= 120 and bool(_ONLY_WHEN.match(sentence))


def _range(match: re.Match[str], text: str, year: int | None) -> Iterator[Span]:
    groups = match.groupdict()
    last = _date(groups, 2, year)
    if last is None:
        return
    month = _month(groups, 1) or last.month
    first = _valid(_given_year(groups, 1) or last.year, month, int(groups["d1"]))
    if first is not None and first > last and not _given_year(groups, 1):
        first = _valid(last.year - 1, month, int(groups["d1"]))
    if first is not None and first <= last and not _is_name(text, match.start()):
        yield Span(first, last, match.start(), match.end(), first != last, is_deadline=False)


def _single(match: re.Match[str], text: str, year: int | None) -> Iterator[Span]:
    day = _date(match.groupdict(), 1, year)
    clause = re.split(r"[.;]\s", text[max(0, match.start() - 120) : match.start()])[-1]
    yearly = match["y1"] is None and (
        _YEARLY.match(text, match.end()) or _EVERY_YEAR.search(clause)
    )
    if day is not None and not yearly and not _is_name(text, match.start()):
        before = text[max(0, match.start() - 60) : match.start()]
        is_deadline = bool(_DEADLINE.search(before))
        yield Span(day, day, match.start(), match.end(), is_range=False, is_deadline=is_deadline)


def _is_name(text: str, start: int) -> bool:
    """Whether the digits belong to a document's number and not to a day."""
    return bool(_NUMBERED.search(text[max(0, start - 6) : start]))


def _overlaps(match: re.Match[str], found: list[Span]) -> bool:
    return any(match.start() < span.end and span.start < match.end() for span in found)


def _date(groups: dict[str, str | None], n: int, year: int | None) -> date | None:
    month, given = _month(groups, n), _given_year(groups, n) or year
    day = groups[f"d{n}"]
    return _valid(given, month, int(day)) if given and month and day else None


def _month(groups: dict[str, str | None], n: int) -> int | None:
    digits, word = groups.get(f"m{n}"), groups.get(f"w{n}")
    if digits:
        return int(digits)
    if word:
        return int(word) if word.isdigit() else _MONTHS[word.lower()]
    return None


def _given_year(groups: dict[str, str | None], n: int) -> int | None:
    text = groups.get(f"y{n}")
    return int(text) if text else None


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
