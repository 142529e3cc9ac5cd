"""Plans of units and the duties that they lay on others."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role, Unit
from accounts.scope import subtree
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.i18n import N_
from core.navigation import Item
from core.paging import page
from core.web import locale
from events import planning, queries
from events.models import Campaign, Plan
from events.plan_forms import DutyForm, NewPlanForm, PlanForm

PAGE = 100
"""Plans of one page."""
ACTIVITIES = 200
"""Activities of one page of a plan."""

blueprint = Blueprint("plans_desk", __name__, url_prefix="/desk")

NAVIGATION = [
    Item(N_("Plans"), "plans_desk.index", Role.OBSERVER, "desk", 15, along=("/desk/proposals",)),
]


@blueprint.get("/plans")
@requires(Role.OBSERVER)
def index() -> str:
    """The plans of my units for the week that is on or comes next."""
    return _index(_offered(NewPlanForm(formdata=None)))


@blueprint.post("/plans")
@requires(Role.ORGANISER)
def start() -> Any:
    """Begin the plan of a unit."""
    form = _offered(NewPlanForm())
    if not form.validate():
        return _index(form), 400
    try:
        with transaction():
            plan = planning.start_plan(
                _week_or_404(), _unit(form.unit.data), title=form.title.data or ""
            )
            _write_down("plan.started", plan)
    except DomainError as refusal:
        form.unit.errors = [refusal.text(locale())]
        return _index(form), refusal.status
    flash(_("The plan was begun."), "ok")
    return redirect(url_for("plans_desk.show", number=plan.id))


@blueprint.get("/plans/<int:number>")
@requires(Role.OBSERVER)
def show(number: int) -> str:
    """One plan with its activities and duties."""
    plan = _plan_or_404(number, Role.OBSERVER)
    form = PlanForm(formdata=None)
    form.show(plan)
    return _page(plan, form, _for_duty(DutyForm(formdata=None), plan))


@blueprint.post("/plans/<int:number>")
@requires(Role.ORGANISER)
def update(number: int) -> Any:
    """Take what the document says about itself."""
    form = PlanForm()
    if not form.validate():
        plan = _plan_or_404(number)
        return _page(plan, form, _for_duty(DutyForm(formdata=None), plan)), 400
    with transaction():
        plan = _plan_or_404(number)
        planning.edit_plan(
            plan,
            title=form.title.data or "",
            document_symbol=form.document_symbol.data or "",
            issued_on=form.issued_on.data,
            bases=form.listed_bases,
        )
        planning.write_passages(plan, form.passages)
        _write_down("plan.edited", plan)
    flash(_("The changes are kept."), "ok")
    return redirect(url_for("plans_desk.show", number=number))


@blueprint.post("/plans/<int:number>/duties")
@requires(Role.ORGANISER)
def assign(number: int) -> Any:
    """Lay a duty on a unit."""
    plan = _plan_or_404(number)
    form = _for_duty(DutyForm(), plan)
    if not form.validate():
        about = PlanForm(formdata=None)
        about.show(plan)
        return _page(plan, about, form), 400
    with transaction():
        plan = _plan_or_404(number)
        duty = planning.assign(
            plan,
            _unit(form.unit.data),
            role=form.chosen_role,
            duty=form.duty.data or "",
            due_on=form.due_on.data,
        )
        _write_down("duty.assigned", plan, unit=duty.unit.code, duty=duty.duty)
    flash(_("The duty is in the plan."), "ok")
    return redirect(url_for("plans_desk.show", number=number, _anchor="duties"))


def _index(form: NewPlanForm) -> str:
    week = _week()
    after = max(0, min(request.args.get("after", 0, type=int), 100_000))
    plans: Sequence[Plan] = []
    more = False
    if week:
        found = queries.plans(actor_scope(Role.OBSERVER), week)
        plans, more = page(found.offset(after), PAGE)
    counted = session().execute(queries.activities_by_plan(plans))
    return render_template(
        "events/desk/plans.html",
        week=week,
        plans=plans,
        totals={number: total for number, total in counted},  # noqa: C416
        earlier=url_for("plans_desk.index", after=max(0, after - PAGE)) if after else None,
        later=url_for("plans_desk.index", after=after + PAGE) if more else None,
        of_movements=list(
            session().scalars(queries.plans_of_movements(actor_scope(Role.OBSERVER)))
        ),
        form=form,
        may_begin=bool(actor_scope(Role.ORGANISER)),
    )


def _page(plan: Plan, form: PlanForm, duty_form: DutyForm) -> str:
    after = max(0, min(request.args.get("after", 0, type=int), 100_000))
    activities, more = page(queries.activities_of(plan).offset(after), ACTIVITIES)
    here = "plans_desk.show"
    earlier = sa.select(Plan).join(Plan.campaign).where(
        Plan.unit_id == plan.unit_id, Campaign.starts_on < plan.campaign.starts_on
    ).order_by(Campaign.starts_on.desc(), Plan.id)  # fmt: skip
    return render_template(
        "events/desk/plan.html",
        plan=plan,
        activities=activities,
        sooner=url_for(here, number=plan.id, after=max(0, after - ACTIVITIES)) if after else None,
        later=url_for(here, number=plan.id, after=after + ACTIVITIES) if more else None,
        form=form,
        duty_form=duty_form,
        earlier=session().scalars(earlier.limit(3)).all(),
        today=clock.local_day(clock.now()),
        edits=actor_scope(Role.ORGANISER).covers(plan.unit),
    )


def _offered(form: NewPlanForm) -> NewPlanForm:
    week = _week()
    day = week.starts_on if week else clock.local_day(clock.now())
    form.offer(session().scalars(actor_scope(Role.ORGANISER).present(day)))
    if week and not form.title.data:
        form.title.data = _("Plan for the Lifelong Learning Week %(year)s", year=week.year)
    return form


def _for_duty(form: DutyForm, plan: Plan) -> DutyForm:
    form.offer(session().scalars(subtree(plan.unit).present(plan.campaign.starts_on)))
    return form


def _week() -> Campaign | None:
    return session().scalar(queries.week_on_or_next(clock.local_day(clock.now())))


def _week_or_404() -> Campaign:
    return _week() or abort(404)


def _unit(code: str) -> Unit:
    return session().scalars(sa.select(Unit).where(Unit.code == code)).one()


def _plan_or_404(number: int, role: Role = Role.ORGANISER) -> Plan:
    return session().scalar(queries.plan_in(actor_scope(role), number)) or abort(404)


def _write_down(action: str, plan: Plan, **facts: object) -> None:
    audit.record(actor(), plan.unit, action, f"plan:{plan.id}", facts, clock.now())
