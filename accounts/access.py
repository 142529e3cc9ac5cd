"""The edge of every staff page: who asks, and in which part of the tree."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar, cast

import sqlalchemy as sa
from flask import abort, redirect, request, url_for
from flask import session as cookie
from flask_login import LoginManager, current_user, login_user
from sqlalchemy.orm import selectinload
from werkzeug import Response

from accounts.models import Account, Grant, Role, Unit
from accounts.scope import Scope, scope
from core import clock
from core.database import session

P = ParamSpec("P")
R = TypeVar("R")

login_manager = LoginManager()

SIGN_IN = "accounts.sign_in"
LASTS = timedelta(days=7)
"""How long a session lasts, however often it is used."""


class SignedIn:
    """What Flask-Login keeps of an account: its id and the stamp of its session."""

    is_active = True
    is_anonymous = False
    is_authenticated = True

    def __init__(self, account: Account) -> None:
        self.account = account
        self.full_name = account.full_name

    def get_id(self) -> str:
        """The id with the stamp, so that a changed password ends other sessions."""
        return f"{self.account.id}.{self.account.session_stamp}"


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load(token: str) -> SignedIn | None:
    """The account of a session, unless it was closed or its stamp has changed."""
    number, _, stamp = token.partition(".")
    if not number.isdecimal() or len(number) > 18 or _has_run_out():
        return None
    account = session().scalar(
        sa.select(Account)
        .where(Account.id == int(number), Account.session_stamp == stamp)
        .where(Account.closed_at.is_(None))
        .options(selectinload(Account.grants).joinedload(Grant.unit))
    )
    return SignedIn(account) if account else None


def open_session(account: Account) -> None:
    """Begin a session in place of whatever the browser carried; what is to be said stays."""
    said = cookie.get("_flashes")
    cookie.clear()
    if said:
        cookie["_flashes"] = said
    cookie["since"] = clock.now().timestamp()
    login_user(SignedIn(account))


def _has_run_out() -> bool:
    since = cookie.get("since", 0.0)
    return bool(since) and clock.now().timestamp() - since > LASTS.total_seconds()


def is_signed_in() -> bool:
    """Whether someone of the staff asks."""
    return isinstance(current_user._get_current_object(), SignedIn)


def actor() -> Account:
    """Who asks; only on pages that ``requires`` guards."""
    return cast(SignedIn, current_user).account


def actor_scope(role: Role) -> Scope:
    """Where the one who asks holds the role."""
    return scope(actor(), role)


def to_sign_in() -> Response:
    """To the sign-in page, and from there back to the page that was asked for."""
    wanted = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else "/"
    return redirect(url_for(SIGN_IN, next=wanted))


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Let in everybody of the staff; strangers get the sign-in page."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        return view(*args, **kwargs) if is_signed_in() else cast(R, to_sign_in())

    return guarded


def requires(role: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let in those who hold the role anywhere; the others get a 404, strangers the sign-in page."""

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not is_signed_in():
                return cast(R, to_sign_in())
            if not actor_scope(role):
                abort(404)
            return view(*args, **kwargs)

        guarded.required_role = role  # type: ignore[attr-defined]
        return guarded

    return guard


def unit_or_404(code: str, role: Role) -> Unit:
    """The unit, where the one who asks holds the role; foreign and missing are the same."""
    found = sa.select(Unit).where(Unit.code == code, actor_scope(role).condition())
    unit = session().scalar(found)
    return unit or abort(404)
