"""A snapshot in each of its four formats."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core import sheet
from core.text import slug
from reports import rows
from reports.document import report
from reports.frozen import Frozen
from reports.workbook import workbook

SCHEMA = "tuanhoc.report/1"


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
    led: list[Sequence[str | int]] = []
    for table in rows.tables(frozen):
        led.append(["Bảng", *table.head])
        led += [[table.name, *row] for row in table.rows]
    return sheet.as_csv(led)


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
