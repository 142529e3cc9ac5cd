"""The lines above a title: who issues, number and symbol, place and day."""

import re
from dataclasses import dataclass
from datetime import date

from events.proposals.document import Line, without_stars

_MOTTO = re.compile(
    r"CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA VIỆT NAM|Độc lập\s*[-–—]\s*Tự do\s*[-–—]\s*Hạnh phúc", re.I
)
_PARTY = re.compile(r"ĐẢNG CỘNG SẢN VIỆT NAM")
_NUMBER = re.compile(
    r"\bSố\s*:?\s*(?P<number>[.…_]*\d[\d.]{0,8}[A-Za-z]?[.…_]*|[.…_\-\s]*)\s*"
    r"(?P<symbol>(?:[-/–]\s*|(?<=\d )(?=[A-ZĐ]{2,4}/[A-ZĐ]))[A-ZĐ][A-ZĐa-zđ0-9]*"
    r"(?:\s?[-–&/.+]\s?[A-ZĐÂÊÔƯĂƠ][A-ZĐÂÊÔƯĂƠa-zđ0-9&]*)*)?"
)
PLACE_AND_DAY = re.compile(
    r"(?P<place>[^\W\d_][^,;:]{1,60}?)\s*,\s*(?:ngày\b|(?=\d{1,2}\s*/))"
    r"(?P<day>[\s\d.…_]*?)(?:/(?P<slash>\s*\d{0,2}\s*)/\s*(?P<slashed>\d{4})"
    r"|\btháng\b(?P<month>[\s\d.…_]*?)\bnăm\b(?P<year>[\s\d.…_]*))",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"\(?(?:Thứ \w+,?\s*|Chủ nhật,?\s*)?(?:(?:Ngày (?:đăng"
    r"|đưa tin|cập nhật)|Cập nhật|Đăng "
    r"ngày|Ngày):?\s*)?(?P<day>\d{1,2})[/.-](?P<slash>\d{1,2})[/.-](?P<slashed>\d{4})"
    r"(?:[\s,|-]*\d{1,2}[:hg]\d{0,2}(?::\d\d)?)?\)?(?:\s*\(?GMT.*)?",
    re.IGNORECASE,
)
"""When a news item was put on a site."""
_ISSUER = re.compile(
    r"(?:ỦY BAN|UỶ BAN|UBND|SỞ|BỘ|BAN|PHÒNG|HỘI|ĐOÀN|TRƯỜNG|TRUNG TÂM|THƯ VIỆN|BẢO TÀNG|VĂN PHÒNG"
    r"|ĐẠI HỌC|HỌC VIỆN|VIỆN|CỤC|CHI CỤC|LIÊN ĐOÀN|CÔNG ĐOÀN|ĐẢNG|TỈNH|THÀNH|HUYỆN|MẶT TRẬN|CÔNG AN"
    r"|ĐÀI|BÁO|TỔNG|VỤ|BCH|BCĐ|TTHTCĐ|TT|CÔNG TY|LIÊN HIỆP|NHÀ|KHOA|CÂU LẠC BỘ|CỤM|QUỸ"
    r"|TẬP ĐOÀN|TRẠM|BỆNH VIỆN|NGÂN HÀNG|KHO BẠC|HỢP TÁC XÃ|ĐỒN|BƯU ĐIỆN|THÔN|XÍ NGHIỆP|TÒA ÁN)\b"
)
RULE = re.compile(r"[\W_]*$")
_UNFINISHED = re.compile(r"(?:VÀ|NHÂN DÂN|CỦA|-|–|,|UBND)$")
"""How a name ends that goes on in the next line, even when that begins as a name does."""
_PLACE_KIND = re.compile(r"(?:TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|THỊ XÃ|XÃ|PHƯỜNG|ĐẶC KHU)\s+(?!ỦY|ĐOÀN)\S")


@dataclass(frozen=True, slots=True)
class Number:
    """Number and symbol; the records office may not have written the number yet."""

    number: str | None
    symbol: str | None


def is_issuer(text: str) -> bool:
    """Whether a line begins as the name of a unit in capitals."""
    return bool(_ISSUER.match(text))


def is_head_line(text: str) -> bool:
    """Whether a line is motto, number, place and day, a rule, or a name in capitals."""
    return bool(
        _MOTTO.search(text)
        or RULE.fullmatch(text)
        or number_in(text)
        or (PLACE_AND_DAY.match(text) and len(text) < 80)
        or _STAMP.fullmatch(text)
        or (text.isupper() and is_issuer(text) and len(text.split()) < 14)
    )


def number_in(text: str) -> Number | None:
    """The number and symbol on a line: "Số: 05/KH-SKHCN"."""
    match = _NUMBER.search(without_stars(text))
    if not match or match.start() > 60 or not match["symbol"]:
        return None
    number = re.sub(r"[.…_\-\s]", "", match["number"])
    symbol = re.sub(r"\s", "", match["symbol"]).lstrip("/-–")
    return Number(number or None, symbol)


def without_number(text: str) -> str:
    """What stands on the line right of the number and symbol."""
    text = without_stars(text)
    match = _NUMBER.search(text)
    return text[match.end() :].strip() if match and match["symbol"] else text


def date_of(match: re.Match[str]) -> date | None:
    """The day of issue, when nothing of it is blank."""
    day, month = _digits(match["day"]), _digits(match.groupdict().get("month") or match["slash"])
    year = year_of(match)
    if day is None or month is None or year is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def year_of(match: re.Match[str]) -> int | None:
    """The year of issue, which may stand where the day is blank."""
    return _digits(match.groupdict().get("year") or match["slashed"])


def _digits(text: str | None) -> int | None:
    found = re.sub(r"\D", "", text or "")
    return int(found) if found and len(found) <= 4 else None


def day_in(text: str) -> re.Match[str] | None:
    """Place and day of a document, or the stamp of a news item."""
    return _STAMP.fullmatch(text) or PLACE_AND_DAY.search(text)


def place_of(match: re.Match[str]) -> str | None:
    """The place alone, without a motto or a symbol on the same line."""
    return _MOTTO.sub("", match.groupdict().get("place") or "").strip(" .-–*") or None


def issuers(head: tuple[Line, ...]) -> list[str]:
    """The names above the number: the superior's, then the issuer's; broken names put together."""
    names: list[str] = []
    for line in head:
        if number_in(line.text):
            rest = _NUMBER.split(without_stars(line.text))[0].strip()
            if rest and is_issuer(rest):
                names.append(rest)
            break
        for cell in line.cells:
            text = _MOTTO.sub("", without_stars(cell)).strip(" .-–—_*")
            if not text or _PARTY.search(text) or not text.isupper() or PLACE_AND_DAY.match(text):
                continue
            if names and (not is_issuer(text) or _is_rest(names[-1], text)):
                names[-1] = f"{names[-1]} {text}"
            elif is_issuer(text):
                names.append(text)
    return names


def _is_rest(name: str, text: str) -> bool:
    """Whether the second line goes on with the name of the first."""
    if name.endswith("HỌC") and text.startswith("KHOA "):
        return True
    return bool(_UNFINISHED.search(name) or _PLACE_KIND.match(text)) and not (
        _PLACE_KIND.search(name) and _PLACE_KIND.match(text)
    )
