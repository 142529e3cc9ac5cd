"""The activities that a plan names, under its contents or inside a duty."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from core.text import folded
from events.models import UNATTENDED, ActivityKind
from events.proposals import dates, kinds, wording
from events.proposals.outline import Item, Rank, details, is_detail
from events.proposals.proposal import ProposedActivity, Source
from events.proposals.sections import Topic, has_contents, is_closing, named_topic, topic_of
from events.proposals.sentences import clauses, sentences, unquoted
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
    r"|khách mời)\s*[:：]",
    re.IGNORECASE,
)
_LISTS = re.compile(r":\s*$|^(?:Công tác|Các hoạt động|Hoạt động khác)\b")
"""A heading that only counts up what stands below it."""
_LABEL = re.compile(r"(?P<label>[^:;.,“\"()]{3,80}):\s+(?=[^\W\d])")
_ONLY_START = re.compile(r"(?:từ|bắt đầu|kể từ)(?: ngày)? ?$", re.IGNORECASE)
_STOPWORDS = frozenset(
    [
        "to",
        "chuc",
        "cac",
        "va",
        "cua",
        "ve",
        "cho",
        "tai",
        "tuan",
        "le",
        "hoc",
        "tap",
        "suot",
        "doi",
        "huong",
        "ung",
        "nam",
        "thuc",
        "hien",
        "trien",
        "khai",
        "mo",
        "phat",
        "dong",
        "buoi",
        "mot",
        "nhung",
        "trong",
        "theo",
        "voi",
        "den",
        "tinh",
        "hoat",
        "dong",
        "le",
        "ngay",
    ]
)


@dataclass(frozen=True, slots=True)
class Season:
    """The year that fills a day without one, and the days of the week."""

    year: int | None
    run: Run | None


def activities(root: Item, season: Season) -> tuple[ProposedActivity, ...]:
    """Every activity once: those under the contents first, then those only duties name."""
    found: list[ProposedActivity] = []
    duties_of = {Topic.DUTIES} if has_contents(root) else {Topic.DUTIES, Topic.NONE}
    for item in root.below():
        topic = topic_of(item)
        if topic in {Topic.CONTENT, Topic.MEASURES} and named_topic(item) is not Topic.DUTIES:
            found.extend(_of_content(item, season))
    for item in root.below():
        if topic_of(item) in duties_of and not is_detail(item.text) and not is_closing(item):
            for activity in _of_duty(item, season):
                if not any(_same(activity, known) for known in found):
                    found.append(activity)
    return tuple(sorted(found, key=lambda activity: activity.source.line))


def _of_content(item: Item, season: Season) -> Iterator[ProposedActivity]:
    """One for a row or an item with its details, or one for each clause that names its own."""
    if item.row is not None:
        yield from _of_row(item, item.row, season)
        return
    named = named_topic(item)
    if is_detail(item.text) or _ABOUT_THE_WEEK.match(item.text):
        return
    if named is not None and not (named is Topic.CONTENT and _is_labelled(item)):
        return
    if _LISTS.search(item.text) and any(not is_detail(child.text) for child in item.children):
        return
    if _is_labelled(item):
        yield _labelled(item, season)
    elif not any(child.label or child.row is not None for child in item.children):
        found = list(_of_text(item, season))
        yield from found or _unknown_kind(item, season)


def _is_labelled(item: Item) -> bool:
    """Whether lines such as "Địa điểm: …" say more about the item, below it or in it."""
    return bool(_BEFORE_DETAILS.search(item.text)) or any(
        is_detail(child.text) for child in item.children
    )


def _labelled(item: Item, season: Season) -> ProposedActivity:
    text = " ".join([item.text, *(child.text for child in item.children if is_detail(child.text))])
    labelled = _BEFORE_DETAILS.search(item.text)
    head = item.text[: labelled.start()] if labelled else item.text
    piece = Piece(head, kinds.kind_of(head) or ActivityKind.OTHER)
    said = dict(reversed(details(text)))
    return _activity(piece, Source(item.line, item.raw), season, said)


def _of_text(item: Item, season: Season) -> Iterator[ProposedActivity]:
    for sentence in sentences(item.text):
        source = Source(item.line, item.raw if sentence == item.text else sentence)
        for clause in _clauses_of_content(item, sentence):
            for piece in wording.pieces(clause):
                if not _PREPARES.match(piece.text) and _near_start(piece, _FAR):
                    yield _activity(piece, source, season, {})


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


def _unknown_kind(item: Item, season: Season) -> Iterator[ProposedActivity]:
    """An item of the contents with a day or a place is an activity, whatever its words."""
    if item.children or not (item.label or item.rank == Rank.DASH):
        return
    day = dates.held(item.text, season.year)
    if day or (item.label and wording.place(item.text)):
        piece = Piece(item.text, ActivityKind.OTHER)
        yield _activity(piece, Source(item.line, item.raw), season, {})


def _of_row(item: Item, row: Row, season: Season) -> Iterator[ProposedActivity]:
    """A row of a timetable is one activity."""
    content = row.get(Column.CONTENT)
    if not content:
        return
    said = {
        "thời gian": row.get(Column.TIME, ""),
        "địa điểm": row.get(Column.PLACE, ""),
        "hình thức": row.get(Column.FORMAT, ""),
        "đối tượng": row.get(Column.AUDIENCE, ""),
    }
    piece = Piece(content, kinds.kind_of(content) or ActivityKind.OTHER)
    yield _activity(
        piece, Source(item.line, item.raw), season, {k: v for k, v in said.items() if v}
    )


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
    if span is None and season.run and _WHOLE_WEEK.search(_said(said, "thời gian") or ""):
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


def _same(one: ProposedActivity, other: ProposedActivity) -> bool:
    """Whether a duty speaks of an activity that the contents already have."""
    if one.kind is not other.kind:
        return False
    if one.starts_on and other.starts_on and one.starts_on != other.starts_on:
        return False
    if one.kind in {ActivityKind.BANNER, ActivityKind.NEWS} and one.starts_on is None:
        return one.kind is ActivityKind.BANNER or _alike(one.title, other.title) >= 0.3
    if not _words(one.title) or not _words(other.title):
        return True
    return _alike(one.title, other.title) >= 0.4


def _alike(one: str, other: str) -> float:
    """The share of telling words that two titles have in common, by the shorter one."""
    ours, theirs = _words(unquoted(one)), _words(unquoted(other))
    smaller = min(len(ours), len(theirs))
    return len(ours & theirs) / smaller if smaller else 0.0


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", folded(text))) - _STOPWORDS
