"""Head counts: someone stands for a number; a new one is added, none is altered.

Counters say by how many the number changes, so that several of them add up, one of them may be
without a connection, and what is sent twice counts once. Nothing falls below nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from checkin import queries
from checkin.errors import NotCounted
from checkin.models import Grade, Group, Tally
from core.database import session
from core.i18n import N_
from events.models import Activity, ActivityState, Counting, Format


@dataclass(frozen=True, slots=True)
class Witness:
    """Who stands for a number: an account, or what a code let in."""

    account_id: int | None = None
    screen_id: int | None = None


Series = tuple[int, int | None, Group | None]
"""A sitting, a point and a group."""

GRADES = (Grade.HEADCOUNT, Grade.ESTIMATE)
"""A number of heads is counted or estimated; nothing better."""
MOST = 100_000
"""Nobody counts more than that in one go."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a counter says: some more came, or an earlier word of theirs was wrong."""

    nonce: str | None
    series: Series
    by: int = 0
    reason: str = ""
    grade: Grade | None = None
    """Nothing keeps the grade of what holds."""
    undoes: str | None = None
    """The nonce of the entry that is taken back."""
    made_at: datetime | None = None

    def is_same(self, kept: Tally) -> bool:
        """Whether a kept entry says this; one that takes back is known by its nonce."""
        same_place = (kept.session_id, kept.point_id, kept.group) == self.series
        return same_place and (self.undoes is not None or kept.change == self.by)


@dataclass(frozen=True, slots=True)
class Said:
    """What became of an entry."""

    nonce: str | None
    replayed: bool = False
    refused: str = ""
    """Why it does not count: a sentence to translate."""


NO_SITTING = N_("This sitting or point does not belong to the activity any more.")
NO_REASON = N_("A correction needs a reason.")
REUSED = N_("This entry was made before with other content.")
NOTHING_TO_UNDO = N_("There is nothing to take back.")


def takes_heads(activity: Activity, *, at_point: bool) -> bool:
    """Whether heads are counted there: by rule of the activity, or at a point of a hybrid one."""
    if activity.state is not ActivityState.RELEASED:
        return False
    return activity.counting is Counting.TALLY or (at_point and activity.format is Format.HYBRID)


def standing(activity: Activity) -> dict[Series, Tally]:
    """The entry that holds in each series."""
    found = session().scalars(queries.standing_head_counts(Tally.activity_id == activity.id))
    return {_series(tally): tally for tally in found}


def enter(
    activity: Activity,
    entries: Sequence[Entry],
    *,
    places: set[tuple[int, int | None]],
    by: Witness,
    now: datetime,
) -> list[Said]:
    """Take entries in their order; each is kept, was kept before, or is refused with a reason.

    ``places`` are the sittings and points where the witness may count. The activity must be
    locked. Raises ``NotCounted``.
    """
    if not any(takes_heads(activity, at_point=point is not None) for _sitting, point in places):
        raise NotCounted()
    book = _Book(activity, entries, by, now)
    return [
        book.take(entry)
        if entry.series[:2] in places
        and takes_heads(activity, at_point=entry.series[1] is not None)
        else Said(entry.nonce, refused=NO_SITTING)
        for entry in entries
    ]


class _Book:
    """The entries of an activity while more are taken: what holds, and which nonces are known."""

    def __init__(
        self, activity: Activity, entries: Sequence[Entry], by: Witness, now: datetime
    ) -> None:
        self._activity, self._by, self._now = activity, by, now
        self._held = standing(activity)
        named = {n for entry in entries for n in (entry.nonce, entry.undoes) if n is not None}
        kept = session().scalars(sa.select(Tally).where(Tally.nonce.in_(named))).all()
        self._known = {tally.nonce: tally for tally in kept}
        numbers = [tally.id for tally in kept]
        undone = sa.select(Tally.undoes_id).where(Tally.undoes_id.in_(numbers))
        self._undone = set(session().scalars(undone)) if numbers else set()

    def take(self, entry: Entry) -> Said:
        """One entry; what it says holds for the next one."""
        kept = self._known.get(entry.nonce) if entry.nonce else None
        if kept is not None:
            is_ours = kept.activity_id == self._activity.id and entry.is_same(kept)
            return Said(entry.nonce, replayed=is_ours, refused="" if is_ours else REUSED)
        if entry.undoes is not None:
            return self._take_back(entry, self._known.get(entry.undoes))
        held = self._held.get(entry.series)
        if entry.by < 0 and not entry.reason:
            return Said(entry.nonce, refused=NO_REASON)
        grade = entry.grade or (held.grade if held else Grade.HEADCOUNT)
        self._add(entry, entry.by, grade)
        return Said(entry.nonce)

    def _take_back(self, entry: Entry, target: Tally | None) -> Said:
        if target is None or _series(target) != entry.series or not target.change:
            return Said(entry.nonce, refused=NOTHING_TO_UNDO)
        if target.activity_id != self._activity.id or target.undoes_id is not None:
            return Said(entry.nonce, refused=NOTHING_TO_UNDO)
        if target.id is None:
            session().flush()
        if target.id in self._undone:
            return Said(entry.nonce, refused=NOTHING_TO_UNDO)
        self._undone.add(target.id)
        self._add(entry, -target.change, self._held[entry.series].grade, undoes_id=target.id)
        return Said(entry.nonce)

    def _add(self, entry: Entry, by: int, grade: Grade, undoes_id: int | None = None) -> None:
        held = self._held.get(entry.series)
        sitting, point, group = entry.series
        tally = Tally(
            activity_id=self._activity.id,
            session_id=sitting,
            point_id=point,
            group=group,
            count=max(0, (held.count if held else 0) + by),
            change=by,
            grade=grade,
            note=entry.reason,
            account_id=self._by.account_id,
            screen_id=self._by.screen_id,
            at=self._now,
            made_at=entry.made_at,
            nonce=entry.nonce,
            undoes_id=undoes_id,
        )
        session().add(tally)
        self._held[entry.series] = tally
        self._known[entry.nonce] = tally


def last_of(activity: Activity, series: Sequence[Series], by: Witness) -> Tally | None:
    """What a witness entered last in any of the series, when it is still to be taken back."""
    undone = sa.select(Tally.undoes_id).where(Tally.undoes_id.is_not(None))
    found = (
        queries.head_counts(activity)
        .where(Tally.account_id == by.account_id, Tally.screen_id == by.screen_id)
        .where(Tally.nonce.is_not(None), Tally.undoes_id.is_(None), Tally.change != 0)
        .where(Tally.id.not_in(undone))
        .where(sa.or_(*(_is_of(one) for one in series)))
    )
    return session().scalar(found.limit(1))


def _is_of(series: Series) -> sa.ColumnElement[bool]:
    sitting, point, group = series
    return sa.and_(Tally.session_id == sitting, Tally.point_id == point, Tally.group == group)


def history(activity: Activity, limit: int = 30) -> sa.Select[Tally]:
    """The latest head counts."""
    return queries.head_counts(activity).limit(limit)


def _series(tally: Tally) -> Series:
    return tally.session_id, tally.point_id, tally.group
