"""A snapshot in each of its four formats."""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from typing import Any

from core.text import slug
from reports import rows
from reports.document import report
from reports.frozen import Frozen
from reports.workbook import workbook

SCHEMA = "tuanhoc.report/1"

RISKY = tuple("=+-@\t\r\n\0＝＋－＠")
"""What makes a spreadsheet take a text for a formula, full-width forms included."""


def as_json(frozen: Frozen) -> bytes:
    """The report for programs."""
    facts = frozen.facts
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "year": facts["campaign"]["year"],
        "unit": facts["unit"]["code"],
        "version": frozen.version,
        "hash": frozen.hash,
        "totals": {"luot": facts["totals"]["luot"], "nguoi": facts["totals"]["nguoi"]},
        "by_activity": facts["by_activity"],
        "by_day": facts["by_day"],
        "by_kind": facts["by_kind"],
        "by_unit": facts["by_unit"],
        "by_group": facts["by_group"],
        "by_grade": facts["by_grade"],
        "declared": [
            {key: d[key] for key in ("indicator", "unit_of_measure", "value", "source")}
            for d in facts["declared"]
        ],
    }
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


def as_csv(frozen: Frozen) -> bytes:
    """All tables in one file, each row led by the name of its table."""
    written = StringIO(newline="")
    out = csv.writer(written, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    for table in rows.tables(frozen):
        out.writerow(["Bảng", *map(harmless, table.head)])
        for row in table.rows:
            out.writerow([table.name, *map(harmless, row)])
    return written.getvalue().encode("utf-8-sig")


def harmless(cell: str | int) -> str | int:
    """A text that no spreadsheet runs."""
    if isinstance(cell, str) and cell.startswith(RISKY):
        return f"'{cell}"
    return cell


@dataclass(frozen=True)
class Format:
    """How a format is made and what it is called on the way."""

    make: Callable[[Frozen], bytes]
    media_type: str


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    "docx": Format(report, f"{_OFFICE}.wordprocessingml.document"),
    "xlsx": Format(workbook, f"{_OFFICE}.spreadsheetml.sheet"),
    "csv": Format(as_csv, "text/csv; charset=utf-8"),
    "json": Format(as_json, "application/json"),
}
"""Every format that pages and the command offer."""


def filename(frozen: Frozen, suffix: str) -> str:
    """A name in plain ASCII: unit, year, version."""
    unit = slug(frozen.facts["unit"]["code"]) or "don-vi"
    return f"bao-cao-{unit}-{frozen.facts['campaign']['year']}-v{frozen.version}.{suffix}"
