"""What is done to units, accounts and roles."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from accounts import passwords, queries
from accounts.errors import (
    AddressTaken,
    BeginsAfterItEnds,
    CodeTaken,
    GrantExists,
    LastAdministrator,
    LastGrant,
    NotRecognised,
    OwnAccount,
    ReportsInACircle,
    ReportsToItself,
    UnitHasEnded,
    WrongAddress,
)
from accounts.models import Account, Grant, Role, Unit, UnitKind
from accounts.tree import holdings
from core import addresses
from core.database import session
from core.text import slug


def authenticate(email: str, password: str) -> Account:
    """The account of who signs in. Raises ``NotRecognised``, always after one hashing."""
    account = session().scalar(queries.account_by_email(email))
    is_open = account is not None and account.closed_at is None
    known = account.password_hash if account is not None and is_open else ""
    if not passwords.matches(known, password) or account is None:
        raise NotRecognised
    return account


def create_unit(
    *,
    parent: Unit | None,
    name: str,
    kind: UnitKind,
    code: str = "",
    short_name: str = "",
    reports_to: Unit | None = None,
    place: str = "",
    symbol: str = "",
    head_title: str = "",
    headcount: int | None = None,
    email: str | None = None,
    valid_from: date | None = None,
) -> Unit:
    """Place a new unit under its parent; without a code it is made from the short name.

    Raises ``CodeTaken``, ``WrongAddress`` or ``UnitHasEnded``.
    """
    last_day = parent.valid_until if parent else None
    if parent and last_day and (valid_from is None or valid_from > last_day):
        raise UnitHasEnded(unit=parent.name, day=f"{last_day + timedelta(days=1):%d/%m/%Y}")
    if code and session().scalar(queries.unit_by_code(code)):
        raise CodeTaken(code=code)
    unit = Unit(
        parent=parent,
        code=code or _free_code(short_name or name),
        name=name,
        short_name=short_name or name,
        kind=kind,
        reports_to=reports_to,
        place=place,
        symbol=symbol,
        head_title=head_title,
        headcount=headcount,
        email=_address(email) if email else None,
        valid_from=valid_from,
    )
    session().add(unit)
    session().flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    return unit


def edit_unit(
    unit: Unit,
    *,
    name: str,
    short_name: str,
    kind: UnitKind,
    reports_to: Unit | None,
    place: str,
    symbol: str,
    head_title: str,
    headcount: int | None,
    email: str | None,
) -> None:
    """Change what is known of a unit.

    Raises ``ReportsToItself``, ``ReportsInACircle`` or ``WrongAddress``.
    """
    if reports_to is not unit.reports_to:
        session().execute(sa.select(Unit.id).order_by(Unit.id).with_for_update())
        refuse_circle(unit, reports_to)
    is_renamed = unit.name != name
    unit.name = name
    unit.short_name = short_name or name
    unit.kind = kind
    unit.reports_to = reports_to
    unit.place = place
    unit.symbol = symbol
    unit.head_title = head_title
    unit.headcount = headcount
    unit.email = _address(email) if email else None
    if is_renamed:
        holdings.renamed([unit.id])


def begin_unit(unit: Unit, *, on: date | None) -> None:
    """Say the first day of a unit, or that it is not known. Raises ``BeginsAfterItEnds``."""
    if on is not None and unit.valid_until is not None and unit.valid_until < on:
        raise BeginsAfterItEnds(day=f"{unit.valid_until:%d/%m/%Y}")
    unit.valid_from = on


def create_account(
    *,
    email: str,
    full_name: str,
    password_hash: str,
    grants: Iterable[tuple[Role, Unit]],
    now: datetime,
    password_is_given: bool = False,
) -> Account:
    """Open an account with its first roles; hash the password before the transaction.

    Raises ``AddressTaken`` or ``WrongAddress``.
    """
    email = _address(email)
    if session().scalar(queries.account_by_email(email)):
        raise AddressTaken(email=email)
    account = Account(
        email=email,
        full_name=full_name,
        password_hash=password_hash,
        password_is_given=password_is_given,
        session_stamp=_new_stamp(),
        created_at=now,
        closed_at=None,
    )
    account.grants = [Grant(role=role, unit=unit) for role, unit in grants]
    session().add(account)
    session().flush()
    return account


def grant(account: Account, role: Role, unit: Unit) -> Grant:
    """Give a role on a unit and everything below it. Raises ``GrantExists``."""
    if any(held.role == role and held.unit_id == unit.id for held in account.grants):
        raise GrantExists(unit=unit.name)
    given = Grant(role=role, unit=unit)
    account.grants.append(given)
    session().flush()
    return given


def revoke_grant(held: Grant) -> None:
    """Take a role back. Raises ``LastGrant`` or ``LastAdministrator``."""
    if len(held.account.grants) == 1:
        raise LastGrant
    _keep_an_administrator({held.id})
    held.account.grants.remove(held)
    session().flush()


def close_account(account: Account, *, by: Account, now: datetime) -> None:
    """End an account and its sessions. Raises ``OwnAccount`` or ``LastAdministrator``."""
    if account.id == by.id:
        raise OwnAccount
    _keep_an_administrator({held.id for held in account.grants})
    account.closed_at = account.closed_at or now
    end_sessions(account)


def reopen_account(account: Account) -> None:
    """Let the person sign in again, with the password of before."""
    account.closed_at = None


def give_password(account: Account, password_hash: str, *, by: Account) -> None:
    """Replace a forgotten password by one to hand over. Raises ``OwnAccount``."""
    if account.id == by.id:
        raise OwnAccount
    account.password_hash = password_hash
    account.password_is_given = True
    end_sessions(account)


def change_password(account: Account, password_hash: str) -> None:
    """Take the password that its owner chose; every session of before ends."""
    account.password_hash = password_hash
    account.password_is_given = False
    end_sessions(account)


def end_sessions(account: Account) -> None:
    """End every session of the account, the present one included."""
    account.session_stamp = _new_stamp()


def refuse_circle(unit: Unit, addressee: Unit | None) -> None:
    """Let no report come back to where it began: from unit to addressee, else to the one above.

    Raises ``ReportsToItself`` or ``ReportsInACircle``.
    """
    if addressee is None:
        return
    if addressee.id == unit.id:
        raise ReportsToItself
    goes_to = sa.func.coalesce(Unit.reports_to_id, Unit.parent_id).label("id")
    line = sa.select(goes_to).where(Unit.id == addressee.id).cte("line", recursive=True)
    reached = line.union(sa.select(goes_to).join(line, Unit.id == line.c.id))
    if session().scalar(sa.select(reached.c.id).where(reached.c.id == unit.id)):
        raise ReportsInACircle(unit=addressee.name)


def _address(typed: str) -> str:
    """An e-mail address as it is kept and compared. Raises ``WrongAddress``."""
    try:
        return addresses.checked(typed)
    except ValueError:
        raise WrongAddress(address=typed) from None


def _new_stamp() -> str:
    return secrets.token_hex(8)


def _free_code(text: str) -> str:
    stem = slug(text) or "unit"
    taken = set(session().scalars(sa.select(Unit.code).where(Unit.code.startswith(stem))))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (stem, *numbered) if code not in taken)


def _keep_an_administrator(going: set[int]) -> None:
    remaining = session().scalars(queries.administrators_of_roots().with_for_update()).all()
    if remaining and all(held.id in going for held in remaining):
        raise LastAdministrator
