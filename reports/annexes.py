"""The annexes: every figure with its source, every activity, every unit; no names of people."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from core.official import ROMAN
from core.pages import new_section
from core.paper import (
    CENTRE,
    LANDSCAPE_WIDTH,
    LEFT,
    TEXT_WIDTH,
    add,
    grid,
    rule,
)
from core.words import number
from reports import wording
from reports.frozen import Facts, Frozen
from reports.indicators import CATALOGUE, CHAPTERS, FORMATS, GRADES, GROUPS, KINDS

COUNTED = "Ghi nhận trên hệ thống"


def titles(facts: Facts) -> list[str]:
    """The annexes that this report has."""
    found = ["TỔNG HỢP SỐ LIỆU"]
    if facts["activities"]:
        found.append("DANH MỤC HOẠT ĐỘNG")
    if len(facts["units"]) > 1:
        found.append("SỐ LIỆU THEO ĐƠN VỊ")
    return found


def labels(facts: Facts) -> list[str]:
    """Their names: Roman numerals only when there are two or more."""
    count = len(titles(facts))
    return [f"Phụ lục {ROMAN[n]}" if count > 1 else "Phụ lục" for n in range(count)]


def named(facts: Facts) -> str:
    """How the text refers to them."""
    numerals = [label.removeprefix("Phụ lục").strip() for label in labels(facts)]
    return f"các Phụ lục {', '.join(numerals)}" if len(numerals) > 1 else "Phụ lục"


def append(document: Any, facts: Facts, goes_with: str, frozen: Frozen) -> None:
    """Each annex in its own section."""
    makers = {
        "TỔNG HỢP SỐ LIỆU": _figures,
        "DANH MỤC HOẠT ĐỘNG": _activities,
        "SỐ LIỆU THEO ĐƠN VỊ": _units,
    }
    for label, title in zip(labels(facts), titles(facts), strict=True):
        landscape = title != "TỔNG HỢP SỐ LIỆU"
        width = LANDSCAPE_WIDTH if landscape else TEXT_WIDTH
        new_section(document, landscape=landscape)
        add(document, label, bold=True, align=CENTRE, keep=True)
        add(document, title, bold=True, align=CENTRE, keep=True)
        add(document, goes_with, italic=True, align=CENTRE, keep=True)
        rule(document, 40, width)
        add(document, size=6)
        makers[title](document, facts)
        if title == "TỔNG HỢP SỐ LIỆU":
            _colophon(document, frozen)


def figure_rows(facts: Facts) -> Iterator[tuple[str, list[tuple[str, str, int, str]]]]:
    """Chapter by chapter: (indicator, unit of measure, value, source)."""
    declared = {d["indicator"]: d for d in facts["declared"]}
    for letter, (title, _) in CHAPTERS.items():
        rows = []
        for indicator in (i for i in CATALOGUE if i.chapter == letter):
            code, label, measure = indicator.code, indicator.vietnamese, indicator.measure
            if facts["counted"].get(code):
                rows.append((label, measure, facts["counted"][code], COUNTED))
            if code in declared:
                stated = declared[code]
                measure = stated["unit_of_measure"]
                rows.append((stated["label"], measure, stated["value"], stated["source"]))
        if rows:
            yield title, rows


def _figures(document: Any, facts: Facts) -> None:
    rows: list[list[str]] = []
    place = 0
    for numeral, (title, found) in zip("ABCDEFGHIK", figure_rows(facts), strict=False):
        rows.append([f"{numeral}. {title}"])
        for label, measure, value, source in found:
            place += 1
            rows.append([str(place), label, measure, number(value, "vi"), source])
    head = ["STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu", "Ghi chú, nguồn"]
    grid(document, (12, 58, 24, 25, 46), head, rows, numbers=(3,), centred=(0, 2))
    _breakdowns(document, facts)


def _breakdowns(document: Any, facts: Facts) -> None:
    """Lượt by day, kind, group and way of counting: each sums to the total."""
    parts = {
        "Theo ngày": {wording.day(r["day"]): r["luot"] for r in facts["by_day"]},
        "Theo loại hoạt động": _labelled(KINDS, facts["by_kind"]),
        "Theo đối tượng": _labelled(GROUPS, facts["by_group"]),
        "Theo cách ghi nhận": _labelled(GRADES, facts["by_grade"]),
    }
    if not facts["totals"]["luot"]:
        return
    add(
        document,
        "Cơ cấu lượt tham dự được ghi nhận",
        bold=True,
        align=LEFT,
        before=12,
        after=6,
        keep=True,
    )
    rows: list[list[str]] = []
    for title, found in parts.items():
        rows.append([title])
        rows += [[str(n), label, number(v, "vi")] for n, (label, v) in enumerate(found.items(), 1)]
    rows.append(["", "Tổng lượt tham dự", number(facts["totals"]["luot"], "vi")])
    grid(document, (12, 118, 35), ["STT", "Nội dung", "Lượt"], rows, numbers=(2,))


def _activities(document: Any, facts: Facts) -> None:
    head = [
        "STT",
        "Tên hoạt động",
        "Đơn vị tổ chức",
        "Thời gian",
        "Địa điểm",
        "Hình thức",
        "Lượt",
        "Minh chứng",
    ]
    rows = [
        [
            str(place),
            a["title"] + (" (đã hủy sau khi bắt đầu)" if a["state"] == "cancelled" else ""),
            a["unit_name"],
            span(a["starts_at"], a["ends_at"]),
            a["place"],
            FORMATS[a["format"]],
            number(a["luot"], "vi") if a["counting"] != "evidence" or a["luot"] else "–",
            number(a["evidence"], "vi") if a["evidence"] else "–",
        ]
        for place, a in enumerate(facts["activities"], 1)
    ]
    widths = (12, 65, 45, 33, 43, 20, 15, 19)
    grid(document, widths, head, rows, numbers=(6, 7), centred=(0, 3, 5))


def _units(document: Any, facts: Facts) -> None:
    head = [
        "STT",
        "Đơn vị",
        "Hoạt động",
        "Lượt trực tiếp, kết hợp",
        "Lượt trực tuyến",
        "Băng rôn (kê khai)",
        "Tin, bài (kê khai)",
        "Bài dự thi (kê khai)",
        "Chốt số liệu",
    ]
    rows = []
    for place, unit in enumerate(facts["units"], 1):
        declared = unit["declared"]
        state = "" if place == 1 else "Đã chốt" if unit["submitted"] else "Chưa chốt"
        counts = [
            unit["activities"],
            unit["luot"] - unit["online"],
            unit["online"],
            declared.get("B1"),
            declared.get("B4"),
            declared.get("F2"),
        ]
        figures = ["–" if n is None else number(n, "vi") for n in counts]
        rows.append([str(place), unit["name"], *figures, state])
    rows.append(["", "Tổng cộng", *_sums(facts), ""])
    widths = (12, 76, 22, 26, 22, 24, 22, 24, 24)
    grid(document, widths, head, rows, numbers=range(2, 8), centred=(0, 8))


def _sums(facts: Facts) -> list[str]:
    units = facts["units"]
    declared = [sum(u["declared"].get(code, 0) for u in units) for code in ("B1", "B4", "F2")]
    online = sum(u["online"] for u in units)
    held = sum(u["activities"] for u in units)
    sums = [held, facts["totals"]["luot"] - online, online, *declared]
    return [number(n, "vi") for n in sums]


def _colophon(document: Any, frozen: Frozen) -> None:
    """From which frozen figures this was printed."""
    at = f" tại {frozen.address}" if frozen.address else ""
    add(
        document,
        f"Ghi chú: số liệu chốt lúc {wording.moment(frozen.made_at)}, phiên bản {frozen.version}, "
        f"mã đối chiếu {frozen.code}{at}. Lượt tham dự được đếm theo từng lần tham dự; số người "
        "chỉ gồm người có họ tên, mỗi người tính một lần; số liệu kê khai không cộng vào số liệu "
        "ghi nhận.",
        size=12,
        italic=True,
        before=8,
    )


def span(starts_at: str, ends_at: str) -> str:
    """From when to when, as short as it can be said."""
    start, end = datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
    if start.date() == end.date():
        return f"{start:%H} giờ {start:%M}, {start:%d/%m/%Y}"
    return f"{start:%d/%m/%Y} – {end:%d/%m/%Y}"


def _labelled(names: dict[str, str], counts: dict[str, int]) -> dict[str, int]:
    return {label: counts[key] for key, label in names.items() if key in counts}
