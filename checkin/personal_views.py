"""A person's own calendar: to subscribe to, to look at, to give another address."""

from flask import Blueprint, abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.access import actor, signed_in
from checkin import personal
from checkin.personal import Owner
from core import clock
from core.database import transaction
from core.i18n import N_, translate
from core.web import locale
from events import feed_views, feeds

blueprint = Blueprint("personal", __name__)

NAME = N_("My activities of the Lifelong Learning Week")


@blueprint.get("/calendar/people/<secret>.ics")
def calendar(secret: str) -> Response:
    """What the person goes to, or what their units hold."""
    feed = personal.held_by(_owner_or_404(secret), translate(NAME, locale()))
    return _private(feed_views.answer(feed, "lich-cua-toi"))


@blueprint.get("/calendar/people/<secret>/")
def show(secret: str) -> Response:
    """How to subscribe, what stands in it, and how to turn the address off."""
    feed = personal.held_by(_owner_or_404(secret), translate(NAME, locale()))
    now = clock.now()
    ahead = [e for e in feeds.entries(feed) if e.spans[-1][1] > now]
    page = render_template("checkin/personal.html", secret=secret, ahead=ahead)
    return _private(make_response(page))


@blueprint.post("/calendar/people/<secret>/renewal")
def renew(secret: str) -> Response:
    """Give the calendar another address; the old one answers nobody any more."""
    with transaction():
        new = personal.renew(_owner_or_404(secret))
    flash(
        _("The calendar has a new address. Please subscribe to it anew; the old one is off."), "ok"
    )
    return redirect(url_for("personal.show", secret=new), 303)


@blueprint.get("/desk/calendar")
@signed_in
def of_staff() -> Response:
    """Lead whoever is signed in to their own calendar."""
    return redirect(url_for("personal.show", secret=personal.secret_of(actor())))


def _owner_or_404(secret: str) -> Owner:
    return personal.owner_of(secret) or abort(404)


def _private(response: Response) -> Response:
    """The address is the secret: it goes to no other site and into no index."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
