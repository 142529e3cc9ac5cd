"""A sheet as Decree 30/2020 wants it: A4, Times New Roman, black, rules of a set width."""

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

FONT = "Times New Roman"
LEFT, CENTRE, RIGHT, JUSTIFIED = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
TEXT_WIDTH = 165
LANDSCAPE_WIDTH = 252
_INDENT = Mm(12.7)


def write(
    paragraph: Any, text: str, *, size: float = 14, bold: bool = False, italic: bool = False
) -> Any:
    """A run in the one font, black."""
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    run.font.size = Pt(size)
    run.font.color.rgb = RGBColor(0, 0, 0)
    set_fonts(run._r.get_or_add_rPr())
    return run


def add(
    place: Any,
    text: str = "",
    *,
    size: float = 14,
    bold: bool = False,
    italic: bool = False,
    align: Any = LEFT,
    before: float = 0,
    after: float = 0,
    keep: bool = False,
) -> Any:
    """A paragraph in a document or a cell."""
    paragraph = _first_or_new(place)
    shape = paragraph.paragraph_format
    shape.alignment = align
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.line_spacing = 1.0
    shape.keep_with_next = keep
    if text:
        write(paragraph, text, size=size, bold=bold, italic=italic)
    return paragraph


def add_body(document: Any, text: str, *, bold: bool = False, level: int | None = None) -> Any:
    """A paragraph of the text: justified, its first line indented; a heading has a level."""
    paragraph = add(document, text, bold=bold, align=JUSTIFIED, before=3, after=3)
    paragraph.paragraph_format.first_line_indent = _INDENT
    paragraph.paragraph_format.line_spacing = 1.15
    if level is not None:
        paragraph.paragraph_format.keep_with_next = True
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level))
        paragraph._p.get_or_add_pPr().append(outline)
    return paragraph


def rule(place: Any, width: float, within: float) -> Any:
    """A solid line of so many millimetres, centred: the border of an empty paragraph."""
    paragraph = add(place)
    shape = paragraph.paragraph_format
    side = Mm(max(within - width, 0) / 2)
    shape.left_indent = shape.right_indent = side
    shape.line_spacing = Pt(3)
    border = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in {"val": "single", "sz": "6", "space": "0", "color": "000000"}.items():
        line.set(qn(f"w:{name}"), value)
    border.append(line)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")
    return paragraph


def columns(document: Any, widths: Sequence[float]) -> list[Any]:
    """The cells of one borderless row, without padding."""
    table = _table(document, widths, rows=1)
    _set_padding(table, 0)
    return list(table.rows[0].cells)


def grid(
    document: Any,
    widths: Sequence[float],
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numbers: Sequence[int] = (),
    centred: Sequence[int] = (0,),
    size: float = 12,
) -> Any:
    """A ruled table whose head returns on every page; a row of one cell is a heading."""
    table = _table(document, widths, rows=1)
    table.style = "Table Grid"
    _set_padding(table, 1.9)
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        add(cell, text, size=size, bold=True, align=CENTRE, before=2, after=2)
    _repeat(table.rows[0])
    for row in rows:
        made = table.add_row()
        _set_whole(made)
        cells = made.cells
        if len(row) == 1:
            merged = cells[0].merge(cells[-1])
            add(merged, row[0], size=size, bold=True, before=2, after=2, keep=True)
            continue
        for column, (cell, text) in enumerate(zip(cells, row, strict=True)):
            align = RIGHT if column in numbers else CENTRE if column in centred else LEFT
            add(cell, text, size=size, align=align, before=2, after=2)
    for made in table.rows:
        for cell, width in zip(made.cells, widths, strict=False):
            cell.width = Mm(width)
    return table


def _table(document: Any, widths: Sequence[float], rows: int) -> Any:
    table = document.add_table(rows=rows, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for cell, width in zip(table.rows[0].cells, widths, strict=True):
        cell.width = Mm(width)
    return table


def _first_or_new(place: Any) -> Any:
    """The empty paragraph that every new cell has, or a new one."""
    paragraphs = place.paragraphs
    unused = hasattr(place, "_tc") and len(paragraphs) == 1 and not len(paragraphs[0]._p)
    return paragraphs[0] if unused else place.add_paragraph()


def _set_padding(table: Any, millimetres: float) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        edge = OxmlElement(f"w:{side}")
        across = millimetres if side in {"left", "right"} else 0
        edge.set(qn("w:w"), str(round(across * 56.7)))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        look.addprevious(margins)
    else:
        properties.append(margins)


def _repeat(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_whole(cell: Any) -> None:
    """Let the row of a cell never break over two pages."""
    row = cell._tc.getparent()
    row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _set_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def set_fonts(properties: Any) -> None:
    """The one font for every script, whatever the theme says."""
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
