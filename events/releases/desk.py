"""The desk of versions: the draft over the plan that stands, and letting it out."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import defer, joinedload

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.i18n import N_
from core.web import locale
from events import queries
from events.models import Plan, PlanState
from events.releases import layer, reviews, services
from events.releases.forms import LayForm, ReasonForm, ReleaseForm
from events.releases.models import Release, Review
from events.slots import slots

blueprint = Blueprint("releases_desk", __name__, url_prefix="/desk/plans")

PAGE = 200
"""Waiting changes of one page."""

audit.name(
    {
        "plan.cancelled": N_("Plan called off"),
        "plan.resumed": N_("Plan taken up again"),
        "plan.laid_before": N_("Plan laid before the unit above"),
        "plan.approved": N_("Plan approved"),
        "plan.returned": N_("Plan returned"),
        "review.asked_for": N_("Plans are to be seen before release"),
        "review.ended": N_("Plans go out without being seen"),
        "activity.draft_kept": N_("Change kept for the next version"),
        "activity.draft_dropped": N_("Waiting change thrown away"),
    }
)


@blueprint.get("/<int:number>/release")
@requires(Role.ORGANISER)
def show(number: int) -> str:
    """What the next version would change."""
    return page(plan_or_404(number))


@blueprint.post("/<int:number>/lay-before")
@requires(Role.ORGANISER)
def lay_before(number: int) -> Any:
    """Lay the draft before the unit above that asks to see it."""
    form = LayForm()
    if not form.validate():
        return page(plan_or_404(number), laying=form), 400
    try:
        with transaction():
            plan = plan_or_404(number)
            parent = reviews.reviewer_of(plan) or abort(404)
            reviews.lay_before(plan, parent, note=form.word.data or "", by=actor(), now=clock.now())
            write_down("plan.laid_before", plan, unit=parent.code)
    except DomainError as refusal:
        form.form_errors.append(refusal.text(locale()))
        return page(plan_or_404(number), laying=form), refusal.status
    flash(_("%(unit)s has it in its list and gets a letter.", unit=parent.name), "ok")
    return redirect(url_for("releases_desk.show", number=number))


@blueprint.post("/<int:number>/resume")
@requires(Role.ORGANISER)
def resume(number: int) -> Any:
    """Take up a plan that was called off."""
    with transaction():
        plan = plan_or_404(number)
        services.resume_plan(plan)
        write_down("plan.resumed", plan)
    flash(_("The plan is taken up again."), "ok")
    return redirect(url_for("plans_desk.show", number=number))


@dataclass(frozen=True)
class Waiting:
    """What the page of a plan says of its next version."""

    total: int
    version: int
    review: Review | None


@blueprint.app_template_global("waiting_version")
def waiting_version(plan: Plan) -> Waiting:
    """How many changes wait, and what the unit above said of them."""
    total = layer.total(plan)
    version = plan.version or int(plan.state is PlanState.RELEASED)
    return Waiting(total, version, reviews.latest(plan) if total else None)


def plan_or_404(number: int) -> Plan:
    """One plan of mine; a foreign one and a missing one are the same."""
    return session().scalar(queries.plan_in(actor_scope(Role.ORGANISER), number)) or abort(404)


def write_down(action: str, plan: Plan, **facts: object) -> None:
    """Put what was done with a plan into the change log."""
    audit.record(actor(), plan.unit, action, f"plan:{plan.id}", facts, clock.now())


def registered(items: list[layer.Item]) -> dict[int, int]:
    """How many hold or await a seat at what the next version moves or calls off."""
    touched = [i.activity.id for i in items if i.change["what"] in {"moved", "cancelled"}]
    return dict(slots.registered(touched))


def speaker(plan: Plan) -> services.By:
    """Who asks, and whether this person also organises for the unit that asks to see plans."""
    parent = reviews.reviewer_of(plan)
    speaks = parent is not None and actor_scope(Role.ORGANISER).covers(parent)
    return services.By(actor(), speaks_for_parent=speaks)


def ticked() -> set[int]:
    """The activities that the page has ticked."""
    given = request.form.getlist("activity")
    return {int(n) for n in given if n.isascii() and n.isdigit() and len(n) < 16}


def page(
    plan: Plan,
    *,
    form: ReleaseForm | None = None,
    laying: LayForm | None = None,
    cancelling: ReasonForm | None = None,
    ticked: set[int] | None = None,
) -> str:
    """The draft over the plan that stands, with what was typed or refused."""
    number = max(1, min(request.values.get("page", 1, type=int), 1_000))
    items = layer.items(plan, PAGE * (number - 1), PAGE)
    total = layer.total(plan) if number > 1 or len(items) == PAGE else len(items)
    parent = reviews.reviewer_of(plan)
    versions = sa.select(Release).where(Release.plan_id == plan.id)
    shown = versions.options(joinedload(Release.account), defer(Release.facts))
    shown = shown.order_by(Release.number.desc()).limit(30)
    return render_template(
        "events/releases/release.html",
        plan=plan,
        items=items,
        total=total,
        page=number,
        pages=-(-total // PAGE),
        ticked=ticked,
        registered=registered(items),
        parent=parent,
        speaks_for_parent=speaker(plan).speaks_for_parent,
        review=reviews.latest(plan) if parent else None,
        form=form or ReleaseForm(formdata=None),
        laying=laying or LayForm(formdata=None),
        cancelling=cancelling or ReasonForm(formdata=None),
        is_cancelling=cancelling is not None,
        versions=session().scalars(shown).all(),
    )
