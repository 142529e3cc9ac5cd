"""The report as DOCX, in the layout of Decree 30/2020; number and day stay blank."""

from io import BytesIO
from typing import Any

from docx.shared import Mm, Pt

from core import official
from core.pages import new_sheet
from core.paper import CENTRE, LEFT, add, add_body, write
from reports import annexes, wording
from reports.frozen import Facts, Frozen


def report(frozen: Frozen) -> bytes:
    """The whole document, ready for the records office."""
    facts = frozen.facts
    document = new_sheet()
    _describe(document, frozen)
    _head(document, frozen)
    official.title(document, "BÁO CÁO", wording.subject(facts))
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
    official.head(
        document,
        superior=unit["parent"],
        issuer=unit["name"],
        number=wording.symbol(frozen.facts),
        place=unit["place"],
        dated=wording.dated(frozen.made_at),
    )


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
    official.foot(
        document,
        recipients=recipients(facts),
        signing=lines(facts, "signing"),
        signer=" ".join(lines(facts, "signer")),
    )


def recipients(facts: Facts) -> list[str]:
    """Who receives it: *Như trên* only after addressees, the file copy last."""
    as_above = bool(lines(facts, "addressees"))
    return official.receivers(lines(facts, "recipients"), as_above=as_above)


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
