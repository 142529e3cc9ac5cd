"""The duty to report: who, to whom, by when."""

import re
from collections.abc import Iterator
from datetime import date

from events.proposals import dates, units
from events.proposals.duties import addressed, assignments, owner_of, without_aside
from events.proposals.outline import Item
from events.proposals.proposal import ProposedReporting, Source
from events.proposals.sections import has_duties, is_closing
from events.proposals.sentences import clauses, sentences
from events.proposals.tables import Column, Row

_REPORT = re.compile(r"\bbáo cáo\b(?! (?:viên|số \d|số:))", re.IGNORECASE)
_SEND = re.compile(r"\b(?:gửi|nộp)\b", re.IGNORECASE)
_RESULT = re.compile(r"kết quả|báo cáo|số liệu|thống kê|tổng kết", re.IGNORECASE)
_TO = re.compile(
    r"\b(?:báo cáo(?: kết quả)?(?: (?:thực hiện|triển khai|tổ chức))?(?:[^.;,]{0,60}? )??(?:về"
    r"|cho|với|gửi|đến|tới|lên|gửi về|qua)"
    r"|gửi(?: báo cáo)?(?: kết quả)?(?: thực hiện)?(?: về| cho| đến| tới| lên)?|nộp(?: về"
    r"| cho)?|về|báo cáo|trình)\s+",
    re.IGNORECASE,
)
_SMALL = re.compile(
    r"(?:cấp|cơ quan|lãnh đạo|nhà trường)\s"
    r"|(?:thư viện|văn thư|văn phòng|ban giám hiệu)(?=\s+(?:trước|chậm|muộn|vào|để|hạn)\b|[,.;]|$)"
    r"|(?:phòng|văn phòng|tổ|ban|khoa|trường|sở|trung tâm|thư viện|bộ phận|đoàn|hội) [A-ZĐ]"
)
_RESULT_OF = re.compile(
    r"(?:Báo cáo|Kết quả)\b[^.;]{0,120}? của (?P<who>[^.;]{3,120}?) (?:được )?(?:gửi|nộp)\b"
)
_PASSED_ON = re.compile(
    r"(?:\s|,)\s*(?=để (?:Sở|Phòng|UBND|Ủy ban|Văn phòng)?[^.;]{0,40}?tổng hợp,? báo cáo)"
)
_ONE_MORE = re.compile(r"(?:,|\s+và)\s+(?=(?:(?:gửi|nộp) )?báo cáo\b)", re.IGNORECASE)
_AGAIN = re.compile(r"(?:(?:gửi|nộp) )?báo cáo\b", re.IGNORECASE)
_DAY = re.compile(r"\d{1,2}\s?/\s?\d{1,2}|\d{1,2} tháng \d{1,2}")
_ON = re.compile(
    r"để (?:Sở|Phòng|UBND|Ủy ban|Văn phòng)?[^.;]{0,40}?tổng hợp,? báo cáo", re.IGNORECASE
)
_ANOTHER = re.compile(
    rf"(?:,\s+(?:và\s+)?|\s+và\s+|\s+)(?:(?={_PASSED_ON.pattern})"
    r"|(?<=[,à]\s)(?=(?:gửi |nộp )?báo cáo \w))"
)
_DAY = re.compile(r"\d{1,2}\s?/\s?\d{1,2}|\d{1,2} tháng \d{1,2}|(?:ngay|sau) (?:khi|\d)")
_ON = re.compile(r"\b(?:vào|trong) $", re.IGNORECASE)
_TROUBLE = re.compile(r"vướng mắc|khó khăn|phát sinh|trở ngại", re.IGNORECASE)
_ADDRESSEE_ENDS = re.compile(
    r"\s*\(|[.;:](?:\s|$)|,?\s+(?:trước|chậm nhất|muộn nhất|theo|để|vào|trong|qua|bằng|đúng"
    r"|định kỳ|ngay|khi|hạn|thời hạn|kết quả|về|tình hình|sau|từ|xem xét|tổng hợp|chỉ đạo"
    r"|và (?:báo cáo|gửi))\b|/\s"
)


def reporting(root: Item, year: int | None) -> tuple[ProposedReporting, ...]:
    """Every duty to report on the results, in the order of the document."""
    found: list[ProposedReporting] = []
    asked = None if has_duties(root) else addressed(root)
    for item in root.below():
        if _REPORT.search(item.text) or _SEND.search(item.text):
            found.extend(_of(item, year, asked.who if asked else None))
    return tuple(dict.fromkeys(found))


def _of_row(row: Row, source: Source, year: int | None) -> Iterator[ProposedReporting]:
    """A row of a table whose work is to report."""
    who = row.get(Column.LEAD) or row.get(Column.UNIT)
    text = row.get(Column.CONTENT, "")
    to = addressees(text)
    if who and to and not _TROUBLE.search(text):
        by = dates.spans(row.get(Column.DUE) or row.get(Column.TIME) or "", year)
        due = by[-1].last if by else dates.due(text, year)
        yield ProposedReporting(who, to, due, source)


def _of(item: Item, year: int | None, asked: str | None) -> Iterator[ProposedReporting]:
    if is_closing(item):
        return
    source = Source(item.line, item.raw)
    if item.row is not None:
        yield from _of_row(item.row, source, year)
        return
    last_to: tuple[str, ...] = ()
    for who, text in assignments(item.text):
        who = who or _whose(text) or owner_of(item) or asked
        for clause in _clauses(text):
            due = _due(clause, year)
            to = addressees(clause) or (last_to if due and _AGAIN.match(clause) else ())
            if not to or _TROUBLE.search(text):
                continue
            speaker = last_to[0] if re.match(r"để tổng hợp", clause) and last_to else who
            if speaker is not None:
                yield ProposedReporting(without_aside(speaker), to, due, source)
            last_to = to


def _whose(text: str) -> str | None:
    """Whose results are sent: "Báo cáo của các trường gửi về …"."""
    match = _RESULT_OF.match(text)
    return match["who"] if match and units.is_units(match["who"]) else None


def _due(clause: str, year: int | None) -> date | None:
    """By when: a deadline after the word of the report, or else before it, or the day itself."""
    days = dates.spans(clause, year)
    word = _REPORT.search(clause) or _SEND.search(clause)
    begin = word.start() if word else 0
    by = sorted((s.start < begin, s.start, s.last) for s in days if s.is_deadline)
    on = [s.last for s in days if _ON.search(clause[: s.start])]
    return by[0][2] if by else next(iter(on), None)


def _clauses(text: str) -> list[str]:
    """Sentences and clauses; what the addressee passes on is a clause of its own."""
    return [
        part
        for sentence in sentences(text)
        for clause in clauses(sentence)
        for passed_on in _PASSED_ON.split(clause)
        for part in _each(passed_on)
    ]


def _each(clause: str) -> Iterator[str]:
    """Each report with its day: "báo cáo nhanh trước … và báo cáo tổng kết trước …"."""
    start = 0
    for match in _ONE_MORE.finditer(clause):
        before = clause[start : match.start()]
        if _REPORT.search(before) and _DAY.search(before) and _DAY.search(clause, match.end()):
            yield before
            start = match.end()
    yield clause[start:]


def addressees(clause: str) -> tuple[str, ...]:
    """The units that the report goes to."""
    if not (_REPORT.search(clause) or (_SEND.search(clause) and _RESULT.search(clause))):
        return ()
    first = _REPORT.search(clause) or _SEND.search(clause)
    begin = first.start() if first else 0
    send = _SEND.search(clause)
    begin = min(begin, send.start()) if send else begin
    for match in _TO.finditer(clause, begin):
        rest = clause[match.end() :]
        if not (units.is_unit(rest) or _SMALL.match(rest)):
            continue
        end = _ADDRESSEE_ENDS.search(rest)
        names = units.parted(rest[: end.start()] if end else rest)
        names = [name for name in names if units.is_unit(name) or name[:1].islower()]
        if names:
            return tuple(names)
    return ()
