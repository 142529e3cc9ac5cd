"""A version of a plan is let out, or the plan is called off: what that does is shown first.

The page of versions asks for the preview; the preview confirms with the mark of what it showed.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts.access import actor_scope, requires
from accounts.models import Role
from checkin import preview_plan
from checkin.preview_plan import Before, PlanPreview
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.web import locale
from events.models import ActivityState, Plan
from events.releases import desk as releases_desk
from events.releases import facts, layer, services
from events.releases.desk import plan_or_404, write_down
from events.releases.forms import ReasonForm, ReleaseForm

blueprint = Blueprint("preview_plan_desk", __name__, url_prefix="/desk/plans")

Change = Callable[[Plan], tuple[PlanPreview, str]]
"""Does it and says what it did, and in one sentence what to tell when it is kept."""


@blueprint.post("/<int:number>/release")
@requires(Role.ORGANISER)
def release(number: int) -> Any:
    """Let the ticked changes out as a numbered version."""
    form = ReleaseForm()
    if not form.validate():
        return releases_desk.page(plan_or_404(number), form=form), 400
    chosen = releases_desk.ticked() if "listed" in request.form else None

    def change(plan: Plan) -> tuple[PlanPreview, str]:
        now, scope = clock.now(), actor_scope(Role.ORGANISER)
        going = {a.id for a in plan.activities if chosen is None or a.id in chosen}
        waiting = layer.pending_of([a for a in plan.activities if a.id in going])
        before = preview_plan.looked_at(plan, list(waiting), scope, now)
        seats = preview_plan.make_room(plan, list(waiting), now) if _shows() else {}
        by = releases_desk.speaker(plan)
        made = services.release(plan, chosen, note=form.note.data or "", by=by, now=now)
        session().flush()
        if _shows():
            seats |= preview_plan.fill(before, now)
        write_down("plan.released", plan, version=made.number, changes=len(made.changes))
        said = _(
            "Version %(number)s is out, with %(n)s changes.",
            number=made.number,
            n=len(made.changes),
        )
        shown = preview_plan.compared(
            before,
            plan,
            scope,
            changes=made.changes,
            told=preview_plan.of_version(made),
            seats=seats,
            now=now,
        )
        return shown, said

    try:
        return _answer(number, change, "release")
    except DomainError as refusal:
        form.form_errors.append(refusal.text(locale()))
        page = releases_desk.page(plan_or_404(number), form=form, ticked=chosen)
        return page, refusal.status


@blueprint.post("/<int:number>/cancel")
@requires(Role.ORGANISER)
def cancel(number: int) -> Any:
    """Call the plan off, with what it still has on the programme if so wished."""
    form = ReasonForm()
    if not form.validate():
        return releases_desk.page(plan_or_404(number), cancelling=form), 400

    def change(plan: Plan) -> tuple[PlanPreview, str]:
        now, scope = clock.now(), actor_scope(Role.ORGANISER)
        shown = [a.id for a in plan.activities if a.state is ActivityState.RELEASED]
        before = preview_plan.looked_at(plan, shown, scope, now)
        with_activities = bool(form.with_activities.data)
        reason = form.why.data or ""
        off = services.cancel_plan(plan, reason=reason, with_activities=with_activities, now=now)
        write_down("plan.cancelled", plan, reason=plan.cancelled_reason, activities=len(off))
        session().flush()
        said = _("The plan is called off, with %(n)s activities.", n=len(off))
        return _as_it_stands(before, plan), said

    return _answer(number, change, "cancel")


class _OnlyLooked(Exception):
    """Undoes what was done to be looked at."""


def _answer(number: int, change: Change, step: str) -> Any:
    """The preview, or it done: when it is confirmed as it was shown, or not asked about."""
    asked, seen = "preview" in request.form, request.form.get("seen")
    try:
        with transaction():
            services.hold(number)
            plan = plan_or_404(number)
            shown, said = change(plan)
            looks = asked and (plan.version > 1 or step == "cancel" or shown.matters)
            if looks or (seen is not None and seen != shown.mark):
                version = plan.version
                raise _OnlyLooked
    except _OnlyLooked:
        if seen is not None:
            flash(_("Something changed meanwhile; please look once more."), "warn")
        return _preview_page(number, shown, step, version)
    flash(said, "ok")
    return redirect(url_for("plans_desk.show", number=number))


def _as_it_stands(before: Before, plan: Plan) -> PlanPreview:
    """What was done to a plan, compared with how it stood; no version is made of it."""
    changes = facts.compare(before.told, layer.standing(plan))
    scope, now = actor_scope(Role.ORGANISER), clock.now()
    return preview_plan.compared(
        before,
        plan,
        scope,
        changes=changes,
        told=preview_plan.of_plan_off(plan),
        seats={},
        now=now,
    )


def _preview_page(number: int, shown: PlanPreview, step: str, version: int) -> str:
    kept = [
        (name, value)
        for name, values in request.form.lists()
        if name not in {"csrf_token", "preview", "seen"}
        for value in values
    ]
    return render_template(
        "checkin/desk/preview_plan.html",
        plan=plan_or_404(number),
        shown=shown,
        kept=kept,
        is_cancelled=step == "cancel",
        version=version,
        note=request.form.get("note", ""),
        reason=request.form.get("why", ""),
        leave=url_for("releases_desk.show", number=number),
    )


def _shows() -> bool:
    """Whether the reader sees who loses a seat, or has seen it; otherwise nobody may lose one."""
    return "preview" in request.form or "seen" in request.form
