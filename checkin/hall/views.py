"""The screen of a hall, on its own laptop: no account, one code that staff gave out."""

from functools import lru_cache

from flask import (
    Blueprint,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from checkin import tallies
from checkin.hall import services
from checkin.hall.services import CodeRefused, Recognised, recogniser
from checkin.hall.state import Page, look, pages
from checkin.selfscan import NotCounted
from core import clock
from core.database import session, transaction
from core.limits import slow_down_here
from core.qr import svg
from core.settings import Settings
from core.web import locale
from events.models import Activity

blueprint = Blueprint("hall", __name__, url_prefix="/hall")

COOKIE = "hall"


@blueprint.get("/")
def show() -> Response | str:
    """Fill the screen of a paired laptop; ask any other, and who brings a code, for the code."""
    found, code = paired(), request.args.get("code", "")[:80]
    if found is None or code:
        return _quiet(render_template("checkin/hall/pair.html", error="", typed=code))
    if found.only_counts:
        return redirect(url_for("hall_tally.tally"))
    drawn = Markup(_page(found.activity_id).body.decode())  # noqa: S704  by us
    activity = session().get_one(Activity, found.activity_id)
    counts = tallies.takes_heads(activity, at_point=False)
    return _quiet(render_template("checkin/hall/screen.html", state=drawn, counts=counts))


@blueprint.post("/")
def pair() -> Response | tuple[str, int]:
    """Let this laptop in by a code that works once."""
    slow_down_here("hall code", 30)
    code, now = request.form.get("code", "")[:80], clock.now()
    try:
        with transaction():
            screen, token = services.pair(code, now=now)
            left = int((screen.expires_at - now).total_seconds())
    except CodeRefused as refusal:
        error = refusal.text(locale())
        return render_template("checkin/hall/pair.html", error=error, typed=code), refusal.status
    response = redirect(url_for("hall.show"), 303)
    response.set_cookie(
        COOKIE,
        token,
        max_age=left,
        path="/hall",
        secure=_settings().is_https,
        httponly=True,
        samesite="Lax",
    )
    return response


@blueprint.get("/state")
def state() -> Response:
    """What the screen shows now: the same bytes for everybody who asks within the second."""
    found = paired()
    if found is None or found.only_counts:
        return redirect(url_for("hall.show"))
    page = _page(found.activity_id)
    response = make_response(page.body)
    response.set_etag(page.etag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


@blueprint.post("/end")
def end() -> Response:
    """Let this laptop show nothing any more."""
    with transaction():
        services.leave(request.cookies.get(COOKIE, ""), now=clock.now())
    recogniser.forget()
    flash(_("This screen is not paired any more."), "ok")
    response = redirect(url_for("hall.show"), 303)
    response.delete_cookie(COOKIE, path="/hall")
    return response


def paired() -> Recognised | None:
    """What this laptop or phone was let in for."""
    token = request.cookies.get(COOKIE, "")
    return recogniser.recognise(token, clock.now()) if token else None


def _page(number: int) -> Page:
    return pages.get((number, locale()), clock.now(), lambda: _drawn(number))


def _drawn(number: int) -> str:
    now = look(number, _settings().public_url, clock.now())
    drawn = Markup(_qr(now.address)) if now.address else ""  # noqa: S704  by us
    closed = now.answer if isinstance(now.answer, NotCounted) else None
    return render_template("checkin/hall/_state.html", shown=now, qr=drawn, closed=closed)


_qr = lru_cache(maxsize=64)(svg)
"""A code is shown for fifteen seconds, and drawn once."""


def _quiet(page: str) -> Response:
    response = make_response(page)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
