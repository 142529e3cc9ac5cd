"""Which unit goes on for one that is no more."""

from datetime import date
from functools import cached_property

import sqlalchemy as sa

from accounts.models import Succession, SuccessionKind, Unit
from core.database import session


class Heirs:
    """The units that are there on a day, and what the others were merged into."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._later: dict[int, list[int]] = {}
        merged = sa.select(Succession).where(Succession.kind == SuccessionKind.MERGED)
        for link in session().scalars(merged):
            self._later.setdefault(link.earlier_id, []).append(link.later_id)

    def of(self, unit_id: int) -> Unit | None:
        """The unit itself, or the one it was merged into; None when there is no single one."""
        seen: set[int] = set()
        while not self._units[unit_id].is_there(self._day):
            later = self._later.get(unit_id, [])
            if len(later) != 1 or unit_id in seen:
                return None
            seen.add(unit_id)
            unit_id = later[0]
        return self._units[unit_id]

    def gone(self) -> list[tuple[Unit, Unit]]:
        """Each unit that is no more, with the one that goes on for it."""
        pairs = ((self._units[unit_id], self.of(unit_id)) for unit_id in self._later)
        return [(unit, heir) for unit, heir in pairs if heir is not None and heir is not unit]

    @cached_property
    def _units(self) -> dict[int, Unit]:
        return {unit.id: unit for unit in session().scalars(sa.select(Unit))}
