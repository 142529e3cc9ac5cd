"""The desk of a take-over: old beside new, row by row, kept, or taken back."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role
from core import clock, search
from core.database import session, transaction
from core.i18n import N_
from events.cloning import looking, services, undoing
from events.cloning.forms import filled_form, typed_form
from events.cloning.looking import Look, Only
from events.cloning.models import Cloning, Part
from events.cloning.proposal import Proposal
from events.cloning.rows import Duty, Row, Why
from events.finding.sources import ACTIVITY, DUTY
from events.models import Activity, Assignment
from events.releases.spans import Span

blueprint = Blueprint("cloning_compare", __name__, url_prefix="/desk/plans/take-over")

PAGE = 50
"""Rows of old and new before the next page begins."""
LOOKED = ("show", "q", "unit", "only")
"""What the address says of the rows that one looks at."""

audit.name(
    {
        "plan.cloned": N_("Earlier week or plan taken over"),
        "plan.clone_undone": N_("Take-over taken back"),
    }
)

WHYS = {
    Why.THERE: N_("Taken over already"),
    Why.ALIKE: N_("One of this name is there already"),
    Why.CANCELLED: N_("Was called off"),
    Why.UNRELEASED: N_("Was never released"),
    Why.UNIT_GONE: N_("Its unit is not there any more, or not yours"),
}
"""Why a row is not ticked, or cannot be."""
ONLY = {
    Only.TICKED: N_("Ticked"),
    Only.LEFT: N_("Not ticked"),
    Only.DOUBTFUL: N_("With a remark"),
    Only.CHANGED: N_("Changed by hand"),
}
"""Which rows one may look at alone."""


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
    if request.form.get("all") in {"take", "drop"}:
        return _decide_all(number, take=request.form["all"] == "take")
    flash(_("The changes of this page are remembered."), "ok")
    return redirect(url_for("cloning_compare.show", number=number, **_onward()))


@blueprint.post("/<int:number>/undo")
@requires(Role.ORGANISER)
def undo(number: int) -> Any:
    """Take back what was made, as long as nobody worked on it."""
    with transaction():
        cloning = _proposal_or_404(number, lock=True).cloning
        undone = undoing.undo(cloning)
        audit.record(
            actor(), cloning.unit, "plan.clone_undone", f"cloning:{number}",
            vars(undone), clock.now(),
        )  # fmt: skip
    said = _(
        "%(activities)s activities and %(duties)s duties were taken back.",
        activities=undone.activities,
        duties=undone.duties,
    )
    if undone.stay:
        said += " " + _("%(n)s stay, because someone worked on them.", n=undone.stay)
    flash(said, "ok")
    return redirect(url_for("cloning_compare.show", number=number))


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
        return redirect(url_for("cloning_compare.show", number=number))
    said = _(
        "%(activities)s activities and %(duties)s duties were taken over as drafts.",
        activities=outcome.activities, duties=outcome.duties,
    )  # fmt: skip
    if outcome.there:
        said += " " + _("%(n)s were there already and stay as they are.", n=outcome.there)
    flash(said, "ok")
    return redirect(url_for("cloning_compare.show", number=number))


def _decide(number: int) -> dict[str, Any]:
    """Keep what the page says of its rows; the forms with faults, by row."""
    plain = _proposal_or_404(number).by_rule()
    keys = set(request.form.getlist("row"))
    rules: dict[str, Row | Duty] = {r.key: r for r in plain.rows if r.key in keys and r.is_free}
    rules |= {duty.key: duty for duty in plain.duties if duty.key in keys and duty.is_free}
    forms = {key: typed_form(rule, key) for key, rule in rules.items()}
    wrong = {key: form for key, form in forms.items() if not form.validate()}
    if not wrong and rules:
        with transaction():
            cloning = _proposal_or_404(number, lock=True).cloning
            services.decide(cloning, {key: forms[key].decided(rules[key]) for key in rules})
    return wrong


def _decide_all(number: int, *, take: bool) -> Any:
    """Tick or drop every row that the filter shows, on all its pages."""
    with transaction():
        proposal = _proposal_or_404(number, lock=True)
        found = _found(proposal, _tab(proposal), _look())
        free = [row for row in found if row.is_free and row.chosen is not take]
        changes = proposal.cloning.changes
        decided = {row.key: {**changes.get(row.key, {}), "keep": take} for row in free}
        services.decide(proposal.cloning, decided)
    said = _("%(n)s rows were ticked.", n=len(free)) if take else ""
    flash(said or _("%(n)s rows were left out.", n=len(free)), "ok")
    return redirect(url_for("cloning_compare.show", number=number, **_onward()))


def _page(proposal: Proposal, wrong: dict[str, Any]) -> str:
    tab, look = _tab(proposal), _look()
    listed = _listed(proposal, tab)
    found = _found(proposal, tab, look)
    first = _first()
    rows = found[first : first + PAGE]
    return render_template(
        "events/cloning/show.html",
        cloning=proposal.cloning,
        proposal=proposal,
        tab=tab,
        shown=[(row, wrong.get(row.key) or filled_form(row)) for row in rows],
        wrong=list(wrong.values()),
        first=first,
        total=len(found),
        page=PAGE,
        look=look,
        onward={name: value for name, value in _onward().items() if name != "after"},
        units=looking.units(listed, proposal.cloning.unit),
        only=ONLY,
        with_deadlines=_may_set_deadlines(proposal),
        missing_deadlines=_missing_deadlines(proposal),
        takes={part.value: proposal.takes(part) for part in Part},
    )


def _listed(proposal: Proposal, tab: str) -> Sequence[Any]:
    return proposal.duties if tab == "duties" else proposal.rows


def _found(proposal: Proposal, tab: str, look: Look) -> Sequence[Any]:
    """The rows that were asked for; their words stand in the index of searches."""
    naming = (lambda row: row.text) if tab == "duties" else _name_and_place
    if not look.words:
        return look.rows(_listed(proposal, tab), frozenset(), naming)
    kind, model = (DUTY, Assignment) if tab == "duties" else (ACTIVITY, Activity)
    said = sa.select(model.id).where(
        model.plan_id.in_(proposal.plan_ids), search.is_found(kind, model.id, look.words)
    )
    return look.rows(_listed(proposal, tab), frozenset(session().scalars(said)), naming)


def _name_and_place(row: Row) -> str:
    return f"{row.title} {row.place}"


def _tab(proposal: Proposal) -> str:
    """Duties or activities; what was not chosen is never shown."""
    wanted = "duties" if request.values.get("show") == "duties" else "activities"
    if not proposal.takes(Part.ACTIVITIES):
        return "duties"
    return wanted if proposal.takes(Part.DUTIES) else "activities"


def _look() -> Look:
    asked = request.values.get("only", "")
    return Look(
        words=request.values.get("q", "")[:200],
        unit=request.values.get("unit", ""),
        only=Only(asked) if asked in set(Only) else None,
    )


def _first() -> int:
    text = request.values.get("after", "0") or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        abort(404)
    return int(text)


def _onward() -> dict[str, Any]:
    """What the next address keeps of this one."""
    kept = {name: request.values.get(name, "")[:200] for name in LOOKED}
    return {name: value for name, value in kept.items() if value} | (
        {"after": _first()} if _first() else {}
    )


def _missing_deadlines(proposal: Proposal) -> int:
    known = {deadline.kind for deadline in proposal.target.deadlines}
    return sum(deadline.kind not in known for deadline in proposal.source.deadlines)


def _may_set_deadlines(proposal: Proposal) -> bool:
    """Deadlines bind every unit: they are for who administers the whole tree."""
    unit, below = proposal.cloning.unit, proposal.cloning.below
    return below and unit.parent_id is None and actor_scope(Role.ADMIN).covers(unit)


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
