"""What stands behind the code of a venue: an activity, as its button needs to know it.

Pages remember it for a moment. Whoever is counted is judged by the rows as they stand at that
instant: the same question, asked for all who press at once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from checkin.many import among, ask, moment
from checkin.remembered import Remembered
from checkin.windows import doors
from core.database import session
from events.models import ActivityState, Counting, Format


@dataclass(frozen=True, slots=True)
class Sitting:
    """When a sitting is, and when it admits."""

    id: int
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Scanned:
    """The activity behind a code."""

    id: int
    slug: str
    title: str
    where: str
    unit: str
    starts_at: datetime
    ends_at: datetime
    state: ActivityState
    format: Format
    counting: Counting
    room: int | None
    """How many can be there at once, when somebody said so."""
    venue_id: int | None
    unit_id: int
    sittings: tuple[Sitting, ...]

    @property
    def path(self) -> str:
        """Where visitors find it."""
        return f"/activities/{self.slug}"

    def sitting(self, number: int) -> Sitting | None:
        """One of its sittings."""
        return next((one for one in self.sittings if one.id == number), None)


_ASKED = """
SELECT a.id, a.slug, a.title, v.name, a.place, u.name, a.starts_at, a.ends_at, a.state, a.format,
    a.counting, a.seats, v.capacity, a.venue_id, a.unit_id, a.opens_before, a.closes_after,
    s.id, s.starts_at, s.ends_at
FROM activity a
JOIN unit u ON u.id = a.unit_id
LEFT JOIN venue v ON v.id = a.venue_id
LEFT JOIN session s ON s.activity_id = a.id
"""


def look_up(connection: sa.Connection, numbers: Collection[int]) -> dict[int, Scanned]:
    """Activities by number, as they stand now."""
    statement = f"{_ASKED} WHERE {among(connection, 'a.id', 'numbers')} ORDER BY a.id, s.starts_at"
    found = ask(connection, statement, numbers=list(numbers))
    return {number: _scanned(list(own)) for number, own in groupby(found, key=lambda row: row[0])}


def _scanned(rows: list[Any]) -> Scanned:
    number, slug, title, venue, place, unit, starts_at, ends_at, state, kind, counting = rows[0][
        :11
    ]
    seats, capacity, venue_id, unit_id, opens_before, closes_after = rows[0][11:17]
    return Scanned(
        number,
        slug,
        title,
        ", ".join(name for name in (venue, place) if name),
        unit,
        moment(starts_at),
        moment(ends_at),
        ActivityState(state),
        Format(kind),
        Counting(counting),
        seats or capacity,
        venue_id,
        unit_id,
        tuple(_sitting(row, opens_before, closes_after) for row in rows if row[17] is not None),
    )


def _sitting(row: Any, opens_before: int, closes_after: int) -> Sitting:
    number, starts_at, ends_at = row[17], moment(row[18]), moment(row[19])
    return Sitting(
        number, starts_at, ends_at, *doors(starts_at, ends_at, opens_before, closes_after)
    )


def _one(number: int) -> Scanned | None:
    return look_up(session().connection(), [number]).get(number)


remembered = Remembered(_one)
