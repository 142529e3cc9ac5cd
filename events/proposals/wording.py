"""How a stretch of text words one activity: its kind, its name and its place."""

import re
from dataclasses import dataclass

from events.models import ActivityKind
from events.proposals import kinds, units

_AT = r"\bở (?!mọi|lứa|độ |bậc|trình|từng|đó\b|nhà\b|cấp|lớp \d)"
"""Where: "ở sân trường", and not how: "ở mọi lứa tuổi"."""
_PLACE = re.compile(
    rf"(?:\btại|{_AT}|\btrên (?=các (?:tuyến|trục))|(?=trước cổng|trước trụ sở)) ?"
    r"(?P<place>(?!\s*(?:đây\b|(?:buổi )?lễ (?:khai|phát|bế|tổng)"
    r"|chỗ\b|Kế hoạch|Công văn|Mục|mục)).+)",
    re.I,
)
_AFTER_DAY = re.compile(
    r"\d{1,2}/\d{1,2}(?:/\d{4})?\)?,\s+(?P<place>(?:phòng|sân|hội trường|nhà (?:văn|đa|thi|sinh)"
    r"|thư viện|quảng trường|công viên|trụ sở|khu|trường)\b.+)",
    re.IGNORECASE,
)
"""A place that stands right after the day, without "tại"."""
_PLACE_ENDS = re.compile(
    r"\s*[;.:](?:\s|$)|\)[\s.]*$|\s*\((?!TT|UB)|,?\s+(?:từ|vào|lúc|trong|ngày|với|nhằm|theo|để|do|dành"
    r"|gồm|và (?:tổ chức|các hoạt)|cho|bằng"
    r"|(?:sáng|chiều|tối)(?= (?:ngày|thứ|\d))|được tổ chức|diễn ra|thành phần|hình thức"
    r"|thời gian|có|được|đảm bảo"
    r"|bảo đảm|trước (?=ngày|\d)|xong|hoàn thành|phục vụ|thu hút"
    r"|đồng thời|kết hợp|kết nối|truyền hình|livestream|phát (?:trực tiếp|sóng)"
    r"|qua|nhân|tổ chức|treo|\d{1,2} ?(?:giờ|h)|toàn thể|mời|khuyến khích"
    r"|góp phần|hưởng ứng)\b",
    re.IGNORECASE,
)
_TITLE_ENDS = re.compile(
    rf"\s*[;.](?:\s|$)|,?\s+(?:tại|{_AT}|vào|lúc|bắt đầu"
    r"|(?:sáng|chiều|tối)(?= (?:ngày|thứ|chủ nhật|\d|cùng))"
    r"|từ ngày|từ \d|trong (?:ngày|tuần|cả|thời gian)|trong Tuần|ngày \d"
    r"|thành phần|được tổ chức|diễn ra|theo hình thức|bằng hình thức|với hình thức|dành cho"
    r"|thời gian|địa điểm"
    r"|hình thức|đảm bảo|bảo đảm|nhằm|qua đó|góp phần|giúp|tới toàn thể|\d+ buổi|trước (?:ngày"
    r"|cổng|trụ sở|\d)"
    r"|xong|hoàn thành|phát sóng|vòng chung kết|\d{1,2} ?(?:giờ|h)\d{0,2}\b|\d{1,2}/\d{1,2})"
    r"|,?\s+(?:do|bởi)\s+(?:[A-ZĐ]|các|đơn vị|thư viện)[^.;]{2,100}?\s(?:chủ trì|tổ chức|thực hiện"
    r"|phụ trách)\b"
    r"|\s+(?:sẽ|dự kiến)\s+(?:được\s+)?(?=tổ chức|diễn ra|khai mạc)"
    r"|,\s+phối hợp\b"
    r"|,\s+(?:để|toàn thể|trong|có)\b|\s*\(|\s*:\s",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"^(?:phối hợp (?:với )?[^,;]{3,80}? (?=tổ chức|xây dựng|treo|trưng bày|trao|phát động|đăng)"
    r"|(?=))(?:(?:tiếp tục|đẩy mạnh|tăng cường"
    r"|tích cực|chủ động|phối hợp|thực hiện|triển khai|việc|cần|sẽ|và|cùng|tham gia|kết hợp)\s+)*"
    r"(?:(?:tổ chức(?! cho)|thực hiện|triển khai)(?: (?:tốt|có hiệu quả))?(?: (?:các"
    r"|những))?(?: hoạt động)?\s+)?",
    re.IGNORECASE,
)

_LONG = 200
"""No name of one activity is as long."""
_COUNTED_UP = re.compile(r"\bcác (?:hoạt động|hình thức|sân chơi)\b", re.IGNORECASE)
"""What is counted up after these words is one activity in several shapes."""
_HOLDS = re.compile(
    r"(?:tổ chức|xây dựng|treo|mở|trưng bày|trao|phát động|phát thanh|đăng|đưa tin|giới thiệu"
    r"|phục vụ|tặng)\b",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"(?:tổ chức|treo|mở|trưng bày|trao|phát|đăng|đưa|viết|quyên góp|tặng"
    r"|giới thiệu|dán|in|quay|thi(?! đua))\b",
    re.IGNORECASE,
)
"""A verb of its own: two such in one list are two activities even of one kind."""
_DAY_FIRST = re.compile(
    r"^(?:(?:buổi )?(?:sáng|chiều|tối) )?(?:từ )?ngày \d[^:]{2,40}:\s*(?=\S)", re.IGNORECASE
)
_ENUMERATED = re.compile(
    r"(?<!trưng bày)(?<!triển lãm),\s+"
    r"|\s+và\s+(?=tổ chức|treo|trao|mở|phát động|đăng)"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that names one activity."""

    text: str
    kind: ActivityKind


def pieces(clause: str) -> list[Piece]:
    """The clause, parted where another kind of activity begins after a comma or "và"."""
    found: list[tuple[str, ActivityKind | None]] = []
    for part in _ENUMERATED.split(clause):
        here = _leading_kind(part)
        if not found:
            found.append((part, here or kinds.kind_of(part)))
            continue
        text, kind = found[-1]
        apart = not _is_bare(text) or _begins_anew(text, part)
        apart = apart or bool(_ACTS.match(text) and _HOLDS.match(part))
        other = kind not in {None, here} or _acts_again(text, part)
        if here is not None and other and apart:
            found.append((part, here))
        else:
            joint = f"{text}, {part}"
            found[-1] = (joint, kind or (kinds.kind_of(joint) if len(joint) < _LONG else None))
    return [Piece(text, kind) for text, kind in found if kind is not None]


def _leading_kind(part: str) -> ActivityKind | None:
    """The kind that a part shows in its first words, quotations apart."""
    first = next(iter(kinds.mentions(part)), None)
    if first is None or len(part[: first.start].split()) > 4 or "“" in part[: first.start]:
        return None
    return first.kind


def _is_bare(text: str) -> bool:
    """Whether a name is so short that what follows in the list belongs to it."""
    return len(text) < _LONG and len(_VERB.sub("", text).split()) <= 4 and "tại" not in text


def _begins_anew(text: str, part: str) -> bool:
    """Whether both name what they are about: "trưng bày sách, thi kể chuyện sách"."""
    first = next(iter(kinds.mentions(part)), None)
    begins = first is not None and first.start <= len("tổ chức ")
    if not begins or _COUNTED_UP.search(text):
        return False
    return len(_VERB.sub("", text).split()) >= 3 and len(part.split()) >= 3


def _acts_again(text: str, part: str) -> bool:
    """Whether each has a verb of its own: "phát tờ rơi ở chợ, đăng bài trên trang của xã"."""
    return bool(_ACTS.match(text) and _ACTS.match(part)) and len(title(part).split()) >= 4


def title(text: str) -> str:
    """The name of the activity, without its day, place and manner."""
    text = _DAY_FIRST.sub("", text.strip(" .;,:-–"), count=1)
    bare = _VERB.sub("", _without_holder(text), count=1) or text
    ends = (m.start() for m in _TITLE_ENDS.finditer(bare))
    end = next((at for at in ends if at > 8 and not _in_quotes(bare, at)), len(bare))
    name = bare[:end].strip(" .;,:-–") or text
    return (name[:1].upper() + name[1:])[:300]


def _without_holder(text: str) -> str:
    """The text without the unit that holds it: "Thư viện tỉnh trưng bày sách"."""
    told = units.subject(text)
    if told and _HOLDS.match(told[1]) and kinds.kind_of(told[0]) is None:
        return told[1]
    return text


def _in_quotes(text: str, at: int) -> bool:
    return text.count("“", 0, at) > text.count("”", 0, at)


def place(text: str) -> str | None:
    """What stands after "tại", up to the words that say when, how or for whom."""
    match = _PLACE.search(text) or _AFTER_DAY.search(text)
    if not match:
        return None
    found = match["place"]
    end = _PLACE_ENDS.search(found)
    found = (found[: end.start()] if end else found).strip(" .;,:")
    return found if 2 <= len(found) <= 200 else None
