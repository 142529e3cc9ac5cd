"""The activities that a plan names, under its contents or inside a duty."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.text import folded
from events.models import ActivityKind
from events.proposals import dates, kinds
from events.proposals.outline import Item, details, is_detail
from events.proposals.proposal import ProposedActivity, Source
from events.proposals.sections import Topic, named_topic, topic_of
from events.proposals.sentences import clauses, sentences

_NOT_YET = {Topic.PURPOSE, Topic.TIME, Topic.THEME, Topic.MONEY, Topic.REPORTING}
_PLACE = re.compile(r"(?:\btại|\bở|(?=trước cổng|trước trụ sở)) ?(?P<place>(?!đây\b|chỗ\b|Kế hoạch|Công văn|Mục|mục).+)", re.I)
_PLACE_ENDS = re.compile(
    r"\s*[;.](?:\s|$)|\s*\((?!TT|UB)|,?\s+(?:từ|vào|lúc|trong|ngày|với|nhằm|theo|để|do|dành|gồm|và (?:tổ chức|các hoạt)|cho|bằng"
    r"|sáng|chiều|tối|thành phần|hình thức|thời gian|có|được|đảm bảo|bảo đảm|trước ngày|xong|hoàn thành|phục vụ|thu hút"
    r"|đồng thời|kết hợp|qua|nhân|tổ chức|treo|\d{1,2} ?(?:giờ|h)|toàn thể|mời|khuyến khích|góp phần|hưởng ứng)\b",
    re.IGNORECASE,
)
_TITLE_ENDS = re.compile(
    r"\s*[;.](?:\s|$)|,?\s+(?:tại|ở(?= )|vào|lúc|bắt đầu|sáng|chiều|tối|từ ngày|từ \d|trong (?:ngày|tuần|cả|thời gian)|trong Tuần|ngày \d"
    r"|thành phần|theo hình thức|bằng hình thức|với hình thức|dành cho|thời gian|địa điểm|hình thức|đảm bảo|bảo đảm|nhằm|qua đó|góp phần|trước (?:ngày|cổng|trụ sở|\d)"
    r"|xong|hoàn thành|phát sóng|vòng chung kết|\d{1,2} ?(?:giờ|h)\b|\d{1,2}/\d{1,2})|,\s+(?:để|toàn thể|trong|có)\b|\s*\(|\s*:\s",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"^(?:(?:tiếp tục|đẩy mạnh|tăng cường|tích cực|chủ động|phối hợp|thực hiện|triển khai|việc|cần|sẽ|và|cùng|tham gia)\s+)*"
    r"(?:(?:tổ chức|thực hiện|triển khai)(?: (?:tốt|có hiệu quả))?(?: (?:các|những))?(?: hoạt động)?\s+)?",
    re.IGNORECASE,
)
_STARTS_SOMETHING = re.compile(
    r"\b(?:tổ chức|treo|mở|vận động|phát động|đăng|đăng tải|trao|quyên góp|xây dựng (?:các )?chuyên|quay|thực hiện treo|căng|lắp|phát sóng|đưa tin)\b",
    re.IGNORECASE,
)
_PREPARES = re.compile(
    r"^(?:chuẩn bị|xây dựng (?:kế hoạch|kịch bản|nội dung)|tham mưu|chọn|cử|mời|ra đề|chấm|kiểm tra|hướng dẫn|theo dõi|bố trí|tổng hợp|báo cáo|làm|đôn đốc|rà soát|tham gia|viết kịch bản)\b",
    re.IGNORECASE,
)
_STOPWORDS = set(
    "to chuc cac va cua ve cho tai tuan le hoc tap suot doi huong ung nam thuc hien trien khai mo"
    " phat dong buoi mot nhung trong theo voi den tinh hoat dong le ngay".split()
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of text that names one activity."""

    text: str
    kind: ActivityKind


def activities(root: Item, year: int | None) -> tuple[ProposedActivity, ...]:
    """Every activity once: those under the contents first, then those only duties name."""
    found: list[ProposedActivity] = []
    for item in root.below():
        if _is_content(item):
            found.extend(_of_content(item, year))
    for item in root.below():
        if topic_of(item) is Topic.DUTIES and not item.is_heading and not is_detail(item.text):
            for activity in _of_duty(item, year):
                if not any(_same(activity, known) for known in found):
                    found.append(activity)
    return tuple(sorted(found, key=lambda activity: activity.source.line))


def _is_content(item: Item) -> bool:
    topic = topic_of(item)
    if item.is_row or is_detail(item.text) or named_topic(item) in {*_NOT_YET, Topic.DUTIES}:
        return False
    if topic is Topic.CONTENT:
        return True
    return False


def _of_content(item: Item, year: int | None) -> Iterator[ProposedActivity]:
    """One for the item with its details, or one for each clause that names its own."""
    own = [child for child in item.children if is_detail(child.text)]
    below = [child for child in item.children if not is_detail(child.text)]
    if own or details(item.text):
        text = " ".join([item.text, *(child.text for child in own)])
        head = _before_details(item.text)
        kind = kinds.kind_of(head)
        yield _activity(_Piece(head, kind or ActivityKind.OTHER), item, year, details(text))
        return
    if item.is_heading and (below or not item.label):
        return
    for sentence in sentences(item.text):
        for clause in clauses(sentence):
            for piece in _pieces(clause):
                if not _PREPARES.match(piece.text):
                    yield _activity(piece, item, year, [], sentence)


def _of_duty(item: Item, year: int | None) -> Iterator[ProposedActivity]:
    """What a duty has held, hung or printed; preparing something is no activity."""
    for sentence in sentences(item.text):
        for clause in clauses(sentence):
            start = _STARTS_SOMETHING.search(clause)
            for piece in _pieces(clause[start.start() :] if start else ""):
                if not _PREPARES.match(clause) and _near_start(piece):
                    yield _activity(piece, item, year, [], sentence)


def _near_start(piece: _Piece) -> bool:
    """Whether the telling word stands near the verb."""
    first = kinds.mentions(piece.text)[:1]
    return bool(first) and len(piece.text[: first[0].start].split()) <= 5


def _before_details(text: str) -> str:
    labelled = re.search(
        r"[.,;]?\s*(?:thời gian|địa điểm|hình thức|thành phần|đối tượng|khách mời)\s*[:：]", text, re.IGNORECASE
    )
    return text[: labelled.start()] if labelled else text


def _pieces(clause: str) -> list[_Piece]:
    """The clause, parted where another kind of activity begins after a comma or "và"."""
    parts = re.split(r",\s+|\s+và\s+(?=tổ chức|treo|trao|mở|phát động|đăng)", clause)
    pieces: list[str] = []
    kinds_of: list[ActivityKind | None] = []
    for part in parts:
        here = _leading_kind(part)
        new = here is not None and (not pieces or (kinds_of[-1] is not None and kinds_of[-1] != here))
        bare = bool(pieces) and len(_VERB.sub("", pieces[-1]).split()) <= 4 and "tại" not in pieces[-1]
        if not pieces or (new and not bare):
            pieces.append(part)
            kinds_of.append(here if here is not None else kinds.kind_of(part))
        else:
            pieces[-1] = f"{pieces[-1]}, {part}"
            kinds_of[-1] = kinds_of[-1] or kinds.kind_of(part)
    return [_Piece(text, kind) for text, kind in zip(pieces, kinds_of, strict=True) if kind is not None]


def _leading_kind(part: str) -> ActivityKind | None:
    """The kind that a part shows in its first words, quotations apart."""
    found = kinds.mentions(part)
    first = next(iter(found), None)
    if first is None or len(part[: first.start].split()) > 4 or "“" in part[: first.start]:
        return None
    return first.kind


def _activity(
    piece: _Piece, item: Item, year: int | None, labelled: list[tuple[str, str]], sentence: str = ""
) -> ProposedActivity:
    said = dict(reversed(labelled))
    about = " ".join([piece.text, *said.values()])
    when = dates.held(next((v for k, v in said.items() if k.startswith("thời gian")), piece.text), year)
    place = next((v for k, v in said.items() if k.startswith(("địa điểm", "địa chỉ", "nơi"))), None)
    form = next((v for k, v in said.items() if k.startswith(("hình thức", "phương thức"))), about)
    return ProposedActivity(
        title=_title(piece.text),
        kind=piece.kind,
        format=kinds.format_of(form),
        place=place or _place(piece.text),
        audience=kinds.audience_of(about),
        starts_on=when.first if when else None,
        ends_on=when.last if when else None,
        source=Source(item.line, item.raw if not sentence or sentence == item.text else sentence),
    )


def _title(text: str) -> str:
    """The name of the activity, without its day, place and manner."""
    text = text.strip(" .;,:-–")
    bare = _VERB.sub("", text, count=1) or text
    end = next((m.start() for m in _TITLE_ENDS.finditer(bare) if m.start() > 8 and not _in_quotes(bare, m.start())), len(bare))
    title = bare[:end].strip(" .;,:-–") or text
    return title[:1].upper() + title[1:300]


def _in_quotes(text: str, at: int) -> bool:
    return text.count("“", 0, at) > text.count("”", 0, at)


def _place(text: str) -> str | None:
    match = _PLACE.search(text)
    if not match:
        return None
    place = match["place"]
    end = _PLACE_ENDS.search(place)
    place = (place[: end.start()] if end else place).strip(" .;,:")
    return place if 2 <= len(place) <= 200 else None


def _same(one: ProposedActivity, other: ProposedActivity) -> bool:
    """Whether a duty speaks of an activity that the contents already have."""
    if one.kind is not other.kind:
        return False
    if one.starts_on and other.starts_on and one.starts_on != other.starts_on:
        return False
    if one.kind in {ActivityKind.BANNER, ActivityKind.NEWS} and one.starts_on is None:
        return one.kind is ActivityKind.BANNER or _alike(one.title, other.title) >= 0.3
    return _alike(one.title, other.title) >= 0.4 or not _words(one.title)


def _alike(one: str, other: str) -> float:
    """The share of telling words that two titles have in common, by the shorter one."""
    ours, theirs = _words(one), _words(other)
    smaller = min(len(ours), len(theirs))
    return len(ours & theirs) / smaller if smaller else 0.0


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", folded(text)) if word not in _STOPWORDS}


def merged(activity: ProposedActivity, other: ProposedActivity) -> ProposedActivity:
    """The activity, with what only the other says."""
    return replace(
        activity,
        format=activity.format or other.format,
        place=activity.place or other.place,
        audience=activity.audience or other.audience,
        starts_on=activity.starts_on or other.starts_on,
        ends_on=activity.ends_on or other.ends_on,
    )
