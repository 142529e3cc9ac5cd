"""Units and accounts, looked up."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from accounts.models import Account, AuditEntry, Grant, Role, Unit
from accounts.scope import Scope
from core.text import sort_key


def account_by_email(email: str) -> sa.Select[Account]:
    """The account that signs in with this address."""
    return _with_grants().where(Account.email == email)


def accounts_in(scope: Scope) -> sa.Select[Account]:
    """The accounts with a role on some unit inside, in a stable order."""
    held = sa.select(Grant.account_id).where(scope.owns(Grant.unit_id))
    return _with_grants().where(Account.id.in_(held)).order_by(Account.id)


def grants_on(unit: Unit) -> sa.Select[Grant]:
    """The roles given on the unit itself to people whose accounts are open."""
    return (
        sa.select(Grant)
        .join(Grant.account)
        .where(Grant.unit_id == unit.id, Account.closed_at.is_(None))
        .options(selectinload(Grant.account))
        .order_by(Grant.role, Account.full_name, Grant.id)
    )


def administrators_of_roots() -> sa.Select[Grant]:
    """What lets someone with an open account administer a whole tree."""
    return (
        sa.select(Grant)
        .join(Grant.account)
        .join(Grant.unit)
        .where(Grant.role == Role.ADMIN, Unit.parent_id.is_(None), Account.closed_at.is_(None))
        .order_by(Grant.id)
    )


def unit_by_code(code: str) -> sa.Select[Unit]:
    """The unit with this code."""
    return sa.select(Unit).where(Unit.code == code)


def entries_in(scope: Scope, before: int | None = None) -> sa.Select[AuditEntry]:
    """What was changed in units inside, latest first."""
    found = sa.select(AuditEntry).where(scope.owns(AuditEntry.unit_id))
    if before is not None:
        found = found.where(AuditEntry.id < before)
    return found.order_by(AuditEntry.id.desc())


def manages(scope: Scope, account: Account) -> bool:
    """Whether every role of the account is on a unit inside."""
    return all(scope.covers(grant.unit) for grant in account.grants)


@dataclass(frozen=True)
class Branch:
    """A unit where it stands in a tree: 0 is the top of what is shown."""

    unit: Unit
    depth: int


def tree(units: Iterable[Unit]) -> list[Branch]:
    """The units, each below its parent, neighbours by position and name."""
    below: dict[int | None, list[Unit]] = defaultdict(list)
    known = {unit.id: unit for unit in units}
    for unit in known.values():
        below[unit.parent_id if unit.parent_id in known else None].append(unit)
    return list(_branches(below, None, 0))


def choices(units: Iterable[Unit]) -> list[tuple[str, str]]:
    """The units as a list to choose from: code and name, indented as they stand in the tree."""
    return [(b.unit.code, "\u2003" * b.depth + b.unit.name) for b in tree(units)]


def _branches(below: dict[int | None, list[Unit]], top: int | None, depth: int) -> list[Branch]:
    found = []
    for unit in sorted(below[top], key=lambda u: (u.position, sort_key(u.name), u.id)):
        found.append(Branch(unit, depth))
        found.extend(_branches(below, unit.id, depth + 1))
    return found


def _with_grants() -> sa.Select[Account]:
    return sa.select(Account).options(selectinload(Account.grants).joinedload(Grant.unit))
