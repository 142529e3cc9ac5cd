"""An activity is moved, edited or called off: first what that does is shown, then it is done.

The forms of the desk ask for the preview; the page of the preview confirms with the mark of what
it showed. One transaction serves both: the preview is what the change does, undone.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role
from checkin import preview, services
from checkin.preview import Preview, Seats
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.i18n import N_
from core.web import local_path
from events import activities_desk, labels
from events import services as programme
from events.activities_desk import activity_or_404, beside, chosen_venue, known_units, offered
from events.forms import ActivityForm, CancelForm, PlaceForm
from events.models import Activity

blueprint = Blueprint("preview_desk", __name__, url_prefix="/desk/activities")

CALENDARS = {
    preview.CalendarKind.WEEK: N_("The calendar of the week"),
    preview.CalendarKind.UNIT: N_("The calendar of %(name)s"),
    preview.CalendarKind.KIND: N_("The calendar of this kind: %(name)s"),
    preview.CalendarKind.ACTIVITY: N_("The calendar of this activity"),
}
Change = Callable[[Activity, datetime], Seats]
"""Makes the change and says who has another seat for it."""


@blueprint.post("/<slug>/move")
@requires(Role.ORGANISER)
def move(slug: str) -> Any:
    """Another time or place; those registered are told."""
    form = activities_desk.with_venues(PlaceForm(), activity_or_404(slug))

    def change(activity: Activity, now: datetime) -> Seats:
        before = activity.starts_at
        programme.reschedule(
            activity,
            starts_at=form.starts_at,
            ends_at=form.ends_at,
            venue=chosen_venue(form),
            place=form.place.data or "",
            now=now,
        )
        moved = [before.isoformat(), activity.starts_at.isoformat()]
        _write_down("activity.moved", activity, now, starts_at=moved, place=activity.where)
        return Seats()

    if not form.validate():
        return activities_desk.move_page(activity_or_404(slug), form), 400
    try:
        return _answer(slug, change, _("The activity was moved; everyone registered will be told."))
    except DomainError as refusal:
        beside(form, refusal)
        return activities_desk.move_page(activity_or_404(slug), form), 409


@blueprint.post("/<slug>/edit")
@requires(Role.ORGANISER)
def update(slug: str) -> Any:
    """Everything said anew; fewer seats than are taken put the last ones back into the line."""
    form = offered(ActivityForm(), activity_or_404(slug))

    def change(activity: Activity, now: datetime) -> Seats:
        before, had, seats = activity.revision, activity.seats, form.seats.data
        lost = services.make_room(activity, seats, now=now) if seats and _shows() else []
        programme.edit(
            activity,
            form.described(known_units(), chosen_venue(form)),
            starts_at=form.starts_at,
            ends_at=form.ends_at,
            now=now,
        )
        session().flush()
        may_fill = _shows() and had != seats and services.accepts_registrations(activity, now)
        won = services.fill(activity, now=now) if may_fill and not lost else []
        _write_down("activity.edited", activity, now, revision=[before, activity.revision])
        return Seats(preview.people(lost), preview.people(won))

    if not form.validate():
        return _edit_page(slug, form), 400
    try:
        return _answer(slug, change, _("The changes are kept."), only_if_it_matters=True)
    except DomainError as refusal:
        beside(form, refusal)
        return _edit_page(slug, form), 409


@blueprint.post("/<slug>/cancel")
@requires(Role.ORGANISER)
def cancel(slug: str) -> Any:
    """Called off, with the reason that those registered will read."""
    form = CancelForm()
    if not form.validate():
        return activities_desk.page(activity_or_404(slug), cancelling=form), 400

    def change(activity: Activity, now: datetime) -> Seats:
        programme.cancel(activity, reason=form.reason.data or "", now=now)
        _write_down("activity.cancelled", activity, now, reason=activity.cancelled_reason)
        return Seats()

    title = activity_or_404(slug).title
    return _answer(
        slug, change, _("“%(title)s” is called off; everyone registered will be told.", title=title)
    )


class _OnlyLooked(Exception):
    """Undoes a change that was made to be looked at."""


def _answer(slug: str, change: Change, said: str, *, only_if_it_matters: bool = False) -> Any:
    """The preview, or the change done: when it is confirmed as it was shown, or not asked about."""
    asked, seen = "preview" in request.form, request.form.get("seen")
    try:
        with transaction():
            shown, activity = _changed(slug, change)
            looks = asked and (shown.matters or not only_if_it_matters)
            if looks or (seen is not None and seen != shown.mark):
                raise _OnlyLooked
    except _OnlyLooked:
        if seen is not None:
            flash(_("Something changed meanwhile; please look once more."), "warn")
        return _preview_page(slug, shown)
    flash(said, "ok")
    home = url_for("activities_desk.show", slug=activity.slug)
    return redirect(local_path(request.form.get("next") or home), 302)


def _changed(slug: str, change: Change) -> tuple[Preview, Activity]:
    """The change made in the transaction that is open, and everything that it does."""
    now, scope = clock.now(), actor_scope(Role.ORGANISER)
    found = activity_or_404(slug)
    locked = sa.select(Activity.id).where(Activity.id == found.id).with_for_update()
    session().execute(locked)
    session().refresh(found)
    before, open_since = preview.standing(found, scope), preview.open_since(found, now)
    seats = change(found, now)
    session().flush()
    shown = preview.compared(before, found, scope, seats=seats, now=now)
    return replace(shown, open_since=open_since), found


def _preview_page(slug: str, shown: Preview) -> str:
    kept = [
        (name, value)
        for name, values in request.form.lists()
        if name not in {"csrf_token", "preview", "seen"}
        for value in values
    ]
    back = {"move": "activities_desk.ask_move", "update": "activities_desk.edit"}
    step = (request.endpoint or "").rpartition(".")[2]
    return render_template(
        "checkin/desk/preview.html",
        activity=activity_or_404(slug),
        shown=shown,
        kept=kept,
        leave=local_path(request.form.get("next") or url_for("activities_desk.show", slug=slug)),
        again=url_for(back[step], slug=slug) if step in back else None,
        reason=request.form.get("reason", ""),
    )


def _edit_page(slug: str, form: ActivityForm) -> str:
    return render_template("events/desk/edit.html", form=form, activity=activity_or_404(slug))


def _shows() -> bool:
    """Whether the reader sees who loses a seat, or has seen it; otherwise nobody may lose one."""
    return "preview" in request.form or "seen" in request.form


def _write_down(action: str, activity: Activity, now: datetime, **facts: object) -> None:
    audit.record(actor(), activity.unit, action, f"activity:{activity.slug}", facts, now)


@blueprint.app_template_filter("calendar_name")
def calendar_name(calendar: preview.Calendar) -> str:
    """What a calendar is called in the reader's language."""
    name = calendar.name
    if calendar.kind is preview.CalendarKind.KIND:
        name = _(next(label for kind, label in labels.KINDS.items() if kind.value == name))
    return _(CALENDARS[calendar.kind], name=name)
