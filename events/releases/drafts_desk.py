"""The desk of one released activity whose change waits for the next version."""

from dataclasses import fields
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from accounts import audit
from accounts.access import actor, requires
from accounts.models import Role
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from events.activities_desk import activity_or_404, beside, chosen_venue, known_units, offered
from events.forms import ActivityForm, CancelForm
from events.models import Activity, Venue
from events.releases import facts as told
from events.releases import layer, services
from events.releases.models import PendingChange

blueprint = Blueprint("drafts_desk", __name__, url_prefix="/desk/activities")


@blueprint.get("/<slug>/draft")
@requires(Role.ORGANISER)
def show(slug: str) -> str:
    """Ask what the next version shall say, beginning with what it would say now."""
    activity = activity_or_404(slug)
    form = offered(ActivityForm(formdata=None), activity)
    form.show(activity)
    _show_wanted(form, activity)
    return _page(form, activity)


@blueprint.post("/<slug>/draft")
@requires(Role.ORGANISER)
def keep(slug: str) -> Any:
    """Keep for the next version what was typed; the public goes on seeing what stands."""
    activity = activity_or_404(slug)
    form = offered(ActivityForm(), activity)
    if not form.validate():
        return _page(form, activity), 400
    try:
        with transaction():
            services.hold(activity.plan_id)
            activity = activity_or_404(slug)
            kept = services.keep(
                activity,
                form.described(known_units(), chosen_venue(form)),
                starts_at=form.starts_at,
                ends_at=form.ends_at,
                by=actor(),
                now=clock.now(),
            )
            _write_down("activity.draft_kept" if kept else "activity.draft_dropped", activity)
    except DomainError as refusal:
        beside(form, refusal)
        return _page(form, activity_or_404(slug)), refusal.status
    if kept:
        flash(_("Kept for the next version; visitors go on seeing what stands."), "ok")
    else:
        flash(_("This is what stands already; nothing waits for the next version."), "info")
    return redirect(url_for("releases_desk.show", number=activity.plan_id))


@blueprint.post("/<slug>/draft/cancel")
@requires(Role.ORGANISER)
def cancel(slug: str) -> Any:
    """Call it off with the next version."""
    form = CancelForm()
    activity = activity_or_404(slug)
    if not form.validate():
        asked = offered(ActivityForm(formdata=None), activity)
        asked.show(activity)
        return _page(asked, activity, cancelling=form), 400
    with transaction():
        services.hold(activity.plan_id)
        activity = activity_or_404(slug)
        services.keep_cancellation(
            activity, reason=form.reason.data or "", by=actor(), now=clock.now()
        )
        _write_down("activity.draft_kept", activity)
    flash(_("It is called off with the next version; nobody has been told yet."), "ok")
    return redirect(url_for("releases_desk.show", number=activity.plan_id))


@blueprint.post("/<slug>/draft/drop")
@requires(Role.ORGANISER)
def drop(slug: str) -> Any:
    """Throw away what waits."""
    number = activity_or_404(slug).plan_id
    with transaction():
        services.hold(number)
        activity = activity_or_404(slug)
        services.drop(activity)
        _write_down("activity.draft_dropped", activity)
    flash(_("The waiting change was thrown away; what stands stays."), "ok")
    return redirect(url_for("releases_desk.show", number=activity.plan_id))


@blueprint.app_template_global("waiting_change")
def waiting_change(activity: Activity) -> PendingChange | None:
    """The change of an activity that waits for the next version."""
    return layer.pending_of([activity]).get(activity.id)


def _show_wanted(form: ActivityForm, activity: Activity) -> None:
    """Fill in what the next version would say, where that differs from what stands."""
    pending = waiting_change(activity)
    if pending is None or pending.cancel_reason:
        return
    wanted = layer.wanted(activity, pending)
    known = layer.names(activity.plan, [wanted])
    described, starts_at, ends_at = told.described(wanted, known.units, known.venues)
    if described.venue:
        _also_offer(form, described.venue)
    shown: Any = SimpleNamespace(
        **{field.name: getattr(described, field.name) for field in fields(described)}
        | {
            "starts_at": starts_at,
            "ends_at": ends_at,
            "venue_id": wanted["venue"],
            "themes": [SimpleNamespace(theme=theme) for theme in described.themes],
            "invited_units": [SimpleNamespace(unit=unit) for unit in described.invited_units],
        }
    )
    form.show(shown)


def _also_offer(form: ActivityForm, venue: Venue) -> None:
    if str(venue.id) not in {choice[0] for choice in form.venue.choices or []}:
        form.venue.choices = [*(form.venue.choices or []), (str(venue.id), venue.name)]


def _page(form: ActivityForm, activity: Activity, *, cancelling: CancelForm | None = None) -> str:
    pending = session().get(PendingChange, activity.id)
    return render_template(
        "events/releases/draft.html",
        form=form,
        activity=activity,
        pending=pending,
        cancelling=cancelling or CancelForm(formdata=None),
        is_cancelling=cancelling is not None or bool(pending and pending.cancel_reason),
    )


def _write_down(action: str, activity: Activity) -> None:
    subject = f"activity:{activity.slug}"
    audit.record(actor(), activity.unit, action, subject, {}, clock.now())
