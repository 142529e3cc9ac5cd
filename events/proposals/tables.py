"""Tables of a plan: what each column is about, and the cells of each row by that."""

import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import zip_longest

from events.proposals.document import Line


class Column(StrEnum):
    """What a column says."""

    COUNT = "count"
    CONTENT = "content"
    LEAD = "lead"
    PARTNER = "partner"
    UNIT = "unit"
    DUE = "due"
    TIME = "time"
    PLACE = "place"
    FORMAT = "format"
    AUDIENCE = "audience"
    OTHER = "other"


_HEADS = (
    (Column.COUNT, r"(?:s[ốo] )?tt|stt|số thứ tự|no\.?"),
    (Column.PARTNER, r".*phối hợp.*"),
    (Column.LEAD, r".*(?:chủ trì|phụ trách|đầu mối|chịu trách nhiệm).*"),
    (Column.DUE,
        r"(?:thời hạn|hạn|thời gian hoàn thành|hoàn thành|hạn hoàn thành|thời hạn hoàn thành"
        r"|ngày hoàn thành|hạn cuối).*"),
    (Column.TIME, r"(?:thời gian|ngày|thời điểm|tiến độ|giờ|lịch|thứ).*"),
    (Column.PLACE, r"(?:địa điểm|nơi|vị trí|địa chỉ).*"),
    (Column.FORMAT, r"(?:hình thức|phương thức).*"),
    (Column.AUDIENCE, r"(?:đối tượng|thành phần|người tham).*"),
    (Column.CONTENT,
        r"(?:nội dung|hoạt động|công việc|nhiệm vụ|tên|việc|chương trình|sự kiện|phần việc"
        r"|các hoạt động|các nội dung).*"),
    (Column.UNIT,
        r"(?:đơn vị|cơ quan|bộ phận|người|phụ trách|phân công|tổ chức|phòng|lực lượng|ai"
        r"|cá nhân|trách nhiệm).*"),
)  # fmt: skip
_PATTERNS = [(column, re.compile(words, re.IGNORECASE)) for column, words in _HEADS]
_LONGEST_HEAD = 60
_COUNTED = re.compile(r"\d{1,3}(?:\.\d{1,2})?\.?")
_GROUP = re.compile(r"(?:[IVX]{1,5}|[A-H])\.?")
"""How the rows are counted that only name those below them."""

Row = dict[Column, str]
"""The cells of one row by what their columns say."""


def rows(lines: Sequence[Line]) -> dict[int, Row]:
    """Each row under a heading that can be read, by the number of its line; headings are empty."""
    found: dict[int, Row] = {}
    columns: list[Column] | None = None
    for line, after in zip_longest(lines, lines[1:]):
        if len(line.cells) < 2:
            if columns and _is_group(line, after):
                found[line.number] = {}
            else:
                columns = None
            continue
        heading = _columns(line.cells)
        if heading:
            columns = heading
            found[line.number] = {}
        elif columns:
            found[line.number] = _row(columns, line.cells)
    return found


def _is_group(line: Line, after: Line | None) -> bool:
    """Whether a line in a table only names the rows that follow: "II. Các hoạt động"."""
    if after is None or len(line.text) > _LONGEST_HEAD * 2 or _columns(after.cells):
        return False
    return len(after.cells) > 2 and bool(_COUNTED.fullmatch(after.cells[0].strip()))


def _columns(cells: tuple[str, ...]) -> list[Column] | None:
    """What the columns say, when at least two of them say something and one is the content."""
    if any(len(cell) > _LONGEST_HEAD for cell in cells):
        return None
    columns = [column_of(cell) for cell in cells]
    if Column.PARTNER in columns and Column.LEAD not in columns:
        columns = [Column.LEAD if column is Column.UNIT else column for column in columns]
    telling = [column for column in columns if column is not Column.OTHER]
    return columns if Column.CONTENT in telling and len(telling) >= 2 else None


def column_of(cell: str) -> Column:
    """What a column with this name says."""
    words = cell.strip(" .:*").lower()
    return next((column for column, head in _PATTERNS if head.fullmatch(words)), Column.OTHER)


def _row(columns: list[Column], cells: tuple[str, ...]) -> Row:
    row: Row = {}
    for column, cell in zip(columns, cells, strict=False):
        if cell and not re.fullmatch(r"[-–./…]*", cell):
            row[column] = f"{row[column]}, {cell}" if column in row else cell
    others = row.keys() - {Column.COUNT, Column.CONTENT}
    names_group = _GROUP.fullmatch(row.get(Column.COUNT, "")) or len(columns) > len(row) == 1
    return {} if names_group and not others else row
