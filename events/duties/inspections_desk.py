"""Inspections: who looked at what a unit does, on which day, and what they found."""

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
from core.i18n import N_
from core.navigation import Item
from core.paging import page
from core.web import locale
from events.duties import queries, services
from events.duties.duty_desk import chosen_week
from events.duties.forms import InspectionForm
from events.duties.models import Inspection

blueprint = Blueprint("inspections", __name__, url_prefix="/desk/inspections")

NAVIGATION = [Item(N_("Inspections"), "inspections.index", Role.OBSERVER, "desk", 27)]

PAGE = 50

audit.name(
    {
        "inspection.added": N_("Inspection written down"),
        "inspection.removed": N_("Inspection taken out"),
    }
)


@blueprint.get("")
@requires(Role.OBSERVER)
def index() -> str:
    """What was inspected this week, the latest first."""
    form = InspectionForm(formdata=None)
    form.unit.data, form.duty.data = request.args.get("unit", ""), request.args.get("duty", "")
    return _page(form)


@blueprint.post("")
@requires(Role.ORGANISER)
def add() -> Any:
    """Write down what an inspection found, of the unit, of a duty or of an activity of it."""
    form, week = _offered(InspectionForm()), chosen_week() or abort(404)
    if not form.validate() or form.inspected_on.data is None:
        return _page(form), 400
    try:
        with transaction():
            unit = session().scalars(sa.select(Unit).where(Unit.code == form.unit.data)).one()
            duties = session().scalars(queries.duties_of(unit, week))
            activities = session().scalars(queries.activities_of(unit, week))
            row = services.inspect(
                week,
                unit,
                inspected_on=form.inspected_on.data,
                inspectors=form.inspectors.data or "",
                finding=form.finding.data or "",
                now=clock.now(),
                duty=next((d for d in duties if str(d.id) == form.duty.data), None),
                activity=next((a for a in activities if a.slug == form.activity.data), None),
            )
            _write_down("inspection.added", row)
    except DomainError as refusal:
        form.inspected_on.errors = [refusal.text(locale())]
        return _page(form), refusal.status
    flash(_("The inspection is written down."), "ok")
    if form.duty.data:
        return redirect(url_for("duties_board.show", number=int(form.duty.data)))
    return redirect(url_for("inspections.index"))


@blueprint.post("/<int:number>/remove")
@requires(Role.ORGANISER)
def remove(number: int) -> Any:
    """Take out what was written by mistake; the change log keeps that it was there."""
    week = chosen_week() or abort(404)
    with transaction():
        found = queries.inspections(actor_scope(Role.ORGANISER), week)
        row = session().scalar(found.where(Inspection.id == number)) or abort(404)
        _write_down("inspection.removed", row)
        session().delete(row)
    flash(_("The inspection was taken out."), "ok")
    return redirect(url_for("inspections.index"))


def _page(form: InspectionForm) -> str:
    week, scope = chosen_week(), actor_scope(Role.OBSERVER)
    start = min(max(0, request.args.get("start", 0, type=int)), 100_000)
    found = queries.inspections(scope, week).offset(start) if week else None
    rows, more = page(found, PAGE) if found is not None else ([], False)
    organised = actor_scope(Role.ORGANISER)
    return render_template(
        "events/duties/inspections.html",
        week=week,
        rows=rows,
        form=_offered(form) if organised else None,
        organised=organised,
        earlier=url_for("inspections.index", start=max(0, start - PAGE)) if start else None,
        later=url_for("inspections.index", start=start + PAGE) if more else None,
    )


def _offered(form: InspectionForm) -> InspectionForm:
    """The units of one's own; once one is named, its duties and activities too."""
    today = clock.local_day(clock.now())
    units = session().scalars(actor_scope(Role.ORGANISER).present(today)).all()
    unit, week = next((u for u in units if u.code == form.unit.data), None), chosen_week()
    if unit is None or week is None:
        form.offer(units)
    else:
        duties = session().scalars(queries.duties_of(unit, week)).all()
        form.offer(units, duties, session().scalars(queries.activities_of(unit, week)).all())
    return form


def _write_down(action: str, row: Inspection) -> None:
    facts = {"unit": row.unit.code, "finding": row.finding}
    audit.record(actor(), row.unit, action, f"inspection:{row.id}", facts, clock.now())
