"""The foot of a document: who receives it, and in whose name and by what title it is signed."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from events.proposals.document import Line, without_stars
from events.proposals.proposal import Signer

_RECIPIENTS = re.compile(r"\s*N[ơo]i nh[ậâạa]n\s*:?\s*", re.IGNORECASE)
_TITLES = (
    r"CHỦ TỊCH|PHÓ CHỦ TỊCH|GIÁM ĐỐC|PHÓ GIÁM ĐỐC|HIỆU TRƯỞNG|PHÓ HIỆU TRƯỞNG|CHÁNH VĂN PHÒNG"
    r"|PHÓ CHÁNH VĂN PHÒNG|TRƯỞNG PHÒNG|PHÓ TRƯỞNG PHÒNG|TRƯỞNG BAN|PHÓ TRƯỞNG BAN|BỘ TRƯỞNG"
    r"|THỨ TRƯỞNG"
    r"|VIỆN TRƯỞNG|PHÓ VIỆN TRƯỞNG|BÍ THƯ|PHÓ BÍ THƯ|TỔNG BIÊN TẬP|CỤC TRƯỞNG|PHÓ CỤC TRƯỞNG"
    r"|VỤ TRƯỞNG"
    r"|PHÓ VỤ TRƯỞNG|TRƯỞNG KHOA|CHI CỤC TRƯỞNG|GIÁM THỊ|TRƯỞNG|PHÓ TRƯỞNG|TỔNG GIÁM ĐỐC"
    r"|NGƯỜI LẬP|QUYỀN"
    r"|HIỆU PHÓ|CHÁNH|PHÓ CHÁNH|CHỦ NHIỆM|PHÓ CHỦ NHIỆM|(?:TỔNG )?THƯ KÝ|(?:PHÓ )?\w{2,6} TRƯỞNG"
)
_AUTHORITY = re.compile(
    r"(?:TM|KT|TL|TUQ|Q|T/M|K/T|T/L|PHỤ TRÁCH)\s*\.?\s*(?=[A-ZĐÂÊÔƯĂƠỦỤỞÁÀẢÃẠ])"
)
_TITLE = re.compile(rf"(?:[QP]\.\s*)?(?:{_TITLES})\b")
_TWO_IN_ONE = re.compile(r"(?<=\w) (?=PHÓ )")
_ANNEX = re.compile(r"PHỤ LỤC\b|Phụ lục\s*(?:[IVX\d]+|:|$)")
_MOST_LINES = 30


@dataclass(frozen=True, slots=True)
class Closing:
    """The foot, and which lines it takes: ``start`` up to ``end``."""

    recipients: tuple[str, ...]
    signer: Signer
    start: int
    end: int


def closing(lines: tuple[Line, ...], body: int) -> Closing:
    """The foot of the document, at the end of the body or before the annexes."""
    recipients_at = _last(lines, body, lambda text: bool(_RECIPIENTS.match(text)))
    signer_at = _signature(lines, max(body, recipients_at or 0))
    start = recipients_at if recipients_at is not None else signer_at
    if start is None:
        return Closing((), Signer(None, None), len(lines), len(lines))
    if signer_at is None and recipients_at is not None:
        before = _signature(lines, max(body, recipients_at - 6))
        signer_at = before
        start = min(start, before) if before is not None else start
    end = _end(lines, max(start, signer_at or 0))
    foot = lines[start:end]
    return Closing(_recipients(foot), _signer(foot), start, end)


def _last(lines: tuple[Line, ...], body: int, is_it: Callable[[str], bool]) -> int | None:
    return next(
        (
            i
            for i in range(len(lines) - 1, body - 1, -1)
            if any(map(is_it, map(without_stars, lines[i].cells)))
        ),
        None,
    )


def _signature(lines: tuple[Line, ...], start: int) -> int | None:
    """The first line that signs: an abbreviation of authority, or a title alone."""
    for index in range(start, len(lines)):
        if _ANNEX.match(lines[index].text):
            return None
        if any(_signs(without_stars(cell)) for cell in lines[index].cells):
            return index
    return None


def _signs(text: str) -> bool:
    return text.isupper() and len(text) < 90 and bool(_AUTHORITY.match(text) or _TITLE.match(text))


def _end(lines: tuple[Line, ...], start: int) -> int:
    for index in range(start, min(len(lines), start + _MOST_LINES)):
        if _ANNEX.match(without_stars(lines[index].text)):
            return index
    return len(lines)


def _recipients(foot: tuple[Line, ...]) -> tuple[str, ...]:
    """The lines of the list; one without a bullet ends it unless it goes on."""
    found: list[str] = []
    began = False
    for line in foot:
        for cell in line.cells:
            text = without_stars(cell) if not cell.startswith("* ") else cell
            if _RECIPIENTS.match(text):
                began = True
                text = _RECIPIENTS.sub("", text, count=1)
            if not began or not text or _signs(text):
                continue
            if re.match(r"[-–+•*]\s*", text):
                found.extend(_entries(text))
            elif found and not found[-1].endswith((".", ";")) and text[0].islower():
                found[-1] = f"{found[-1]} {text}"
            elif not found and text[0].isupper() and text.endswith((";", ".")):
                found.extend(_entries(text))
    return tuple(entry for entry in (text.strip(" ;,.-–+•*") for text in found) if entry)


def _entries(text: str) -> list[str]:
    """The recipients of one line; a line that gives several parts them by semicolons."""
    whole = re.sub(r"^[-–+•*]\s*", "", text)
    whole = re.sub(r"^(Lưu\b[^.]*)\.\s.*$", r"\1", whole)
    return [part for part in re.split(r";\s*[-–+•]?\s*", whole) if part.strip()]


def _signer(foot: tuple[Line, ...]) -> Signer:
    """All lines in capitals from the abbreviation on; the last of them is the signer's title."""
    signs = [
        part
        for line in foot
        for cell in line.cells
        if _signs(without_stars(cell))
        for part in _TWO_IN_ONE.sub("\n", without_stars(cell)).rstrip(" ,.").split("\n")
    ]
    if not signs:
        return Signer(None, None)
    authority = [text for text in signs if _AUTHORITY.match(text) and not text.startswith("Q.")]
    titles = [text for text in signs if text not in authority]
    return Signer(" ".join(authority) or None, titles[-1] if titles else None)
