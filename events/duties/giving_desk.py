"""Giving duties to units and groups of units, and handing them out."""

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
from core.web import locale
from events import queries as programme_queries
from events.duties import errors, queries, services
from events.duties.forms import GiveForm
from events.duties.groups import Expansion, expand, reach
from events.models import Assignment, Plan

blueprint = Blueprint("duties_giving", __name__, url_prefix="/desk/plans/<int:number>")


@blueprint.get("/give")
@requires(Role.ORGANISER)
def ask_give(number: int) -> str:
    """Ask what is to be done, by whom, by when."""
    return _give_page(_plan_or_404(number), GiveForm(formdata=None))


@blueprint.post("/give")
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


@blueprint.get("/hand-out")
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


@blueprint.post("/hand-out")
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
    return redirect(url_for("duties_giving.ask_hand_out", number=number))


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
    found = expand(field.data or "", plan.unit, near)
    if found.unknown:
        words = "; ".join(f"“{part}”" for part in found.unknown)
        field.errors = [_("No unit or group is known by these words: %(words)s.", words=words)]
    return found


def _kept(plan: Plan, found: Expansion, codes: set[str]) -> list[Unit]:
    wanted = [unit.id for unit in found.units if unit.code in codes]
    return list(session().scalars(queries.units(wanted)))


def _near(plan: Plan) -> Sequence[Unit]:
    return session().scalars(reach(plan.unit).present(clock.local_day(clock.now()))).all()


def _plan_or_404(number: int) -> Plan:
    found = programme_queries.plan_in(actor_scope(Role.ORGANISER), number)
    return session().scalar(found) or abort(404)


def _write_down_plan(action: str, plan: Plan, facts: dict[str, Any]) -> None:
    audit.record(actor(), plan.unit, action, f"plan:{plan.id}", facts, clock.now())
