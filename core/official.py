"""The parts that every official document has: its head, its title, recipients and signature.

Layout as Decree 30/2020, annex I, gives it. Number and day are left to the records
office: what is not known stays open, and nothing is invented.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from docx.shared import Mm, Pt

from core.measure import balanced, width
from core.paper import (
    CENTRE,
    LEFT,
    TEXT_WIDTH,
    add,
    columns,
    keep_whole,
    rule,
)

BLANK = " " * 6
"""Room for what the records office writes."""

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")

HEAD_LEFT, HEAD_RIGHT = 64, 101
"""Millimetres; so the national name at 13 pt stands on one line."""

FOOT_LEFT, FOOT_RIGHT = 82, 83
MOTTO_WIDTH = 60.5
"""How wide Độc lập - Tự do - Hạnh phúc is at 14 pt bold: its rule is as long."""

RULE_SHARE = 5 / 12
"""Rules under names and titles are between a third and a half of the text."""


def on_day(day: date) -> str:
    """A day as documents write it: days below 10, January and February with a zero."""
    return f"ngày {day:%d} {in_month(day)}"


def in_month(day: date) -> str:
    """Month and year of a day that is not known yet."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"tháng {month} năm {day.year}"


def head(document: Any, *, superior: str, issuer: str, number: str, place: str, dated: str) -> None:
    """The bodies and their number on the left; country, motto, place and day on the right."""
    left, right = columns(document, (HEAD_LEFT, HEAD_RIGHT))
    if superior:
        _agency(left, superior.upper(), bold=False)
    shown = _agency(left, issuer.upper(), bold=True)
    rule(left, shown * RULE_SHARE, HEAD_LEFT)
    add(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=13, bold=True, align=CENTRE)
    add(right, "Độc lập - Tự do - Hạnh phúc", size=14, bold=True, align=CENTRE)
    rule(right, MOTTO_WIDTH, HEAD_RIGHT)
    left, right = columns(document, (HEAD_LEFT, HEAD_RIGHT))
    add(left, f"Số:{number}", size=13, align=CENTRE, before=8)
    written = f"{place or '……'}, {dated}"
    add(right, written, size=13, italic=True, align=CENTRE, before=8)


def title(document: Any, kind: str, subject: str) -> None:
    """The kind of document and, under it, what it is about."""
    add(document, kind, bold=True, align=CENTRE, before=18, keep=True)
    add(document, subject, bold=True, align=CENTRE, keep=True)
    shown = min(width(subject, 14, bold=True), TEXT_WIDTH)
    rule(document, shown * RULE_SHARE, TEXT_WIDTH)


def foot(document: Any, *, recipients: Sequence[str], signing: Sequence[str], signer: str) -> None:
    """Who receives it on the left, who signs on the right; never apart from each other."""
    add(document, size=6, keep=True).paragraph_format.line_spacing = Pt(6)
    left, right = columns(document, (FOOT_LEFT, FOOT_RIGHT))
    add(left, "Nơi nhận:", size=12, bold=True, italic=True, align=LEFT)
    last = len(recipients) - 1
    for place, receiver in enumerate(recipients):
        add(left, f"- {receiver}{'.' if place == last else ';'}", size=11, align=LEFT)
    for line in signing:
        add(right, line.upper(), bold=True, align=CENTRE, keep=True)
    add(right, signer, bold=True, align=CENTRE, before=72)
    keep_whole(left)


def receivers(named: Sequence[str], *, as_above: bool) -> list[str]:
    """Who receives it: *Như trên* only after addressees, the file copy last."""
    bare = [line.lstrip("- ").rstrip(".;") for line in named]
    files = [name for name in bare if name.startswith("Lưu")] or ["Lưu: VT"]
    others = [name for name in bare if name not in files and name != "Như trên"]
    return [*(["Như trên"] if as_above else []), *others, *files[-1:]]


def _agency(cell: Any, name: str, *, bold: bool) -> float:
    """A body's name, in two lines of like length when it is long; gives the width shown."""
    room = balanced(name, 13, HEAD_LEFT, bold=bold)
    paragraph = add(cell, name, size=13, bold=bold, align=CENTRE)
    side = Mm((HEAD_LEFT - room) / 2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    return min(width(name, 13, bold=bold), room)
