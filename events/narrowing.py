"""What a programme can be narrowed by, for visitors and at the desk alike."""

from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from accounts.models import Unit
from accounts.scope import subtree
from events.models import Activity, ActivityKind, Venue


@dataclass(frozen=True)
class Filters:
    """What a reader asked to see; empty ones do not narrow."""

    unit: Unit | None = None
    """With all units below it."""
    kind: ActivityKind | None = None
    place: Venue | None = None

    def __bool__(self) -> bool:
        """Whether anything narrows what is shown."""
        return any(getattr(self, one.name) for one in fields(self))

    def narrow(self, found: sa.Select[Any]) -> sa.Select[Any]:
        """The activities that fit what was asked for."""
        if self.unit:
            found = found.where(subtree(self.unit).owns(Activity.unit_id))
        if self.kind:
            found = found.where(Activity.kind == self.kind)
        if self.place:
            found = found.where(Activity.venue_id == self.place.id)
        return found
