"""The report as DOCX, in the layout of Decree 30/2020; number and day stay blank."""

from io import BytesIO
from typing import Any

from docx.shared import Mm, Pt

from reports import annexes, wording
from reports.frozen import Facts, Frozen
from reports.measure import balanced, width
from reports.paper import (
    CENTRE,
    LEFT,
    TEXT_WIDTH,
    add,
    add_body,
    columns,
    keep_whole,
    new_sheet,
    rule,
    write,
)

HEAD_LEFT, HEAD_RIGHT = 64, 101
"""Millimetres; so the national name at 13 pt stands on one line."""

FOOT_LEFT, FOOT_RIGHT = 82, 83
MOTTO_WIDTH = 60.5
"""How wide Độc lập - Tự do - Hạnh phúc is at 14 pt bold: its rule is as long."""

RULE_SHARE = 5 / 12
"""Rules under names and titles are between a third and a half of the text."""


def report(frozen: Frozen) -> bytes:
    """The whole document, ready for the records office."""
    facts = frozen.facts
    document = new_sheet()
    _describe(document, frozen)
    _head(document, frozen)
    _title(document, facts)
    _addressees(document, facts)
    add_body(document, wording.opening(facts))
    for line in wording.body(facts, frozen.made_at, annexes.named(facts)):
        add_body(document, line.text, bold=line.level is not None, level=line.level)
    add_body(document, wording.closing(facts)).paragraph_format.keep_with_next = True
    _foot(document, facts)
    annexes.append(document, frozen.facts, issued(frozen), frozen)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def issued(frozen: Frozen) -> str:
    """How an annex names the report that it goes with."""
    number, day = wording.symbol(frozen.facts), wording.dated(frozen.made_at)
    return f"(Kèm theo Báo cáo số{number} {day} của {frozen.facts['unit']['name']})"


def _head(document: Any, frozen: Frozen) -> None:
    unit = frozen.facts["unit"]
    left, right = columns(document, (HEAD_LEFT, HEAD_RIGHT))
    if unit["parent"]:
        _agency(left, unit["parent"].upper(), bold=False)
    shown = _agency(left, unit["name"].upper(), bold=True)
    rule(left, shown * RULE_SHARE, HEAD_LEFT)
    add(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=13, bold=True, align=CENTRE)
    add(right, "Độc lập - Tự do - Hạnh phúc", size=14, bold=True, align=CENTRE)
    rule(right, MOTTO_WIDTH, HEAD_RIGHT)
    left, right = columns(document, (HEAD_LEFT, HEAD_RIGHT))
    add(left, f"Số:{wording.symbol(frozen.facts)}", size=13, align=CENTRE, before=8)
    place = unit["place"] or "……"
    add(
        right,
        f"{place}, {wording.dated(frozen.made_at)}",
        size=13,
        italic=True,
        align=CENTRE,
        before=8,
    )


def _agency(cell: Any, name: str, *, bold: bool) -> float:
    """A body's name, in two lines of like length when it is long; gives the width shown."""
    room = balanced(name, 13, HEAD_LEFT, bold=bold)
    paragraph = add(cell, name, size=13, bold=bold, align=CENTRE)
    side = Mm((HEAD_LEFT - room) / 2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    return min(width(name, 13, bold=bold), room)


def _title(document: Any, facts: Facts) -> None:
    subject = wording.subject(facts)
    add(document, "BÁO CÁO", bold=True, align=CENTRE, before=18, keep=True)
    add(document, subject, bold=True, align=CENTRE, keep=True)
    shown = min(width(subject, 14, bold=True), TEXT_WIDTH)
    rule(document, shown * RULE_SHARE, TEXT_WIDTH)


def _addressees(document: Any, facts: Facts) -> None:
    names = lines(facts, "addressees")
    if not names:
        add(document, after=6)
        return
    first = add(document, align=LEFT, before=12, after=6 if len(names) == 1 else 0)
    first.paragraph_format.left_indent = Mm(25)
    if len(names) == 1:
        write(first, f"Kính gửi: {names[0].rstrip('.')}.")
        first.paragraph_format.alignment = CENTRE
        first.paragraph_format.left_indent = Mm(0)
        return
    write(first, "Kính gửi:")
    for name in names:
        end = "." if name is names[-1] else ";"
        paragraph = add(document, f"- {name.rstrip('.;')}{end}", align=LEFT)
        paragraph.paragraph_format.left_indent = Mm(46)
    paragraph.paragraph_format.space_after = Pt(6)


def _foot(document: Any, facts: Facts) -> None:
    add(document, size=6, keep=True).paragraph_format.line_spacing = Pt(6)
    left, right = columns(document, (FOOT_LEFT, FOOT_RIGHT))
    add(left, "Nơi nhận:", size=12, bold=True, italic=True, align=LEFT)
    receivers = recipients(facts)
    for receiver in receivers:
        end = "." if receiver is receivers[-1] else ";"
        add(left, f"- {receiver}{end}", size=11, align=LEFT)
    for title in lines(facts, "signing"):
        add(right, title.upper(), bold=True, align=CENTRE, keep=True)
    add(right, " ".join(lines(facts, "signer")), bold=True, align=CENTRE, before=72)
    keep_whole(left)


def recipients(facts: Facts) -> list[str]:
    """Who receives it: *Như trên* only after addressees, the file copy last."""
    named = [line.lstrip("- ").rstrip(".;") for line in lines(facts, "recipients")]
    files = [n for n in named if n.startswith("Lưu")] or ["Lưu: VT"]
    others = [n for n in named if n not in files and n != "Như trên"]
    return [*(["Như trên"] if lines(facts, "addressees") else []), *others, *files[-1:]]


def lines(facts: Facts, section: str) -> list[str]:
    """A passage of the frame as its lines."""
    text: str = facts["passages"].get(section, "")
    return [line.strip() for line in text.split("\n") if line.strip()]


def _describe(document: Any, frozen: Frozen) -> None:
    properties, facts = document.core_properties, frozen.facts
    properties.title = f"Báo cáo kết quả tổ chức {facts['campaign']['title']}"
    properties.author = properties.last_modified_by = facts["unit"]["name"]
    properties.comments = f"{frozen.code} v{frozen.version} {frozen.hash}"
    properties.created = properties.modified = frozen.made_at.replace(tzinfo=None)
    properties.language = "vi-VN"
    properties.revision = frozen.version
