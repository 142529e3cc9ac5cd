"""Venues under the names that stand in tables."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from accounts.scope import Scope
from core.database import session
from core.i18n import N_
from core.spreadsheets.changes import Touched
from core.spreadsheets.definitions import Entry
from core.text import folded
from events import queries
from events.models import Activity, ActivityState, Venue
from events.slots import slots

_MOVES = {"first_on", "starts", "last_on", "ends", "venue", "place", "format", "join_link"}


class Places:
    """The venues that one may choose, each under a name that no other has."""

    def __init__(self, scope: Scope) -> None:
        near = session().scalars(queries.venues_near(scope)).all()
        alike = Counter(folded(venue.name) for venue in near)
        self._labels = {
            v.id: v.name if alike[folded(v.name)] == 1 else f"{v.name} #{v.id}" for v in near
        }
        self._venues = {folded(self._labels[venue.id]): venue for venue in near}

    def label(self, number: int | None) -> str:
        """What the venue with a number is called in a table; one far away shows its number."""
        if number is None:
            return ""
        if number not in self._labels:
            far = session().scalars(sa.select(Venue)).all()
            self._labels = {v.id: f"{v.name} #{v.id}" for v in far} | self._labels
        return self._labels[number]

    def knows(self, label: str) -> bool:
        """Whether it names one venue, or none at all was named."""
        return not label or folded(label) in self._venues

    def venue(self, label: str) -> Venue | None:
        """The venue of a name."""
        return self._venues.get(folded(label)) if label else None

    def notes(self, entries: Sequence[Entry]) -> Iterable[tuple[str, dict[str, Any]]]:
        """How many people must hear that what they registered for is moved."""
        moved = [
            entry.record.subject.id
            for entry in entries
            if entry.record is not None
            and entry.changed & _MOVES
            and entry.record.subject.state is ActivityState.RELEASED
        ]
        people = sum(slots.registered(moved).values()) if moved else 0
        if moved:
            yield (
                N_(
                    "%(n)s released activities are moved; "
                    "%(people)s registered people are written to."
                ),
                {"n": len(moved), "people": people},
            )


def going_back(row: Touched, now: datetime) -> Touched:
    """A row of an import that is undone; what visitors saw of an activity moves on, never back."""
    if row.table is not Activity.__table__ or row.before is None or row.after is None:
        return row
    facts = {**row.after, "changed_at": now}
    if row.before["revision"] != row.after["revision"]:
        facts["revision"] = row.before["revision"] + 1
    if row.before["moved_at"] != row.after["moved_at"]:
        facts["moved_at"] = now
    return replace(row, after=facts)
