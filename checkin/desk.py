"""The people of an activity: who registered, who waits, who came, who must be phoned."""

from typing import Any

import sqlalchemy as sa
from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role
from checkin import people as lists
from checkin import queries, services
from checkin.models import Registration, Standing
from core import clock
from core.database import session, transaction
from core.i18n import N_
from core.navigation import Item
from core.paging import page
from core.web import locale
from events import queries as programme
from events.models import Activity, ActivityState, Counting
from events.programme import matching

blueprint = Blueprint("checkin_desk", __name__, url_prefix="/desk")
blueprint.add_app_template_filter(lists.unit_of, "unit_of")

NAVIGATION = [Item(N_("People and head counts"), "checkin_desk.index", Role.STEWARD, "desk", 40)]

PAGE = 100
"""Rows of a list before the next page begins."""

audit.name(
    {
        "registration.withdrawn": N_("Registration withdrawn for someone"),
        "registration.reissued": N_("Ticket issued again"),
        "registration.promoted": N_("Moved up from the waiting list"),
    }
)


@blueprint.get("/check-in")
@requires(Role.STEWARD)
def index() -> str:
    """List the activities of my units, those that are on or still to come first."""
    search = request.args.get("q", "").strip()
    past = request.args.get("past") == "1"
    found = (
        sa.select(Activity)
        .where(actor_scope(Role.STEWARD).owns(Activity.unit_id))
        .where(Activity.state == ActivityState.RELEASED)
        .options(joinedload(Activity.unit), joinedload(Activity.venue))
    )
    if search:
        found = found.where(matching(search))
    if past:
        found = found.where(Activity.ends_at < clock.now()).order_by(Activity.starts_at.desc())
    else:
        found = found.where(Activity.ends_at >= clock.now()).order_by(Activity.starts_at)
    after = max(0, request.args.get("after", 0, type=int))
    rows, more = page(found.order_by(Activity.id).offset(after), PAGE)
    ids = [activity.id for activity in rows]
    return render_template(
        "checkin/desk/index.html",
        activities=rows,
        search=search,
        past=past,
        next_after=after + PAGE if more else None,
        after=after,
        page_size=PAGE,
        registered=queries.seats_given(ids),
        attended=queries.attendances(ids),
        organises=actor_scope(Role.ORGANISER),
    )


@blueprint.get("/activities/<int:number>/people")
@requires(Role.ORGANISER)
def people(number: int) -> str:
    """Show who registered, who waits and who came, searched without diacritics."""
    activity = activity_or_404(number, Role.ORGANISER)
    search = request.args.get("q", "").strip()
    after = request.args.get("after", 0, type=int)
    found = queries.people(activity, search).where(Registration.id > after)
    rows, more = page(found, PAGE)
    phones = session().scalars(queries.to_be_phoned(activity).limit(PAGE)).all()
    attended = queries.attended_by(activity)
    return render_template(
        "checkin/desk/people.html",
        activity=activity,
        registrations=rows,
        next_after=rows[-1].id if more else None,
        search=search,
        after=after,
        attended=attended,
        phones=phones,
        totals=_totals(activity, len(attended)),
    )


@blueprint.get("/activities/<int:number>/people.csv")
@requires(Role.ORGANISER)
def export(number: int) -> Response:
    """Give the list as a file for a spreadsheet."""
    activity = activity_or_404(number, Role.ORGANISER)
    rows = session().scalars(queries.people(activity)).all()
    response = make_response(lists.as_csv(rows, queries.attended_by(activity), locale()))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{activity.slug}.csv"'
    return response


@blueprint.post("/activities/<int:number>/people/<int:registration_id>/withdrawal")
@requires(Role.ORGANISER)
def withdraw(number: int, registration_id: int) -> Response:
    """Give someone's seat back for them; the next person in line moves up."""
    with transaction():
        registration = _locked_registration(number, registration_id)
        following = services.withdraw(registration, now=clock.now())
        _record("registration.withdrawn", registration)
        name = following.participant.name if following else None
    flash(_("The registration was withdrawn."), "ok")
    if name:
        flash(_("%(name)s moved up from the waiting list.", name=name), "ok")
    return _back(number)


@blueprint.post("/activities/<int:number>/people/<int:registration_id>/reissue")
@requires(Role.ORGANISER)
def reissue(number: int, registration_id: int) -> Response:
    """Make someone a new ticket; the old one is revoked."""
    with transaction():
        registration = _locked_registration(number, registration_id)
        services.reissue(registration, now=clock.now())
        _record("registration.reissued", registration)
        has_address = registration.participant.email is not None
    if has_address:
        flash(_("A new ticket was made and is sent. The old one is revoked."), "ok")
    else:
        flash(_("A new ticket was made. Please give the person the new code."), "warn")
    return _back(number)


@blueprint.post("/activities/<int:number>/promotions")
@requires(Role.ORGANISER)
def promote(number: int) -> Response:
    """Give free seats to those in line, after the number of seats was raised."""
    with transaction():
        activity = _locked_activity(number)
        moved_up = 0
        while (following := services.promote(activity, now=clock.now())) is not None:
            _record("registration.promoted", following)
            moved_up += 1
    flash(_("%(number)s people moved up from the waiting list.", number=moved_up), "ok")
    return _back(number)


def pages_of(slug: str) -> list[tuple[str, str]]:
    """Our pages of an activity, for the page where its organiser works on it."""
    activity = session().scalar(programme.by_slug(slug))
    if activity is None:
        return []
    match activity.counting:
        case Counting.TICKETS:
            page = (_("People"), url_for("checkin_desk.people", number=activity.id))
        case Counting.TALLY:
            page = (_("Head count"), url_for("counts_desk.tally", number=activity.id))
        case Counting.SELF_SCAN:
            page = (_("Self-scan"), url_for("hall_desk.show", number=activity.id))
        case Counting.EVIDENCE:
            return []
    return [page]


def activity_or_404(number: int, role: Role) -> Activity:
    """An activity of a unit where the one who asks holds the role."""
    activity = session().scalar(queries.activity_in(actor_scope(role), number))
    if activity is None:
        abort(404)
    return activity


def _locked_activity(number: int) -> Activity:
    found = queries.activity_in(actor_scope(Role.ORGANISER), number)
    activity = session().scalar(found.with_for_update(of=Activity))
    if activity is None:
        abort(404)
    return activity


def _locked_registration(number: int, registration_id: int) -> Registration:
    _locked_activity(number)
    registration = session().scalar(
        queries.registration_in(actor_scope(Role.ORGANISER), number, registration_id)
    )
    if registration is None:
        abort(404)
    return registration


def _record(action: str, registration: Registration) -> None:
    unit = registration.activity.unit
    subject = f"registration:{registration.id}"
    audit.record(actor(), unit, action, subject, {}, clock.now())


def _totals(activity: Activity, attended: int) -> dict[str, Any]:
    rows = session().execute(
        sa.select(Registration.standing, sa.func.count())
        .where(Registration.activity_id == activity.id)
        .group_by(Registration.standing)
    )
    counted = {row[0]: row[1] for row in rows}
    confirmed = counted.get(Standing.CONFIRMED, 0)
    waiting = counted.get(Standing.WAITING, 0)
    has_seat = activity.seats is None or confirmed < activity.seats
    return {
        "confirmed": confirmed,
        "waiting": waiting,
        "attended": attended,
        "may_promote": bool(waiting) and has_seat,
    }


def _back(number: int) -> Response:
    return redirect(url_for("checkin_desk.people", number=number), 303)
