"""Signing in and out, and one's own account."""

from typing import Any

from flask import (
    Blueprint,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import logout_user
from werkzeug import Response

from accounts import audit, passwords, services
from accounts.access import actor, is_signed_in, open_session, signed_in
from accounts.errors import NotRecognised, WeakPassword, WrongPassword
from accounts.forms import PasswordForm, SignInForm
from accounts.models import Account, Role, UnitKind
from accounts.scope import scope
from accounts.words import KINDS, ROLES
from core import addresses, clock, limits
from core.database import transaction
from core.limits import TooManyTries
from core.web import local_path, locale

blueprint = Blueprint("accounts", __name__)

TRIES, MINUTES = 5, 15
"""Sign-ins of one account from one place, when throttles are on."""


@blueprint.after_request
def keep_out_of_caches(response: Response) -> Response:
    """What one person sees here stays in no cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.app_template_filter("role")
def role(value: Role) -> str:
    """A role in words."""
    return _(ROLES[value])


@blueprint.app_template_filter("unit_kind")
def unit_kind(value: UnitKind) -> str:
    """A kind of unit in words."""
    return _(KINDS[value])


@blueprint.get("/sign-in")
def sign_in() -> Any:
    """Ask who it is."""
    wanted = request.args.get("next", "")
    if is_signed_in():
        return redirect(_destination(actor(), wanted))
    return render_template("accounts/sign_in.html", form=SignInForm(formdata=None, next=wanted))


@blueprint.post("/sign-in")
def enter() -> Any:
    """Open a session in place of whatever was there before."""
    form = SignInForm()
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form), 400
    try:
        account = _recognised(form.email.data or "", form.password.data or "")
    except (NotRecognised, TooManyTries) as refusal:
        form.form_errors.append(refusal.text(locale()))
        return render_template("accounts/sign_in.html", form=form), refusal.status
    open_session(account)
    if account.password_is_given:
        flash(_("Please choose a password of your own now."), "warn")
        return redirect(url_for("accounts.password"))
    return redirect(_destination(account, form.next.data or ""))


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session of this browser."""
    logout_user()
    session.clear()
    flash(_("You have signed out."), "ok")
    return redirect(url_for("accounts.sign_in"))


@blueprint.get("/account")
@signed_in
def own() -> str:
    """One's own name, address and roles."""
    return render_template("accounts/own.html", account=actor())


@blueprint.get("/account/password")
@signed_in
def password() -> str:
    """Ask for a new password."""
    return render_template("accounts/password.html", form=PasswordForm(formdata=None))


@blueprint.post("/account/password")
@signed_in
def change_password() -> Any:
    """Take the new password; other browsers are signed out."""
    form = PasswordForm()
    if not form.validate():
        return render_template("accounts/password.html", form=form), 400
    try:
        password_hash = _new_hash(actor(), form)
    except (WrongPassword, WeakPassword, TooManyTries) as refusal:
        wrong = form.new if isinstance(refusal, WeakPassword) else form.present
        wrong.errors = [*wrong.errors, refusal.text(locale())]
        return render_template("accounts/password.html", form=form), refusal.status
    with transaction() as opened:
        account = opened.get_one(Account, actor().id)
        services.change_password(account, password_hash)
        _note(account, "account.password_changed")
    open_session(account)
    flash(_("The password was changed. Other browsers were signed out."), "ok")
    return redirect(url_for("accounts.own"))


@blueprint.post("/account/end-sessions")
@signed_in
def end_sessions() -> Response:
    """Sign out every other browser, as after a lost phone."""
    with transaction() as opened:
        account = opened.get_one(Account, actor().id)
        services.end_sessions(account)
        _note(account, "account.sessions_ended")
    open_session(account)
    flash(_("Other browsers were signed out."), "ok")
    return redirect(url_for("accounts.own"))


def _recognised(email: str, typed: str) -> Account:
    key = f"sign-in {addresses.kept(email)} {request.remote_addr}"
    limits.slow_down(key, TRIES, MINUTES)
    account = services.authenticate(email, typed)
    limits.free(key)
    return account


def _new_hash(account: Account, form: PasswordForm) -> str:
    key = f"password {account.id}"
    limits.slow_down(key, TRIES, MINUTES)
    if not passwords.matches(account.password_hash, form.present.data or ""):
        raise WrongPassword
    limits.free(key)
    wanted = form.new.data or ""
    passwords.require_strength(wanted, account.email)
    return passwords.hashed(wanted)


_WORKPLACES = {
    Role.ORGANISER: "/desk/",
    Role.REPORTER: "/office/",
    Role.STEWARD: "/door/",
    Role.OBSERVER: "/desk/duties",
}
"""Where each role begins, the most capable first."""


def _destination(account: Account, wanted: str) -> str:
    path = local_path(wanted) if wanted else "/"
    return path if path != "/" else _workplace(account)


def _workplace(account: Account) -> str:
    for held, path in _WORKPLACES.items():
        if scope(account, held):
            return path
    return url_for("accounts.own")


def _note(account: Account, action: str) -> None:
    unit = account.grants[0].unit if account.grants else None
    audit.record(account, unit, action, f"account:{account.id}", {}, clock.now())
