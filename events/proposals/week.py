"""When the week is: its first, last and opening day; and the theme it has."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from events.proposals import dates, wording
from events.proposals.details import details, is_detail
from events.proposals.outline import Item
from events.proposals.sections import Topic, named_topic, topic_of
from events.proposals.sentences import quoted, sentences

LONGEST_WEEK = 31
_MOST_MENTIONS = 20
_WEEK = re.compile(r"tuần lễ|tuần học tập", re.IGNORECASE)
_TIME = re.compile(
    r"thời gian|diễn ra|tổ chức từ|bắt đầu|triển khai|thực hiện từ|trong tuần", re.IGNORECASE
)
_ONE_THING = re.compile(
    r"cuộc thi|hội thi|vòng|trưng bày|triển lãm|lớp|tập huấn|hội thảo|tọa đàm|nhận bài|dự thi"
    r"|đăng ký"
    r"|quyên góp|treo|báo cáo|xe thư viện|khóa|phát sóng|chấm",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"khai mạc|lễ phát động|lễ mít tinh|lễ mit tinh|(?<!tuần )lễ hưởng ứng|lễ ra quân"
    r"|lễ công bố|phát động tuần lễ",
    re.IGNORECASE,
)
_STARTS = re.compile(r"(?:bắt đầu|khởi động)[^.;]{0,30}$", re.IGNORECASE)
_DAYS_FROM = re.compile(
    r"\b(\d{1,2})(?: \([^()]{2,12}\))? ngày,? (?:được tính |tính |kể |bắt đầu )*từ $", re.IGNORECASE
)
_THEME = re.compile(r"chủ đề", re.IGNORECASE)
_PLAIN_THEME = re.compile(
    r"chủ đề(?: (?:của )?(?:chung|chính|tuần lễ|năm nay|năm học|năm|hoạt động|\d{4}|hưởng ứng"
    r"|học tập suốt đời"
    r"|tuần lễ hưởng ứng học tập suốt đời|được chọn))*\s*(?:là\s*:?"
    r"|[:：])\s*(?P<theme>[^\s“\"][^“”\"]{5,250})",
    re.IGNORECASE,
)
_OF_ANOTHER = re.compile(
    r"(?:cuộc thi|hội thi|tọa đàm|toạ đàm|hội thảo|triển lãm|trưng bày|ngày hội|diễn đàn"
    r"|nói chuyện|có)"
    r"[^.;:]{0,80}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Run:
    """The days of the week."""

    starts_on: date
    ends_on: date


def run(root: Item, title: str | None, year: int | None) -> Run | None:
    """The first and last day of the week, from the sentence that says so best."""
    best: tuple[int, Run] | None = None
    for item in root.below():
        for sentence in sentences(item.text):
            for span in dates.spans(sentence, year):
                span = _counted(sentence, span)
                length = (span.last - span.first).days
                if not span.is_range or not 2 <= length <= LONGEST_WEEK or span.is_deadline:
                    continue
                score = _score_of_run(item, sentence, length)
                if score > 0 and (best is None or score > best[0]):
                    best = (score, Run(span.first, span.last))
    for span in dates.spans(title or "", year):
        if best is None and span.is_range and (span.last - span.first).days <= LONGEST_WEEK:
            best = (1, Run(span.first, span.last))
    return best[1] if best else None


def _counted(text: str, span: dates.Span) -> dates.Span:
    """The run that is told by its number of days: "trong 7 ngày, kể từ ngày 01/10"."""
    match = None if span.is_range else _DAYS_FROM.search(text[: span.start])
    if match is None or not 3 <= int(match[1]) <= LONGEST_WEEK:
        return span
    return replace(span, last=span.first + timedelta(days=int(match[1]) - 1), is_range=True)


def _score_of_run(item: Item, sentence: str, length: int) -> int:
    score = 2 if 5 <= length <= 8 else 0
    score += 4 if _WEEK.search(sentence) else 0
    score += 3 if _TIME.search(sentence) else 0
    topic = topic_of(item)
    score += 4 if topic in {Topic.TIME, Topic.THEME} else 0
    score += 1 if topic is Topic.NONE else 0
    heading = item.parent.text if item.parent else ""
    is_of_one_thing = is_detail(item.text) and topic in {Topic.CONTENT, Topic.DUTIES}
    if is_of_one_thing and not _WEEK.search(heading):
        score -= 6 if _is_activity(item) else 1
    if topic is Topic.DUTIES:
        score -= 4
    return score - (6 if _ONE_THING.search(sentence) and not _WEEK.search(sentence) else 0)


def _is_activity(item: Item) -> bool:
    """Whether the heading above is an activity and not the section itself."""
    return item.parent is not None and item.parent.rank >= 0 and named_topic(item.parent) is None


def opening(root: Item, year: int | None) -> date | None:
    """The day of the opening: the day said in the sentence, or in the lines below its heading."""
    for item in root.below():
        for sentence in sentences(item.text):
            match = _OPENING.search(sentence)
            if not match:
                continue
            after = [s for s in dates.spans(sentence, year) if not s.is_deadline and not s.is_range]
            later = [span for span in after if span.start > match.start()]
            if later:
                return later[0].first
            if after and not _WEEK.search(sentence[: match.start()]):
                return after[-1].first
        if _OPENING.search(item.text) and len(item.text) < 200:
            found = _opening_below(item, year)
            if found:
                return found
    return None


def opening_place(root: Item) -> str | None:
    """Where the section about the time, or a sentence before all sections, has the opening."""
    for item in root.below():
        if topic_of(item) not in {Topic.TIME, Topic.THEME, Topic.NONE}:
            continue
        for sentence in sentences(item.text):
            match = _OPENING.search(sentence)
            where = wording.place(sentence[match.end() :]) if match else None
            if where:
                return where
        if _OPENING.match(item.text) and len(item.text) < 200:
            said = (pair for child in item.below() for pair in details(child.text))
            where = next((value for label, value in said if label.startswith("địa")), None)
            if where:
                return where
    return None


def _opening_below(item: Item, year: int | None) -> date | None:
    for child in item.below():
        span = dates.held(child.text, year)
        if (
            span
            and not span.is_range
            and re.match(r"thời gian|ngày|vào", child.text, re.IGNORECASE)
        ):
            return span.first
    return None


def theme(root: Item) -> str | None:
    """The theme: quoted after "chủ đề", after a colon, or under a heading of its own."""
    found: list[tuple[int, int, str]] = []
    for order, item in enumerate(root.below()):
        passages = quoted(item.text) if _THEME.search(item.text) else []
        for match in list(_THEME.finditer(item.text))[:_MOST_MENTIONS]:
            words = _theme_after(item.text, match, passages)
            if words:
                found.append((_score_of_theme(item, match), -order, words))
        under = _theme_under(item)
        if under:
            found.append((4, -order, under))
    best = max(found, default=None)
    return best[2] if best and best[0] > 0 else None


def _theme_after(text: str, match: re.Match[str], passages: list[re.Match[str]]) -> str | None:
    nearest = next((q for q in passages if match.end() <= q.start() <= match.end() + 90), None)
    between = text[match.end() : nearest.start()] if nearest else ""
    if nearest and not re.search(r"[.;]", between):
        return nearest[1].strip(" .,;")
    plain = _PLAIN_THEME.match(text, match.start())
    if plain:
        return sentences(plain["theme"])[0].strip(' .;,”"')
    return None


def _theme_under(item: Item) -> str | None:
    """The one line under a heading "Chủ đề"."""
    heading = item.parent
    if (
        heading is None
        or not re.match(r"chủ đề[^,]*$", heading.text, re.IGNORECASE)
        or len(heading.text) > 90
    ):
        return None
    if _THEME.search(item.text) or item is not heading.children[0]:
        return None
    passages = quoted(item.text)
    return (passages[0][1] if passages else item.text).strip(" .;,")


def _score_of_theme(item: Item, match: re.Match[str]) -> int:
    before = item.text[: match.start()]
    score = 1
    score += 3 if not before.strip() else 0
    score += 4 if topic_of(item) is Topic.THEME else 0
    score += 2 if topic_of(item) in {Topic.TIME, Topic.NONE} else 0
    score += 2 if _WEEK.search(item.text) else 0
    score += 1 if re.search(r"băng rôn|khẩu hiệu", before, re.IGNORECASE) else 0
    return score - (6 if _OF_ANOTHER.search(before) and not _WEEK.search(before) else 0)
