"""What goes out comes in again as it was; each cell that cannot be read is named."""

import csv
import unicodedata
from collections.abc import Hashable, Iterable, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.spreadsheets import reading, writing
from core.spreadsheets.columns import (
    Choice,
    Choices,
    Code,
    Codes,
    Column,
    Day,
    Hour,
    Number,
    Prose,
)
from core.spreadsheets.definitions import Entry, Keeper, Record, Sheet, Values
from core.spreadsheets.preview import Preview, Status, judge, unpacked
from core.text import is_clean
from tests.core.workbooks import a_workbook


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


SIZES = {Size.SMALL: "Seat kept", Size.LARGE: "Withdrawn"}
COLUMNS = (
    Code(key="code", heading="Unit code", needed=True),
    Column(key="name", heading="Full name", needed=True),
    Prose(key="about", heading="Remark"),
    Number(key="number", heading="Rows", high=999_999_999),
    Day(key="day", heading="First day"),
    Hour(key="hour", heading="Begins at"),
    Choice(key="size", heading="State", choices=SIZES),
    Choices(key="sizes", heading="Themes", choices=SIZES),
    Codes(key="units", heading="Units invited"),
    Column(key="seen", heading="Received on", shown=True),
)
BLANK = {column.key: column.empty() for column in COLUMNS} | {"code": "a", "name": "An"}


class Kept(Keeper):
    """A keeper whose rows are given."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        self._rows = [BLANK | row for row in rows]

    def records(self) -> Iterable[Record]:
        return [Record(row, row) for row in self._rows]

    def keys(self, values: Values) -> Sequence[Hashable]:
        return [values["code"]]

    def title(self, values: Values) -> str:
        return str(values["name"])

    def judge(self, entry: Entry) -> Iterable[Any]:
        return ()

    def keep(self, entries: Sequence[Entry]) -> None:
        raise NotImplementedError


def a_sheet(keeper: Kept) -> Sheet:
    return Sheet("things", "Things", "", "admin", COLUMNS, lambda _who, _now: keeper)


def looked(content: bytes, *rows: dict[str, Any]) -> Preview:
    keeper = Kept(*rows)
    return judge(a_sheet(keeper), keeper, reading.read(content, COLUMNS))


def written(kind: str, keeper: Kept, locale: str) -> bytes:
    rows = a_sheet(keeper).rows(keeper, locale)
    if kind == "xlsx":
        return writing.as_xlsx("Things", COLUMNS, rows, locale)
    content = writing.as_csv(COLUMNS, rows, locale, ";" if kind.startswith("semicolon") else ",")
    if kind.endswith("16"):
        return content.decode("utf-8-sig").encode("utf-16")
    if kind.endswith("bare"):
        return content.decode("utf-8-sig").encode()
    if kind.endswith("nfd"):
        return unicodedata.normalize("NFD", content.decode()).encode()
    return content


KINDS = ["xlsx", "semicolon", "comma", "comma bare", "semicolon nfd", "comma 16"]
AWKWARD = st.one_of(
    st.sampled_from(
        ["=1+1", "'=1+1", "''x", "+84 912", "-", "@SUM(A1)", "＝1", '"', ";", ",", '";,"', "00123",
         "1.127", "03/10/2027", "TRUE", "#REF!", "a\nb", "a\r\nb", " x ", "a  b", "a\tb", "_x0041_",
         "Nguyễn Đức", unicodedata.normalize("NFD", "Nguyễn Đức"), "x" * 300, "sep=;", "<b>&amp;"]
    ),
    st.text(max_size=40).filter(is_clean),
)  # fmt: skip
ROWS = st.builds(
    lambda **facts: BLANK | facts,
    name=AWKWARD.filter(lambda text: bool(text.strip())),
    about=AWKWARD,
    number=st.none() | st.integers(0, 999_999_999),
    day=st.none() | st.dates(date(2000, 1, 1), date(2100, 12, 31)),
    hour=st.none() | st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    size=st.none() | st.sampled_from(Size),
    sizes=st.frozensets(st.sampled_from(Size)),
    units=st.frozensets(st.from_regex(r"[a-z0-9]{1,5}", fullmatch=True), max_size=4),
    seen=AWKWARD,
)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(ROWS, min_size=1, max_size=6))
def test_what_goes_out_comes_in_as_the_same(kind: str, rows: list[dict[str, Any]]) -> None:
    rows = [row | {"code": f"u{n}"} for n, row in enumerate(rows)]

    for locale in ("vi", "en"):
        preview = looked(written(kind, Kept(*rows), locale), *rows)
        assert preview.counts()["same"] == len(rows), preview.verdicts


def test_nothing_that_goes_out_is_run() -> None:
    keeper = Kept({"name": "=1+1", "about": "@SUM(A1)"})
    book = load_workbook(BytesIO(written("xlsx", keeper, "vi")))

    assert {cell.data_type for row in book.worksheets[0] for cell in row} <= {"s", "n"}
    text = written("comma", keeper, "vi").decode("utf-8-sig")
    assert "'=1+1" in next(r for r in csv.reader(StringIO(text)) if "a" in r)


def test_the_template_lists_what_is_allowed() -> None:
    book = load_workbook(BytesIO(writing.as_xlsx("Things", COLUMNS, [], "en")))

    assert [cell.value for cell in book.worksheets[0][1]][:2] == ["Unit code *", "Full name *"]
    guide = {row[0].value: row[3].value for row in book.worksheets[1].iter_rows(min_row=2)}
    assert guide["State"] == "Seat kept\nWithdrawn"
    assert len(book.worksheets[0].data_validations.dataValidation) == 1


def test_each_line_says_what_it_would_do() -> None:
    content = a_workbook([
        ["code", "name", "number", "day"],
        ["a", "An", 5, datetime(2027, 10, 3)],  # noqa: DTZ001
        ["b", "Bình", "1.127", "04/10/2027"],
        ["c", "Chi", "", ""],
    ])  # fmt: skip

    preview = looked(content, {"code": "a", "name": "An"}, {"code": "c", "name": "Chi"})

    assert [v.status for v in preview.verdicts] == [Status.CHANGED, Status.NEW, Status.SAME]
    changes = [(c.heading, c.before, c.after) for c in preview.verdicts[0].changes]
    assert changes == [("Rows", "", "5"), ("First day", "", "03/10/2027")]
    assert preview.entries[1].values["number"] == 1127
    assert unpacked(preview.packed()) == preview.verdicts


@pytest.mark.parametrize(
    ("key", "cell", "sentence"),
    [
        ("number", "=1+1", "This cell holds a formula. Please paste its value instead."),
        ("number", "mười", "Please type a number from %(low)s to %(high)s."),
        ("number", 1.5, "Please type a number from %(low)s to %(high)s."),
        ("day", "31/02/2027", "Please type a day such as 03/10/2027."),
        ("day", 46299, "Please type a day such as 03/10/2027."),
        ("hour", "25:00", "Please type a time such as 07:30."),
        ("size", "khổng lồ", "“%(value)s” is none of the values allowed; the template lists them."),
        ("name", "x" * 301, "Please use at most %(most)s characters."),
        ("name", "", "“%(heading)s” is missing."),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named(key: str, cell: object, sentence: str) -> None:
    content = a_workbook([["code", "name", key], ["b", "Bình", cell]] if key != "name"
                         else [["code", "size", "name"], ["b", "small", cell]])  # fmt: skip

    (verdict,) = looked(content).verdicts

    assert verdict.status is Status.REFUSED
    assert [(r.cell, r.sentence) for r in verdict.reasons] == [("C2", sentence)]


def test_two_lines_about_one_thing_are_refused() -> None:
    preview = looked(b"code;name\nb;Binh\nb;Bao\n")

    assert [v.status for v in preview.verdicts] == [Status.NEW, Status.REFUSED]
    assert preview.verdicts[1].reasons[0].facts == {"row": "2"}


def test_a_column_that_is_left_out_stays_as_it_is() -> None:
    known = {"code": "a", "name": "An", "about": "cũ"}

    (verdict,) = looked(b"code;name\na;An\n", known).verdicts
    (emptied,) = looked(b"code;name;remark\na;An;\n", known).verdicts

    assert verdict.status is Status.SAME
    assert [(c.before, c.after) for c in emptied.changes] == [("cũ", "")]


def test_what_is_only_shown_is_not_taken() -> None:
    (verdict,) = looked("code;name;seen\na;An;khác\n".encode(), {"code": "a"}).verdicts

    assert verdict.status is Status.SAME


@pytest.mark.parametrize("typed", ["7h30", "07:30", "7 giờ 30", "07:30:00", time(7, 30)])
def test_hours_are_read_as_people_write_them(typed: object) -> None:
    assert COLUMNS[5].parse(typed) == time(7, 30)


def test_headings_are_known_in_both_languages_with_or_without_their_signs() -> None:
    for headings in ("Ma don vi;NAME", "unit code *;FULL NAME *", "Mã đơn vị;name"):
        table = reading.read(f"{headings}\nb;Binh\n".encode(), COLUMNS)
        assert "code" in table.places
