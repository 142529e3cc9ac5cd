"""What an office does about duties: gives them, hands them out, answers, chases."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role, Unit
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.i18n import N_
from core.security import takes_files
from core.web import locale
from events import planning
from events import queries as programme_queries
from events.duties import errors, handing_in, queries, services
from events.duties.board import chosen_week, duty_or_404, duty_page, photo_or_404, unit_or_404
from events.duties.forms import EditForm, GiveForm, ShowForm
from events.duties.groups import Expansion, expand, reach
from events.duties.views import FORM_LIMIT
from events.models import Assignment, Plan

blueprint = Blueprint("duties_desk", __name__, url_prefix="/desk")

audit.name(
    {
        "duty.handed_out": N_("Duties handed out"),
        "duty.edited": N_("Duty changed"),
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
    handing_in.drop(gone)
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
    handing_in.drop(gone)
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


@blueprint.get("/plans/<int:number>/give")
@requires(Role.ORGANISER)
def ask_give(number: int) -> str:
    """Ask what is to be done, by whom, by when."""
    return _give_page(_plan_or_404(number), GiveForm(formdata=None))


@blueprint.post("/plans/<int:number>/give")
@requires(Role.ORGANISER)
def give(number: int) -> Any:
    """Show which units the words mean; lay the duty on those that were confirmed."""
    plan, form = _plan_or_404(number), GiveForm()
    if not form.validate():
        return _give_page(plan, form), 400
    near = _near(plan)
    carriers, helpers = (_expanded(plan, near, f) for f in (form.carriers, form.coordinators))
    if form.carriers.errors or form.coordinators.errors:
        return _give_page(plan, form), 400
    if "confirmed" not in request.form:
        return _give_page(plan, form, carriers, helpers)
    kept, help_kept = set(request.form.getlist("unit")), set(request.form.getlist("helper"))
    task = services.Task(
        duty=" ".join((form.duty.data or "").split()),
        due_on=form.due_on.data,
        remark=form.remark.data or "",
        group_name=(form.carriers.data or "") if len(carriers.units) > 1 else "",
    )
    try:
        with transaction():
            plan = _plan_or_404(number)
            given = services.give(
                plan,
                task,
                carriers=_kept(plan, carriers, kept),
                coordinators=_kept(plan, helpers, help_kept),
            )
            facts = {"units": len(given), "duty": task.duty}
            _write_down_plan("duty.assigned", plan, facts)
    except errors.NobodyNamed as refusal:
        form.carriers.errors = [refusal.text(locale())]
        return _give_page(_plan_or_404(number), form, carriers, helpers), refusal.status
    flash(_("The duty was laid on %(n)s units.", n=len(given)), "ok")
    return redirect(url_for("plans_desk.show", number=number, _anchor="duties"))


@blueprint.get("/plans/<int:number>/hand-out")
@requires(Role.ORGANISER)
def ask_hand_out(number: int) -> str:
    """Show who will hear of what, and who has no address."""
    plan = _plan_or_404(number)
    untold: dict[Unit, list[Assignment]] = {}
    for duty in plan.assignments:
        if duty.told_at is None:
            untold.setdefault(duty.unit, []).append(duty)
    units = {duty.unit_id: duty.unit for duty in plan.assignments if duty.told_at}
    reached = queries.reachable([unit.id for unit in untold])
    return render_template(
        "events/duties/hand_out.html", plan=plan, untold=untold, told=list(units.values()),
        reached=reached,
    )  # fmt: skip


@blueprint.post("/plans/<int:number>/hand-out")
@requires(Role.ORGANISER)
def hand_out(number: int) -> Any:
    """Tell each unit what it has to do: by mail, and as a text to paste."""
    try:
        with transaction():
            plan = _plan_or_404(number)
            told = services.hand_out(plan, now=clock.now())
            _write_down_plan("duty.handed_out", plan, {"units": len(told)})
        flash(_("%(n)s units will hear of their duties by mail.", n=len(told)), "ok")
    except DomainError as refusal:
        flash(refusal.text(locale()), "warn")
    return redirect(url_for("duties_desk.ask_hand_out", number=number))


def _give_page(
    plan: Plan,
    form: GiveForm,
    carriers: Expansion | None = None,
    helpers: Expansion | None = None,
) -> str:
    return render_template(
        "events/duties/give.html", plan=plan, form=form, carriers=carriers, helpers=helpers,
        near=_near(plan) if carriers is None else [],
    )  # fmt: skip


def _expanded(plan: Plan, near: Sequence[Unit], field: Any) -> Expansion:
    """The units that a field names; what names nobody is its error."""
    found = expand(field.data or "", plan.unit, near, on=clock.local_day(clock.now()))
    if found.unknown:
        words = "; ".join(f"“{part}”" for part in found.unknown)
        field.errors = [_("No unit or group is known by these words: %(words)s.", words=words)]
    return found


def _kept(plan: Plan, found: Expansion, codes: set[str]) -> list[Unit]:
    wanted = [unit.id for unit in found.units if unit.code in codes]
    return list(session().scalars(queries.units(wanted)))


def _near(plan: Plan) -> Sequence[Unit]:
    return session().scalars(reach(plan.unit).units()).all()


def _plan_or_404(number: int) -> Plan:
    found = programme_queries.plan_in(actor_scope(Role.ORGANISER), number)
    return session().scalar(found) or abort(404)


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


def _write_down_plan(action: str, plan: Plan, facts: dict[str, Any]) -> None:
    audit.record(actor(), plan.unit, action, f"plan:{plan.id}", facts, clock.now())
