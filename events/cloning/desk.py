"""The desk of taking over: whose earlier week or plan, which parts of it, and how days move."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, request, url_for

from accounts.access import actor, actor_scope, requires
from accounts.models import Role, Unit
from core import clock, search
from core.database import session, transaction
from core.errors import DomainError
from core.paging import page
from core.text import is_clean
from core.web import locale
from events import queries
from events.cloning import services, sources
from events.cloning.forms import CloneForm
from events.cloning.models import Part, Shift
from events.finding.sources import PLAN
from events.models import Campaign, Plan

blueprint = Blueprint("cloning_desk", __name__, url_prefix="/desk/plans/take-over")

PAGE = 30
"""Plans to choose from before the next page begins."""


@blueprint.get("/new")
@requires(Role.ORGANISER)
def new() -> str:
    """Ask from where, whose and what."""
    target, other = _target(), _other()
    form = _offered(CloneForm(formdata=None), target, other)
    form.unit.data = request.args.get("unit") or next(iter(_values(form.unit)), None)
    form.parts.data = _values(form.parts)
    if other is None:
        form.source.data = request.args.get("from") or next(iter(_values(form.source)), None)
        form.below.data = "below" in request.args
    return _page(form, target, other)


@blueprint.post("/new")
@requires(Role.ORGANISER)
def create() -> Any:
    """Lay the old beside the new; nothing is made yet."""
    target, other = _target(), _other()
    form = _offered(CloneForm(), target, other)
    if not form.validate():
        return _page(form, target, other), 400
    try:
        with transaction():
            scope = actor_scope(Role.ORGANISER)
            wish = _wish(form, _target(), _other())
            cloning = services.start(wish, scope, by=actor(), now=clock.now())
    except DomainError as refusal:
        form.unit.errors = [refusal.text(locale())]
        return _page(form, _target(), _other()), refusal.status
    return redirect(url_for("cloning_compare.show", number=cloning.id))


@blueprint.get("/plans")
@requires(Role.ORGANISER)
def plans() -> str:
    """The plans that one may take over: one's own, and what any unit has released."""
    target, scope = _target(), actor_scope(Role.ORGANISER)
    words = request.args.get("q", "")[:200]
    after = max(0, min(request.args.get("after", 0, type=int), 100_000))
    found = sources.readable(scope, target)
    if words:
        if not is_clean(words):
            abort(404)
        found = found.where(search.is_found(PLAN, Plan.id, words))
    listed, more = page(found.offset(after), PAGE)
    kept = {"to": target.year, "q": words, "unit": request.args.get("unit", "")}
    return render_template(
        "events/cloning/plans.html",
        target=target,
        words=words,
        unit=kept["unit"],
        plans=[(plan, scope.covers(plan.unit)) for plan in listed],
        totals=_totals([plan.id for plan in listed]),
        earlier=_plans_page(after - PAGE, kept) if after else None,
        later=_plans_page(after + PAGE, kept) if more else None,
    )


def _plans_page(after: int, kept: dict[str, Any]) -> str:
    wanted = {name: value for name, value in kept.items() if value}
    return url_for("cloning_desk.plans", after=max(0, after), **wanted)


def _totals(numbers: list[int]) -> dict[int, int]:
    """How many activities of each plan the public has read of."""
    counted = session().execute(sources.released_by_plan(numbers))
    return {number: total for number, total in counted}  # noqa: C416  rows are no pairs to mypy


def _page(form: CloneForm, target: Campaign, other: Plan | None) -> str:
    return render_template(
        "events/cloning/new.html",
        form=form,
        target=target,
        other=other,
        is_public_only=other is not None and not actor_scope(Role.ORGANISER).covers(other.unit),
    )


def _values(field: Any) -> list[str]:
    return [choice[0] for choice in field.choices]


def _wish(form: CloneForm, target: Campaign, other: Plan | None) -> services.Wish:
    unit = session().scalars(sa.select(Unit).where(Unit.code == form.unit.data)).one()
    if other is None:
        source = session().scalars(queries.week_of(int(form.source.data))).one()
    else:
        source = other.campaign
    is_own = other is None or other.unit_id == unit.id
    return services.Wish(
        source=source,
        target=target,
        unit=unit,
        below=other is None and bool(form.below.data),
        parts=frozenset(Part(part) for part in form.parts.data or []),
        shift=Shift(form.shift.data),
        other=None if is_own or other is None else other.unit,
    )


def _target() -> Campaign:
    """The week that the address names, else the one that is on or comes next."""
    year = request.args.get("to", "")
    if year:
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            abort(404)
        return session().scalar(queries.week_of(int(year))) or abort(404)
    today = clock.local_day(clock.now())
    return session().scalar(queries.week_on_or_next(today)) or abort(404)


def _other() -> Plan | None:
    """The plan that the address names, when one may take it over."""
    text = request.args.get("plan", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        abort(404)
    found = sources.readable(actor_scope(Role.ORGANISER), _target())
    return session().scalar(found.where(Plan.id == int(text))) or abort(404)


def _offered(form: CloneForm, target: Campaign, other: Plan | None) -> CloneForm:
    weeks = queries.weeks().where(Campaign.starts_on < target.starts_on)
    scope = actor_scope(Role.ORGANISER)
    units = scope.present(target.starts_on)
    form.offer(session().scalars(weeks), session().scalars(units))
    if other is not None:
        whole = scope.covers(other.unit)
        form.ask_of_another(frozenset(Part) if whole else sources.OF_THE_PUBLIC)
    return form
