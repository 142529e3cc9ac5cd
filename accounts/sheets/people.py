"""People of the staff as a table: one row for each role that somebody has on a unit."""

import secrets
from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from accounts import audit, passwords, queries
from accounts.errors import LastAdministrator, LastGrant, RolesElsewhere, WrongAddress
from accounts.models import Account, Grant, Role, Unit
from accounts.sheets.asking import StaffKeeper
from accounts.words import ROLES
from core import addresses
from core.database import session
from core.errors import DomainError
from core.i18n import N_
from core.spreadsheets.columns import Choice, Code, Column, Mail
from core.spreadsheets.definitions import (
    ACTION,
    Entry,
    Handout,
    LineRefused,
    Record,
    Refusal,
    Sheet,
    Values,
    working,
)
from core.spreadsheets.gathering import about, numbered


class AddressUnusable(DomainError):
    """An address of somebody outside, or of a closed account; it is not said which."""

    sentence = N_(
        "The address “%(email)s” cannot be given a role here. Please ask an administrator above."
    )


class OtherName(DomainError):
    """Two rows of a file give one person two names."""

    sentence = N_("Row %(row)s gives this address another name.")


class People(StaffKeeper):
    """Who works for the units of an administrator."""

    role = Role.ADMIN

    def __init__(self, asked_by: int, now: datetime) -> None:
        super().__init__(asked_by, now)
        inside = session().scalars(queries.accounts_in(self._asker.scope)).unique().all()
        self._inside = {a.email: a for a in inside if a.closed_at is None}
        self._taken = set(session().scalars(sa.select(Account.email))) - set(self._inside)
        self._names: dict[str, tuple[str, int]] = {}
        self._handed: list[Values] = []
        self._leaving: set[int] = set()

    def records(self) -> Iterable[Record]:
        """Each role on a unit inside."""
        units = {unit.id: unit for unit in self._asker.units.values()}
        return [
            Record(
                held,
                {
                    "email": account.email,
                    "full_name": account.full_name,
                    "role": held.role,
                    "unit": units[held.unit_id].code,
                },
            )
            for account in self._inside.values()
            for held in account.grants
            if held.unit_id in units
        ]

    def keys(self, values: Values) -> Sequence[Hashable]:
        """Who, as what, where."""
        return [(values["email"], values["role"], values["unit"])]

    def title(self, values: Values) -> str:
        """The name."""
        return str(values["full_name"])

    def judge(self, entry: Entry) -> Iterable[Refusal]:
        """The same rules as the pages have."""
        values = entry.values
        email, name = values["email"], values["full_name"]
        account = self._inside.get(email)
        if not addresses.is_address(email):
            yield "email", WrongAddress(address=email)
        elif email in self._taken:
            yield "email", AddressUnusable(email=email)
        yield from self._asker.faults("unit", [values["unit"]])
        said, row = self._names.setdefault(email, (name, entry.number))
        if said != name:
            yield "full_name", OtherName(row=row)
        elif account and name != account.full_name and not self._is_managed(account):
            yield "full_name", RolesElsewhere()

    def _is_managed(self, account: Account) -> bool:
        return queries.manages(self._asker.scope, account)

    def judge_action(self, entry: Entry) -> Iterable[Refusal]:
        """Everyone keeps a role, and every tree an administrator."""
        held: Grant = entry.record.subject if entry.record else Grant()
        self._leaving.add(held.id)
        account = self._inside[entry.values["email"]]
        if all(grant.id in self._leaving for grant in account.grants):
            yield ACTION, LastGrant()
        elif held.role is Role.ADMIN and held.unit.parent_id is None:
            roots = session().scalars(queries.administrators_of_roots()).all()
            if all(grant.id in self._leaving for grant in roots):
                yield ACTION, LastAdministrator()

    def keep(self, entries: Sequence[Entry]) -> None:
        """Open accounts, give roles and take them back, change names."""
        done = []
        for entry in working(entries):
            try:
                done.append(self._revoked(entry) if entry.action else self._keep(entry))
            except DomainError as refusal:
                raise LineRefused(entry.number, "email", refusal) from None
        numbered(account for account, *_ in done)
        for account, unit, action, facts in done:
            self._note(unit, action, f"account:{account.id}", facts)

    def _revoked(self, entry: Entry) -> tuple[Account, Unit, str, dict[str, Any]]:
        held: Grant = entry.record.subject if entry.record else Grant()
        account, unit = self._inside[entry.values["email"]], held.unit
        about(held)
        account.grants.remove(held)
        return account, unit, "grant.taken", {"role": held.role}

    def _keep(self, entry: Entry) -> tuple[Account, Unit, str, dict[str, Any]]:
        email, name = entry.values["email"], entry.values["full_name"]
        role = entry.values["role"]
        unit = self._asker.unit(entry.values["unit"])
        account = self._inside.get(email)
        if account is not None:
            about(account)
        if account is None:
            account = self._inside[email] = self._opened(email, name)
            action = "account.created"
        else:
            action = "grant.given" if entry.is_new else "account.renamed"
        if entry.is_new:
            account.grants.append(Grant(role=role, unit=unit))
        account.full_name = name
        return account, unit, action, {"role": role} if entry.is_new else {}

    def _opened(self, email: str, name: str) -> Account:
        """A new account with a password to hand over."""
        password = passwords.given()
        self._handed.append({"email": email, "full_name": name, "password": password})
        account = Account(
            email=addresses.checked(email),
            full_name=name,
            password_hash=passwords.hashed_given(password),
            password_is_given=True,
            session_stamp=secrets.token_hex(8),
            created_at=self._now,
            closed_at=None,
        )
        session().add(account)
        return account

    def notes(self, entries: Sequence[Entry]) -> Iterable[tuple[str, dict[str, Any]]]:
        """Passwords that are made."""
        known = self._inside
        opened = {e.values["email"] for e in entries if e.values["email"] not in known}
        if opened:
            yield (
                N_(
                    "%(n)s accounts are opened. Their passwords can be taken away afterwards, "
                    "for 24 hours, to be handed over."
                ),
                {"n": len(opened)},
            )

    def handed_over(self) -> Handout | None:
        """The passwords of accounts that were opened."""
        return Handout(PASSWORDS, self._handed) if self._handed else None


audit.name({"account.renamed": N_("Name of the person changed")})

_EMAIL = Mail(key="email", heading=N_("E-mail address"), needed=True)
_NAME = Column(key="full_name", heading=N_("Full name of the person"), needed=True, width=28)
PASSWORDS: Sequence[Column] = (
    _EMAIL,
    _NAME,
    Column(key="password", heading=N_("Password to hand over"), width=26),
)
COLUMNS: Sequence[Column] = (
    _EMAIL,
    _NAME,
    Choice(key="role", heading=N_("Role"), needed=True, choices=ROLES,
           hint=N_("One row for each role")),
    Code(key="unit", heading=N_("Unit code"), needed=True,
         hint=N_("The role holds for this unit and all below it")),
)  # fmt: skip

SHEET = Sheet(
    name="people",
    title=N_("People and roles"),
    about=N_("Who of the staff has which role on which unit."),
    role=Role.ADMIN,
    columns=COLUMNS,
    open=People,
    position=20,
    actions={"revoke": N_("Take the role back")},
)
