"""The sentences of the report, worded from the frozen figures alone.

A passage appears only where there is something to say; headings number
themselves. Documents are in Vietnamese, whatever language the page has.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core import clock
from core.official import BLANK, ROMAN, in_month
from core.words import number
from reports.indicators import GRADES, GROUPS, PASSAGES

LETTERS = "abcdđeghiklmnopqrstuvxy"
"""The order of điểm in Vietnamese documents."""

MOST_NAMED = 6
"""So many activities are named in the text; the annex lists them all."""

Facts = dict[str, Any]

CHAPTERS = (
    ("Thông tin, tuyên truyền", "B", ("banner", "news")),
    ("Lễ khai mạc, phát động", "C", ("opening",)),
    ("Hoạt động sách, thư viện, văn hóa đọc", "D", ("books", "reading", "resource", "donation")),
    ("Lớp học, tập huấn, tọa đàm", "E", ("course", "talk")),
    ("Cuộc thi, sân chơi", "F", ("contest",)),
    ("Hoạt động khác", "", ("review", "other")),
)
"""Headings of the results, with the chapter of the catalogue and the kinds they tell of."""

_KIND_NOUNS = {
    "banner": "hoạt động treo băng rôn, khẩu hiệu, pa nô, áp phích",
    "news": "hoạt động tin bài, phát thanh, truyền thông trên mạng",
    "opening": "lễ khai mạc, phát động",
    "books": "ngày hội sách, triển lãm, trưng bày sách",
    "reading": "hoạt động đọc sách, sinh hoạt câu lạc bộ",
    "resource": "hoạt động về học liệu mở, thư viện số",
    "donation": "hoạt động quyên góp, tặng sách, học bổng",
    "course": "lớp học, tập huấn, bồi dưỡng",
    "talk": "hội thảo, tọa đàm, nói chuyện chuyên đề",
    "contest": "cuộc thi, hội thi, sân chơi",
    "review": "hoạt động sơ kết, tổng kết, khen thưởng",
    "other": "hoạt động khác",
}
_HOW = {
    "in_person": "trực tiếp",
    "online": "trực tuyến",
    "hybrid": "trực tiếp kết hợp trực tuyến",
}


@dataclass(frozen=True)
class Line:
    """A paragraph of the text; ``level`` 0 and 1 are headings."""

    text: str
    level: int | None = None


def amount(value: int) -> str:
    """A number in running text: 03 units, 1.127 people."""
    return f"{value:02}" if 0 < value < 10 else number(value, "vi")


def day(iso: str) -> str:
    """``2026-10-01`` as 01/10/2026."""
    return f"{date.fromisoformat(iso[:10]):%d/%m/%Y}"


def moment(at: datetime) -> str:
    """A moment as official letters write it."""
    wall = clock.local(at)
    return f"{wall:%H} giờ {wall:%M} ngày {wall:%d/%m/%Y}"


def dated(at: datetime) -> str:
    """The day left blank; month and year of the figures, January and February with a zero."""
    return f"ngày{BLANK}{in_month(clock.local_day(at))}"


def symbol(facts: Facts) -> str:
    """Number and symbol with the number left blank; an unknown symbol stays open too."""
    return f"{BLANK}/BC-{facts['unit']['symbol'].upper() or '……'}"


def subject(facts: Facts) -> str:
    """The trích yếu."""
    return f"Kết quả tổ chức {facts['campaign']['title']}"


def opening(facts: Facts) -> str:
    """On what grounds, who reports, about what."""
    campaign, unit = facts["campaign"], facts["unit"]
    grounds = [*_letter(campaign["letter"]), *_cited(facts["plans"])]
    lead = f"Thực hiện {'; '.join(grounds)}, {unit['name']}" if grounds else unit["name"]
    theme = f", chủ đề “{campaign['theme']}”" if campaign["theme"] else ""
    return (
        f"{lead} báo cáo kết quả tổ chức {campaign['title']} (từ ngày "
        f"{day(campaign['starts_on'])} đến ngày {day(campaign['ends_on'])}{theme}) như sau:"
    )


def closing(facts: Facts) -> str:
    """The last sentence, with the sign that ends it."""
    return (
        f"Trên đây là báo cáo kết quả tổ chức {facts['campaign']['title']} "
        f"của {facts['unit']['name']}./."
    )


def body(facts: Facts, made_at: datetime, annexes: str) -> list[Line]:
    """Parts I to IV, those that have something to say, numbered."""
    parts = [
        ("CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI", list(_direction(facts))),
        ("KẾT QUẢ THỰC HIỆN", list(_results(facts, made_at, annexes))),
        ("ĐÁNH GIÁ CHUNG", list(_prose(facts, "strengths", "shortcomings", "causes", "lessons"))),
        ("PHƯƠNG HƯỚNG, KIẾN NGHỊ, ĐỀ XUẤT", list(_prose(facts, "directions", "proposals"))),
    ]
    lines = []
    for numeral, (title, sections) in zip(ROMAN, (p for p in parts if p[1]), strict=False):
        lines.append(Line(f"{numeral}. {title}", 0))
        for place, (heading, texts) in enumerate(sections, 1):
            lines.append(Line(f"{place}. {heading}", 1))
            lines += [Line(text) for text in texts]
    return lines


Sections = Iterator[tuple[str, list[str]]]


def _direction(facts: Facts) -> Sections:
    issued = _declared(facts, "A1")
    plans, units = facts["counted"]["A2"], len(facts["units"])
    texts = [f"Đã ban hành {_stated(issued, 'chỉ đạo, kế hoạch')}."] if issued else []
    if plans and units > 1:
        texts.append(
            f"Trong phạm vi báo cáo có {amount(plans)}/{amount(units)} đơn vị có kế hoạch "
            "tổ chức Tuần lễ được cập nhật trên hệ thống."
        )
    if texts:
        yield "Văn bản chỉ đạo, kế hoạch", texts
    texts = list(_duties(facts["duties"])) + _paragraphs(facts["passages"].get("coordination", ""))
    if texts:
        yield PASSAGES["coordination"][0], texts
    inspections = _declared(facts, "A4")
    if inspections:
        yield "Kiểm tra, đôn đốc", [f"Đã thực hiện {_stated(inspections, 'kiểm tra, đôn đốc')}."]


def _duties(duties: Facts) -> Iterator[str]:
    if duties["total"]:
        yield (
            f"Kế hoạch phân công {amount(duties['total'])} nhiệm vụ cho {amount(duties['units'])} "
            f"đơn vị; đến thời điểm chốt số liệu, {amount(duties['done'])} nhiệm vụ được ghi nhận "
            "đã hoàn thành."
        )


def _results(facts: Facts, made_at: datetime, annexes: str) -> Sections:
    for heading, chapter, kinds in CHAPTERS[:-1]:
        texts = [*_activities(facts, kinds), *_points(facts, chapter)]
        if texts:
            yield heading, texts
    yield "Kết quả tham gia", list(_participation(facts, made_at, annexes))
    texts = list(_points(facts, "H"))
    if texts:
        yield "Nguồn lực, khen thưởng", texts
    heading, _, kinds = CHAPTERS[-1]
    texts = list(_activities(facts, kinds))
    if texts:
        yield heading, texts


def _activities(facts: Facts, kinds: Iterable[str]) -> Iterator[str]:
    """How many of each kind were held; openings are named, where and when."""
    for kind in kinds:
        held = [a for a in facts["activities"] if a["kind"] == kind]
        if not held:
            continue
        luot = sum(a["luot"] for a in held)
        came = f", ghi nhận {amount(luot)} lượt tham dự" if luot else ""
        yield f"Đã tổ chức {amount(len(held))} {_KIND_NOUNS[kind]}{came}."
        if kind == "opening" and len(held) <= MOST_NAMED:
            for activity in held:
                yield _named(activity)


def _named(activity: Facts) -> str:
    start = datetime.fromisoformat(activity["starts_at"])
    where = f" tại {activity['place']}" if activity["place"] else ""
    came = f": {amount(activity['luot'])} lượt tham dự được ghi nhận" if activity["luot"] else ""
    return (
        f"- {activity['title']}, {moment(start)}{where}, "
        f"hình thức {_HOW[activity['format']]}{came}."
    )


def _points(facts: Facts, chapter: str) -> Iterator[str]:
    """The declared figures of a chapter as điểm a, b, c."""
    found = [d for d in facts["declared"] if chapter and d["indicator"][0] == chapter]
    if not found:
        return
    yield "Số liệu do đơn vị kê khai:"
    for letter, row in zip(LETTERS, found, strict=False):
        apart = ""
        if row["indicator"] in {"B7", "C7"}:
            apart = " (không cộng vào lượt tham dự)"
        end = "." if row is found[-1] else ";"
        value = f"{number(row['value'], 'vi')} {row['unit_of_measure']}"
        yield f"{letter}) {row['label']}: {value}{apart}{end}"


def _participation(facts: Facts, made_at: datetime, annexes: str) -> Iterator[str]:
    totals = facts["totals"]
    if not totals["luot"]:
        yield f"Đến thời điểm chốt số liệu ({moment(made_at)}), chưa ghi nhận lượt tham dự nào."
    else:
        yield _totals(totals, made_at)
        days = [(day(row["day"])[:5], row["luot"]) for row in facts["by_day"]]
        yield f"Theo ngày: {_listed((f'ngày {d}', n) for d, n in days)}."
        yield f"Theo đối tượng: {_listed(_labelled(GROUPS, facts['by_group']))}."
        yield f"Theo cách ghi nhận: {_listed(_labelled(GRADES, facts['by_grade']))}."
    outside = _declared(facts, "G9")
    if outside:
        yield (
            f"Ngoài số liệu ghi nhận nêu trên, đơn vị báo cáo "
            f"{_stated(outside, 'tham gia ngoài hệ thống')}; số này "
            "không cộng vào tổng số lượt được ghi nhận."
        )
    missing = [u for u in facts["units"][1:] if not u["submitted"]]
    if len(facts["units"]) > 1 and missing:
        yield (
            f"Đến thời điểm chốt số liệu, {amount(len(missing))}/{amount(len(facts['units']) - 1)} "
            "đơn vị trực thuộc chưa chốt số liệu báo cáo."
        )
    yield f"(Số liệu chi tiết tại {annexes} kèm theo Báo cáo này)."


def _totals(totals: Facts, made_at: datetime) -> str:
    text = (
        f"Đến thời điểm chốt số liệu ({moment(made_at)}), ghi nhận {amount(totals['luot'])} "
        "lượt tham dự"
    )
    if not totals["nguoi"]:
        return f"{text}."
    return (
        f"{text}; trong đó {amount(totals['identified'])} lượt có họ tên, của "
        f"{amount(totals['nguoi'])} người (không trùng)."
    )


def _prose(facts: Facts, *sections: str) -> Sections:
    for section in sections:
        texts = _paragraphs(facts["passages"].get(section, ""))
        if texts:
            yield PASSAGES[section][0], texts


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _declared(facts: Facts, code: str) -> Facts | None:
    return next((d for d in facts["declared"] if d["indicator"] == code and d["value"]), None)


def _stated(row: Facts, what: str) -> str:
    """A declared figure in running text always says that it is one."""
    return f"{amount(row['value'])} {row['unit_of_measure']} {what} (số liệu kê khai)"


def _labelled(labels: dict[str, str], counts: dict[str, int]) -> Iterator[tuple[str, int]]:
    for key, label in labels.items():
        if key in counts:
            yield label[0].lower() + label[1:], counts[key]


def _listed(pairs: Iterable[tuple[str, int]]) -> str:
    return "; ".join(f"{label} {amount(value)} lượt" for label, value in pairs)


def _letter(letter: str) -> list[str]:
    if not letter:
        return []
    return [f"Công văn số {letter}" if letter[0].isdigit() else letter]


def _cited(plans: list[Facts]) -> Iterator[str]:
    for plan in plans:
        number_ = f"Kế hoạch số {plan['symbol']}" if plan["symbol"] else "Kế hoạch"
        issued = f" ngày {day(plan['issued_on'])}" if plan["issued_on"] else ""
        title = plan["title"].removeprefix("Kế hoạch ").strip()
        about = title[:1].lower() + title[1:]
        yield f"{number_}{issued} của {plan['unit']} về {about}"
