"""The desk of taking over: choose a week, see old beside new, keep it."""

from collections.abc import Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role, Unit
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.i18n import N_
from core.web import locale
from events import queries
from events.cloning import services
from events.cloning.forms import CloneForm, filled_form, typed_form
from events.cloning.models import Cloning, Part, Shift
from events.cloning.proposal import Proposal
from events.cloning.rows import Duty, Row, Why
from events.models import Campaign
from events.releases.spans import Span

blueprint = Blueprint("cloning_desk", __name__, url_prefix="/desk/plans/take-over")

PAGE = 50
"""Rows of old and new before the next page begins."""

audit.name({"plan.cloned": N_("Earlier week or plan taken over")})

WHYS = {
    Why.THERE: N_("Taken over already"),
    Why.ALIKE: N_("One of this name is there already"),
    Why.CANCELLED: N_("Was called off"),
    Why.UNRELEASED: N_("Was never released"),
    Why.UNIT_GONE: N_("Its unit is not there any more, or not yours"),
}
"""Why a row is not ticked, or cannot be."""

T = TypeVar("T", Row, Duty)


@blueprint.get("/new")
@requires(Role.ORGANISER)
def new() -> str:
    """Ask from where, whose and what."""
    target = _target()
    form = _offered(CloneForm(formdata=None), target)
    weeks, codes = _values(form.source), _values(form.unit)
    form.source.data = request.args.get("from") or next(iter(weeks), None)
    form.unit.data = request.args.get("unit") or next(iter(codes), None)
    form.below.data = "below" in request.args
    form.parts.data = [part.value for part in Part]
    return render_template("events/cloning/new.html", form=form, target=target)


@blueprint.post("/new")
@requires(Role.ORGANISER)
def create() -> Any:
    """Lay the old beside the new; nothing is made yet."""
    target = _target()
    form = _offered(CloneForm(), target)
    if not form.validate():
        return render_template("events/cloning/new.html", form=form, target=target), 400
    try:
        with transaction():
            scope = actor_scope(Role.ORGANISER)
            cloning = services.start(_wish(form, _target()), scope, by=actor(), now=clock.now())
    except DomainError as refusal:
        form.source.errors = [refusal.text(locale())]
        target = _target()
        page = render_template("events/cloning/new.html", form=form, target=target)
        return page, refusal.status
    return redirect(url_for("cloning_desk.show", number=cloning.id))


@blueprint.get("/<int:number>")
@requires(Role.ORGANISER)
def show(number: int) -> str:
    """Old beside new."""
    return _page(_proposal_or_404(number), {})


@blueprint.post("/<int:number>")
@requires(Role.ORGANISER)
def decide(number: int) -> Any:
    """Remember what was changed on this page, and go on to where the button leads."""
    wrong = _decide(number)
    if wrong:
        return _page(_proposal_or_404(number), wrong), 400
    if "keep" in request.form:
        return _keep(number)
    flash(_("The changes of this page are remembered."), "ok")
    onward = {name: request.form[name] for name in ("show", "after") if request.form.get(name)}
    return redirect(url_for("cloning_desk.show", number=number, **_shown(onward)))


def _keep(number: int) -> Any:
    with transaction():
        proposal = _proposal_or_404(number, lock=True)
        outcome = services.keep(
            proposal, with_deadlines=_may_set_deadlines(proposal), now=clock.now()
        )
        audit.record(
            actor(), proposal.cloning.unit, "plan.cloned", f"cloning:{number}",
            vars(outcome), clock.now(),
        )  # fmt: skip
    if not outcome.activities + outcome.duties + outcome.deadlines:
        if outcome.there:
            flash(_("%(n)s were there already and stay as they are.", n=outcome.there), "info")
        else:
            flash(_("Nothing is ticked, so nothing was made."), "warn")
        return redirect(url_for("cloning_desk.show", number=number))
    said = _(
        "%(activities)s activities and %(duties)s duties were taken over as drafts.",
        activities=outcome.activities, duties=outcome.duties,
    )  # fmt: skip
    if outcome.there:
        said += " " + _("%(n)s were there already and stay as they are.", n=outcome.there)
    flash(said, "ok")
    return redirect(url_for("cloning_desk.show", number=number))


def _decide(number: int) -> dict[str, Any]:
    """Keep what the page says of its rows; the forms with faults, by row."""
    proposal = _proposal_or_404(number)
    rules: dict[str, Row | Duty] = {}
    plain = proposal.by_rule()
    keys = set(request.form.getlist("row"))
    rules |= {row.key: row for row in plain.rows if row.key in keys and row.is_free}
    rules |= {duty.key: duty for duty in plain.duties if duty.key in keys and duty.is_free}
    forms = {key: typed_form(rule, key) for key, rule in rules.items()}
    wrong = {key: form for key, form in forms.items() if not form.validate()}
    if not wrong and rules:
        with transaction():
            cloning = _proposal_or_404(number, lock=True).cloning
            services.decide(cloning, {key: forms[key].decided(rules[key]) for key in rules})
    return wrong


def _page(proposal: Proposal, wrong: dict[str, Any]) -> str:
    tab = "duties" if request.values.get("show") == "duties" else "activities"
    if not proposal.takes(Part.ACTIVITIES):
        tab = "duties"
    found: Sequence[Any] = proposal.duties if tab == "duties" else proposal.rows
    first = _first()
    shown = found[first : first + PAGE]
    return render_template(
        "events/cloning/show.html",
        cloning=proposal.cloning,
        proposal=proposal,
        tab=tab,
        shown=[(row, wrong.get(row.key) or filled_form(row)) for row in shown],
        wrong=list(wrong.values()),
        first=first,
        total=len(found),
        page=PAGE,
        with_deadlines=_may_set_deadlines(proposal),
        missing_deadlines=_missing_deadlines(proposal),
        takes={part.value: proposal.takes(part) for part in Part},
    )


def _first() -> int:
    text = request.values.get("after", "0") or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        abort(404)
    return int(text)


def _shown(onward: dict[str, str]) -> dict[str, Any]:
    after = onward.get("after", "")
    place = {"after": after} if after.isascii() and after.isdigit() and len(after) < 7 else {}
    return place | ({"show": "duties"} if onward.get("show") == "duties" else {})


def _missing_deadlines(proposal: Proposal) -> int:
    known = {deadline.kind for deadline in proposal.target.deadlines}
    return sum(deadline.kind not in known for deadline in proposal.source.deadlines)


def _may_set_deadlines(proposal: Proposal) -> bool:
    """Deadlines bind every unit: they are for who administers the whole tree."""
    unit, below = proposal.cloning.unit, proposal.cloning.below
    return below and unit.parent_id is None and actor_scope(Role.ADMIN).covers(unit)


def _values(field: Any) -> list[str]:
    return [choice[0] for choice in field.choices]


def _wish(form: CloneForm, target: Campaign) -> services.Wish:
    source = session().scalars(queries.week_of(int(form.source.data))).one()
    unit = session().scalars(sa.select(Unit).where(Unit.code == form.unit.data)).one()
    return services.Wish(
        source=source,
        target=target,
        unit=unit,
        below=bool(form.below.data),
        parts=frozenset(Part(part) for part in form.parts.data or []),
        shift=Shift(form.shift.data),
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


def _offered(form: CloneForm, target: Campaign) -> CloneForm:
    weeks = queries.weeks().where(Campaign.starts_on < target.starts_on)
    units = actor_scope(Role.ORGANISER).present(target.starts_on)
    form.offer(session().scalars(weeks), session().scalars(units))
    return form


def _proposal_or_404(number: int, *, lock: bool = False) -> Proposal:
    scope = actor_scope(Role.ORGANISER)
    found = sa.select(Cloning).where(Cloning.id == number, scope.owns(Cloning.unit_id))
    cloning = session().scalar(found.with_for_update() if lock else found)
    return Proposal(cloning or abort(404), scope)


@blueprint.app_template_filter("why_label")
def why_label(value: Why) -> str:
    """Why a row is not ticked, or cannot be, in the reader's language."""
    return _(WHYS[value])


@blueprint.app_template_filter("clone_span")
def clone_span(one: Any) -> Span:
    """From when to when a row was or will be."""
    return Span(one.starts_at, one.ends_at)
