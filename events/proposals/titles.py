"""What kind of document it is, and its title: under the kind, after "V/v", or a headline."""

import re

from events.proposals import units
from events.proposals.details import is_detail
from events.proposals.document import PICTURES, Line, without_stars
from events.proposals.letterhead import PLACE_AND_DAY, RULE, is_head_line, is_issuer, number_in
from events.proposals.proposal import DocumentKind

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
_FIRST_OF_BODY = re.compile(
    r"(?:Căn cứ|Thực hiện|Theo|Kính gửi|Để|Nhằm|Xét|Triển khai thực hiện|Tiếp tục thực hiện"
    r"|Trên cơ sở|Hưởng ứng Công văn|Thi hành|Phần)\b|(?:[IVX]+|[A1])\s?[./)-]\s|[-+–*•]",
)
_NO_TITLE = re.compile(
    r"(?:Căn cứ|Kính gửi|Xét|Theo)\b|(?:[IVX]+|[A1])\s?[./)-]\s|[-+–*•]|(?=.{300})|.*:$"
)
_ABOUT = re.compile(r"(?:V/v|Về việc|Vv)\s*:?\s*", re.IGNORECASE)
LONGEST_HEAD = 40


def kind_of(lines: tuple[Line, ...]) -> tuple[DocumentKind | None, int | None]:
    """The name of the kind on a line of its own, or what makes a letter."""
    for index, line in enumerate(lines[:LONGEST_HEAD]):
        for cell in line.cells:
            kind = _named_on(without_stars(cell).strip(" .:-–"))
            if kind is not None:
                return kind, index
        if _FIRST_OF_BODY.match(line.text) and not line.text.startswith(("-", "*", "Kính gửi")):
            break
    first = [without_stars(line.text) for line in lines[:LONGEST_HEAD]]
    if any(_ABOUT.match(text) for text in first) or any(t.startswith("Kính gửi") for t in first):
        return DocumentKind.LETTER, None
    return None, None


def _named_on(text: str) -> DocumentKind | None:
    """The kind on a line that says nothing else, or in capitals with what it is about."""
    for name, kind in _KINDS.items():
        begins = text.isupper() and text.startswith(name + " ") and not is_issuer(text)
        if begins or text in {name, name.capitalize()}:
            return kind
    return None


def title_of(lines: tuple[Line, ...], at: int | None) -> tuple[str | None, Line | None, int]:
    """The abstract under the kind, or after "V/v", or the headline of a news item."""
    if at is None:
        return _about_or_headline(lines)
    heading = without_stars(lines[at].text)
    in_one_line = heading.strip(" .:-–").upper() not in _KINDS
    parts = [_after_kind(heading)] if in_one_line else []
    first, end = (lines[at] if parts else None), at + 1
    for line in lines[at + 1 : at + 7]:
        text = without_stars(line.text)
        if _FIRST_OF_BODY.match(text) and (parts or _NO_TITLE.match(text)):
            break
        if parts and (_is_sentence(text) or is_detail(text)):
            break
        if in_one_line and (units.is_units(text) or PICTURES.match(line.text)):
            break
        end += 1
        if RULE.fullmatch(text) or text.startswith(("(Kèm theo", "(Ban hành kèm")):
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
    for index, line in enumerate(lines[:LONGEST_HEAD]):
        about = next(filter(_ABOUT.match, line.cells), line.text)
        match = _ABOUT.search(about)
        if match and (match.start() == 0 or number_in(line.text)):
            title, end = PLACE_AND_DAY.sub("", about[match.end() :]), index + 1
            for more in lines[end : end + 3]:
                if not more.text[0].islower():
                    break
                title, end = f"{title} {more.text}", end + 1
            title = title.strip(" .")
            return title[:1].upper() + title[1:], line, _after_head_lines(lines, end)
    for index, line in enumerate(lines[:LONGEST_HEAD]):
        if not is_head_line(line.text):
            title = without_stars(line.text).strip("# .")
            if len(title) <= 300 and not title.startswith("Kính gửi"):
                return title or None, line, _after_head_lines(lines, index + 1)
            return None, None, index
    return None, None, 0


def _after_head_lines(lines: tuple[Line, ...], end: int) -> int:
    """Where the head ends, when number, place or day stand below the title."""
    while end < len(lines) and is_head_line(lines[end].text):
        end += 1
    return end
