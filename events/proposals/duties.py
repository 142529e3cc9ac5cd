"""Who does what by when: every duty of every unit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from events.proposals import dates, kinds, units
from events.proposals.details import details, is_detail
from events.proposals.outline import Item, Rank
from events.proposals.proposal import DutyRole, ProposedDuty, Source
from events.proposals.sections import (
    Topic,
    has_contents,
    has_duties,
    is_closing,
    named_topic,
    topic_of,
)
from events.proposals.sentences import sentences
from events.proposals.tables import Column, Row

_LEADS = re.compile(
    r"^(?:(?:là|với vai trò|được giao|đơn vị|cơ quan|bộ phận|thường trực|trực tiếp|,|và)\s*)*"
    r"(?:chủ trì|đầu mối|làm đầu mối|trưởng ban (?:tổ chức|chỉ đạo))",
    re.IGNORECASE,
)
_COORDINATES = re.compile(
    r"^(?:(?:tích cực|chủ động|thường xuyên|cùng|là đơn vị)\s+)*phối hợp", re.IGNORECASE
)
_WITH = re.compile(r"phối hợp (?:chặt chẽ )?(?:với|cùng)\s+(?:với\s+)?", re.IGNORECASE)
_ASIDE = re.compile(r"\s*\((?:cơ quan|đơn vị|bộ phận|thường trực|chủ trì|đầu mối)\b[^()]*\)$")
"""What a heading says of a unit beside its name: "(cơ quan thường trực)"."""
_LEADING = re.compile(r"chủ trì|đầu mối|thường trực")
_LISTED = re.compile(r";\s+")
_CARRIES = (
    ("phối hợp", DutyRole.COORDINATE),
    ("chủ trì", DutyRole.LEAD),
    ("phụ trách", DutyRole.LEAD),
    ("đầu mối", DutyRole.LEAD),
    ("thực hiện", DutyRole.DO),
)
_ASKS = re.compile(r".*\b(?:đề nghị|yêu cầu)\s+(?P<rest>[^;]{3,300}:)$", re.IGNORECASE)
_LONGEST_ASKING = 400
_MOST = 30
_HANGING = re.compile(r"(?:\s+(?:để|nhằm|trong|cùng|sẽ)|,)\s*$")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a letter asks to do what follows, and from which line on."""

    who: str
    line: int


def duties(root: Item, year: int | None) -> tuple[ProposedDuty, ...]:
    """Every duty, in the order of the document."""
    found: list[ProposedDuty] = []
    parted = has_duties(root)
    asked = None if parted or has_contents(root) else addressed(root)
    topics = {Topic.DUTIES, Topic.REPORTING}
    for item in root.below():
        if item.row is not None:
            found.extend(_of_row(item, item.row, year))
        elif is_detail(item.text) and topic_of(item) is Topic.CONTENT:
            found.extend(_of_details(item))
        elif (
            (not parted or topic_of(item) in topics)
            and not is_closing(item)
            and named_topic(item) is None
        ):
            found.extend(_of_text(item, year) if parted else _of_prose(item, year, asked))
    return tuple(dict.fromkeys(found))


def _of_row(item: Item, row: Row, year: int | None) -> Iterator[ProposedDuty]:
    """A row that names who: one who leads, or who does it, and the partners."""
    text = row.get(Column.CONTENT)
    if not text:
        return
    lead, unit = row.get(Column.LEAD), row.get(Column.UNIT)
    by = row.get(Column.DUE) or (row.get(Column.TIME) if topic_of(item) is Topic.DUTIES else None)
    day = dates.spans(by or "", year)
    due = day[-1].last if day else dates.due(f"{row.get(Column.TIME, '')}. {text}", year)
    source = Source(item.line, item.raw)
    if lead:
        yield ProposedDuty(lead, DutyRole.LEAD, text, due, source)
    elif unit:
        yield ProposedDuty(unit, role_of(text), text, due, source)
    if Column.PARTNER in row:
        yield ProposedDuty(row[Column.PARTNER], DutyRole.COORDINATE, text, due, source)


def _of_details(item: Item) -> Iterator[ProposedDuty]:
    """Who carries an activity, told on a line below it: "Đơn vị chủ trì: Phòng A"."""
    if item.parent is None or not _is_activity(item.parent):
        return
    for label, who in details(item.text):
        role = next((role for word, role in _CARRIES if word in label), None)
        if role is not None and (units.is_units(who) or units.is_person(who)):
            source = Source(item.line, item.raw)
            yield ProposedDuty(who, role, item.parent.text.strip(" .:;"), None, source)


def _is_activity(heading: Item) -> bool:
    """Whether a heading is one activity and not a section of them."""
    named = named_topic(heading)
    return named is None or (named is Topic.CONTENT and kinds.kind_of(heading.text) is not None)


def addressed(root: Item) -> Asked | None:
    """Whom a letter asks to do what follows: "Sở X đề nghị các đơn vị thực hiện …:"."""
    for item in root.children[:_MOST]:
        match = _ASKS.match(item.text[-_LONGEST_ASKING:]) if item.text.endswith(":") else None
        if match is None:
            continue
        told = units.subject(match["rest"])
        who = told[0] if told else match["rest"].strip(" :")
        if told or units.is_units(who):
            return Asked(who, item.line)
    return None


def _of_prose(item: Item, year: int | None, asked: Asked | None) -> Iterator[ProposedDuty]:
    """What a letter or a news item without headings lays on units that it names or addresses."""
    source = Source(item.line, item.raw)
    if asked and item.line == asked.line:
        return
    if asked and item.line > asked.line and _is_asked(item):
        yield from _roles(asked.who, item.text, source, year)
        return
    for sentence in sentences(item.text):
        for who, text in assignments(sentence):
            if who is not None and len(who.split()) > 1 and not text.startswith("ban hành"):
                yield from _roles(who, text, source, year)


def _is_asked(item: Item) -> bool:
    """Whether an item of a letter's list tells its reader to do something."""
    listed = item.label or item.rank in {Rank.DASH, Rank.PLUS}
    return (
        bool(listed)
        and not item.children
        and units.subject(item.text) is None
        and (units.begins_with_verb(item.text))
    )


def _of_text(item: Item, year: int | None) -> Iterator[ProposedDuty]:
    """The duties of one paragraph: each of its subjects has its own, a heading lends one."""
    if unit_heading(item) is not None:
        return
    source, owner = Source(item.line, item.raw), owner_of(item)
    for said, text in assignments(item.text):
        who = said or owner
        if who is not None and len(text.split()) > 1:
            yield from _roles(who, text, source, year)


def assignments(text: str) -> list[tuple[str | None, str]]:
    """The text parted where a new unit is told something: (who, what); who may be unsaid."""
    first = units.subject(text)
    found: list[tuple[str | None, str]] = []
    start = 0
    for match in re.finditer(r"[.;]\s+", text):
        told = units.subject(text[match.end() :])
        if told is not None and not _goes_on(text[start : match.start()], told[0]):
            found.append(_told(text[start : match.start()]))
            start = match.end()
    found.append(_told(text[start:]))
    return found if first is not None or len(found) > 1 else [(None, text)]


def _goes_on(before: str, who: str) -> bool:
    """Whether units stand in a list parted by semicolons: "Sở A; Báo B: đưa tin"."""
    return bool(who) and all(map(units.is_units, _LISTED.split(before)))


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
    return without_aside(text) if units.is_units(text) else None


def without_aside(who: str) -> str:
    """The units without what is said of them in brackets: "Sở A (cơ quan thường trực)"."""
    return _ASIDE.sub("", who)


def _roles(who: str, text: str, source: Source, year: int | None) -> Iterator[ProposedDuty]:
    """The one who leads or does it, and when one leads, those to do it with."""
    role, due = role_of(text), dates.due(text, year)
    aside = _ASIDE.search(who)
    if aside and _LEADING.search(aside.group()):
        who, role = without_aside(who), DutyRole.LEAD
    yield ProposedDuty(who, role, text, due, source)
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
    stop, sentence = units.verb_after(rest), re.search(r"[.;:](?:\s|$)", rest)
    ends = [end for end in (stop, sentence.start() if sentence else None) if end is not None]
    phrase = _HANGING.sub("", (rest[: min(ends)] if ends else rest).rstrip()).strip(" ,.;")
    return units.parted(phrase) if phrase and len(phrase) < 400 else []
