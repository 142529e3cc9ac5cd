"""On which days whom an office chases, with what that would do, before it is switched on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts import audit
from accounts.access import actor, actor_scope, requires, unit_or_404
from accounts.models import Role, Unit
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.web import locale
from events.models import Campaign, DeadlineKind
from reports.chasing import queries, services
from reports.chasing.desk import week_or_404
from reports.chasing.forms import DatesForm
from reports.chasing.models import Ladder, Obligation, Step
from reports.chasing.services import Telling
from reports.chasing.words import OBLIGATIONS, STEPS

blueprint = Blueprint("ladders", __name__, url_prefix="/office/ladders")

DEADLINES = {
    Obligation.PLAN: DeadlineKind.PLAN,
    Obligation.FIGURES: DeadlineKind.UNIT_REPORT,
    Obligation.REPORT: DeadlineKind.UNIT_REPORT,
}
FIRST = 10


@dataclass(frozen=True)
class Chasing:
    """One obligation on the page: its days, and what they would do today."""

    obligation: Obligation
    ladder: Ladder | None
    form: DatesForm
    deadline: date | None
    silent: int
    unreached: int
    tellings: Mapping[Step, Sequence[Telling]]


@blueprint.get("/")
@requires(Role.REPORTER)
def index() -> Any:
    """To the ladders of my office."""
    office = session().scalars(actor_scope(Role.REPORTER).units().limit(1)).one()
    return redirect(url_for("ladders.show", code=office.code, year=request.args.get("year")))


@blueprint.get("/<code>")
@requires(Role.REPORTER)
def show(code: str) -> str:
    """The days of each obligation, and who would be told."""
    return _page(unit_or_404(code, Role.REPORTER))


@blueprint.post("/<code>/<any(plan, duty, figures, report):kind>")
@requires(Role.REPORTER)
def set_dates(code: str, kind: str) -> Any:
    """Keep the days."""
    form = DatesForm(prefix=kind)
    if not form.validate():
        return _page(unit_or_404(code, Role.REPORTER), form, kind), 400
    try:
        with transaction():
            office, week = unit_or_404(code, Role.REPORTER), week_or_404()
            services.set_dates(office, week, Obligation(kind), form.dates, now=clock.now())
            _write_down("chasing.dates", office, kind)
    except DomainError as refusal:
        form.person.errors = [refusal.text(locale())]
        return _page(unit_or_404(code, Role.REPORTER), form, kind), refusal.status
    flash(_("The days are kept. Please look at who would be told, then switch it on."), "ok")
    return redirect(_address(code))


@blueprint.post("/<code>/<any(plan, duty, figures, report):kind>/<any(on, off):step>")
@requires(Role.REPORTER)
def switch(code: str, kind: str, step: str) -> Any:
    """Let the letters go out on their days, or stop them."""
    with transaction():
        office, week = unit_or_404(code, Role.REPORTER), week_or_404()
        found = services.ladder(office, week, Obligation(kind))
        if found is None:
            flash(_("Please set the days first."), "warn")
        else:
            services.switch(found, on=step == "on", now=clock.now())
            _write_down(f"chasing.{step}", office, kind)
            flash(_SAID[step](), "ok")
    return redirect(_address(code))


_SAID = {
    "on": lambda: _("Switched on: one letter a day and person goes out on these days."),
    "off": lambda: _("Switched off: nobody is told of it any more."),
}


def _page(office: Unit, wrong: DatesForm | None = None, kind: str = "") -> str:
    week = week_or_404()
    return render_template(
        "reports/chasing/ladders.html",
        office=office,
        week=week,
        chasings=[
            _chasing(office, week, one, wrong if kind == one else None) for one in Obligation
        ],
        obligations=OBLIGATIONS,
        steps=STEPS,
        units=_units(office),
        first=FIRST,
        today=clock.local_day(clock.now()),
    )


def _chasing(
    office: Unit, week: Campaign, obligation: Obligation, wrong: DatesForm | None
) -> Chasing:
    today = clock.local_day(clock.now())
    found = services.ladder(office, week, obligation)
    deadline = _deadline(week, obligation)
    form = wrong or DatesForm(formdata=None, prefix=obligation.value)
    if wrong is None:
        form.show(found, _proposed(deadline, today))
    shown = found or Ladder(unit=office, campaign=week, obligation=obligation)
    tellings = {step: services.tellings(shown, step, today) for step in Step}
    silent = queries.silent_below(office, week, obligation, today)
    reached = {one.unit_id for step in Step for one in tellings[step]}
    return Chasing(obligation, found, form, deadline, len(silent), len(silent - reached), tellings)


def _deadline(week: Campaign, obligation: Obligation) -> date | None:
    kind = DEADLINES.get(obligation)
    found = next((one for one in week.deadlines if one.kind is kind), None)
    return clock.local_day(found.due_at) if found else None


def _proposed(deadline: date | None, today: date) -> dict[Step, date]:
    """On the day itself, the day after, and three days after; never in the past."""
    if deadline is None or deadline < today:
        return {}
    return {
        Step.PERSON: deadline,
        Step.HEAD: deadline + timedelta(days=1),
        Step.PARENT: deadline + timedelta(days=3),
    }


def _units(office: Unit) -> dict[int, Unit]:
    """Units below by number, for the names of those who would be told."""
    return {unit.id: unit for unit in queries.below(office)}


def _address(code: str) -> str:
    return url_for("ladders.show", code=code, year=request.args.get("year", type=int))


def _write_down(action: str, office: Unit, kind: str) -> None:
    audit.record(actor(), office, action, f"unit:{office.id}", {"owes": kind}, clock.now())
