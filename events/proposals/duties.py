"""Who does what by when: every duty of every unit."""

import re
from collections.abc import Iterator
from datetime import date

from events.proposals import dates, units
from events.proposals.outline import Item, is_detail
from events.proposals.proposal import DutyRole, ProposedDuty, Source
from events.proposals.sections import Topic, named_topic, topic_of

_LEADS = re.compile(
    r"^(?:(?:là|với vai trò là|chịu trách nhiệm|có trách nhiệm|có nhiệm vụ|được giao|làm|đơn vị|cơ quan|bộ phận|đầu mối|thường trực|,|và)\s*)*"
    r"(?:chủ trì|đầu mối)", re.IGNORECASE
)
_COORDINATES = re.compile(r"^(?:(?:có trách nhiệm|có nhiệm vụ|chịu trách nhiệm|tích cực|chủ động|thường xuyên|cùng|là đơn vị)\s+)*phối hợp", re.IGNORECASE)
_WITH = re.compile(r"phối hợp (?:chặt chẽ )?(?:với|cùng)\s+(?:với\s+)?", re.IGNORECASE)
_END = re.compile(r"Trên đây là|Trong quá trình (?:tổ chức |triển khai )?thực hiện|Nhận được|Yêu cầu các|Đề nghị các cơ quan")
_LAST = re.compile(r"Trên đây là|Trong quá trình|Nhận được (?:Kế hoạch|Công văn|văn bản)")


def duties(root: Item, year: int | None) -> tuple[ProposedDuty, ...]:
    """Every duty, in the order of the document."""
    found: list[ProposedDuty] = []
    for item in root.below():
        if _is_duty(item):
            found.extend(_of(item, year))
    return tuple(dict.fromkeys(found))


def _is_duty(item: Item) -> bool:
    if item.is_row or _LAST.match(item.text) or named_topic(item) is not None:
        return False
    return topic_of(item) in {Topic.DUTIES, Topic.REPORTING}


def _of(item: Item, year: int | None) -> Iterator[ProposedDuty]:
    """The duties of one paragraph: each of its subjects has its own, a heading lends one."""
    if unit_heading(item) is not None:
        return
    source = Source(item.line, item.raw)
    owner = owner_of(item)
    for who, text in assignments(item.text):
        who = who or owner
        if who is None:
            continue
        yield from _rows(who, text, source, year)


def assignments(text: str) -> list[tuple[str | None, str]]:
    """The text parted where a new unit is told something: (who, what); who may be unsaid."""
    first = units.subject(text)
    found: list[tuple[str | None, str]] = []
    start = 0
    for match in re.finditer(r"[.;]\s+", text):
        told = units.subject(text[match.end() :])
        if told is not None and not _LAST.match(text[match.end() :]):
            found.append(_told(text[start : match.start()]))
            start = match.end()
    found.append(_told(text[start:]))
    return found if first is not None or len(found) > 1 else [(None, text)]


def _told(text: str) -> tuple[str | None, str]:
    told = units.subject(text)
    return (told[0], told[1].strip(" .;")) if told else (None, text)


def owner_of(item: Item) -> str | None:
    """The unit whose heading stands nearest above."""
    for heading in item.above():
        who = unit_heading(heading)
        if who is not None:
            return who
    return None


def unit_heading(item: Item) -> str | None:
    """The units that a heading names, when it names nothing else."""
    if not item.children or item.is_row:
        return None
    text = units.without_request(item.text.strip(" .:;"))
    return text if units.is_units(text) else None


def _rows(who: str, text: str, source: Source, year: int | None) -> Iterator[ProposedDuty]:
    role, due = role_of(text), dates.due(text, year)
    for unit in units.parted(who):
        yield ProposedDuty(unit, role, text, due, source)
    if role is DutyRole.LEAD:
        for partner in partners(text):
            yield ProposedDuty(partner, DutyRole.COORDINATE, text, due, source)


def role_of(text: str) -> DutyRole:
    """Leads, coordinates, or simply does."""
    parts = [part.strip() for part in re.split(r"[.;]\s+", text)]
    if any(_LEADS.match(part) for part in parts):
        return DutyRole.LEAD
    return DutyRole.COORDINATE if _COORDINATES.match(parts[0]) else DutyRole.DO


def partners(text: str) -> list[str]:
    """The units after "phối hợp với", up to what they are to do."""
    match = _WITH.search(text)
    if not match:
        return []
    rest = text[match.end() :]
    stop = units.verb_after(rest)
    sentence = re.search(r"[.;:](?:\s|$)", rest)
    ends = [end for end in (stop, sentence.start() if sentence else None) if end is not None]
    phrase = rest[: min(ends)] if ends else rest
    phrase = re.sub(r"(?:\s+(?:để|nhằm|trong|cùng|sẽ)|,)\s*$", "", phrase.rstrip()).strip(" ,.;")
    return units.parted(phrase) if phrase and len(phrase) < 400 else []


def due_of(text: str, year: int | None) -> date | None:
    """The day by which the text wants something done."""
    return dates.due(text, year)
