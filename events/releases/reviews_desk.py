"""The desk of a unit that asks to see plans below it before they are released."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import aliased

from accounts import audit
from accounts.access import actor, actor_scope, requires, unit_or_404
from accounts.models import Role, Unit
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.i18n import N_
from core.navigation import Item
from core.web import locale
from events.releases import layer, queries, reviews
from events.releases.desk import registered, write_down
from events.releases.forms import AnswerForm, RuleForm
from events.releases.models import Review, ReviewRule, ReviewState

blueprint = Blueprint("reviews_desk", __name__, url_prefix="/desk/reviews")

NAVIGATION = [Item(N_("Plans to look at"), "reviews_desk.index", Role.ORGANISER, "desk", 16)]

MOST = 100
"""Reviews in the list; those that wait come first."""

STATES = {
    ReviewState.ASKED: (N_("Waits to be seen"), "wait"),
    ReviewState.APPROVED: (N_("Approved"), "ok"),
    ReviewState.RETURNED: (N_("Returned"), "stop"),
}
"""What was said of a plan in a word, with the tone that a badge shows it in."""


@blueprint.get("")
@requires(Role.ORGANISER)
def index() -> str:
    """What was laid before my units, and which of them ask to see plans."""
    return _index(_offered(RuleForm(formdata=None)))


@blueprint.post("/rules")
@requires(Role.ORGANISER)
def ask_to_see() -> Any:
    """From now on the unit sees plans before they go out."""
    form = _offered(RuleForm())
    if not form.validate():
        return _index(form), 400
    with transaction():
        unit = unit_or_404(form.unit.data, Role.ORGANISER)
        reviews.ask_to_see(unit, by=actor(), now=clock.now())
        _note("review.asked_for", unit)
    flash(_("From now on %(unit)s sees plans before they are released.", unit=unit.name), "ok")
    return redirect(url_for("reviews_desk.index"))


@blueprint.post("/rules/<code>/end")
@requires(Role.ORGANISER)
def ask_no_more(code: str) -> Any:
    """Plans below the unit go out without being seen."""
    with transaction():
        unit = unit_or_404(code, Role.ORGANISER)
        reviews.ask_no_more(unit)
        _note("review.ended", unit)
    flash(_("Plans below %(unit)s go out without being seen.", unit=unit.name), "ok")
    return redirect(url_for("reviews_desk.index"))


@blueprint.get("/<int:number>")
@requires(Role.ORGANISER)
def show(number: int) -> str:
    """One plan that was laid before my unit."""
    return _page(_review_or_404(number), AnswerForm(formdata=None))


@blueprint.post("/<int:number>/<any(approve, return):step>")
@requires(Role.ORGANISER)
def answer(number: int, step: str) -> Any:
    """Approve it, or return it with a remark."""
    form = AnswerForm()
    if not form.validate():
        return _page(_review_or_404(number), form), 400
    approved = step == "approve"
    try:
        with transaction():
            review = _review_or_404(number)
            reviews.answer(
                review,
                approved=approved,
                remark=form.remark.data or "",
                shown=form.shown.data or "",
                by=actor(),
                now=clock.now(),
            )
            write_down("plan.approved" if approved else "plan.returned", review.plan)
    except DomainError as refusal:
        form.remark.errors = [refusal.text(locale())]
        return _page(_review_or_404(number), form), refusal.status
    if approved:
        flash(_("Approved; %(unit)s may release it now.", unit=review.plan.unit.name), "ok")
    else:
        flash(_("Returned to %(unit)s with the remark.", unit=review.plan.unit.name), "ok")
    return redirect(url_for("reviews_desk.index"))


@blueprint.app_template_filter("review_badge")
def review_badge(value: ReviewState) -> tuple[str, str]:
    """What was said of a plan in a word, and its tone."""
    word, tone = STATES[value]
    return _(word), tone


def _index(form: RuleForm) -> str:
    scope = actor_scope(Role.ORGANISER)
    rules = sa.select(ReviewRule).join(ReviewRule.unit).where(scope.condition())
    return render_template(
        "events/releases/reviews.html",
        reviews=session().scalars(queries.reviews_in(scope).limit(MOST)).all(),
        rules=session().scalars(rules.order_by(Unit.path)).all(),
        form=form,
    )


def _offered(form: RuleForm) -> RuleForm:
    """Units of mine that have others below them and do not ask yet."""
    child = aliased(Unit)
    asking = sa.select(ReviewRule.unit_id)
    above = actor_scope(Role.ORGANISER).present(clock.local_day(clock.now())).where(
        sa.exists().where(child.parent_id == Unit.id), Unit.id.not_in(asking)
    )  # fmt: skip
    listed = [(unit.code, unit.name) for unit in session().scalars(above)]
    form.unit.choices = [("", _("Please choose")), *listed]
    return form


def _page(review: Review, form: AnswerForm) -> str:
    items = layer.items(review.plan)
    form.shown.data = reviews.digest(items)
    return render_template(
        "events/releases/review.html",
        review=review,
        plan=review.plan,
        items=items,
        registered=registered(items),
        form=form,
        waits=review.state is ReviewState.ASKED,
    )


def _review_or_404(number: int) -> Review:
    scope = actor_scope(Role.ORGANISER)
    return session().scalar(queries.reviews_in(scope).where(Review.id == number)) or abort(404)


def _note(action: str, unit: Unit) -> None:
    audit.record(actor(), unit, action, f"unit:{unit.code}", {}, clock.now())
