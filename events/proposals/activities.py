"""The activities that a plan names, under its contents or inside a duty."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from events.models import UNATTENDED, ActivityKind
from events.proposals import dates, kinds, wording
from events.proposals.details import details, is_detail
from events.proposals.outline import Item, Rank
from events.proposals.proposal import ProposedActivity, Source
from events.proposals.sameness import same
from events.proposals.sections import Topic, has_contents, is_closing, named_topic, topic_of
from events.proposals.sentences import clauses, sentences
from events.proposals.tables import Column, Row
from events.proposals.week import Run
from events.proposals.wording import Piece

_ABSTRACT = re.compile(
    r"^(?:tăng cường|đẩy mạnh|có kế hoạch|quan tâm|xác định|thi đua|nâng cao|phát huy|tiếp tục)\b",
    re.IGNORECASE,
)
_ABOUT_THE_WEEK = re.compile(
    r"(?:chủ đề|thông điệp|khẩu hiệu|thời gian|kinh phí|địa điểm|đối tượng)\b[^.;]{0,40}(?::| là )",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"(?:tăng cường|đẩy mạnh|nâng cao|phát huy|tiếp tục|quan tâm|khuyến khích|tạo điều kiện"
    r"|chú trọng|bảo đảm|đảm bảo|phấn đấu|gắn|lồng ghép|thực hiện|triển khai|rà soát|căn cứ"
    r"|các (?:hoạt động|nội dung)|ngoài ra|yêu cầu|mục tiêu|đề nghị|huy động|vận động|tích cực"
    r"|chủ động|đa dạng|mọi|trên đây|không|phổ biến|quán triệt)\b",
    re.IGNORECASE,
)
"""How a sentence begins that asks for an effort and names nothing to be held."""
_NAME = 160
"""The name of an activity is no longer."""
_BRACKETS = re.compile(r"\((?:trong )?(?:cả|suốt) tuần(?: lễ)?\)", re.IGNORECASE)
_WHOLE_WEEK = re.compile(r"(?:cả|suốt|trong|toàn) (?:thời gian )?tuần", re.IGNORECASE)
_JOINED = re.compile(
    r"\s+(?:và|đồng thời)\s+(?=(?:tổ chức|treo|mở|trao|phát động|đăng|quyên góp)\b)", re.IGNORECASE
)
_NEAR, _FAR = 5, 8
_STARTS_SOMETHING = re.compile(
    r"\b(?:tổ chức|treo|mở (?=các |thêm |lớp |khóa |chuyên |kho |\d)|vận động|phát động|đăng"
    r"|đăng tải|trao|quyên góp|xây dựng (?:(?:các|thêm|\d+) )?(?:chuyên|kho|tủ sách|thư viện|góc"
    r"|không gian)|quay|thực hiện treo|căng|lắp|trang trí (?=(?:các )?(?:khẩu hiệu|băng|pa|cờ))"
    r"|viết (?=(?:các )?(?:tin|bài)\b)"
    r"|in (?=\d|các|băng|pa|tờ)|làm (?=băng|pa)|phát sóng"
    r"|đưa tin|sưu tầm|cập nhật (?:các )?tin|chiếu)\b",
    re.IGNORECASE,
)
_PREPARES = re.compile(
    r"^(?:chuẩn bị|xây dựng (?:kế hoạch|kịch bản|nội dung)|tham mưu|chọn|cử|mời|ra đề|chấm"
    r"|kiểm tra|hướng dẫn|theo dõi|bố trí|tổng hợp|báo cáo|làm(?! băng| pa)|đôn đốc|rà soát"
    r"|tham gia"
    r"|viết kịch bản)\b",
    re.IGNORECASE,
)
_BEFORE_DETAILS = re.compile(
    r"[.,;]?\s*\b(?<!các )(?<!những )(?:thời gian|địa điểm|hình thức|thành phần|đối tượng"
    r"|khách mời)(?:(?: và|,| -) địa điểm)?(?: (?:dự kiến|tổ chức|thực hiện|diễn ra|tham (?:dự"
    r"|gia)))*\s*[:：]",
    re.IGNORECASE,
)
_LISTS = re.compile(r":\s*$|^(?:Công tác|Các hoạt động|Hoạt động khác)\b")
"""A heading that only counts up what stands below it."""
_LABEL = re.compile(r"(?P<label>[^:;.,“\"()]{3,80}):\s+(?=[^\W\d])")
_ONLY_START = re.compile(r"(?:từ|bắt đầu|kể từ)(?: ngày)? ?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Season:
    """The year that fills a day without one, and the days of the week."""

    year: int | None
    run: Run | None


def activities(root: Item, season: Season) -> tuple[ProposedActivity, ...]:
    """Every activity once: those under the contents first, then those only duties name."""
    found: list[ProposedActivity] = []
    duties_of = {Topic.DUTIES} if has_contents(root) else {Topic.DUTIES, Topic.NONE}
    lists: set[tuple[Item | None, int]] = set()
    quiet: list[Item] = []
    for item in root.below():
        topic = topic_of(item)
        if topic in {Topic.CONTENT, Topic.MEASURES} and named_topic(item) is not Topic.DUTIES:
            named = _of_content(item, season)
            found.extend(named)
            if named:
                lists.add((item.parent, item.rank))
            elif _may_name(item):
                quiet.append(item)
    for item in quiet:
        found.extend(_unknown_kind(item, season, is_among=(item.parent, item.rank) in lists))
    for item in root.below():
        if topic_of(item) in duties_of and not is_detail(item.text) and not is_closing(item):
            for activity in _of_duty(item, season):
                if not any(same(activity, known) for known in found):
                    found.append(activity)
    return tuple(sorted(found, key=lambda activity: activity.source.line))


def _of_content(item: Item, season: Season) -> list[ProposedActivity]:
    """One for a row or an item with its details, or one for each clause that names its own."""
    if item.row is not None:
        return list(_of_row(item, item.row, season))
    if not _may_name(item):
        return []
    if _is_labelled(item):
        return [_labelled(item, season)]
    parted = any(child.label or child.row is not None for child in item.children)
    return [] if parted else _of_text(item, season)


def _may_name(item: Item) -> bool:
    """Whether an item of the contents is more than a heading, a detail or a word on the week."""
    if item.row is not None or is_detail(item.text) or _ABOUT_THE_WEEK.match(item.text):
        return False
    named = named_topic(item)
    if named is not None and not (named is Topic.CONTENT and _is_labelled(item)):
        return False
    counts_up = _LISTS.search(item.text)
    return not (counts_up and any(not is_detail(child.text) for child in item.children))


def _is_labelled(item: Item) -> bool:
    """Whether lines such as "Địa điểm: …" say more about the item, below it or in it."""
    return bool(_BEFORE_DETAILS.search(item.text)) or any(
        is_detail(child.text) or dates.is_expected(child.text) for child in item.children
    )


def _labelled(item: Item, season: Season) -> ProposedActivity:
    text = " ".join([item.text, *(child.text for child in item.children if is_detail(child.text))])
    labelled = _BEFORE_DETAILS.search(item.text)
    head = item.text[: labelled.start()] if labelled else item.text
    piece = Piece(head, kinds.kind_of(head) or ActivityKind.OTHER)
    said = dict(reversed(details(text)))
    expected = next((c.text for c in item.children if dates.is_expected(c.text)), None)
    if expected:
        said.setdefault("thời gian", expected)
    return _activity(piece, Source(item.line, item.raw), season, said)


def _of_text(item: Item, season: Season) -> list[ProposedActivity]:
    """Each activity that a sentence names; the next sentence may say when it is."""
    found: list[ProposedActivity] = []
    for sentence in sentences(item.text):
        source = Source(item.line, item.raw if sentence == item.text else sentence)
        named = [
            _activity(piece, source, season, {})
            for clause in _clauses_of_content(item, sentence)
            for piece in wording.pieces(clause)
            if not _PREPARES.match(piece.text) and _near_start(piece, _FAR)
        ]
        if not named and found and dates.is_only_when(sentence):
            found[-1] = _dated(found[-1], sentence, season)
        found += named
    return found


def _dated(activity: ProposedActivity, sentence: str, season: Season) -> ProposedActivity:
    """The activity at the time and place of a sentence of their own: "Dự kiến ngày 05/10."."""
    span = dates.held(sentence, season.year)
    days = (span.first, span.last) if span and not activity.starts_on else None
    starts_on, ends_on = days or (activity.starts_on, activity.ends_on)
    place = activity.place or wording.place(sentence)
    return replace(activity, starts_on=starts_on, ends_on=ends_on, place=place)


def _clauses_of_content(item: Item, sentence: str) -> list[str]:
    """Every clause; of a measure only the first, and only one that says something to be held."""
    if topic_of(item) is not Topic.MEASURES:
        return clauses(_without_label(sentence))
    return [] if _ABSTRACT.match(sentence) else clauses(sentence)[:1]


def _without_label(sentence: str) -> str:
    """The text without a label that only says what sort of work follows: "Truyền thông: …"."""
    label = _LABEL.match(sentence)
    if label is None or kinds.kind_of(label["label"]) not in {None, ActivityKind.NEWS}:
        return sentence
    rest = sentence[label.end() :]
    named = [part for part in clauses(rest) if wording.pieces(part)]
    return rest if named and (len(named) > 1 or kinds.kind_of(label["label"]) is None) else sentence


def _unknown_kind(item: Item, season: Season, *, is_among: bool) -> Iterator[ProposedActivity]:
    """An item of the contents with a day or a place, or in a list of activities, is one too."""
    if item.children or not (item.label or item.rank in {Rank.DASH, Rank.PLUS}):
        return
    name, *more = sentences(item.text)
    day = dates.held(item.text, season.year)
    above = _kind_above(item)
    is_placed = item.label and wording.place(item.text)
    if day or is_placed or ((is_among or above) and _is_name(item)):
        piece = Piece(name, above or ActivityKind.OTHER)
        found = _activity(piece, Source(item.line, item.raw), season, {})
        yield _dated(found, " ".join(more), season) if more else found


def _is_name(item: Item) -> bool:
    """Whether it names something to be held, as the others of its list do."""
    if len(item.text) > _NAME or item.text.endswith(":") or topic_of(item) is not Topic.CONTENT:
        return False
    prepares = _PREPARES.match(item.text) and not item.text.lower().startswith("làm ")
    return not (_VAGUE.match(item.text) or prepares)


def _kind_above(item: Item) -> ActivityKind | None:
    """The kind that a heading gives all below it: "Lớp học cộng đồng:"."""
    above = item.parent
    if above is None or not above.text.endswith(":") or named_topic(above) is not None:
        return None
    kind = kinds.kind_of(above.text)
    return None if kind is ActivityKind.NEWS else kind


def _of_row(item: Item, row: Row, season: Season) -> Iterator[ProposedActivity]:
    """A row of a timetable is one activity, or one for each clause that names its own."""
    content = row.get(Column.CONTENT)
    if not content:
        return
    said = {
        "thời gian": row.get(Column.TIME, ""),
        "địa điểm": row.get(Column.PLACE, ""),
        "hình thức": row.get(Column.FORMAT, ""),
        "đối tượng": row.get(Column.AUDIENCE, ""),
    }
    for name in _names_in(content):
        piece = Piece(name, kinds.kind_of(name) or ActivityKind.OTHER)
        yield _activity(
            piece, Source(item.line, item.raw), season, {k: v for k, v in said.items() if v}
        )


def _names_in(cell: str) -> list[str]:
    """What semicolons part in a cell, when every part names something to be held."""
    parts = clauses(cell)
    shown = [kinds.kind_of(part) for part in parts]
    telling = all(
        kind or _STARTS_SOMETHING.match(part) for part, kind in zip(parts, shown, strict=True)
    )
    apart = len(set(shown)) == len(parts) or all(len(part.split()) > 2 for part in parts)
    return parts if telling and apart else [cell]


def _of_duty(item: Item, season: Season) -> Iterator[ProposedActivity]:
    """What a duty has held, hung or printed; preparing something is no activity."""
    text = item.row.get(Column.CONTENT, "") if item.row is not None else item.text
    for sentence in sentences(text):
        source = Source(item.line, item.raw if sentence == item.text or item.row else sentence)
        for clause in clauses(sentence):
            for part in _JOINED.split(clause):
                for piece in _held(part):
                    yield _activity(piece, source, season, {})


def _held(clause: str) -> list[Piece]:
    """What the clause says is to be held, from its verb on."""
    if _PREPARES.match(clause):
        return []
    verb, first = _STARTS_SOMETHING.search(clause), next(iter(kinds.mentions(clause)), None)
    starts = first is not None and first.start == 0 and first.kind is not ActivityKind.NEWS
    if verb is None and not starts:
        return []
    begin = 0 if starts or verb is None else verb.start()
    pieces = wording.pieces(clause[begin:])
    asks = clause[begin:].lower().startswith("vận động")
    return [
        piece
        for piece in pieces
        if _near_start(piece, _NEAR) and (not asks or piece.kind is ActivityKind.DONATION)
    ]


def _near_start(piece: Piece, words: int) -> bool:
    """Whether the telling word stands near the verb."""
    first = next(iter(kinds.mentions(piece.text)), None)
    return first is not None and len(piece.text[: first.start].split()) <= words


def _activity(
    piece: Piece, source: Source, season: Season, said: dict[str, str]
) -> ProposedActivity:
    when = _said(said, "thời gian") or piece.text
    span = dates.held(when, season.year)
    is_open = span is not None and not span.is_range and _ONLY_START.search(when[: span.start])
    starts_on = span.first if span else None
    ends_on = span.last if span and not is_open else None
    whole_week = _WHOLE_WEEK.search(_said(said, "thời gian") or "") or _BRACKETS.search(piece.text)
    if span is None and season.run and whole_week:
        starts_on, ends_on = season.run.starts_on, season.run.ends_on
    whom = _said(said, "đối tượng", "thành phần", "khách mời")
    about = " ".join([piece.text, *said.values()])
    return ProposedActivity(
        title=wording.title(piece.text),
        kind=piece.kind,
        format=kinds.format_of(_said(said, "hình thức", "phương thức") or about),
        place=_said(said, "địa điểm", "địa chỉ", "nơi") or wording.place(piece.text),
        audience=None if piece.kind in UNATTENDED else kinds.audience_of(piece.text, whom),
        starts_on=starts_on,
        ends_on=ends_on,
        source=source,
    )


def _said(said: dict[str, str], *labels: str) -> str | None:
    return next((value for key, value in said.items() if key.startswith(labels)), None)
