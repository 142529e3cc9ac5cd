"""XLSX, CSV and JSON of a snapshot, and the command that writes them."""

import csv
import json
import subprocess
from io import BytesIO, StringIO

import openpyxl
import pytest

from core.sheet import RISKY
from reports.exports import FORMATS, as_csv, as_json, filename
from reports.models import Snapshot
from reports.workbook import workbook
from tests.reports.weeks import Week

ATTACKS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "＝1+1",
    "＋1",
    '=HYPERLINK("http://example.com")',
    "=cmd|' /C calc'!A0",
    "http://example.com",
]


@pytest.fixture
def week(given):
    return Week(given).filled()


@pytest.fixture
def attacked(week):
    for number, text in enumerate(ATTACKS):
        week.activity(f"tan-cong-{number}", title=text, place=text)
        week.declare("D6", number, source=text, reason="x")
    return week


def test_the_json_has_exactly_what_was_agreed(week) -> None:
    source = week.frozen()
    found = json.loads(as_json(source))

    assert found == {
        "schema": "tuanhoc.report/1",
        "year": 2027,
        "unit": "so-khcn",
        "version": 1,
        "hash": source.hash,
        "totals": {"luot": 1127, "nguoi": 2},
        "by_activity": {"le-phat-dong": 3, "hoi-sach": 1124},
        "by_day": [{"day": "2027-10-01", "luot": 1127}],
        "by_kind": {"opening": 3, "books": 1124},
        "by_unit": {"so-khcn": 3, "tttt": 1124},
        "by_group": {"staff": 3, "resident": 1124},
        "by_grade": {"staff_scan": 3, "headcount": 1124},
        "declared": [
            {
                "indicator": "B1",
                "unit_of_measure": "chiếc",
                "value": 15,
                "source": "Số liệu kê khai của Sở KH&CN, Trung tâm Thông tin (Ảnh)",
            },
            {
                "indicator": "F3",
                "unit_of_measure": "người",
                "value": 90,
                "source": "Số liệu kê khai của Sở KH&CN",
            },
        ],
    }


def test_the_workbook_has_its_sheets_and_whole_numbers(week) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(week.frozen())))

    assert book.sheetnames == ["Tổng hợp", "Theo ngày", "Theo hoạt động", "Theo đơn vị", "Kê khai"]
    assert [c.value for c in book["Tổng hợp"][5]][:3] == ["Tổng lượt tham dự", 1127, "lượt"]
    assert [c.value for c in book["Theo ngày"][5]] == ["01/10/2027", 1127]


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(attacked) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(attacked.frozen())))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]

    assert {c.value for c in cells} >= set(ATTACKS)
    assert not [c for c in cells if c.data_type == "f" or c.hyperlink]


def test_the_csv_is_utf8_with_a_mark_and_crlf(week) -> None:
    content = as_csv(week.frozen())
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n")
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))
    assert ["Tổng hợp", "Tổng lượt tham dự", "1127", "lượt", "Ghi nhận trên hệ thống"] in rows


def test_no_cell_of_the_csv_begins_a_formula(attacked) -> None:
    content = as_csv(attacked.frozen()).decode("utf-8-sig")
    cells = [c for row in csv.reader(StringIO(content, newline="")) for c in row]
    assert "'=1+1" in cells
    assert not [c for c in cells if c.startswith(RISKY)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_office_suite_opens_it_and_finds_no_formula(attacked, tmp_path, kind) -> None:
    (tmp_path / f"report.{kind}").write_bytes(FORMATS[kind].make(attacked.frozen()))
    subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--convert-to",
            "fods",
            "--outdir",
            str(tmp_path),
            str(tmp_path / f"report.{kind}"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    opened = (tmp_path / "report.fods").read_text()
    assert "1127" in opened
    assert "table:formula" not in opened


def test_the_file_name_is_plain(week) -> None:
    source = week.frozen()
    assert filename(source, "docx") == "bao-cao-so-khcn-2027-v1.docx"


def command(kind, target, *, year="2027", unit="so-khcn"):
    chosen = {"--year": year, "--unit": unit, "--format": kind, "--output": str(target)}
    return ["reports", "export", *(part for pair in chosen.items() for part in pair)]


@pytest.mark.parametrize("kind", list(FORMATS))
def test_the_command_writes_each_format(week, app, tmp_path, kind) -> None:
    target = tmp_path / f"out.{kind}"
    result = app.test_cli_runner().invoke(args=command(kind, target))
    assert result.exit_code == 0, result.output
    assert target.stat().st_size > 500
    assert [p.name for p in tmp_path.iterdir()] == [target.name]


def test_the_command_takes_in_what_came_since_the_last_snapshot(week, app, stored, tmp_path):
    target = tmp_path / "out.json"
    arguments = command("json", target)
    for names in (["Một"], [], ["Hai", "Ba"]):
        if names:
            week.attended(week.activity(f"hd-{names[0]}"), *names)
        app.test_cli_runner().invoke(args=arguments)
    found = json.loads(target.read_text())
    assert (found["totals"], found["version"]) == ({"luot": 1130, "nguoi": 5}, 2)
    assert len(stored(Snapshot)) == 2


@pytest.mark.parametrize(
    ("year", "unit"), [("2031", "so-khcn"), ("2027", "khong-co"), ("9" * 30, "so-khcn")]
)
def test_the_command_refuses_in_one_line(week, app, tmp_path, year, unit) -> None:
    target = tmp_path / "out.docx"
    result = app.test_cli_runner().invoke(args=command("docx", target, year=year, unit=unit))
    assert result.exit_code == 1
    assert result.output == f"Error: There is no week {year} with a unit {unit}.\n"
    assert not target.exists()


@pytest.mark.parametrize("target", ["nowhere/out.csv", "."])
def test_the_command_refuses_a_place_where_no_file_can_be(week, app, tmp_path, target) -> None:
    result = app.test_cli_runner().invoke(args=command("csv", tmp_path / target))
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1
