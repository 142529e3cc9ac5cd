"""Who asks for a table, and the units that they may name in it."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from accounts import audit
from accounts.models import Account, AuditEntry, Grant, Role, Unit
from accounts.scope import Scope, scope
from core.clock import local_day
from core.database import Base, session
from core.errors import DomainError
from core.i18n import N_
from core.spreadsheets.changes import Touched
from core.spreadsheets.definitions import Keeper
from core.spreadsheets.gathering import add_row
from core.spreadsheets.undoing import referring


class RoleLost(DomainError):
    """Who asked may not do this any more."""

    sentence = N_("You no longer hold the role that this needs. Nothing was changed.")


class NoSuchUnit(DomainError):
    """No unit with this code, or none in the asker's part of the tree: both sound alike."""

    sentence = N_("There is no unit with the code “%(code)s” in your part of the tree.")


class NoSuchRow(DomainError):
    """The code or number names nothing that the asker may change; both sound alike."""

    sentence = N_(
        "“%(code)s” names nothing in your part of the tree. Leave the cell empty for a new row."
    )


@dataclass(frozen=True)
class Asker:
    """An account, and where it holds the role that a sheet needs."""

    account: Account
    scope: Scope
    units: dict[str, Unit]
    """The units inside that are there today, by code."""
    every: dict[int, Unit]
    """All that ever were, wherever they stand, by number and in the order of the tree."""

    def unit(self, code: str) -> Unit:
        """The unit with a code. Raises ``NoSuchUnit``, whether it is foreign or missing."""
        found = self.units.get(code)
        if found is None:
            raise NoSuchUnit(code=code)
        return found

    def faults(self, key: str, codes: Iterable[str]) -> Iterable[tuple[str, DomainError]]:
        """A refusal for each code that names no unit inside."""
        for code in codes:
            if code and code not in self.units:
                yield key, NoSuchUnit(code=code)


def asker(number: int, role: Role, today: date) -> Asker:
    """The account with a number, if it holds the role anywhere. Raises ``RoleLost``."""
    account = session().scalar(
        sa.select(Account)
        .where(Account.id == number, Account.closed_at.is_(None))
        .options(selectinload(Account.grants).joinedload(Grant.unit))
    )
    inside = scope(account, role) if account else Scope(())
    if account is None or not inside:
        raise RoleLost
    every = session().scalars(sa.select(Unit).order_by(Unit.path)).all()
    mine = {unit.code: unit for unit in every if inside.covers(unit) and unit.is_there(today)}
    return Asker(account, inside, mine, {unit.id: unit for unit in every})


class StaffKeeper(Keeper):
    """What every sheet of ours knows: who asks, since when, and that nobody came in between."""

    role: Role
    _found_used: set[int] | None = None

    def __init__(self, asked_by: int, now: datetime) -> None:
        self._now = now
        self._today = local_day(now)
        self.begun = self.mark()
        self._asker = asker(asked_by, self.role, self._today)

    def mark(self) -> Hashable:
        """Whatever the staff does is in the change log: its last entries tell whether it did."""
        last = session().scalar(sa.select(sa.func.max(AuditEntry.id))) or 0
        late = sa.select(sa.func.count()).where(AuditEntry.id > last - _LATE)
        return last, session().scalar(late)

    def returned(self, number: int, rows: Sequence[Touched]) -> None:
        """Who took an import back."""
        above = min(self._asker.units.values(), key=lambda unit: unit.path, default=None)
        self._note(above, "import.undone", f"import:{number}", {"rows": len(rows)})

    def _used(self, model: type[Base], numbers: Iterable[int], *own: type[Base]) -> set[int]:
        """Which of these something hangs on that is not their own; asked once for all."""
        if self._found_used is None:
            tables = {each.__table__ for each in own}
            found = referring(model.__table__, list(numbers))
            self._found_used = {number for table, _, number in found if table not in tables}
        return self._found_used

    def _note(self, unit: Unit | None, action: str, subject: str, facts: Mapping[str, Any]) -> None:
        entry = audit.said(self._asker.account, unit, action, subject, facts, self._now)
        if session().info.get("writes"):
            session().add(AuditEntry(**entry))
        else:
            add_row(AuditEntry, **entry)


audit.name({"import.undone": N_("Import undone"), "rows": N_("Rows")})

_LATE = 1_000
"""Entries that may be committed out of the order of their numbers."""
