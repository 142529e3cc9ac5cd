"""The pages of an official document: A4, margins, numbers in the top margin from page 2."""

from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from core.paper import CENTRE, set_fonts, write

MARGINS = {"top_margin": 20, "bottom_margin": 20, "left_margin": 30, "right_margin": 15}
"""Millimetres, within what the decree allows."""


def new_sheet() -> Any:
    """An empty document with the page, the font and the page number in place."""
    document = Document()
    _set_normal(document)
    _set_page(document.sections[0], landscape=False)
    _number_pages(document.sections[0])
    return document


def new_section(document: Any, *, landscape: bool) -> None:
    """A new page with its own numbering from 1, hidden on its first page."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _set_page(section, landscape=landscape)
    _number_pages(section)


def _set_normal(document: Any) -> None:
    style = document.styles["Normal"]
    style.font.size = Pt(14)
    style.font.color.rgb = RGBColor(0, 0, 0)
    set_fonts(style.element.get_or_add_rPr())
    defaults = document.styles.element.find(
        f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}"
    )
    set_fonts(defaults)
    language = defaults.find(qn("w:lang"))
    if language is not None:
        language.set(qn("w:val"), "vi-VN")


def _set_page(section: Any, *, landscape: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (
        Mm(297 if landscape else 210),
        Mm(210 if landscape else 297),
    )
    for name, millimetres in MARGINS.items():
        setattr(section, name, Mm(millimetres))
    section.header_distance = section.footer_distance = Mm(10)


def _number_pages(section: Any) -> None:
    """Arabic, from 1, centred in the top margin, not on the first page."""
    section.different_first_page_header_footer = True
    numbering = section._sectPr.find(qn("w:pgNumType"))
    if numbering is None:
        numbering = OxmlElement("w:pgNumType")
        section._sectPr.insert_element_before(
            numbering, "w:cols", "w:titlePg", "w:textDirection", "w:docGrid"
        )
    numbering.set(qn("w:start"), "1")
    for part in (section.header, section.first_page_header):
        part.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.paragraph_format.alignment = CENTRE
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = write(paragraph, "")
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
