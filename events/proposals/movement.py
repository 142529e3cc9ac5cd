"""Whether a document plans a week or a movement, or nothing of ours; and a movement's phases."""

import re
from calendar import monthrange
from datetime import date

from events.models import CampaignKind
from events.proposals import dates
from events.proposals.header import Header
from events.proposals.outline import Item
from events.proposals.proposal import DocumentKind, Phase, Source
from events.proposals.sections import named_topic
from events.proposals.sentences import sentences
from events.proposals.spelling import mended

_LEARNING = re.compile(r"học tập|tự học|khuyến học|hiếu học|văn hóa đọc|văn hoá đọc", re.IGNORECASE)
_WEEK = re.compile(r"tuần lễ|tuần học tập", re.IGNORECASE)
_WEEK_OF_LEARNING = re.compile(
    r"tuần lễ[^.;:]{0,60}(?:học tập|tự học|khuyến học|đọc)|tuần học tập", re.IGNORECASE
)
_MOVEMENT = re.compile(r"phong trào|thi đua|cuộc vận động", re.IGNORECASE)
_YEARS = re.compile(
    r"(?<![\d/])((?:19|20)\d{2})\s*(?:[-–—]|đến(?: hết)?(?: năm)?)\s*((?:19|20)\d{2})(?![\d/])"
)
_PHASE = re.compile(
    r"giai đoạn\s+(?:(?P<n>[IVX]{1,4}|\d{1,2}|một|hai|ba|bốn|thứ \w+)(?!\d))", re.IGNORECASE
)
_FROM_TO = re.compile(
    r"từ (?:đầu )?(?:tháng (?P<begin>\d{1,2})\s?(?:/|năm)?\s?)?(?:năm )?(?P<first>\d{4})"
    r" (?:đến|tới)(?: hết| cuối)?(?: tháng (?P<end>\d{1,2})\s?(?:/|năm)?)?(?: năm)? ?"
    r"(?P<last>\d{4})",
    re.IGNORECASE,
)
_PLANNING = {
    DocumentKind.PLAN, DocumentKind.PROGRAMME, DocumentKind.LETTER, DocumentKind.GUIDANCE,
    DocumentKind.NOTICE, DocumentKind.DECISION, DocumentKind.DIRECTIVE, DocumentKind.NEWS,
}  # fmt: skip
_SCHOOL_YEAR = 1


def campaign(header: Header, root: Item, kind: DocumentKind | None) -> CampaignKind | None:
    """What the document plans: its title says so, else what its body names more."""
    title = mended(header.title or "")
    whole = " ".join([title, *(item.text for item in root.below())])
    if kind not in _PLANNING or not _has_manner(root) or not _LEARNING.search(whole):
        return None
    return _named_by(title) or _counted_in(whole)


def _named_by(title: str) -> CampaignKind | None:
    """What the title names first: a week, or a movement of learning or of several years."""
    week, movement = _WEEK.search(title), _MOVEMENT.search(title)
    if week and not (movement and movement.start() < week.start()):
        return CampaignKind.WEEK
    if movement and (_LEARNING.search(title) or _years(title)):
        return CampaignKind.MOVEMENT
    return None


def _counted_in(whole: str) -> CampaignKind | None:
    weeks, movements = len(_WEEK.findall(whole)), len(_MOVEMENT.findall(whole))
    if weeks and weeks >= movements and _WEEK_OF_LEARNING.search(whole):
        return CampaignKind.WEEK
    return CampaignKind.MOVEMENT if movements >= 2 and _years(whole) else None


def _has_manner(root: Item) -> bool:
    """Whether there is a body to speak of."""
    return sum(len(item.text) for item in root.below()) >= 80


def _years(text: str) -> tuple[int, int] | None:
    """Several years: "giai đoạn 2024 - 2030"; a school year is none."""
    for match in _YEARS.finditer(text):
        first, last = int(match[1]), int(match[2])
        before = text[max(0, match.start() - 10) : match.start()].lower()
        if last - first >= _SCHOOL_YEAR and "năm học" not in before:
            return first, last
    return None


def phases(root: Item, year: int | None) -> tuple[Phase, ...]:
    """The phases that headings or items name, or the whole run when there is but one."""
    numbered = _numbered_phases(root)
    if numbered:
        return numbered
    whole = _whole_run(root)
    return (whole,) if whole else ()


def _numbered_phases(root: Item) -> tuple[Phase, ...]:
    found: dict[tuple[date | None, date | None], Phase] = {}
    for item in root.below():
        for sentence in _lines_of_phases(item.text):
            match = _PHASE.search(sentence)
            starts = _PHASE.match(sentence) or re.match(r"giai đoạn\b", sentence, re.IGNORECASE)
            years = _span(sentence)
            if (
                not (match or starts)
                or years is None
                or (not starts and match and match.start() > 40)
            ):
                continue
            title = re.split(r"[:.;]", sentence)[0].strip(" ,-–")
            found.setdefault(years, Phase(title[:160], *years, Source(item.line, sentence)))
    spans = list(found.values())
    return tuple(spans) if len(spans) > 1 or any(_PHASE.search(p.title) for p in spans) else ()


def _lines_of_phases(text: str) -> list[str]:
    """Each sentence, parted again where another phase begins."""
    return [
        part.strip(" ;,.-–+")
        for sentence in sentences(text)
        for part in re.split(
            r"(?<=[;,.:])\s+(?:và\s+)?(?=giai đoạn\b)|;\s+", sentence, flags=re.IGNORECASE
        )
    ]


def _span(text: str) -> tuple[date, date] | None:
    spans = [span for span in dates.spans(text, None) if span.is_range]
    if spans:
        return spans[0].first, spans[0].last
    return _run_of_years(text)


def _run_of_years(text: str) -> tuple[date, date] | None:
    told, years = _from_to(text), _years(text)
    return told or ((date(years[0], 1, 1), date(years[1], 12, 31)) if years else None)


def _from_to(text: str) -> tuple[date, date] | None:
    """From one year or month to another: "từ tháng 4/2024 đến hết năm 2026"."""
    match = _FROM_TO.search(text)
    if match is None:
        return None
    first, last = int(match["first"]), int(match["last"])
    begin, end = int(match["begin"] or 1), int(match["end"] or 12)
    if not (1 <= begin <= 12 and 1 <= end <= 12 and (first, begin) < (last, end)):
        return None
    return date(first, begin, 1), date(last, end, monthrange(last, end)[1])


def _whole_run(root: Item) -> Phase | None:
    """The one run of years that a sentence about time gives."""
    for item in root.below():
        heading = next(item.above(), None)
        about_time = heading is not None and named_topic(heading) == "time"
        if not about_time and not re.search(
            r"thời gian|tiến độ|được triển khai", item.text, re.IGNORECASE
        ):
            continue
        for sentence in sentences(item.text):
            run = _run_of_years(sentence)
            if run and run[1].year > run[0].year:
                title = f"{run[0].year} - {run[1].year}"
                return Phase(title, *run, Source(item.line, sentence))
    return None
