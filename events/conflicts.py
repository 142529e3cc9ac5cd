"""What collides on the programme: facts in, conflicts out.

A conflict is a warning, never a refusal. Overlaps are found by sorting and sweeping, so that
five thousand activities take no longer than reading them.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from core import clock
from core.text import folded, nfc
from events.models import UNATTENDED, ActivityKind, ActivityState, Format

ALL_DAY = timedelta(hours=8)
"""A sitting this long fills the day of its place, but nobody stands beside it all the time."""
AT_ONCE = 5
"""A sitting is held against at most so many that are still on: those that end last."""


class ConflictKind(StrEnum):
    """In which way activities collide, or one with what is fixed for it."""

    VENUE = "venue"
    PERSON = "person"
    SEATS = "seats"
    OUTSIDE = "outside"
    CANCELLED_PLAN = "cancelled_plan"
    OPENING_DAY = "opening_day"


Span = tuple[datetime, datetime]


class Fact(NamedTuple):
    """What must be known of an activity to say what it collides with."""

    id: int
    slug: str
    title: str
    kind: ActivityKind
    state: ActivityState
    format: Format
    starts_at: datetime
    ends_at: datetime
    unit_id: int
    host: str
    plan_id: int
    venue_id: int | None
    venue: str
    capacity: int | None
    seats: int | None
    contact: str
    campaign_id: int
    campaign: str
    opening_on: date | None
    sittings: tuple[Span, ...]
    plan_is_cancelled: bool
    is_ours: bool
    """Whether who asks may work on it."""
    week: tuple[date, date]
    """The first and last day of the campaign that its plan belongs to."""


@dataclass(frozen=True, slots=True, eq=False)
class Conflict:
    """One collision: of an activity with another, or with what is fixed for it."""

    kind: ConflictKind
    activity: Fact
    other: Fact | None
    at: datetime
    """When it first comes about."""
    times: int = 1

    @property
    def key(self) -> tuple[ConflictKind, frozenset[int]]:
        """The same for the same collision before and after a change."""
        return self.kind, frozenset(fact.id for fact in self.both)

    @property
    def both(self) -> tuple[Fact, ...]:
        """The activities that it is about."""
        return (self.activity,) if self.other is None else (self.activity, self.other)

    def seen_from(self, number: int) -> "Conflict":
        """The same, told about the activity of that number."""
        if self.other is None or self.activity.id == number:
            return self
        return replace(self, activity=self.other, other=self.activity)


def found(facts: Iterable[Fact]) -> list[Conflict]:
    """Everything that collides, by time."""
    known = [fact for fact in facts if fact.state is not ActivityState.CANCELLED]
    alone = (conflict for fact in known for conflict in _alone(fact))
    return _in_order([*alone, *_overlaps(known)])


def of(fact: Fact, others: Iterable[Fact]) -> list[Conflict]:
    """Everything that one activity collides with."""
    if fact.state is ActivityState.CANCELLED:
        return []
    keys = set(_keys(fact))
    conflicts = list(_alone(fact))
    for other in others:
        if other.id == fact.id or other.state is ActivityState.CANCELLED:
            continue
        shared = {key[0] for key in _keys(other) if key in keys}
        meetings = _meetings(fact, other) if shared else []
        if meetings:
            conflicts += [
                Conflict(kind, fact, other, meetings[0], len(meetings)) for kind in shared
            ]
    return _in_order(conflicts)


def by_activity(conflicts: Iterable[Conflict]) -> dict[int, list[Conflict]]:
    """The conflicts of each activity, each told from its side."""
    listed: dict[int, list[Conflict]] = defaultdict(list)
    for conflict in conflicts:
        for fact in conflict.both:
            listed[fact.id].append(conflict.seen_from(fact.id))
    return dict(listed)


def last_day(starts_at: datetime, ends_at: datetime) -> date:
    """The local day on which its last sitting begins; a night belongs to the day before."""
    first, last = clock.local(starts_at), clock.local(ends_at)
    overnight = last.time() <= first.time()
    return last.date() - timedelta(days=1) if overnight else last.date()


def _too_many_seats(fact: Fact) -> bool:
    held_there = fact.format is not Format.ONLINE and fact.capacity is not None
    return held_there and fact.seats is not None and fact.seats > (fact.capacity or 0)


def _outside_the_week(fact: Fact) -> bool:
    """Banners and news may begin before the week and stay after it, as long as they touch it."""
    begins, ends = fact.week
    if fact.starts_at >= _midnight(begins) and fact.ends_at <= _midnight(ends + timedelta(days=1)):
        return False
    first, last = clock.local_day(fact.starts_at), last_day(fact.starts_at, fact.ends_at)
    if fact.kind in UNATTENDED:
        return last < begins or first > ends
    return first < begins or last > ends


_midnight = lru_cache(maxsize=64)(clock.at)


def _under_a_cancelled_plan(fact: Fact) -> bool:
    return fact.plan_is_cancelled and fact.state is ActivityState.RELEASED


def _opens_on_another_day(fact: Fact) -> bool:
    opens = fact.kind is ActivityKind.OPENING and fact.opening_on is not None
    return opens and clock.local_day(fact.starts_at) != fact.opening_on


ALONE: dict[ConflictKind, Callable[[Fact], bool]] = {
    ConflictKind.SEATS: _too_many_seats,
    ConflictKind.OUTSIDE: _outside_the_week,
    ConflictKind.CANCELLED_PLAN: _under_a_cancelled_plan,
    ConflictKind.OPENING_DAY: _opens_on_another_day,
}
"""What is wrong with an activity by itself."""


def _alone(fact: Fact) -> Iterator[Conflict]:
    for kind, is_so in ALONE.items():
        if is_so(fact):
            yield Conflict(kind, fact, None, fact.starts_at)


_OFFICES = (
    "văn phòng", "phòng ", "ban giám hiệu", "ban tổ chức", "ban chỉ đạo", "tổ ", "bộ phận ",
    "thư viện", "trung tâm", "hội ", "sở ",
)  # fmt: skip
"""How contacts begin that are no person: an office can be in charge of much at the same time."""
_PHONE = re.compile(r"\+?\d[\d .()-]{7,18}\d")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+")


@lru_cache(maxsize=8192)
def _named(contact: str) -> tuple[str, tuple[str, ...]]:
    """Who is meant: the words, and the numbers and addresses that are one person's everywhere."""
    phones = ("".join(c for c in found if c.isdigit()) for found in _PHONE.findall(contact))
    name = "" if nfc(contact).lower().startswith(_OFFICES) else folded(contact)
    return name, (*phones, *_EMAIL.findall(contact.lower())) if name else ()


def has_number(contact: str) -> bool:
    """Whether a contact tells by a number or an address who is meant, wherever they work."""
    return bool(_named(contact)[1])


def _keys(fact: Fact) -> list[tuple[ConflictKind, Hashable]]:
    """What it occupies while it is on: its venue, and the person in charge.

    A name alone means the same person only within one unit or one plan: elsewhere it is a
    namesake, or a title such as “the headmaster”.
    """
    if fact.kind in UNATTENDED:
        return []
    keys: list[tuple[ConflictKind, Hashable]] = []
    if fact.venue_id is not None and fact.format is not Format.ONLINE:
        keys.append((ConflictKind.VENUE, fact.venue_id))
    if all(end - start >= ALL_DAY for start, end in fact.sittings):
        return keys
    name, personal = _named(fact.contact)
    if name:
        keys.append((ConflictKind.PERSON, ("unit", fact.unit_id, name)))
        keys.append((ConflictKind.PERSON, ("plan", fact.plan_id, name)))
    keys += [(ConflictKind.PERSON, one) for one in personal]
    return keys


def _overlaps(facts: Sequence[Fact]) -> list[Conflict]:
    """One sweep over all sittings in the order of their beginnings."""
    starts = sorted(
        ((start, end, fact) for fact in facts for start, end in fact.sittings),
        key=lambda sitting: sitting[0],
    )
    still_on: dict[Hashable, list[tuple[datetime, Fact]]] = defaultdict(list)
    seen: dict[tuple[ConflictKind, int, int], tuple[Conflict, set[datetime]]] = {}
    for start, end, fact in starts:
        for key in _keys(fact):
            here = [entry for entry in still_on[key] if entry[0] > start]
            for _until, other in here:
                if other.id != fact.id:
                    pair = (key[0], min(fact.id, other.id), max(fact.id, other.id))
                    if pair not in seen:
                        seen[pair] = Conflict(key[0], fact, other, start), set()
                    seen[pair][1].add(start)
            here.append((end, fact))
            here.sort(key=lambda entry: entry[0])
            still_on[key] = here[-AT_ONCE:]
    return [
        replace(conflict, times=len(moments)) if len(moments) > 1 else conflict
        for conflict, moments in seen.values()
    ]


def _meetings(one: Fact, other: Fact) -> list[datetime]:
    """When both are on, by the beginning of the later sitting."""
    return sorted(
        max(start, start_there)
        for start, end in one.sittings
        for start_there, end_there in other.sittings
        if start < end_there and start_there < end
    )


def _in_order(conflicts: Iterable[Conflict]) -> list[Conflict]:
    return sorted(
        conflicts, key=lambda c: (c.at, c.kind, c.activity.id, c.other.id if c.other else 0)
    )
