"""What each part of a plan is about, by the words of its heading."""

import re
from collections.abc import Iterator
from enum import StrEnum

from events.proposals.outline import Item


class Topic(StrEnum):
    """What a section says."""

    PURPOSE = "purpose"
    THEME = "theme"
    TIME = "time"
    CONTENT = "content"
    DUTIES = "duties"
    REPORTING = "reporting"
    MONEY = "money"
    NONE = "none"


_TOPICS = (
    (Topic.DUTIES, r"tổ chức thực hiện|phân công|trách nhiệm|giao nhiệm vụ|nhiệm vụ của|tổ chức triển khai"
     r"|chỉ đạo thực hiện|nhiệm vụ cụ thể|biện pháp thực hiện|công tác phối hợp"),
    (Topic.REPORTING, r"báo cáo"),
    (Topic.MONEY, r"kinh phí|tài chính"),
    (Topic.CONTENT, r"nội dung|hoạt động|chương trình|nhiệm vụ|giải pháp|hình thức|công việc|lịch|khai mạc|lễ phát động"),
    (Topic.PURPOSE, r"mục đích|yêu cầu|mục tiêu|ý nghĩa|quan điểm|tình hình|sự cần thiết|phạm vi"),
    (Topic.THEME, r"chủ đề|thông điệp|khẩu hiệu"),
    (Topic.TIME, r"thời gian|tiến độ|địa điểm|lộ trình"),
)  # fmt: skip
_WORDS = [(topic, re.compile(words, re.IGNORECASE)) for topic, words in _TOPICS]


def topic_of(item: Item) -> Topic:
    """The topic of the nearest heading above that names one."""
    for heading in item.above():
        if heading.text and len(heading.text) <= 240 and (topic := named_topic(heading)):
            return topic
    return Topic.NONE


def named_topic(heading: Item) -> Topic | None:
    """The topic that a heading's own words name."""
    if not heading.children or heading.is_row:
        return None
    words = heading.text.partition(":")[0]
    if len(words) > 120 or (words.endswith(".") and len(words) > 60):
        return None
    return next((topic for topic, pattern in _WORDS if pattern.search(words)), None)


def leaves(root: Item, *topics: Topic) -> Iterator[Item]:
    """What stands under headings of these topics, the headings left out."""
    for item in root.below():
        if topic_of(item) in topics and named_topic(item) is None:
            yield item
