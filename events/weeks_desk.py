"""What is set up before planning begins: the weeks (administrators) and the venues."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role, Unit
from accounts.scope import Scope
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.i18n import N_
from core.navigation import Item
from core.web import locale
from events import planning, queries
from events.models import Campaign, Venue
from events.plan_forms import VenueForm, WeekForm

blueprint = Blueprint("weeks_desk", __name__, url_prefix="/desk")

NAVIGATION = [
    Item(N_("Venues"), "weeks_desk.venues", Role.ORGANISER, "desk", 30),
    Item(N_("Weeks"), "weeks_desk.weeks", Role.ADMIN, "desk", 70),
]


@blueprint.get("/weeks")
@requires(Role.ADMIN)
def weeks() -> str:
    """Every week, the latest first."""
    found = session().scalars(queries.weeks()).all()
    return render_template("events/desk/weeks.html", weeks=found, may_edit=_root() is not None)


@blueprint.get("/weeks/new")
@requires(Role.ADMIN)
def new_week() -> str:
    """Ask what the letter of a year fixed."""
    _refuse_below_the_top()
    form = WeekForm(formdata=None)
    form.year.data = clock.local_day(clock.now()).year
    form.title.data = _("Lifelong Learning Week %(year)s", year=form.year.data)
    return render_template("events/desk/week.html", form=form, week=None)


@blueprint.post("/weeks/new")
@requires(Role.ADMIN)
def create_week() -> Any:
    """Set up the week of a year."""
    return _save_week(None)


@blueprint.get("/weeks/<int:year>")
@requires(Role.ADMIN)
def edit_week(year: int) -> str:
    """Ask for changes to a week."""
    week = _week_or_404(year)
    form = WeekForm(formdata=None)
    form.show(week)
    return render_template("events/desk/week.html", form=form, week=week)


@blueprint.post("/weeks/<int:year>")
@requires(Role.ADMIN)
def update_week(year: int) -> Any:
    """Take the changes to a week."""
    return _save_week(year)


@blueprint.get("/venues")
@requires(Role.ORGANISER)
def venues() -> str:
    """The places of my units."""
    found = session().scalars(queries.venues(_scope())).all()
    return render_template("events/desk/venues.html", venues=found)


@blueprint.get("/venues/new")
@requires(Role.ORGANISER)
def new_venue() -> str:
    """Ask for a place."""
    return _venue_page(_offered(VenueForm(formdata=None)), None)


@blueprint.post("/venues/new")
@requires(Role.ORGANISER)
def create_venue() -> Any:
    """Keep the place."""
    form = _offered(VenueForm())
    if not form.validate():
        return _venue_page(form, None), 400
    with transaction():
        unit = _chosen_unit(form)
        venue = planning.create_venue(unit, **_venue_facts(form))
        audit.record(actor(), unit, "venue.created", f"venue:{venue.id}", {"name": venue.name}, clock.now())  # fmt: skip  # noqa: E501
    flash(_("The venue is kept."), "ok")
    return redirect(url_for("weeks_desk.venues"))


@blueprint.get("/venues/<int:number>")
@requires(Role.ORGANISER)
def edit_venue(number: int) -> str:
    """Ask for changes to a place."""
    venue = _venue_or_404(number)
    form = _offered(VenueForm(formdata=None))
    form.show(venue)
    return _venue_page(form, venue)


@blueprint.post("/venues/<int:number>")
@requires(Role.ORGANISER)
def update_venue(number: int) -> Any:
    """Take the changes; calendars learn of a new name or address."""
    form = _offered(VenueForm())
    if not form.validate():
        return _venue_page(form, _venue_or_404(number)), 400
    with transaction():
        venue = _venue_or_404(number)
        venue.unit = _chosen_unit(form)
        planning.edit_venue(venue, **_venue_facts(form), now=clock.now())
        audit.record(actor(), venue.unit, "venue.edited", f"venue:{venue.id}", {"name": venue.name}, clock.now())  # fmt: skip  # noqa: E501
    flash(_("The changes are kept."), "ok")
    return redirect(url_for("weeks_desk.venues"))


def _save_week(year: int | None) -> Any:
    _refuse_below_the_top()
    form = WeekForm()
    week = _week_or_404(year) if year is not None else None
    if not form.validate():
        return render_template("events/desk/week.html", form=form, week=week), 400
    try:
        with transaction():
            week = _week_or_404(year) if year is not None else None
            action = "week.edited" if week else "week.created"
            if week:
                planning.edit_week(week, form.facts, form.deadlines)
            else:
                week = planning.create_week(form.facts, form.deadlines)
            audit.record(actor(), _root(), action, f"week:{week.year}", {}, clock.now())
    except DomainError as refusal:
        form.year.errors = [refusal.text(locale())]
        week = _week_or_404(year) if year is not None else None
        return render_template("events/desk/week.html", form=form, week=week), refusal.status
    flash(_("The week of %(year)s is kept.", year=week.year), "ok")
    if request.form.get("then") == "take_over":
        root = _whole_tree().code
        return redirect(url_for("cloning_desk.new", to=week.year, unit=root, below=1))
    return redirect(url_for("weeks_desk.weeks"))


def _root() -> Unit | None:
    return session().scalar(
        sa.select(Unit).where(Unit.parent_id.is_(None), actor_scope(Role.ADMIN).condition())
    )


def _whole_tree() -> Unit:
    return _root() or abort(404)


def _refuse_below_the_top() -> None:
    """A week belongs to every unit, so only who administers a whole tree may set it."""
    if _root() is None:
        abort(404)


def _week_or_404(year: int) -> Campaign:
    _refuse_below_the_top()
    return session().scalar(queries.week_of(year)) or abort(404)


def _scope() -> Scope:
    return actor_scope(Role.ORGANISER)


def _venue_or_404(number: int) -> Venue:
    return session().scalar(queries.venues(_scope()).where(Venue.id == number)) or abort(404)


def _venue_page(form: VenueForm, venue: Venue | None) -> str:
    return render_template("events/desk/venue.html", form=form, venue=venue)


def _venue_facts(form: VenueForm) -> dict[str, Any]:
    return {
        "name": form.name.data or "",
        "address": form.address.data or "",
        "capacity": form.capacity.data,
    }


def _chosen_unit(form: VenueForm) -> Unit:
    return session().scalars(_scope().units().where(Unit.code == form.unit.data)).one()


def _offered(form: VenueForm) -> VenueForm:
    form.offer(session().scalars(_scope().present(clock.local_day(clock.now()))))
    return form
