"""What an office does about duties: gives them, hands them out, answers, chases."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.i18n import N_
from core.security import takes_files
from core.web import locale
from events import planning
from events.duties import handing_in_views as handing_in
from events.duties import keeping, queries, services
from events.duties.duty_desk import chosen_week, duty_or_404, duty_page, photo_or_404, unit_or_404
from events.duties.forms import EditForm, ExcuseForm, ShowForm
from events.duties.views import FORM_LIMIT
from events.models import Assignment

blueprint = Blueprint("duties_desk", __name__, url_prefix="/desk")

audit.name(
    {
        "duty.handed_out": N_("Duties handed out"),
        "duty.edited": N_("Duty changed"),
        "duty.excused": N_("Unit excused from a duty"),
        "duty.required": N_("Duty to be done after all"),
        "duty.shown": N_("Evidence of a duty added"),
        "duty.unshown": N_("Evidence of a duty removed"),
        "duty.chased": N_("Unit reminded of its duties"),
        "duty.link_renewed": N_("Link of a unit renewed"),
        "photo.agreed": N_("Photo may be shown in public"),
        "photo.kept_back": N_("Photo is not shown in public"),
    }
)


@blueprint.post("/duties/<int:number>/<any(receive, done, reopen, withdraw):step>")
@requires(Role.ORGANISER)
def step(number: int, step: str) -> Any:
    """The unit has seen it, has done it, has not done it after all; or it leaves the plan."""
    gone: list[str] = []
    with transaction():
        duty = duty_or_404(number, Role.ORGANISER)
        if step == "withdraw" and not actor_scope(Role.ORGANISER).covers(duty.plan.unit):
            abort(404)
        action = {"receive": "received", "reopen": "reopened", "withdraw": "withdrawn"}
        _write_down(f"duty.{action.get(step, step)}", duty)
        if step == "withdraw":
            gone = services.photo_codes([duty])
        _take_step(duty, step)
    keeping.drop(gone)
    flash(_(_SAID[step]), "ok")
    leaves = step == "withdraw"
    return redirect(
        url_for("duties_board.index") if leaves else url_for("duties_board.show", number=number)
    )


_SAID = {
    "receive": N_("Received is noted."),
    "done": N_("The duty is marked as done."),
    "reopen": N_("The duty is open again."),
    "withdraw": N_("The duty left the plan."),
}


@blueprint.post("/duties/<int:number>/edit")
@requires(Role.ORGANISER)
def edit(number: int) -> Any:
    """Another day or another remark; only the office whose plan it is."""
    form = EditForm()
    if not form.validate():
        return duty_page(_laid_or_404(number), edit_form=form), 400
    with transaction():
        duty = _laid_or_404(number)
        services.edit(duty, due_on=form.due_on.data, remark=form.remark.data or "")
        _write_down("duty.edited", duty)
    flash(_("The changes are kept."), "ok")
    return redirect(url_for("duties_board.show", number=number))


@blueprint.post("/duties/<int:number>/excuse")
@requires(Role.ORGANISER)
def excuse(number: int) -> Any:
    """The unit need not do it, for a reason; only the office whose plan it is says so."""
    form = ExcuseForm()
    if not form.validate():
        return duty_page(_laid_or_404(number), excuse_form=form), 400
    with transaction():
        duty = _laid_or_404(number)
        services.excuse(duty, form.reason.data or "")
        _write_down("duty.excused", duty)
    flash(_("%(unit)s is excused; it will be told.", unit=duty.unit.short_name), "ok")
    return redirect(url_for("duties_board.show", number=number))


@blueprint.post("/duties/<int:number>/require")
@requires(Role.ORGANISER)
def require(number: int) -> Any:
    """The unit has to do it after all."""
    with transaction():
        duty = _laid_or_404(number)
        services.excuse(duty, "")
        _write_down("duty.required", duty)
    flash(_("%(unit)s has to do it after all; it will be told.", unit=duty.unit.short_name), "ok")
    return redirect(url_for("duties_board.show", number=number))


@blueprint.post("/duties/<int:number>/evidence")
@requires(Role.ORGANISER)
@takes_files(FORM_LIMIT)
def hand_in(number: int) -> Any:
    """Show by a photo, a link or a number that the duty is done."""
    duty = duty_or_404(number, Role.ORGANISER)
    form = ShowForm()
    if not form.validate():
        return duty_page(duty, show_form=form), 400
    try:
        handing_in.hand_in(form, lambda: duty_or_404(number, Role.ORGANISER), _write_down)
    except DomainError as refusal:
        form.photo.errors = [refusal.text(locale())]
        return duty_page(duty_or_404(number, Role.ORGANISER), show_form=form), refusal.status
    flash(_("The evidence is kept."), "ok")
    return redirect(url_for("duties_board.show", number=number, _anchor="evidence"))


@blueprint.post("/duties/<int:number>/evidence/<int:piece>/remove")
@requires(Role.ORGANISER)
def take_out(number: int, piece: int) -> Any:
    """Take a piece of evidence out again."""
    with transaction():
        duty = duty_or_404(number, Role.ORGANISER)
        gone = services.remove_evidence(duty, piece)
        _write_down("duty.unshown", duty)
    keeping.drop(gone)
    flash(_("The evidence was taken out."), "ok")
    return redirect(url_for("duties_board.show", number=number, _anchor="evidence"))


@blueprint.post("/duties/photos/<code>/<any(agree, refuse):step>")
@requires(Role.ORGANISER)
def consent(code: str, step: str) -> Any:
    """Stand for the consent of the people in a photo, or take it back."""
    with transaction():
        photo = photo_or_404(code, Role.ORGANISER)
        services.agree(photo, public=step == "agree", now=clock.now())
        duty = duty_or_404(photo.evidence.assignment_id or 0, Role.ORGANISER)
        _write_down("photo.agreed" if step == "agree" else "photo.kept_back", duty)
    flash(_("The consent is noted.") if step == "agree" else _("The photo is internal now."), "ok")
    return redirect(url_for("duties_board.show", number=duty.id, _anchor="evidence"))


@blueprint.post("/duties/units/<code>/chase")
@requires(Role.OBSERVER)
def chase(code: str) -> Any:
    """Write to a unit about what is late or unanswered; the one thing an observer does."""
    week = chosen_week() or abort(404)
    try:
        with transaction():
            unit = unit_or_404(code, Role.OBSERVER)
            links = session().scalars(queries.handouts(actor_scope(Role.OBSERVER), week, unit))
            services.chase(links.all(), unit, actor=actor(), now=clock.now())
            audit.record(
                actor(), unit, "duty.chased", f"unit:{unit.id}", {"unit": unit.code}, clock.now()
            )
        flash(_("%(unit)s will be reminded by mail.", unit=unit.name), "ok")
    except DomainError as refusal:
        flash(refusal.text(locale()), "warn")
    return redirect(url_for("duties_board.index", under=request.args.get("under") or None))


def _laid_or_404(number: int) -> Assignment:
    duty = duty_or_404(number, Role.ORGANISER)
    return duty if actor_scope(Role.ORGANISER).covers(duty.plan.unit) else abort(404)


def _take_step(duty: Assignment, step: str) -> None:
    if step == "receive":
        planning.receive(duty, now=clock.now())
    elif step == "done":
        planning.finish(duty, now=clock.now())
    elif step == "reopen":
        planning.reopen(duty)
    else:
        planning.withdraw_duty(duty)


def _write_down(action: str, duty: Assignment) -> None:
    facts = {"duty": duty.duty, "unit": duty.unit.code}
    audit.record(actor(), duty.plan.unit, action, f"duty:{duty.id}", facts, clock.now())
