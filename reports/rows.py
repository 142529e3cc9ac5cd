"""The tables of a report as rows of texts and whole numbers, for workbooks and CSV."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reports import annexes, wording
from reports.frozen import Facts, Frozen
from reports.indicators import FORMATS, GRADES, GROUPS, KINDS

Row = Sequence[str | int]


@dataclass(frozen=True)
class Table:
    """One table: its name on a tab, its title, its columns and how wide they are."""

    name: str
    title: str
    note: str
    head: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Row]


def title(frozen: Frozen) -> str:
    """What the report is about."""
    return f"Kết quả tổ chức {frozen.facts['campaign']['title']} – {frozen.facts['unit']['name']}"


def tables(frozen: Frozen) -> list[Table]:
    """All tables, the totals first."""
    note = (
        f"Số liệu chốt lúc {wording.moment(frozen.made_at)}; phiên bản {frozen.version}; "
        f"mã đối chiếu {frozen.code}"
    )
    return [
        Table(
            name,
            f"{name.upper()} – {title(frozen)}",
            note,
            list(columns),
            list(columns.values()),
            rows(frozen.facts),
        )
        for name, (columns, rows) in _SHEETS.items()
    ]


def _totals(facts: Facts) -> list[Row]:
    counted, totals = annexes.COUNTED, facts["totals"]
    found: list[Row] = [
        ("Tổng lượt tham dự", totals["luot"], "lượt", counted),
        ("Tổng số người tham gia, không trùng", totals["nguoi"], "người", counted),
        ("Lượt tham dự có họ tên", totals["identified"], "lượt", counted),
    ]
    for heading, labels, key in (
        ("Loại hoạt động", KINDS, "by_kind"),
        ("Đối tượng", GROUPS, "by_group"),
        ("Cách ghi nhận", GRADES, "by_grade"),
    ):
        found += [
            (f"{heading}: {label}", facts[key][name], "lượt", counted)
            for name, label in labels.items()
            if name in facts[key]
        ]
    return found


def _days(facts: Facts) -> list[Row]:
    return [(wording.day(row["day"]), row["luot"]) for row in facts["by_day"]]


def _activities(facts: Facts) -> list[Row]:
    return [
        (
            a["slug"],
            a["title"],
            KINDS[a["kind"]],
            a["unit_name"],
            _wall(a["starts_at"]),
            _wall(a["ends_at"]),
            a["place"],
            FORMATS[a["format"]],
            a["luot"],
            a["evidence"],
        )
        for a in facts["activities"]
    ]


def _units(facts: Facts) -> list[Row]:
    return [
        (
            u["code"],
            u["name"],
            "" if u["headcount"] is None else u["headcount"],
            u["activities"],
            u["luot"],
            u["online"],
            "" if place == 0 else "Đã chốt" if u["submitted"] else "Chưa chốt",
        )
        for place, u in enumerate(facts["units"])
    ]


def _declared(facts: Facts) -> list[Row]:
    return [
        (d["indicator"], d["label"], d["unit_of_measure"], d["value"], d["source"])
        for d in facts["declared"]
    ]


def _wall(iso: str) -> str:
    return f"{wording.day(iso)} {iso[11:16]}"


_SHEETS: dict[str, tuple[dict[str, int], Callable[[Facts], list[Row]]]] = {
    "Tổng hợp": ({"Nội dung": 48, "Số liệu": 16, "Đơn vị tính": 14, "Nguồn": 40}, _totals),
    "Theo ngày": ({"Ngày": 16, "Lượt": 14}, _days),
    "Theo hoạt động": (
        {
            "Mã": 24,
            "Tên hoạt động": 44,
            "Loại": 26,
            "Đơn vị tổ chức": 32,
            "Bắt đầu": 20,
            "Kết thúc": 20,
            "Địa điểm": 32,
            "Hình thức": 12,
            "Lượt": 10,
            "Minh chứng": 12,
        },
        _activities,
    ),
    "Theo đơn vị": (
        {
            "Mã": 16,
            "Đơn vị": 48,
            "Biên chế": 12,
            "Hoạt động": 12,
            "Lượt": 12,
            "Trong đó trực tuyến": 14,
            "Chốt số liệu": 16,
        },
        _units,
    ),
    "Kê khai": (
        {"Mã chỉ tiêu": 12, "Chỉ tiêu": 48, "Đơn vị tính": 14, "Số liệu": 18, "Nguồn": 60},
        _declared,
    ),
}
"""Each table: its columns with their widths, and its rows."""
