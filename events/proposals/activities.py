"""The activities that a plan names, under its contents or inside a duty."""

import re
from collections.abc import Iterator

from core.text import folded
from events.models import UNATTENDED, ActivityKind
from events.proposals import dates, kinds, wording
from events.proposals.outline import Item, details, is_detail
from events.proposals.proposal import ProposedActivity, Source
from events.proposals.sections import Topic, has_sections, is_closing, named_topic, topic_of
from events.proposals.sentences import clauses, sentences
from events.proposals.tables import Column, Row
from events.proposals.wording import Piece

_STARTS_SOMETHING = re.compile(
    r"\b(?:tổ chức|treo|mở|vận động|phát động|đăng|đăng tải|trao|quyên góp|xây dựng (?:các )?chuyên|quay|thực hiện treo|căng|lắp|phát sóng|đưa tin)\b",
    re.IGNORECASE,
)
_PREPARES = re.compile(
    r"^(?:chuẩn bị|xây dựng (?:kế hoạch|kịch bản|nội dung)|tham mưu|chọn|cử|mời|ra đề|chấm|kiểm tra|hướng dẫn|theo dõi|bố trí|tổng hợp|báo cáo|làm|đôn đốc|rà soát|tham gia|viết kịch bản)\b",
    re.IGNORECASE,
)
_BEFORE_DETAILS = re.compile(
    r"[.,;]?\s*\b(?:thời gian|địa điểm|hình thức|thành phần|đối tượng|khách mời)\s*[:：]",
    re.IGNORECASE,
)
_ONLY_START = re.compile(r"(?:từ|bắt đầu|kể từ)(?: ngày)? ?$", re.IGNORECASE)
_STOPWORDS = set(
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


def activities(root: Item, year: int | None) -> tuple[ProposedActivity, ...]:
    """Every activity once: those under the contents first, then those only duties name."""
    found: list[ProposedActivity] = []
    duties_of = {Topic.DUTIES} if has_sections(root) else {Topic.NONE}
    for item in root.below():
        if topic_of(item) is Topic.CONTENT and named_topic(item) is not Topic.DUTIES:
            found.extend(_of_content(item, year))
    for item in root.below():
        if topic_of(item) in duties_of and not is_detail(item.text) and not is_closing(item):
            for activity in _of_duty(item, year):
                if not any(_same(activity, known) for known in found):
                    found.append(activity)
    return tuple(sorted(found, key=lambda activity: activity.source.line))


def _of_content(item: Item, year: int | None) -> Iterator[ProposedActivity]:
    """One for a row or an item with its details, or one for each clause that names its own."""
    if item.row is not None:
        yield from _of_row(item, item.row, year)
        return
    if is_detail(item.text) or (named_topic(item) is not None and not _is_labelled(item)):
        return
    if _is_labelled(item):
        yield _labelled(item, year)
    elif not any(child.label or child.row is not None for child in item.children):
        found = list(_of_text(item, year))
        yield from found or _unknown_kind(item, year)


def _is_labelled(item: Item) -> bool:
    """Whether lines such as "Địa điểm: …" say more about the item, below it or in it."""
    return bool(_BEFORE_DETAILS.search(item.text)) or any(
        is_detail(child.text) for child in item.children
    )


def _labelled(item: Item, year: int | None) -> ProposedActivity:
    text = " ".join([item.text, *(child.text for child in item.children if is_detail(child.text))])
    labelled = _BEFORE_DETAILS.search(item.text)
    head = item.text[: labelled.start()] if labelled else item.text
    piece = Piece(head, kinds.kind_of(head) or ActivityKind.OTHER)
    said = dict(reversed(details(text)))
    return _activity(piece, Source(item.line, item.raw), year, said)


def _of_text(item: Item, year: int | None) -> Iterator[ProposedActivity]:
    for sentence in sentences(item.text):
        source = Source(item.line, item.raw if sentence == item.text else sentence)
        for clause in clauses(sentence):
            for piece in wording.pieces(clause):
                if not _PREPARES.match(piece.text):
                    yield _activity(piece, source, year, {})


def _unknown_kind(item: Item, year: int | None) -> Iterator[ProposedActivity]:
    """An item of the contents with a day or a place is an activity, whatever its words."""
    if item.children or not item.label:
        return
    if dates.held(item.text, year) or wording.place(item.text):
        piece = Piece(item.text, ActivityKind.OTHER)
        yield _activity(piece, Source(item.line, item.raw), year, {})


def _of_row(item: Item, row: Row, year: int | None) -> Iterator[ProposedActivity]:
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
    yield _activity(piece, Source(item.line, item.raw), year, {k: v for k, v in said.items() if v})


def _of_duty(item: Item, year: int | None) -> Iterator[ProposedActivity]:
    """What a duty has held, hung or printed; preparing something is no activity."""
    text = item.row.get(Column.CONTENT, "") if item.row is not None else item.text
    for sentence in sentences(text):
        source = Source(item.line, item.raw if sentence == item.text or item.row else sentence)
        for clause in clauses(sentence):
            start = _STARTS_SOMETHING.search(clause)
            if start is None or _PREPARES.match(clause):
                continue
            for piece in wording.pieces(clause[start.start() :]):
                if _near_start(piece):
                    yield _activity(piece, source, year, {})


def _near_start(piece: Piece) -> bool:
    """Whether the telling word stands near the verb."""
    first = next(iter(kinds.mentions(piece.text)), None)
    return first is not None and len(piece.text[: first.start].split()) <= 5


def _activity(
    piece: Piece, source: Source, year: int | None, said: dict[str, str]
) -> ProposedActivity:
    when = _said(said, "thời gian") or piece.text
    span = dates.held(when, year)
    is_open = span is not None and not span.is_range and _ONLY_START.search(when[: span.start])
    whom = _said(said, "đối tượng", "thành phần", "khách mời")
    about = " ".join([piece.text, *said.values()])
    return ProposedActivity(
        title=wording.title(piece.text),
        kind=piece.kind,
        format=kinds.format_of(_said(said, "hình thức", "phương thức") or about),
        place=_said(said, "địa điểm", "địa chỉ", "nơi") or wording.place(piece.text),
        audience=None if piece.kind in UNATTENDED else kinds.audience_of(piece.text, whom),
        starts_on=span.first if span else None,
        ends_on=span.last if span and not is_open else None,
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
    return _alike(one.title, other.title) >= 0.4 or not _words(one.title)


def _alike(one: str, other: str) -> float:
    """The share of telling words that two titles have in common, by the shorter one."""
    ours, theirs = _words(one), _words(other)
    smaller = min(len(ours), len(theirs))
    return len(ours & theirs) / smaller if smaller else 0.0


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", folded(text)) if word not in _STOPWORDS}
