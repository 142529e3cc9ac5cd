"""What a unit states itself: its figures, one at a time, and the passages of its report."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts.access import actor, actor_scope, requires
from accounts.models import Account, Role, Unit
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.web import locale
from events.models import Campaign
from reports import declarations, queries
from reports.forms import FigureForm, PassageForm
from reports.indicators import CHAPTERS, DECLARABLE, FRAME, PASSAGES, Indicator
from reports.models import Declaration
from reports.office import chosen, subject
from reports.queries import Proposal
from reports.words import in_words, named_indicator

blueprint = Blueprint("figures", __name__)


@dataclass(frozen=True)
class Line:
    """One figure of the page: what stands, what is known from elsewhere, what was typed."""

    indicator: Indicator
    standing: Declaration | None
    proposal: Proposal | None
    before: int | None = None
    typed: FigureForm | None = None
    error: str = ""

    @property
    def value(self) -> str:
        """What the field shows."""
        if self.typed is not None:
            return self.typed.value.data or ""
        if self.standing is not None:
            return str(self.standing.value)
        return str(self.proposal.value) if self.proposal else ""


@blueprint.get("/office/figures")
@requires(Role.REPORTER)
def index() -> Any:
    """Is this what my unit did? Every figure that nobody could count."""
    campaign = chosen(queries.weeks(), request.args.get("year", type=int))
    if campaign is None:
        return render_template("reports/no_week.html")
    unit = _unit(request.args.get("unit", ""))
    units = [] if unit else list(session().scalars(_units(campaign)))
    if unit is None and len(units) != 1:
        return render_template("reports/choose_unit.html", campaign=campaign, units=units)
    return _page(unit or units[0], campaign)


@blueprint.post("/office/figures/<code>/<int:year>/<indicator>")
@requires(Role.REPORTER)
def declare(code: str, year: int, indicator: str) -> Any:
    """Keep one figure; a change of an earlier one says why."""
    form, person = FigureForm(), actor().id
    if not form.validate():
        return _refused(code, year, indicator, form, _first_fault(form))
    try:
        with transaction() as opened:
            unit, campaign = subject(code, year)
            declarations.declare(
                unit,
                campaign,
                indicator,
                value=form.number,
                source=form.source.data or "",
                reason=form.reason.data or "",
                actor=opened.get_one(Account, person),
                now=clock.now(),
            )
    except DomainError as refusal:
        if refusal.status != 422:
            raise
        return _refused(code, year, indicator, form, refusal.text(locale()))
    if _is_fragment():
        return _fragment(code, year, indicator)
    flash(_("The figure is kept."), "ok")
    address = url_for("figures.index", unit=code, year=year, _anchor=f"figure-{indicator}")
    return redirect(address)


@blueprint.post("/office/passages/<code>/<int:year>/<section>")
@requires(Role.REPORTER)
def write(code: str, year: int, section: str) -> Any:
    """Keep a passage as the office words it."""
    form, person = PassageForm(), actor().id
    if not form.validate():
        unit, campaign = subject(code, year)
        return _page(unit, campaign, wrong=(section, form)), 422
    with transaction() as opened:
        unit, campaign = subject(code, year)
        account = opened.get_one(Account, person)
        text = form.text.data or ""
        declarations.write(unit, campaign, section, text, actor=account, now=clock.now())
    flash(_("The passage is kept."), "ok")
    address = url_for("figures.index", unit=code, year=year, _anchor=f"passage-{section}")
    return redirect(address)


def _page(
    unit: Unit,
    campaign: Campaign,
    *,
    line: Line | None = None,
    wrong: tuple[str, PassageForm] | None = None,
) -> str:
    lines = _lines(unit, campaign)
    if line is not None:
        lines[line.indicator.code] = line
    written = declarations.passages(unit, campaign)
    texts = {**declarations.proposed_frame(unit), **written}
    if wrong is not None:
        texts[wrong[0]] = wrong[1].text.data or ""
    return render_template(
        "reports/figures.html",
        unit=unit,
        campaign=campaign,
        chapters=_chapters(lines),
        line=line,
        confirmed=sum(one.standing is not None for one in lines.values()),
        declarable=len(DECLARABLE),
        passages=[(key, in_words(pair), texts.get(key, "")) for key, pair in PASSAGES.items()],
        frame=[(key, in_words(pair), texts[key]) for key, pair in FRAME.items()],
        wrong=wrong,
        named_indicator=named_indicator,
    )


def _chapters(lines: dict[str, Line]) -> list[tuple[str, list[Line]]]:
    found = []
    for letter, pair in CHAPTERS.items():
        inside = [line for line in lines.values() if line.indicator.chapter == letter]
        if inside:
            found.append((in_words(pair), inside))
    return found


def _lines(unit: Unit, campaign: Campaign) -> dict[str, Line]:
    standing = declarations.standing(unit, campaign)
    proposals = queries.proposals(unit, campaign)
    earlier = queries.last_year(campaign)
    before = declarations.standing(unit, earlier) if earlier else {}
    return {
        i.code: Line(
            i,
            standing.get(i.code),
            proposals.get(i.code),
            before[i.code].value if i.code in before else None,
        )
        for i in DECLARABLE
    }


def _refused(code: str, year: int, indicator: str, form: FigureForm, error: str) -> Any:
    """The field with what was typed and why it was not kept."""
    unit, campaign = subject(code, year)
    known = _lines(unit, campaign).get(indicator) or abort(404)
    line = Line(
        known.indicator, known.standing, known.proposal, known.before, typed=form, error=error
    )
    if _is_fragment():
        return _row(unit, campaign, line)
    return _page(unit, campaign, line=line), 422


def _fragment(code: str, year: int, indicator: str) -> str:
    unit, campaign = subject(code, year)
    return _row(unit, campaign, _lines(unit, campaign)[indicator])


def _row(unit: Unit, campaign: Campaign, line: Line) -> str:
    return render_template(
        "reports/_figure_saved.html",
        unit=unit,
        campaign=campaign,
        line=line,
        confirmed=len(declarations.standing(unit, campaign)),
        declarable=len(DECLARABLE),
        named_indicator=named_indicator,
    )


def _first_fault(form: FigureForm) -> str:
    return next(str(fault) for faults in form.errors.values() for fault in faults)


def _is_fragment() -> bool:
    return "HX-Request" in request.headers


def _units(campaign: Campaign) -> sa.Select[Unit]:
    """The units that were there in the week."""
    during = Unit.was_there(campaign.starts_on, campaign.ends_on)
    return actor_scope(Role.REPORTER).units().where(during)


def _unit(code: str) -> Unit | None:
    if not code:
        return None
    return queries.find_unit(actor_scope(Role.REPORTER), code) or abort(404)
