"""A plan as DOCX in the layout of Decree 30/2020, through the code that reports use."""

from datetime import datetime
from io import BytesIO
from typing import Any

from core import official
from core.pages import new_section, new_sheet
from core.paper import (
    CENTRE,
    LANDSCAPE_WIDTH,
    add,
    add_body,
    grid,
    rule,
    write,
)
from events.documents import frame, wording
from events.models import Plan

UPRIGHT = (13, 42, 32, 28, 25, 25)
ACROSS = (13, 77, 44, 48, 36, 34)
"""Millimetres of the columns of the table of activities, in the text and in the annex."""


def document(plan: Plan, *, now: datetime) -> bytes:
    """The whole document, ready for the records office."""
    sheet = new_sheet()
    _describe(sheet, plan, now)
    official.head(
        sheet,
        superior=frame.superior(plan.unit),
        issuer=plan.unit.name,
        number=frame.number(plan),
        place=frame.place(plan.unit),
        dated=frame.dated(plan, now),
    )
    official.title(sheet, "KẾ HOẠCH", frame.subject(plan))
    add(sheet, size=6)
    for base in frame.bases(plan):
        write(add_body(sheet, ""), base, italic=True)
    add_body(sheet, wording.opening(plan))
    for line in wording.body(plan):
        _put(sheet, plan, line)
    add_body(sheet, wording.closing(plan)).paragraph_format.keep_with_next = True
    official.foot(
        sheet,
        recipients=official.receivers(frame.recipients(plan), as_above=False),
        signing=frame.signing(plan),
        signer=plan.signer,
    )
    if wording.in_annex(plan):
        _annex(sheet, plan, now)
    written = BytesIO()
    sheet.save(written)
    return written.getvalue()


def _put(sheet: Any, plan: Plan, line: wording.Line) -> None:
    if line.is_table:
        _table(sheet, plan, UPRIGHT)
        add(sheet, size=6)
    else:
        add_body(sheet, line.text, bold=line.level is not None, level=line.level)


def _table(sheet: Any, plan: Plan, widths: tuple[int, ...]) -> None:
    grid(sheet, widths, wording.HEADINGS, wording.rows(plan), centred=(0, 2))


def _annex(sheet: Any, plan: Plan, now: datetime) -> None:
    """The list of activities on pages of its own, across."""
    number, day = frame.number(plan), frame.dated(plan, now)
    new_section(sheet, landscape=True)
    add(sheet, "Phụ lục", bold=True, align=CENTRE, keep=True)
    add(sheet, "DANH MỤC HOẠT ĐỘNG", bold=True, align=CENTRE, keep=True)
    goes_with = f"(Kèm theo Kế hoạch số{number} {day} của {plan.unit.name})"
    add(sheet, goes_with, italic=True, align=CENTRE, keep=True)
    rule(sheet, 40, LANDSCAPE_WIDTH)
    add(sheet, size=6)
    _table(sheet, plan, ACROSS)


def _describe(sheet: Any, plan: Plan, now: datetime) -> None:
    properties = sheet.core_properties
    properties.title = f"Kế hoạch {frame.subject(plan)}"
    properties.author = properties.last_modified_by = plan.unit.name
    properties.comments = ""
    properties.created = properties.modified = now.replace(tzinfo=None)
    properties.language = "vi-VN"
    properties.revision = max(plan.version, 1)
