"""When made-up activities are held: some open now, some early, some over."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from core import clock

Doors = Literal["open", "early", "late"]
_OPEN_NOW: tuple[Doors, ...] = ("open", "open", "late", "open", "late", "open", "early", "late")


@dataclass(frozen=True)
class Hours:
    """A sitting, and where its doors stand at the moment of drawing."""

    starts_at: datetime
    ends_at: datetime
    doors: Doors


def hours(number: int, first: date, *, now: datetime, open_now: bool) -> Hours:
    """The hours of the n-th activity.

    With ``open_now`` its doors are open and stay so for more than two hours, open
    the day after tomorrow, or closed yesterday; otherwise it is held on one of the
    seven days from ``first``.
    """
    if not open_now:
        start = clock.at(first + timedelta(days=number % 7), 8 + number % 9)
        ends = start + timedelta(hours=2)
        return Hours(start, ends, "late" if ends < now else "early")
    doors = _OPEN_NOW[(number + number // len(_OPEN_NOW)) % len(_OPEN_NOW)]
    start = now.replace(second=0, microsecond=0)
    if doors == "early":
        start += timedelta(days=2, hours=number % 5)
    elif doors == "late":
        start -= timedelta(days=1, hours=number % 12)
    return Hours(start, start + timedelta(hours=3), doors)
