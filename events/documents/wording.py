"""The words of a plan's document; Vietnamese, whatever language the page has.

A section appears only where there is something to say, and headings number themselves.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import UnitKind
from core import clock
from core.official import ROMAN
from events.documents import duties
from events.documents.frame import lines_of, subject
from events.models import Activity, ActivityState, Audience, Deadline, DeadlineKind, Format, Plan

MOST_IN_TEXT = 10
"""So many activities stand in the text; longer lists go into an annex."""

_HOW = {
    Format.IN_PERSON: "trực tiếp",
    Format.ONLINE: "trực tuyến",
    Format.HYBRID: "trực tiếp kết hợp trực tuyến",
}
_FOR = {
    Audience.EVERYONE: "Người dân, cán bộ, học sinh",
    Audience.UNITS: "Cán bộ, nhân viên các đơn vị được mời",
    Audience.INVITED: "Đại biểu theo giấy mời",
}


@dataclass(frozen=True)
class Line:
    """A paragraph of the text, or the table of activities; ``level`` 0 and 1 are headings."""

    text: str
    level: int | None = None
    is_table: bool = False


def opening(plan: Plan) -> str:
    """Who issues the plan, about what."""
    about = subject(plan)
    return f"{plan.unit.name} ban hành Kế hoạch {_lowered(about)} với các nội dung sau:"


def closing(plan: Plan) -> str:
    """The last sentence, with the sign that ends it."""
    return (
        f"Trên đây là Kế hoạch {_lowered(subject(plan))} của {plan.unit.name}. Trong quá trình "
        f"thực hiện, nếu có vướng mắc, các đơn vị phản ánh về {plan.unit.name} để được hướng dẫn./."
    )


def body(plan: Plan) -> list[Line]:
    """The numbered text between opening and closing."""
    parts = [_aims(plan), _frame(plan), _content(plan), _carrying_out(plan)]
    lines: list[Line] = []
    for numeral, (heading, below) in zip(ROMAN, (p for p in parts if p[1]), strict=False):
        lines.append(Line(f"{numeral}. {heading}", 0))
        lines.extend(below)
    return lines


def activities(plan: Plan) -> list[Activity]:
    """What the plan still means to hold, by time."""
    found = [a for a in plan.activities if a.state is not ActivityState.CANCELLED]
    return sorted(found, key=lambda a: (a.starts_at, a.id))


def in_annex(plan: Plan) -> bool:
    """Whether the list of activities is too long for the text."""
    return len(activities(plan)) > MOST_IN_TEXT


def rows(plan: Plan) -> list[list[str]]:
    """The table of activities: number, what, when, where, for whom, by whom."""
    return [
        [str(place), a.title, when(a), where(a), _FOR[a.audience], by_whom(a)]
        for place, a in enumerate(activities(plan), 1)
    ]


HEADINGS = ["STT", "Hoạt động", "Thời gian", "Địa điểm, hình thức", "Đối tượng", "Đơn vị chủ trì"]


def when(activity: Activity) -> str:
    """The hours of one day, or the days from first to last."""
    begin, end = clock.local(activity.starts_at), clock.local(activity.ends_at)
    last = (end - timedelta(microseconds=1)).date()
    if begin.date() != last:
        return f"Từ {begin:%d/%m/%Y} đến {last:%d/%m/%Y}"
    if end - begin >= timedelta(hours=23):
        return f"Ngày {begin:%d/%m/%Y}"
    return f"{begin:%H} giờ {begin:%M} ngày {begin:%d/%m/%Y}"


def where(activity: Activity) -> str:
    """Place and way of taking part."""
    how = _HOW[activity.format]
    if not activity.where:
        return how[:1].upper() + how[1:]
    return activity.where if activity.format is Format.IN_PERSON else f"{activity.where}; {how}"


def by_whom(activity: Activity) -> str:
    """The unit that holds it."""
    return activity.unit.short_name or activity.unit.name


def _aims(plan: Plan) -> tuple[str, list[Line]]:
    written = {"Mục đích": lines_of(plan.purpose), "Yêu cầu": lines_of(plan.requirements)}
    present = {name: lines for name, lines in written.items() if lines}
    if len(present) == 1:
        ((name, only),) = present.items()
        return name.upper(), list(_dashed(only))
    return "MỤC ĐÍCH, YÊU CẦU", list(_numbered(present.items()))


def _frame(plan: Plan) -> tuple[str, list[Line]]:
    week = plan.campaign
    said = [("Chủ đề", f"“{week.theme}”"), ("Thông điệp", f"“{week.message}”")]
    facts = [(name, text) for name, text in said if text != "“”"]
    days = f"từ ngày {_day(week.starts_on)} đến ngày {_day(week.ends_on)}"
    facts.append(("Thời gian", days))
    if week.opening_on:
        facts.append(("Khai mạc", f"ngày {_day(week.opening_on)}"))
    if len(facts) == 1:
        return "THỜI GIAN", [Line(f"{_raised(days)}.")]
    heading = "CHỦ ĐỀ, THỜI GIAN" if week.theme or week.message else "THỜI GIAN"
    return heading, [Line(f"{n}. {name}: {text}.") for n, (name, text) in enumerate(facts, 1)]


def _content(plan: Plan) -> tuple[str, list[Line]]:
    count = len(activities(plan))
    if not count:
        return "NỘI DUNG", []
    spelt = f"{count:02}"
    if in_annex(plan):
        text = f"Kế hoạch gồm {spelt} hoạt động, chi tiết tại Phụ lục kèm theo."
        return "NỘI DUNG", [Line(text)]
    return "NỘI DUNG", [
        Line(f"Kế hoạch gồm {spelt} hoạt động sau:"),
        Line("", is_table=True),
    ]


def _carrying_out(plan: Plan) -> tuple[str, list[Line]]:
    parts = [(share.who, share.lines) for share in duties.shares(plan)]
    reporting = list(_reporting(plan))
    if reporting:
        parts.append(("Chế độ báo cáo", reporting))
    return "TỔ CHỨC THỰC HIỆN", list(_numbered(parts))


def _reporting(plan: Plan) -> Iterator[str]:
    """By when the units below report, and by when this unit does, to whom."""
    unit = plan.unit
    owed = {deadline.kind: deadline for deadline in plan.campaign.deadlines}
    addressee = unit.reports_to or unit.parent
    below = owed.get(DeadlineKind.UNIT_REPORT)
    if below and duties.carriers(plan):
        yield (
            f"Các đơn vị được phân công gửi báo cáo kết quả thực hiện về {unit.name} "
            f"trước {_hour(below)}"
        )
    upward = owed.get(
        DeadlineKind.DEPARTMENT_REPORT
        if addressee and addressee.kind in {UnitKind.PROVINCE, UnitKind.MINISTRY}
        else DeadlineKind.UNIT_REPORT
    )
    if addressee and upward:
        yield f"{unit.name} tổng hợp, báo cáo {addressee.name} trước {_hour(upward)}"


def _numbered(parts: Iterable[tuple[str, Sequence[str]]]) -> Iterator[Line]:
    for place, (heading, lines) in enumerate(parts, 1):
        yield Line(f"{place}. {heading}", 1)
        yield from _dashed(lines)


def _dashed(lines: Sequence[str]) -> Iterator[Line]:
    """One statement stands alone; several are listed."""
    for line in lines:
        text = f"{line.lstrip('-–+ ').rstrip('.;, ')}."
        yield Line(text if len(lines) == 1 else f"- {text}")


def _hour(deadline: Deadline) -> str:
    wall = clock.local(deadline.due_at)
    return f"{wall:%H} giờ {wall:%M} ngày {wall:%d/%m/%Y}"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lowered(text: str) -> str:
    """A sentence's first letter small within another one, but not in names all in capitals."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
