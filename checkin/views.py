"""One activity, a seat, a ticket."""

import secrets
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    url_for,
)
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from checkin import notice, queries, services
from checkin.errors import AlreadyRegistered
from checkin.forms import AddressForm, RegistrationForm
from checkin.models import Participant, Registration, Standing
from checkin.personal import secret_of
from checkin.tokens import ticket_secret
from checkin.words import GROUPS, STANDINGS
from core import clock
from core.codes import shown
from core.database import session, transaction
from core.limits import slow_down_here
from core.privacy import private
from core.qr import svg
from core.web import locale
from events import queries as programme
from events.models import Activity

blueprint = Blueprint("checkin", __name__)
blueprint.add_app_template_filter(shown, "shown_code")


@blueprint.app_template_filter("standing_label")
def standing_label(standing: Standing) -> str:
    """A standing in the reader's language."""
    return str(_(STANDINGS[standing][0]))


@blueprint.app_template_filter("standing_tone")
def standing_tone(standing: Standing) -> str:
    """The tone in which a badge shows a standing."""
    return STANDINGS[standing][1]


@blueprint.app_template_filter("group_label")
def group_label(group: Any) -> str:
    """A group of participants in the reader's language."""
    return str(_(GROUPS[group])) if group else ""


@blueprint.get("/activities/<slug>")
def show(slug: str) -> Response:
    """Say when, where and for whom, and offer a seat."""
    form = RegistrationForm(formdata=None, form_token=secrets.token_urlsafe(16))
    return _activity_page(_activity_or_404(slug), form)


@blueprint.post("/activities/<slug>/registrations")
def register(slug: str) -> Response:
    """Take a seat, or a place in line."""
    slow_down_here("registration", 30)
    form = RegistrationForm()
    if not form.validate():
        return _activity_page(_activity_or_404(slug), form, 422)
    try:
        with transaction():
            registration = services.register(
                _activity_or_404(slug, lock=True),
                form.applicant(locale()),
                form_token=form.form_token.data or secrets.token_urlsafe(16),
                now=clock.now(),
            )
            code, standing = registration.code, registration.standing
    except AlreadyRegistered:
        return _activity_page(_activity_or_404(slug), form, 409, taken=True)
    if standing is Standing.WAITING:
        flash(_("All seats are taken. A place in the waiting list was kept."), "warn")
    else:
        flash(_("The seat is kept."), "ok")
    return redirect(url_for("checkin.ticket", code=code), 303)


@blueprint.post("/activities/<slug>/letters")
def send_again(slug: str) -> Response:
    """Send the ticket once more to the address that holds it."""
    slow_down_here("letter", 10)
    form = AddressForm()
    if not form.validate():
        abort(400)
    with transaction():
        activity = _activity_or_404(slug, lock=True)
        services.ask_for_letter(activity, form.email.data or "", now=clock.now())
    flash(
        _("When this address holds a ticket for the activity, it is sent there again shortly."),
        "ok",
    )
    return redirect(url_for("checkin.show", slug=slug), 303)


@blueprint.get("/tickets/<code>")
def ticket(code: str) -> Response:
    """Show the code of a ticket, as large as the screen allows."""
    registration = session().scalar(queries.by_code(code))
    if registration is None:
        abort(404)
    waiting = registration.standing is Standing.WAITING
    page = render_template(
        "checkin/ticket.html",
        registration=registration,
        activity=registration.activity,
        qr=Markup(svg(ticket_secret(registration))),  # noqa: S704  drawn by us
        place=queries.place_in_line(registration) if waiting else 0,
        is_over=registration.activity.ends_at <= clock.now(),
        calendar_path=_calendar_path(registration.participant),
    )
    return private(make_response(page))


@blueprint.post("/tickets/<code>/withdrawal")
def withdraw(code: str) -> Response:
    """Give the seat back."""
    with transaction():
        services.withdraw(_locked_registration(code), now=clock.now())
    flash(_("The registration was withdrawn."), "ok")
    return redirect(url_for("checkin.ticket", code=code), 303)


def _activity_page(
    activity: Activity, form: RegistrationForm, status: int = 200, *, taken: bool = False
) -> Response:
    left = queries.seats_left([activity.id]).get(activity.id)
    page = render_template(
        "checkin/activity.html",
        activity=activity,
        form=form,
        seats_left=left,
        is_open=services.accepts_registrations(activity, clock.now()),
        is_over=activity.ends_at <= clock.now(),
        notice=_(notice.SENTENCES[notice.SEAT]),
        map_href=_map_link(activity),
        taken=taken,
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _map_link(activity: Activity) -> str:
    """Where to look the place up on a map; nothing without a venue."""
    if activity.venue is None:
        return ""
    words = ", ".join(filter(None, (activity.venue.name, activity.venue.address)))
    return "https://www.google.com/maps/search/?" + urlencode({"api": 1, "query": words})


def _activity_or_404(slug: str, *, lock: bool = False) -> Activity:
    found = queries.locked_activity(slug) if lock else programme.public_activity(slug)
    activity = session().scalar(found)
    if activity is None:
        abort(404)
    return activity


def _locked_registration(code: str) -> Registration:
    """A registration whose activity nobody else gives seats of until we are done."""
    session().scalar(
        sa.select(Activity)
        .join(Registration, Registration.activity_id == Activity.id)
        .where(Registration.code == code)
        .with_for_update(of=Activity)
    )
    registration = session().scalar(queries.by_code(code))
    if registration is None:
        abort(404)
    return registration


def _calendar_path(person: Participant) -> str:
    """The person's own calendar; by letter to who gave an address, for anybody may type one."""
    if person.email or not person.name:
        return ""
    return url_for("personal.show", secret=secret_of(person))
