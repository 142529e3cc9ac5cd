"""Openings: the hours of one, and one that only the lines on the week name."""

import re

from events.models import ActivityKind
from events.proposals import kinds
from events.proposals.making import Season, made
from events.proposals.outline import Item
from events.proposals.proposal import ProposedActivity, Source
from events.proposals.sections import Topic, named_topic, topic_of
from events.proposals.sentences import clauses, sentences
from events.proposals.wording import Piece

_RUNNING_ORDER = re.compile(
    r"(?:chương trình|kịch bản|tiến trình|diễn biến)\s+(?:chi tiết |cụ thể |của )*(?:buổi )?"
    r"(?:lễ|khai mạc|bế mạc|tổng kết|hội nghị|mít tinh|tọa đàm)\b[^.;]{0,120}$",
    re.IGNORECASE,
)
_CEREMONY = re.compile(
    r"\b(?<!tuần )lễ (?:khai mạc|phát động|mít tinh|ra quân|khai giảng)", re.IGNORECASE
)
_CLOCK = re.compile(r"\(?(?:từ )?\d{1,2} ?(?:giờ|h|g|:) ?(?:\d{2})?(?:\D|$)", re.IGNORECASE)


def has_running_order(item: Item) -> bool:
    """Whether what stands below an opening is its own programme, hour by hour."""
    return kinds.kind_of(item.text) is ActivityKind.OPENING and any(
        map(is_hour_of_one, item.children)
    )


def is_hour_of_one(item: Item) -> bool:
    """Whether it is an hour of the programme of one ceremony, or the heading of such hours."""
    if _RUNNING_ORDER.match(item.text):
        return True
    heading = next((above for above in item.above() if named_topic(above) or above.label), None)
    near = item.parent
    is_below = near is not None and (
        _RUNNING_ORDER.match(near.text) or kinds.kind_of(near.text) is ActivityKind.OPENING
    )
    return bool(heading and is_below and _CLOCK.match(item.text))


def told_aside(root: Item, season: Season, known: list[ProposedActivity]) -> list[ProposedActivity]:
    """The ceremony that only the lines on the week name, with its day and place."""
    if any(activity.kind is ActivityKind.OPENING for activity in known):
        return []
    told = (
        made(Piece(clause[match.start() :], ActivityKind.OPENING), source, season, {})
        for item in root.below()
        if topic_of(item) in {Topic.TIME, Topic.THEME, Topic.NONE}
        for source in [Source(item.line, item.raw)]
        for sentence in sentences(item.text)
        for clause in clauses(sentence)
        if (match := _CEREMONY.search(clause))
    )
    return [activity for activity in told if activity.starts_on and activity.place][:1]
