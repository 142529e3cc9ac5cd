"""The accounts of the staff at the desk, and what was changed by whom."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from accounts import audit, passwords, queries, services
from accounts.access import actor, actor_scope, requires, unit_or_404
from accounts.errors import AddressTaken, RolesElsewhere, WrongAddress
from accounts.forms import AccountForm, GrantForm
from accounts.models import Account, Grant, Role, Unit
from core import clock
from core.database import session, transaction
from core.i18n import N_
from core.navigation import Item
from core.paging import page
from core.text import folded, name_key
from core.web import locale

blueprint = Blueprint("staff", __name__, url_prefix="/desk")

NAVIGATION = [
    Item(N_("Accounts"), "staff.index", Role.ADMIN, "desk", 85),
    Item(N_("Change log"), "staff.log", Role.ADMIN, "desk", 90),
]

PAGE = 50
"""Rows of a list before the next page begins."""


@blueprint.get("/accounts")
@requires(Role.ADMIN)
def index() -> str:
    """Who works for the units inside, by given name."""
    inside = actor_scope(Role.ADMIN)
    wanted = folded(request.args.get("q", ""))
    found = [
        account
        for account in session().scalars(queries.accounts_in(inside))
        if wanted in folded(f"{account.full_name} {account.email}")
    ]
    found.sort(key=lambda account: (name_key(account.full_name), account.id))
    start = max(request.args.get("from", 0, type=int), 0)
    return render_template(
        "accounts/staff/index.html",
        accounts=found[start : start + PAGE],
        total=len(found),
        previous=max(start - PAGE, 0) if start else None,
        following=start + PAGE if start + PAGE < len(found) else None,
        inside=inside,
        q=request.args.get("q", ""),
    )


@blueprint.get("/accounts/new")
@requires(Role.ADMIN)
def new() -> str:
    """Ask who it is, and for which role."""
    return _asking(AccountForm(formdata=None, unit=request.args.get("unit"), role=Role.ORGANISER))


@blueprint.post("/accounts/new")
@requires(Role.ADMIN)
def create() -> Any:
    """Open the account and show its password, once."""
    form = AccountForm()
    form.offer(_units())
    if not form.validate():
        return _asking(form), 400
    password = passwords.given()
    password_hash = passwords.hashed(password)
    try:
        with transaction():
            unit = unit_or_404(form.unit.data, Role.ADMIN)
            account = services.create_account(
                email=form.email.data or "",
                full_name=form.full_name.data or "",
                password_hash=password_hash,
                password_is_given=True,
                grants=[(Role(form.role.data), unit)],
                now=clock.now(),
            )
            _note(account, unit, "account.created", role=form.role.data)
    except (AddressTaken, WrongAddress) as refusal:
        form.email.errors = [refusal.text(locale())]
        return _asking(form), refusal.status
    return render_template("accounts/staff/password.html", account=account, password=password)


@blueprint.get("/accounts/<int:number>")
@requires(Role.ADMIN)
def show(number: int) -> str:
    """One account: its roles here, and what can be done."""
    form = GrantForm(formdata=None, role=Role.ORGANISER)
    return _page(account_or_404(number), form)


@blueprint.post("/accounts/<int:number>/grants")
@requires(Role.ADMIN)
def give_role(number: int) -> Any:
    """Give the account one more role."""
    form = GrantForm()
    form.offer(_units())
    if not form.validate():
        return _page(account_or_404(number), form), 400
    with transaction():
        account = account_or_404(number)
        unit = unit_or_404(form.unit.data, Role.ADMIN)
        services.grant(account, Role(form.role.data), unit)
        _note(account, unit, "grant.given", role=form.role.data)
    flash(_("The role was given."), "ok")
    return redirect(url_for("staff.show", number=number))


@blueprint.post("/accounts/<int:number>/grants/<int:grant>/take")
@requires(Role.ADMIN)
def take_role(number: int, grant: int) -> Response:
    """Take a role back."""
    with transaction():
        account = account_or_404(number)
        held = next((g for g in account.grants if g.id == grant), None)
        if held is None or not actor_scope(Role.ADMIN).covers(held.unit):
            abort(404)
        unit, role = held.unit, held.role
        services.revoke_grant(held)
        _note(account, unit, "grant.taken", role=role)
    flash(_("The role was taken back."), "ok")
    return redirect(url_for("staff.index"))


@blueprint.post("/accounts/<int:number>/close")
@requires(Role.ADMIN)
def close(number: int) -> Response:
    """End the account and its sessions."""
    with transaction():
        account = _managed(number)
        services.close_account(account, by=actor(), now=clock.now())
        _note(account, _home(account), "account.closed")
    flash(_("The account was closed. It can be reopened."), "ok")
    return redirect(url_for("staff.show", number=number))


@blueprint.post("/accounts/<int:number>/reopen")
@requires(Role.ADMIN)
def reopen(number: int) -> Response:
    """Let the person sign in again."""
    with transaction():
        account = _managed(number)
        services.reopen_account(account)
        _note(account, _home(account), "account.reopened")
    flash(_("The account was reopened, with its password of before."), "ok")
    return redirect(url_for("staff.show", number=number))


@blueprint.post("/accounts/<int:number>/password")
@requires(Role.ADMIN)
def give_password(number: int) -> str:
    """Replace a forgotten password and show the new one, once."""
    _managed(number)
    password = passwords.given()
    password_hash = passwords.hashed(password)
    with transaction():
        account = _managed(number)
        services.give_password(account, password_hash, by=actor())
        _note(account, _home(account), "account.password_given")
    return render_template("accounts/staff/password.html", account=account, password=password)


@blueprint.get("/audit")
@requires(Role.ADMIN)
def log() -> str:
    """What was changed in the units inside, latest first."""
    before = request.args.get("before", type=int)
    entries, more = page(queries.entries_in(actor_scope(Role.ADMIN), before), PAGE)
    return render_template(
        "accounts/staff/log.html",
        entries=entries,
        names=_names(Account.id, Account.full_name, [e.account_id for e in entries]),
        units=_names(Unit.id, Unit.name, [e.unit_id for e in entries]),
        named=audit.named,
        worded=_worded,
        following=entries[-1].id if more else None,
        is_first=before is None,
    )


def account_or_404(number: int) -> Account:
    """The account, when it has a role inside; foreign and missing are the same."""
    found = queries.accounts_in(actor_scope(Role.ADMIN)).where(Account.id == number)
    return session().scalar(found) or abort(404)


def _managed(number: int) -> Account:
    account = account_or_404(number)
    if not queries.manages(actor_scope(Role.ADMIN), account):
        raise RolesElsewhere
    return account


def _page(account: Account, form: GrantForm) -> str:
    inside = actor_scope(Role.ADMIN)
    form.offer(_units())
    return render_template(
        "accounts/staff/show.html",
        account=account,
        grants=[held for held in account.grants if inside.covers(held.unit)],
        managed=queries.manages(inside, account),
        is_own=account.id == actor().id,
        form=form,
    )


def _asking(form: AccountForm) -> str:
    form.offer(_units())
    return render_template("accounts/staff/new.html", form=form)


def _units() -> list[tuple[str, str]]:
    today = clock.local_day(clock.now())
    return queries.choices(session().scalars(actor_scope(Role.ADMIN).present(today)))


def _home(account: Account) -> Unit:
    grants: list[Grant] = account.grants
    return grants[0].unit


def _note(account: Account, unit: Unit, action: str, **facts: Any) -> None:
    audit.record(actor(), unit, action, f"account:{account.id}", facts, clock.now())


def _worded(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """Facts as people read them; a pair is what was and what is now."""
    worded = []
    for name, value in facts.items():
        parts = value if isinstance(value, list) else [value]
        texts = ["–" if part in (None, "") else _(audit.named(str(part))) for part in parts]
        worded.append((_(audit.named(name)), " → ".join(texts)))
    return worded


def _names(key: Any, name: Any, ids: list[int | None]) -> dict[int, str]:
    known = {number for number in ids if number is not None}
    rows = session().execute(sa.select(key, name).where(key.in_(known)))
    return {row[0]: row[1] for row in rows}
