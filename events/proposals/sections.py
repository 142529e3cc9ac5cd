"""What each part of a plan is about, by the words of its heading."""

import re
from enum import StrEnum
from functools import lru_cache

from events.proposals import units
from events.proposals.outline import Item


class Topic(StrEnum):
    """What a section says."""

    PURPOSE = "purpose"
    THEME = "theme"
    TIME = "time"
    CONTENT = "content"
    MEASURES = "measures"
    DUTIES = "duties"
    REPORTING = "reporting"
    MONEY = "money"
    NONE = "none"


_TOPICS = (
    (Topic.DUTIES,
        r"tổ chức thực hiện|phân công|trách nhiệm|giao nhiệm vụ|nhiệm vụ của|tổ chức triển khai"
     r"|chỉ đạo thực hiện|nhiệm vụ cụ thể|biện pháp thực hiện|công tác phối hợp"),
    (Topic.REPORTING, r"báo cáo"),
    (Topic.MONEY, r"kinh phí|tài chính"),
    (Topic.MEASURES, r"giải pháp|biện pháp"),
    (Topic.CONTENT,
        r"nội dung|hoạt động|chương trình|nhiệm vụ|hình thức|công việc|lịch (?:hoạt|trình"
        r"|tổ chức|cụ thể|tuần)|thời gian biểu|khai mạc|lễ phát động"
     r"|kế hoạch (?:chi tiết|cụ thể|hoạt động|tuần)"),
    (Topic.PURPOSE, r"mục đích|yêu cầu|mục tiêu|ý nghĩa|quan điểm|tình hình|sự cần thiết|phạm vi"),
    (Topic.THEME, r"chủ đề|thông điệp|khẩu hiệu"),
    (Topic.TIME, r"thời gian|tiến độ|địa điểm|lộ trình"),
)  # fmt: skip
_PARTS_DUTIES = re.compile(
    r"(?:trách nhiệm|phân công|nhiệm vụ) (?:thực hiện|cụ thể|của các)", re.IGNORECASE
)
_CLOSES = re.compile(
    r"Trên đây là|(?:(?:Đề nghị|Yêu cầu|Kính đề nghị)\s[^.;]{3,160}?\s)?(?:nghiêm túc|tích cực"
    r"|khẩn trương)?\s?(?:triển khai|thực hiện|tổ chức thực hiện)(?:\s(?:nghiêm túc|tốt"
    r"|có hiệu quả|đầy đủ))*(?:\s(?:các )?nội dung)?(?:\s(?:của|trong))?\s(?:Kế hoạch|Công văn"
    r"|Hướng dẫn) này(?:[.;/]|$)|Nhận được (?:Kế hoạch|Công văn|văn bản)"
    r"|(?:Đề nghị|Yêu cầu|Kính đề nghị)\s[^.;]{3,160}?\s(?:nghiêm túc|phối hợp|khẩn trương)\s"
    r"(?:triển khai|thực hiện|triển khai thực hiện)[\s./]*$|Trong quá trình (?:tổ chức "
    r"|triển khai )?thực hiện[^.;]*(?:vướng mắc|khó khăn|phát sinh)"
)
_WORDS = [(topic, re.compile(words, re.IGNORECASE)) for topic, words in _TOPICS]


def topic_of(item: Item) -> Topic:
    """The topic of the nearest heading above that names one."""
    for heading in item.above():
        if heading.text and len(heading.text) <= 240 and (topic := named_topic(heading)):
            return topic
    return Topic.NONE


def named_topic(heading: Item) -> Topic | None:
    """The topic that a heading's own words name."""
    return _named(heading.text) if heading.children and not heading.is_row else None


@lru_cache(maxsize=4096)
def _named(text: str) -> Topic | None:
    words = text.partition(":")[0]
    if len(words) > 120 or (words.endswith(".") and len(words) > 60):
        return None
    if units.is_units(units.without_request(words)) and not _PARTS_DUTIES.match(words):
        return None
    return next((topic for topic, pattern in _WORDS if pattern.search(words)), None)


def is_closing(item: Item) -> bool:
    """Whether a paragraph only ends the document: "Trên đây là Kế hoạch …"."""
    return bool(_CLOSES.match(item.text))


def has_contents(root: Item) -> bool:
    """Whether a heading says where the activities are; a letter or a news item has none."""
    return any(named_topic(item) is Topic.CONTENT for item in root.below())


def has_duties(root: Item) -> bool:
    """Whether a heading says where the duties are."""
    return any(named_topic(item) is Topic.DUTIES for item in root.below())
