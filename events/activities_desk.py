"""One activity at the desk: written, released, moved, copied, called off, evidenced."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role, Unit
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.text import is_clean
from core.web import locale
from events import errors, planning, queries, services
from events.forms import ActivityForm, CancelForm, EvidenceForm, PlaceForm
from events.models import Activity, ActivityState, Campaign, Plan, Venue
from events.releases import reviews
from events.slots import slots
from events.timetable.facts import of_activity

blueprint = Blueprint("activities_desk", __name__, url_prefix="/desk/activities")

FIELDS: dict[type[DomainError], str] = {
    errors.EndsBeforeItStarts: "ends",
    errors.RunsTooLong: "last_on",
    errors.HostOutsideThePlan: "unit",
    errors.NoSeatsBelowThoseTaken: "seats",
    errors.PeopleWereRecorded: "first_on",
    errors.PlaceMissing: "place",
    errors.JoinLinkMissing: "join_link",
    errors.ReasonMissing: "reason",
}
"""The field beside which a refusal is shown."""


@blueprint.get("/new")
@requires(Role.ORGANISER)
def new() -> str:
    """Ask for a new activity."""
    week = _week_or_404()
    form = offered(ActivityForm(formdata=None))
    form.first_on.data = week.opening_on or week.starts_on
    form.contact.data = actor().full_name
    return render_template("events/desk/new.html", form=form, week=week, plan=_asked_plan())


@blueprint.post("/new")
@requires(Role.ORGANISER)
def create() -> Any:
    """Put a draft into the plan of its host."""
    form = offered(ActivityForm())
    week, plan = _week_or_404(), _asked_plan()
    if not form.validate():
        return render_template("events/desk/new.html", form=form, week=week, plan=plan), 400
    try:
        with transaction():
            activity = _create(form)
    except DomainError as refusal:
        beside(form, refusal)
        week, plan = _week_or_404(), _asked_plan()
        return render_template("events/desk/new.html", form=form, week=week, plan=plan), 409
    flash(_("“%(title)s” is kept as a draft; nobody else sees it yet.", title=activity.title), "ok")
    return redirect(url_for("activities_desk.show", slug=activity.slug))


@blueprint.get("/<slug>")
@requires(Role.OBSERVER)
def show(slug: str) -> str:
    """Everything about one activity, and what can be done with it."""
    return page(activity_or_404(slug, Role.OBSERVER))


@blueprint.get("/<slug>/edit")
@requires(Role.ORGANISER)
def edit(slug: str) -> str:
    """Ask for changes."""
    activity = activity_or_404(slug)
    form = offered(ActivityForm(formdata=None), activity)
    form.show(activity)
    return render_template("events/desk/edit.html", form=form, activity=activity)


@blueprint.get("/<slug>/move")
@requires(Role.ORGANISER)
def ask_move(slug: str) -> str:
    """Ask for another time or place."""
    activity = activity_or_404(slug)
    form = with_venues(PlaceForm(formdata=None), activity)
    form.show_when(activity)
    form.show_place(activity)
    return move_page(activity, form)


@blueprint.post("/<slug>/release")
@requires(Role.ORGANISER)
def release(slug: str) -> Any:
    """Put it on the programme."""
    with transaction():
        activity = activity_or_404(slug)
        reviews.check_alone(activity.plan, actor_scope(Role.ORGANISER))
        services.release(activity, now=clock.now())
        _write_down("activity.released", activity)
    flash(_("“%(title)s” is on the programme.", title=activity.title), "ok")
    return redirect(url_for("activities_desk.show", slug=slug))


@blueprint.post("/<slug>/take-back")
@requires(Role.ORGANISER)
def take_back(slug: str) -> Any:
    """Undo the release while nobody is registered."""
    with transaction():
        activity = activity_or_404(slug)
        services.take_back(activity, now=clock.now())
        _write_down("activity.taken_back", activity)
    flash(_("“%(title)s” is a draft again.", title=activity.title), "ok")
    return redirect(url_for("activities_desk.show", slug=slug))


@blueprint.post("/<slug>/copy")
@requires(Role.ORGANISER)
def copy(slug: str) -> Any:
    """Make a draft like it in the week that is on or comes next."""
    with transaction():
        activity = activity_or_404(slug)
        plan = _plan_for(_week_or_404(), activity.unit)
        twin = services.copy(activity, plan=plan, now=clock.now())
        _write_down("activity.copied", twin, source=slug)
    flash(_("A draft like it was made; please look at the day and the hours."), "ok")
    return redirect(url_for("activities_desk.edit", slug=twin.slug))


@blueprint.post("/<slug>/evidence")
@requires(Role.ORGANISER)
def add_evidence(slug: str) -> Any:
    """Add a minh chứng."""
    form = EvidenceForm()
    if not form.validate():
        return page(activity_or_404(slug), evidencing=form), 400
    with transaction():
        activity = activity_or_404(slug)
        services.add_evidence(
            activity,
            note=form.note.data or "",
            link=form.link.data or "",
            number=form.number.data,
            now=clock.now(),
        )
        _write_down("evidence.added", activity, note=form.note.data)
    flash(_("The evidence is kept."), "ok")
    return redirect(url_for("activities_desk.show", slug=slug, _anchor="evidence"))


@blueprint.post("/<slug>/evidence/<int:number>/remove")
@requires(Role.ORGANISER)
def remove_evidence(slug: str, number: int) -> Any:
    """Take a minh chứng out again."""
    with transaction():
        activity = activity_or_404(slug)
        found = next((row for row in activity.evidence if row.id == number), None)
        if found is None:
            abort(404)
        _write_down("evidence.removed", activity, note=found.note)
        services.remove_evidence(activity, number)
    flash(_("The evidence was taken out."), "ok")
    return redirect(url_for("activities_desk.show", slug=slug, _anchor="evidence"))


def page(
    activity: Activity,
    *,
    cancelling: CancelForm | None = None,
    evidencing: EvidenceForm | None = None,
) -> str:
    """The page of one activity; with a form that came back, when there is one."""
    now, edits = clock.now(), actor_scope(Role.ORGANISER).covers(activity.unit)
    return render_template(
        "events/desk/show.html",
        activity=activity,
        cancelling=cancelling,
        evidence_form=evidencing or EvidenceForm(formdata=None),
        registered=_registered(activity),
        seats_left=slots.seats_left([activity.id]).get(activity.id),
        attended=slots.attendances([activity.id]).get(activity.id),
        pages=slots.desk_pages(activity.slug),
        is_draft=activity.state is ActivityState.DRAFT,
        is_released=activity.state is ActivityState.RELEASED,
        is_over=activity.ends_at <= now,
        edits=edits,
        conflicts=of_activity(activity, actor_scope(Role.OBSERVER)),
    )


def move_page(activity: Activity, form: PlaceForm) -> str:
    """The page that asks for another time or place."""
    return render_template(
        "events/desk/move.html", form=form, activity=activity, registered=_registered(activity)
    )


def _create(form: ActivityForm) -> Activity:
    units = known_units()
    host = units[form.unit.data]
    plan = _asked_plan() or _plan_for(_week_or_404(), host)
    activity = services.create(
        plan,
        form.described(units, chosen_venue(form)),
        starts_at=form.starts_at,
        ends_at=form.ends_at,
        now=clock.now(),
    )
    _write_down("activity.created", activity, kind=activity.kind.value)
    return activity


def _plan_for(week: Campaign, host: Unit) -> Plan:
    title = _("Plan for the Lifelong Learning Week %(year)s", year=week.year)
    return planning.plan_for(week, host, actor_scope(Role.ORGANISER), title=title)


def _asked_plan() -> Plan | None:
    """The plan that the address names, when it is one of ours."""
    number = request.args.get("plan", "")
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        abort(404)
    return session().scalar(queries.plan_in(actor_scope(Role.ORGANISER), int(number))) or abort(404)


def _week_or_404() -> Campaign:
    plan = _asked_plan()
    if plan is not None:
        return plan.campaign
    return session().scalar(queries.week_on_or_next(clock.local_day(clock.now()))) or abort(404)


def activity_or_404(slug: str, role: Role = Role.ORGANISER) -> Activity:
    """One activity of mine; a foreign one and a missing one are the same."""
    if not is_clean(slug):
        abort(404)
    found = queries.activity_in(actor_scope(role), slug)
    return session().scalar(found) or abort(404)


def known_units() -> dict[str, Unit]:
    """Every unit by its code."""
    return {unit.code: unit for unit in session().scalars(sa.select(Unit))}


def chosen_venue(form: PlaceForm) -> Venue | None:
    """The venue that was picked, if any."""
    return session().get(Venue, int(form.venue.data)) if form.venue.data else None


def offered(form: ActivityForm, activity: Activity | None = None) -> ActivityForm:
    """The form with the units and venues that one may choose."""
    today, hosting = clock.local_day(clock.now()), activity.unit if activity else None
    here = Unit.was_there(today)
    kept = sa.or_(here, Unit.id == hosting.id) if hosting else here
    hosts = session().scalars(actor_scope(Role.ORGANISER).units().where(kept)).all()
    invited = [row.unit_id for row in activity.invited_units] if activity else []
    guests = sa.select(Unit).where(sa.or_(here, Unit.id.in_(invited))).order_by(Unit.path)
    form.offer_units(hosts, session().scalars(guests))
    with_venues(form, activity)
    return form


def with_venues(form: Any, activity: Activity | None) -> Any:
    """The form with the venues that may be chosen, and the one that was."""
    venues = list(session().scalars(queries.venues_near(actor_scope(Role.ORGANISER))))
    if activity is not None and activity.venue and activity.venue not in venues:
        venues.append(activity.venue)
    form.offer_venues(venues)
    return form


def _registered(activity: Activity) -> int:
    return slots.registered([activity.id]).get(activity.id, 0)


def beside(form: Any, refusal: DomainError) -> None:
    """Show a refusal beside the field that it is about."""
    name = FIELDS.get(type(refusal))
    if name is not None and name in form:
        form[name].errors = [*form[name].errors, refusal.text(locale())]
    else:
        form.form_errors.append(refusal.text(locale()))


def _write_down(action: str, activity: Activity, **facts: object) -> None:
    subject = f"activity:{activity.slug}"
    audit.record(actor(), activity.unit, action, subject, facts, clock.now())
