"""When a record was really made, by clocks that may be off and may have been set meanwhile.

Three things are known of a record that comes later: what the scanner's clock showed, how far that
clock was off when the scanner last met us before, and how far it is off now. A clock that nobody
set is off by the same both times. Where the two differ, time itself says which holds: ``elapsed``
is counted by a clock that nobody sets; it may stand while a phone sleeps, so that a record is never
younger than it says.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

STEP = timedelta(seconds=30)
"""Less is the way through a slow network."""
MOST = timedelta(days=21)
"""Further off than this a clock is kept as off by this."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a scanner says of when a record was made; ``sent_at`` is its clock as it hands in."""

    shown_at: datetime
    ahead: int | None = None
    elapsed: int | None = None


@dataclass(frozen=True, slots=True)
class Stood:
    """When it was made by our clock, and how the scanner's stood."""

    at: datetime
    skew: int | None
    """By how many milliseconds it was ahead as the record was handed in."""
    clock: dict[str, Any] | None = None
    """By how many milliseconds it was set since, and whether that is sure; kept in the answer."""


def set_right(told: Told, ahead: timedelta | None, now: datetime) -> Stood:
    """The moment of a record that is handed in now by a clock that is ahead by ``ahead``."""
    later = (told.shown_at - (ahead or timedelta())).astimezone(UTC)
    skew = None if ahead is None else milliseconds(ahead)
    if ahead is None or told.ahead is None:
        return Stood(min(later, now), skew)
    before = timedelta(milliseconds=told.ahead)
    if abs(ahead - before) <= STEP:
        return Stood(min(later, now), skew)
    earlier = (told.shown_at - before).astimezone(UTC)
    latest = now - timedelta(milliseconds=told.elapsed or 0)
    possible = [one for one in (later, earlier) if one <= latest + STEP]
    at = min(possible, key=lambda one: latest - one, default=latest)
    is_sure = len(possible) == 1
    if told.elapsed is not None:
        is_sure = is_sure or latest - at <= STEP
    elif not is_sure:
        at = later
    clock = {"set": milliseconds(ahead - before), "sure": is_sure}
    return Stood(min(at, now), skew, None if is_sure and at == later else clock)


def milliseconds(span: timedelta) -> int:
    """What every database keeps in a small number: up to three weeks."""
    return round(max(-MOST, min(span, MOST)) / timedelta(milliseconds=1))
