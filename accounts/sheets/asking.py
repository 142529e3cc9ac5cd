"""Who asks for a table, and the units that they may name in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import selectinload

from accounts.models import Account, Grant, Role, Unit
from accounts.scope import Scope, scope
from core.database import session
from core.errors import DomainError
from core.i18n import N_


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
    units = session().scalars(inside.present(today))
    return Asker(account, inside, {unit.code: unit for unit in units})


def is_address(typed: str) -> bool:
    """Whether letters reach it."""
    try:
        normal(typed)
    except EmailNotValidError:
        return False
    return True


def normal(typed: str) -> str:
    """An address as it is kept and compared. Raises ``EmailNotValidError``."""
    checked = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    return checked.normalized.casefold()
