"""The points of an activity and what each counted; the views of its streams stand apart."""

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role, Unit
from checkin import tallies
from checkin.desk import activity_or_404
from checkin.models import Grade, Tally
from checkin.points import queries
from checkin.points.forms import PointForm, ViewsForm
from checkin.points.models import Point, StreamCount
from core import clock
from core.database import session, transaction
from core.i18n import N_
from events.models import Activity, Format

blueprint = Blueprint("points", __name__, url_prefix="/desk/activities")

audit.name(
    {"point.named": N_("Connecting point named"), "point.removed": N_("Connecting point removed")}
)


@blueprint.get("/<int:number>/points")
@requires(Role.STEWARD)
def show(number: int) -> str:
    """What every point has come to; views stand apart and are never people."""
    return _page(_activity_or_404(number), PointForm(formdata=None), ViewsForm(formdata=None))


@blueprint.post("/<int:number>/points")
@requires(Role.ORGANISER)
def name(number: int) -> Response | tuple[str, int]:
    """Name a point; its host counts there."""
    with transaction():
        activity = _activity_or_404(number, Role.ORGANISER)
        form = PointForm()
        form.unit.choices = _hosts()
        taken = {point.name for point in session().scalars(queries.points(activity))}
        if not form.validate():
            return _page(activity, form, ViewsForm(formdata=None)), 422
        if form.name.data in taken:
            form.name.errors = [_("A connecting point with this name is there already.")]
            return _page(activity, form, ViewsForm(formdata=None)), 422
        host = session().scalar(sa.select(Unit).where(Unit.code == (form.unit.data or "")))
        now = clock.now()
        point = Point(activity_id=activity.id, name=form.name.data, unit=host, created_at=now)
        session().add(point)
        session().flush()
        audit.record(actor(), activity.unit, "point.named", f"point:{point.id}", {}, now)
    flash(_("The connecting point is named."), "ok")
    return redirect(url_for("points.show", number=number), 303)


@blueprint.post("/<int:number>/points/<int:point>/removal")
@requires(Role.ORGANISER)
def remove(number: int, point: int) -> Response:
    """Take a point away; one where people were counted stays."""
    with transaction():
        activity = _activity_or_404(number, Role.ORGANISER)
        found = queries.points(activity).where(Point.id == point)
        gone = session().scalar(found) or abort(404)
        if session().scalar(sa.select(Tally.id).where(Tally.point_id == gone.id).limit(1)):
            flash(_("People were counted at this connecting point; it stays."), "stop")
            return redirect(url_for("points.show", number=number), 303)
        audit.record(actor(), activity.unit, "point.removed", f"point:{gone.id}", {}, clock.now())
        session().delete(gone)
    flash(_("The connecting point is removed."), "ok")
    return redirect(url_for("points.show", number=number), 303)


@blueprint.post("/<int:number>/views")
@requires(Role.STEWARD)
def write_views(number: int) -> Response | tuple[str, int]:
    """Write down what a platform says; the last number of a stream holds."""
    with transaction():
        activity = _activity_or_404(number)
        form = ViewsForm()
        if not form.validate():
            return _page(activity, PointForm(formdata=None), form), 422
        session().add(
            StreamCount(
                activity_id=activity.id,
                stream=form.stream.data,
                views=form.views.data,
                note=form.note.data or "",
                account_id=actor().id,
                at=clock.now(),
            )
        )
    flash(_("The views are written down; they are not added to people."), "ok")
    return redirect(url_for("points.show", number=number), 303)


def _page(activity: Activity, point_form: PointForm, views_form: ViewsForm) -> str:
    may_name = actor_scope(Role.ORGANISER).covers(activity.unit)
    point_form.unit.choices = _hosts() if may_name else []
    counted: dict[int | None, int] = {}
    estimated = set()
    for (_sitting, point, _group), tally in tallies.standing(activity).items():
        counted[point] = counted.get(point, 0) + tally.count
        if tally.grade is Grade.ESTIMATE:
            estimated.add(point)
    views = queries.views(activity)
    return render_template(
        "checkin/points/show.html",
        activity=activity,
        points=session().scalars(queries.points(activity)).all(),
        counted=counted,
        estimated=estimated,
        at_points=sum(n for point, n in counted.items() if point is not None),
        views=views,
        viewed=sum(one.views for one in views),
        point_form=point_form,
        views_form=views_form,
        may_name=may_name,
    )


def _hosts() -> list[tuple[str, str]]:
    """The units of who names a point: more than that are not theirs to let count."""
    today = clock.local_day(clock.now())
    own = actor_scope(Role.ORGANISER).condition()
    units = session().scalars(sa.select(Unit).where(Unit.was_there(today), own).order_by(Unit.path))
    return [("", _("Nobody else: the unit of the activity")), *((u.code, u.name) for u in units)]


def _activity_or_404(number: int, role: Role = Role.STEWARD) -> Activity:
    activity: Activity = activity_or_404(number, role)
    if activity.format is Format.IN_PERSON:
        abort(404)
    return activity
