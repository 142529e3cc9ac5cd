"""The head of a document: who issues it, under whom, its number, place, day, kind and title."""

import re
from dataclasses import dataclass
from datetime import date

from events.proposals import casing
from events.proposals.document import Line, without_stars
from events.proposals.proposal import DocumentKind, Source

_KINDS = {
    "KẾ HOẠCH": DocumentKind.PLAN,
    "CHƯƠNG TRÌNH": DocumentKind.PROGRAMME,
    "HƯỚNG DẪN": DocumentKind.GUIDANCE,
    "THÔNG BÁO": DocumentKind.NOTICE,
    "QUYẾT ĐỊNH": DocumentKind.DECISION,
    "CHỈ THỊ": DocumentKind.DIRECTIVE,
    "BÁO CÁO": DocumentKind.REPORT,
    "CÔNG VĂN": DocumentKind.LETTER,
    "THƯ NGỎ": DocumentKind.LETTER,
    "THƯ KÊU GỌI": DocumentKind.LETTER,
    "THƯ": DocumentKind.LETTER,
    "CÔNG ĐIỆN": DocumentKind.LETTER,
    "PHƯƠNG ÁN": DocumentKind.PLAN,
    "ĐỀ ÁN": DocumentKind.PLAN,
    "TỜ TRÌNH": DocumentKind.OTHER,
    "GIẤY MỜI": DocumentKind.OTHER,
    "BIÊN BẢN": DocumentKind.OTHER,
    "HỢP ĐỒNG": DocumentKind.OTHER,
    "HÓA ĐƠN": DocumentKind.OTHER,
    "HOÁ ĐƠN": DocumentKind.OTHER,
    "NGHỊ QUYẾT": DocumentKind.OTHER,
    "ĐƠN XIN": DocumentKind.OTHER,
    "GIẤY ĐỀ NGHỊ": DocumentKind.OTHER,
    "THỂ LỆ": DocumentKind.OTHER,
    "NỘI QUY": DocumentKind.OTHER,
    "QUY CHẾ": DocumentKind.OTHER,
}
_MOTTO = re.compile(
    r"CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA VIỆT NAM|Độc lập\s*[-–—]\s*Tự do\s*[-–—]\s*Hạnh phúc", re.I
)
_PARTY = re.compile(r"ĐẢNG CỘNG SẢN VIỆT NAM")
_NUMBER = re.compile(
    r"\bSố\s*:?\s*(?P<number>[\d.]{0,9}[A-Za-z]?|[.…_\-\s]*)\s*"
    r"(?P<symbol>[-/–]\s*[A-ZĐ][A-ZĐa-zđ0-9]*(?:\s?[-–&/.+]\s?[A-ZĐÂÊÔƯĂƠ][A-ZĐÂÊÔƯĂƠa-zđ0-9&]*)*)?"
)
_PLACE_AND_DAY = re.compile(
    r"(?P<place>[^\W\d_][^,;:]{1,60}?)\s*,\s*(?:ngày\b|(?=\d{1,2}\s*/))"
    r"(?P<day>[\s\d.…_]*?)(?:/(?P<slash>\s*\d{0,2}\s*)/\s*(?P<slashed>\d{4})"
    r"|\btháng\b(?P<month>[\s\d.…_]*?)\bnăm\b(?P<year>[\s\d.…_]*))",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"(?:Thứ \w+,\s*|Chủ nhật,\s*)?(?:Ngày (?:đăng|đưa tin):?\s*)?(?P<day>\d{1,2})[/.-](?P<slash>\d{1,2})[/.-](?P<slashed>\d{4})"
    r"(?:[\s,|-]*\d{1,2}[:hg]\d{0,2}(?::\d\d)?)?(?:\s*\(?GMT.*)?",
    re.IGNORECASE,
)
"""When a news item was put on a site."""
_ABOUT = re.compile(r"(?:V/v|Về việc|Vv)\s*:?\s*", re.IGNORECASE)
_FIRST_OF_BODY = re.compile(
    r"(?:Căn cứ|Thực hiện|Theo|Kính gửi|Để|Nhằm|Xét|Triển khai thực hiện|Tiếp tục thực hiện"
    r"|Trên cơ sở|Hưởng ứng Công văn|Thi hành|Phần)\b|(?:[IVX]+|[A1])\s?[./)-]\s|[-+–*•]",
)
_NO_TITLE = re.compile(
    r"(?:Căn cứ|Kính gửi|Xét|Theo)\b|(?:[IVX]+|[A1])\s?[./)-]\s|[-+–*•]|(?=.{300})|.*:$"
)
_ISSUER = re.compile(
    r"(?:ỦY BAN|UỶ BAN|UBND|SỞ|BỘ|BAN|PHÒNG|HỘI|ĐOÀN|TRƯỜNG|TRUNG TÂM|THƯ VIỆN|BẢO TÀNG|VĂN PHÒNG"
    r"|ĐẠI HỌC|HỌC VIỆN|VIỆN|CỤC|CHI CỤC|LIÊN ĐOÀN|CÔNG ĐOÀN|ĐẢNG|TỈNH|THÀNH|HUYỆN|MẶT TRẬN|CÔNG AN"
    r"|ĐÀI|BÁO|TỔNG|VỤ|BCH|BCĐ|TTHTCĐ|TT|CÔNG TY|LIÊN HIỆP|NHÀ|KHOA|CÂU LẠC BỘ|CỤM|QUỸ|TẬP ĐOÀN)\b"
)
_RULE = re.compile(r"[\W_]*$")
_LONGEST_HEAD = 40


@dataclass(frozen=True, slots=True)
class Blank:
    """A number or a day that the records office has not written yet."""

    what: str
    source: Source


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above the body, and how many lines it takes."""

    kind: DocumentKind | None
    issuer: str | None
    superior: str | None
    number: str | None
    symbol: str | None
    place: str | None
    issued_on: date | None
    year: int | None
    title: str | None
    title_source: Source | None
    blanks: tuple[Blank, ...]
    body: int
    """The index of the first line of the body."""


@dataclass(frozen=True, slots=True)
class _Number:
    number: str | None
    symbol: str | None


def header(lines: tuple[Line, ...]) -> Header:
    """The head of the document."""
    kind, at = _kind(lines)
    title, title_line, body = _title(lines, at)
    head = lines[: at if at is not None else min(body, _LONGEST_HEAD)]
    numbers = [(line, found) for line in head if (found := _number(line.text))]
    days = [(line, found) for line in head if (found := _day(_without_number(line.text)))]
    whole = "\n".join(line.text for line in lines[body:])
    units = _units(head)
    blanks = [
        Blank("number", Source(line.number, line.text))
        for line, found in numbers[:1]
        if not found.number
    ]
    blanks += [
        Blank("day", Source(line.number, line.text)) for line, found in days[:1] if not _date(found)
    ]
    return Header(
        kind=kind,
        issuer=casing.usual(units[-1], whole) if units else None,
        superior=casing.usual(" ".join(units[:-1]), whole) if len(units) > 1 else None,
        number=numbers[0][1].number if numbers else None,
        symbol=numbers[0][1].symbol if numbers else None,
        place=_place(days[0][1]) if days else None,
        issued_on=_date(days[0][1]) if days else None,
        year=_year(days[0][1]) if days else None,
        title=title,
        title_source=Source(title_line.number, title) if title and title_line else None,
        blanks=tuple(blanks),
        body=body,
    )


def _kind(lines: tuple[Line, ...]) -> tuple[DocumentKind | None, int | None]:
    """The name of the kind in capitals on a line of its own, or what makes a letter."""
    for index, line in enumerate(lines[:_LONGEST_HEAD]):
        for cell in line.cells:
            text = without_stars(cell).strip(" .:-–")
            for name, kind in _KINDS.items():
                if text == name or (
                    text.isupper() and text.startswith(name + " ") and not _is_unit(text)
                ):
                    return kind, index
        if _FIRST_OF_BODY.match(line.text) and not line.text.startswith(("-", "*", "Kính gửi")):
            break
    first = [without_stars(line.text) for line in lines[:_LONGEST_HEAD]]
    if any(_ABOUT.match(text) for text in first) or any(t.startswith("Kính gửi") for t in first):
        return DocumentKind.LETTER, None
    return None, None


def _is_unit(text: str) -> bool:
    return bool(_ISSUER.match(text))


def _title(lines: tuple[Line, ...], at: int | None) -> tuple[str | None, Line | None, int]:
    """The abstract under the kind, or after "V/v", or the headline of a news item."""
    if at is None:
        return _about_or_headline(lines)
    heading = without_stars(lines[at].text)
    parts = [] if heading.strip(" .:") in _KINDS else [_after_kind(heading)]
    first, end = (lines[at] if parts else None), at + 1
    for line in lines[at + 1 : at + 7]:
        text = without_stars(line.text)
        if _FIRST_OF_BODY.match(text) and (parts or _NO_TITLE.match(text)):
            break
        if parts and _is_sentence(text):
            break
        end += 1
        if (
            _RULE.fullmatch(text)
            or text.startswith("(Kèm theo")
            or text.startswith("(Ban hành kèm")
        ):
            continue
        parts.append(text)
        first = first or line
        if len(parts) >= 3:
            break
    title = _ABOUT.sub("", " ".join(filter(None, parts)), count=1).strip(" .")
    title = title[:1].upper() + title[1:]
    return (title or None), first, end


def _after_kind(heading: str) -> str:
    for name in _KINDS:
        if heading.startswith(name):
            return heading[len(name) :].strip(" :.-")
    return heading


def _is_sentence(text: str) -> bool:
    return text.endswith((":", ".", ";")) or len(text) > 220


def _about_or_headline(lines: tuple[Line, ...]) -> tuple[str | None, Line | None, int]:
    for index, line in enumerate(lines[:_LONGEST_HEAD]):
        match = _ABOUT.search(line.text)
        if match and (match.start() == 0 or _number(line.text)):
            title, end = _PLACE_AND_DAY.sub("", line.text[match.end() :]), index + 1
            for more in lines[end : end + 3]:
                if not more.text[0].islower():
                    break
                title, end = f"{title} {more.text}", end + 1
            title = title.strip(" .")
            return title[:1].upper() + title[1:], line, _after_head_lines(lines, end)
    for index, line in enumerate(lines[:_LONGEST_HEAD]):
        if not _is_head_line(line.text):
            title = without_stars(line.text).strip("# .")
            if len(title) <= 300 and not title.startswith("Kính gửi"):
                return title or None, line, _after_head_lines(lines, index + 1)
            return None, None, index
    return None, None, 0


def _after_head_lines(lines: tuple[Line, ...], end: int) -> int:
    """Where the head ends, when number, place or day stand below the title."""
    while end < len(lines) and _is_head_line(lines[end].text):
        end += 1
    return end


def _is_head_line(text: str) -> bool:
    """Whether a line is motto, number, place and day, a rule, or a name in capitals."""
    return bool(
        _MOTTO.search(text)
        or _RULE.fullmatch(text)
        or _number(text)
        or (_PLACE_AND_DAY.match(text) and len(text) < 80)
        or _STAMP.fullmatch(text)
        or (text.isupper() and _is_unit(text) and len(text.split()) < 14)
    )


def _number(text: str) -> _Number | None:
    match = _NUMBER.search(without_stars(text))
    if not match or match.start() > 60 or not match["symbol"]:
        return None
    number = re.sub(r"[.…_\-\s]", "", match["number"])
    symbol = re.sub(r"\s", "", match["symbol"]).lstrip("/-–")
    return _Number(number or None, symbol)


def _without_number(text: str) -> str:
    text = without_stars(text)
    match = _NUMBER.search(text)
    return text[match.end() :].strip() if match and match["symbol"] else text


def _date(match: re.Match[str]) -> date | None:
    day, month = _digits(match["day"]), _digits(match.groupdict().get("month") or match["slash"])
    year = _year(match)
    if day is None or month is None or year is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(match: re.Match[str]) -> int | None:
    return _digits(match.groupdict().get("year") or match["slashed"])


def _digits(text: str | None) -> int | None:
    found = re.sub(r"\D", "", text or "")
    return int(found) if found and len(found) <= 4 else None


def _day(text: str) -> re.Match[str] | None:
    """Place and day of a document, or the stamp of a news item."""
    return _PLACE_AND_DAY.search(text) or _STAMP.fullmatch(text)


def _place(match: re.Match[str]) -> str | None:
    """The place alone, without a motto or a symbol on the same line."""
    return _MOTTO.sub("", match.groupdict().get("place") or "").strip(" .-–*") or None


def _units(head: tuple[Line, ...]) -> list[str]:
    """The names above the number: the superior's, then the issuer's; broken names put together."""
    names: list[str] = []
    for line in head:
        if _number(line.text):
            rest = _NUMBER.split(without_stars(line.text))[0].strip()
            if rest and _is_unit(rest):
                names.append(rest)
            break
        for cell in line.cells:
            text = _MOTTO.sub("", without_stars(cell)).strip(" .-–—_*")
            if not text or _PARTY.search(text) or not text.isupper() or _PLACE_AND_DAY.match(text):
                continue
            if names and (not _is_unit(text) or _is_rest(names[-1], text)):
                names[-1] = f"{names[-1]} {text}"
            elif _is_unit(text):
                names.append(text)
    return names


_UNFINISHED = re.compile(
    r"(?:VÀ|NHÂN DÂN|DU|ĐÀO|THỂ|CỦA|CÔNG|-|–|,|KHOA HỌC|HỌC|NGHỀ NGHIỆP|THƯỜNG XUYÊN|UBND)$"
)
_PLACE_KIND = re.compile(r"(?:TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|THỊ XÃ|XÃ|PHƯỜNG|ĐẶC KHU)\s+(?!ỦY|ĐOÀN)\S")


def _is_rest(name: str, text: str) -> bool:
    """Whether the second line goes on with the name of the first."""
    return bool(_UNFINISHED.search(name) or _PLACE_KIND.match(text)) and not (
        _PLACE_KIND.search(name) and _PLACE_KIND.match(text)
    )
