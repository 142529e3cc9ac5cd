"""The activities that a plan names, under its contents or inside a duty."""

import re
from collections.abc import Iterator

from events.models import ActivityKind
from events.proposals import dates, held, kinds, openings, wording
from events.proposals.details import details, is_detail
from events.proposals.making import Season, dated, gather, in_manner, made
from events.proposals.outline import Item, Rank
from events.proposals.proposal import ProposedActivity, Source
from events.proposals.sameness import same
from events.proposals.sections import Topic, has_contents, is_closing, named_topic, topic_of
from events.proposals.sentences import clauses, sentences
from events.proposals.tables import Column, Row
from events.proposals.wording import Piece

_ABOUT_THE_WEEK = re.compile(
    r"(?:chủ đề|thông điệp|khẩu hiệu|thời gian|kinh phí|địa điểm|đối tượng)\b[^.;]{0,40}(?::| là )",
    re.IGNORECASE,
)
_FAR = 8
_NAME = 160
"""The name of an activity is no longer."""
_JOINED = re.compile(
    r"\s+(?:và|đồng thời)\s+(?=(?:tổ chức|treo|mở|trao|phát động|đăng|quyên góp)\b)", re.IGNORECASE
)
_LISTING = re.compile(
    r"^[^:;.]{3,160}\b(?:hoạt động|nội dung|việc làm)(?: (?:sau|như|gồm|chính))*: (?=\w)",
    re.IGNORECASE,
)
"""What only announces a list: "Cùng với đó là các hoạt động: …"."""
_LISTED = re.compile(r",\s+(?=(?:treo|căng|dán|đăng|in|dựng)\b)", re.IGNORECASE)
"""Where preparing ends and something is held: "chuẩn bị âm thanh, treo băng rôn"."""
_BEFORE_DETAILS = re.compile(
    r"[.,;]?\s*\b(?<!các )(?<!những )(?:thời gian|địa điểm|hình thức|thành phần|đối tượng"
    r"|khách mời)(?:(?: và|,| -) địa điểm)?(?: (?:dự kiến|tổ chức|thực hiện|diễn ra|tham (?:dự"
    r"|gia)))*\s*[:：]",
    re.IGNORECASE,
)
_LISTS = re.compile(r":\s*$|^(?:Công tác|Các hoạt động|Hoạt động khác)\b")
"""A heading that only counts up what stands below it."""
_LABEL = re.compile(r"(?P<label>[^:;.,“\"()]{3,80}):\s+(?=[^\W\d])")


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
    found += openings.told_aside(root, season, found)
    return tuple(sorted(found, key=lambda activity: activity.source.line))


def _of_content(item: Item, season: Season) -> list[ProposedActivity]:
    """One for a row or an item with its details, or one for each clause that names its own."""
    if item.row is not None:
        return list(_of_row(item, item.row, season))
    if not _may_name(item):
        return []
    if _is_labelled(item):
        return [_labelled(item, season)]
    if any(child.row is not None for child in item.children) or _is_told_by_items(item):
        return []
    named = _of_text(item, season)
    return [] if item.is_heading and named and _is_told_below(item, named[0], season) else named


def _is_told_by_items(item: Item) -> bool:
    """Whether the numbered items below a heading are the activities, and not parts of one."""
    listed = [child for child in item.children if child.label]
    if not listed:
        return False
    own = kinds.kind_of(item.text)
    if openings.has_running_order(item):
        return False
    return (
        own is None
        or named_topic(item) is not None
        or any(kinds.kind_of(child.text) for child in listed)
    )


def _is_told_below(item: Item, named: ProposedActivity, season: Season) -> bool:
    """Whether the paragraph under a heading names what the heading does: "Biểu dương …"."""
    told = (found for child in item.children for found in _of_text(child, season))
    return any(found.kind is named.kind for found in told)


def _may_name(item: Item) -> bool:
    """Whether an item of the contents is more than a heading, a detail or a word on the week."""
    if item.row is not None or is_detail(item.text) or dates.is_expected(item.text):
        return False
    if _ABOUT_THE_WEEK.match(item.text) or held.is_stocktaking(item.text):
        return False
    if openings.is_hour_of_one(item):
        return False
    named = named_topic(item)
    is_ceremony = _is_labelled(item) or openings.has_running_order(item)
    if named is not None and not (named is Topic.CONTENT and is_ceremony):
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
    return made(piece, Source(item.line, item.raw), season, said)


def _of_text(item: Item, season: Season) -> list[ProposedActivity]:
    """Each activity that a sentence names; the next sentence may say when it is."""
    found: list[ProposedActivity] = []
    for sentence in sentences(item.text):
        source = Source(item.line, item.raw if sentence == item.text else sentence)
        named = [
            made(piece, source, season, {})
            for clause in _clauses_of_content(item, sentence)
            for piece in wording.pieces(clause)
            if not (held.is_prepared(piece.text) or held.is_stocktaking(piece.text))
            and held.near_start(piece, _FAR)
        ]
        if not held.is_past(sentence, season.year):
            gather(found, named, sentence, season)
            found = in_manner(found, named, sentence)
    return found


def _clauses_of_content(item: Item, sentence: str) -> list[str]:
    """Every clause; of a measure only the first, and only one that says something to be held."""
    if topic_of(item) is not Topic.MEASURES:
        return clauses(_without_label(sentence))
    return [] if held.is_urged(sentence) else clauses(sentence)[:1]


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
        piece = Piece(name, above or kinds.kind_of(name) or ActivityKind.OTHER)
        found = made(piece, Source(item.line, item.raw), season, {})
        yield dated(found, " ".join(more), season) if more else found


def _is_name(item: Item) -> bool:
    """Whether it names something to be held, as the others of its list do."""
    if len(item.text) > _NAME or item.text.endswith(":") or topic_of(item) is not Topic.CONTENT:
        return False
    return not held.is_vague(item.text)


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
    if not content or held.is_office_work(content):
        return
    said = {
        "thời gian": row.get(Column.TIME, ""),
        "địa điểm": row.get(Column.PLACE, ""),
        "hình thức": row.get(Column.FORMAT) or row.get(Column.OTHER, ""),
        "đối tượng": row.get(Column.AUDIENCE, ""),
    }
    for name in _names_in(content):
        piece = Piece(name, kinds.kind_of(name) or ActivityKind.OTHER)
        yield made(piece, Source(item.line, item.raw), season, {k: v for k, v in said.items() if v})


def _names_in(cell: str) -> list[str]:
    """What semicolons part in a cell, when every part names something to be held."""
    parts = clauses(cell)
    shown = [kinds.kind_of(part) for part in parts]
    telling = all(
        kind or held.starts_something(part) for part, kind in zip(parts, shown, strict=True)
    )
    apart = len(set(shown)) == len(parts) or all(len(part.split()) > 2 for part in parts)
    return parts if telling and apart else [cell]


def _of_duty(item: Item, season: Season) -> list[ProposedActivity]:
    """What a duty has held, hung or printed; preparing something is no activity."""
    text = item.row.get(Column.CONTENT, "") if item.row is not None else item.text
    found: list[ProposedActivity] = []
    for sentence in sentences(text):
        if held.is_past(sentence, season.year):
            continue
        source = Source(item.line, item.raw if sentence == item.text or item.row else sentence)
        named = [
            made(piece, source, season, {})
            for clause in clauses(_LISTING.sub("", sentence, count=1))
            for joined in _JOINED.split(clause)
            for part in (_LISTED.split(joined) if held.is_prepared(joined) else [joined])
            for piece in held.held(part)
        ]
        gather(found, named, sentence, season)
    return found
