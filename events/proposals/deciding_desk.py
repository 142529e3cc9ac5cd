"""Decisions about the parts of a document: kept, changed, dropped, one by one or together."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role
from core import clock
from core.database import transaction
from events.models import CampaignKind
from events.proposals import services
from events.proposals.desk import page_of, review_or_404
from events.proposals.forms import form_for
from events.proposals.parts import Choice, Part, Standing
from events.proposals.rendering_views import as_words
from events.proposals.reviewing import Review

blueprint = Blueprint("proposal_parts", __name__, url_prefix="/desk/proposals")


@blueprint.get("/<int:number>/parts/<key>")
@requires(Role.ORGANISER)
def edit(number: int, key: str) -> str:
    """Ask what should stand in a part instead."""
    found = review_or_404(number)
    part = _editable_or_404(found, key)
    form = form_for(found, part, formdata=None)
    form.show(part.values)
    return _asking(found, part, form)


@blueprint.post("/<int:number>/parts/<key>")
@requires(Role.ORGANISER)
def decide(number: int, key: str) -> Any:
    """Keep a part, drop it, leave it open again, or keep it as it was typed."""
    wanted = request.form.get("choice", "")
    if wanted not in {"keep", "drop", "open", "edit"}:
        _part_or_404(review_or_404(number), key)
        abort(400)
    if wanted == "edit":
        return _keep_typed(number, key)
    choice = Choice(wanted) if wanted != "open" else None
    with transaction():
        found = review_or_404(number, lock=True)
        part = _part_or_404(found, key)
        services.decide(found, part, choice, None, now=clock.now())
    return _after(number, key)


@blueprint.post("/<int:number>/keep-clear")
@requires(Role.ORGANISER)
def keep_clear(number: int) -> Any:
    """Keep everything that is not doubtful."""
    with transaction():
        kept = services.keep_clear(review_or_404(number, lock=True), now=clock.now())
    flash(_("%(n)s parts are kept.", n=kept), "ok")
    return _to_next(number)


@blueprint.post("/<int:number>/drop-rest")
@requires(Role.ORGANISER)
def drop_rest(number: int) -> Any:
    """Leave out everything that is not decided."""
    with transaction():
        dropped = services.drop_rest(review_or_404(number, lock=True), now=clock.now())
    flash(_("%(n)s parts are left out.", n=dropped), "ok")
    return _to_next(number)


@blueprint.post("/<int:number>/take-up")
@requires(Role.ORGANISER)
def take_up(number: int) -> Any:
    """Look again at everything that was left out."""
    with transaction():
        found = services.take_up_left_out(review_or_404(number, lock=True), now=clock.now())
    flash(_("%(n)s parts are to be looked at again.", n=found), "ok")
    return _to_next(number)


@blueprint.post("/<int:number>/own-unit")
@requires(Role.ORGANISER)
def own_unit(number: int) -> Any:
    """Lay duties of units that we have not got on the unit of the plan."""
    with transaction():
        found = review_or_404(number, lock=True)
        given = services.give_to_own_unit(found, now=clock.now())
    flash(_("%(unit)s looks after %(n)s duties.", unit=found.setting.unit.name, n=given), "ok")
    return _to_next(number)


@blueprint.post("/<int:number>/units")
@requires(Role.ORGANISER)
def add_units(number: int) -> Any:
    """Place units that the document names below the unit of the plan."""
    with transaction():
        found = review_or_404(number, lock=True)
        if not actor_scope(Role.ADMIN).covers(found.setting.unit):
            abort(404)
        added = services.add_units(found, request.form.getlist("name"))
        for unit in added:
            facts = {"code": unit.code, "name": unit.name, "parent": found.setting.unit.code}
            audit.record(actor(), unit, "unit.created", f"unit:{unit.code}", facts, clock.now())
    flash(_("%(n)s units were added.", n=len(added)), "ok")
    return _to_next(number)


@blueprint.post("/<int:number>/week")
@requires(Role.ORGANISER)
def choose_week(number: int) -> Any:
    """Use the document for a week that is there; its days move with it."""
    chosen = request.form.get("campaign", "")
    with transaction():
        found = review_or_404(number, lock=True)
        campaign = next((c for c in found.setting.campaigns if str(c.id) == chosen), None)
        services.choose_week(found, campaign or abort(404), now=clock.now())
    return _after(number, "campaign")


@blueprint.post("/<int:number>/treat-as/<any(week, movement):kind>")
@requires(Role.ORGANISER)
def treat_as(number: int, kind: str) -> Any:
    """Go on with a document that does not say that it is a plan."""
    with transaction():
        found = review_or_404(number, lock=True)
        services.call_it(found.proposal, CampaignKind(kind), now=clock.now())
    return redirect(url_for("proposals_desk.show", number=number))


def _keep_typed(number: int, key: str) -> Any:
    found = review_or_404(number)
    part = _editable_or_404(found, key)
    form = form_for(found, part)
    if not form.validate():
        return _asking(found, part, form), 400
    with transaction():
        found = review_or_404(number, lock=True)
        part = _editable_or_404(found, key)
        services.decide(found, part, Choice.KEEP, form.values(part.values), now=clock.now())
    return _after(number, key)


def _asking(found: Review, part: Part, form: Any) -> str:
    return render_template(
        "events/proposals/edit.html",
        review=found, proposal=found.proposal, part=part, form=form, words=as_words(found),
    )  # fmt: skip


def _after(number: int, key: str) -> Any:
    """The part as it is now, for the page that asked; else the review at the next doubt."""
    if request.headers.get("X-Part") != "1":
        return redirect(url_for("proposals_desk.show", number=number, _anchor=key))
    return page_of(review_or_404(number))


def _to_next(number: int) -> Any:
    found = review_or_404(number)
    following = next(iter([*found.doubtful, *found.open]), None)
    anchor = following.key if following else "decided"
    return redirect(url_for("proposals_desk.show", number=number, _anchor=anchor))


def _part_or_404(found: Review, key: str) -> Part:
    return found.part(key) or abort(404)


def _editable_or_404(found: Review, key: str) -> Part:
    part = _part_or_404(found, key)
    return part if part.standing is not Standing.GONE else abort(404)
