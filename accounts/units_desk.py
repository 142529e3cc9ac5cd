"""The tree of units at the desk: everybody there sees it, administrators shape it."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from accounts import audit, queries, services
from accounts.access import actor, actor_scope, requires, unit_or_404
from accounts.errors import (
    BeginsAfterItEnds,
    CodeTaken,
    ReportsInACircle,
    ReportsToItself,
    UnitHasEnded,
    WrongAddress,
)
from accounts.forms import NewUnitForm, UnitForm
from accounts.models import Role, Unit, UnitKind
from accounts.tree import changes, history
from accounts.tree.outline import named, outline, with_those_above
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.i18n import N_
from core.navigation import Item
from core.web import locale

blueprint = Blueprint("units", __name__, url_prefix="/desk/units")

NAVIGATION = [Item(N_("Units"), "units.index", Role.OBSERVER, "desk", 80)]

SHORT, FULLY_OPEN = 40, 99
"""So many units are shown with every branch open; that many steps down."""

_EDITED = (
    "name", "short_name", "kind", "place", "symbol", "head_title", "headcount", "email",
)  # fmt: skip
_FIELDS: dict[type[DomainError], str] = {
    CodeTaken: "code",
    WrongAddress: "email",
    UnitHasEnded: "valid_from",
    BeginsAfterItEnds: "valid_from",
}
"""The field beside which a refusal is shown."""


@blueprint.get("")
@requires(Role.OBSERVER)
def index() -> str:
    """The tree of today; what has ended, or not begun, on wish."""
    inside, today = actor_scope(Role.OBSERVER), clock.local_day(clock.now())
    units = session().scalars(inside.units().options(joinedload(Unit.reports_to))).all()
    gone, planned = history.ended(units, today), changes.ahead(inside)
    past = request.args.get("past") == "1"
    hidden = set[Unit]() if past else set(gone)
    there = [unit for unit in units if unit not in hidden]
    sought = request.args.get("q", "").strip()
    met = named(there, sought) if sought else there
    return render_template(
        "accounts/units/index.html",
        nodes=outline(there, with_those_above(met)),
        total=len(there),
        sought=sought,
        met=len(met),
        open_to=FULLY_OPEN if sought or len(met) <= SHORT else 1,
        gone=len(gone),
        past=past,
        today=today,
        planned=planned,
        coming=changes.by_unit(planned),
        manages=actor_scope(Role.ADMIN).covers,
        sees=inside.covers,
    )


@blueprint.get("/<code>")
@requires(Role.OBSERVER)
def show(code: str) -> str:
    """One unit: its facts, the units below it, who works for it."""
    unit = unit_or_404(code, Role.OBSERVER)
    return render_template(
        "accounts/units/show.html",
        unit=unit,
        grants=session().scalars(queries.grants_on(unit)).all(),
        above=_above(unit),
        administered=actor_scope(Role.ADMIN).covers(unit),
        earlier=history.earlier_units(unit),
        later=history.later_units(unit),
        places=history.former_places(unit),
        planned=changes.ahead_for(unit),
        manages=actor_scope(Role.ADMIN).covers,
        sees=actor_scope(Role.OBSERVER).covers,
        today=clock.local_day(clock.now()),
    )


@blueprint.get("/<code>/new")
@requires(Role.ADMIN)
def new(code: str) -> str:
    """Ask for a unit under this one."""
    parent = unit_or_404(code, Role.ADMIN)
    form = NewUnitForm(formdata=None, reports_to=parent.code)
    return _asking("new", form, parent)


@blueprint.post("/<code>/new")
@requires(Role.ADMIN)
def create(code: str) -> Any:
    """Place the new unit under this one."""
    form = NewUnitForm()
    if not _complete(form):
        return _asking("new", form, unit_or_404(code, Role.ADMIN)), 400
    try:
        with transaction():
            parent = unit_or_404(code, Role.ADMIN)
            unit = services.create_unit(
                parent=parent,
                code=form.code.data or "",
                valid_from=form.valid_from.data,
                **_facts(form),
            )
            facts = {"code": unit.code, "name": unit.name, "parent": parent.code}
            audit.record(actor(), unit, "unit.created", f"unit:{unit.code}", facts, clock.now())
    except (CodeTaken, WrongAddress, UnitHasEnded) as refusal:
        form[_FIELDS[type(refusal)]].errors = [refusal.text(locale())]
        return _asking("new", form, unit_or_404(code, Role.ADMIN)), refusal.status
    flash(_("%(unit)s was added.", unit=unit.name), "ok")
    return redirect(url_for("units.show", code=unit.code))


@blueprint.get("/<code>/edit")
@requires(Role.ADMIN)
def edit(code: str) -> str:
    """Ask for the facts of the unit."""
    unit = unit_or_404(code, Role.ADMIN)
    form = UnitForm(formdata=None, obj=unit)
    form.reports_to.data = unit.reports_to.code if unit.reports_to else ""
    return _asking("edit", form, unit)


@blueprint.post("/<code>/edit")
@requires(Role.ADMIN)
def update(code: str) -> Any:
    """Take the facts of the unit."""
    form = UnitForm()
    if not _complete(form, unit_or_404(code, Role.ADMIN)):
        return _asking("edit", form, unit_or_404(code, Role.ADMIN)), 400
    try:
        with transaction():
            unit = unit_or_404(code, Role.ADMIN)
            before = _worth_noting(unit)
            services.edit_unit(unit, **_facts(form))
            services.begin_unit(unit, on=form.valid_from.data)
            facts = {k: [before[k], v] for k, v in _worth_noting(unit).items() if before[k] != v}
            audit.record(actor(), unit, "unit.edited", f"unit:{unit.code}", facts, clock.now())
    except (WrongAddress, ReportsToItself, ReportsInACircle, BeginsAfterItEnds) as refusal:
        wrong = _FIELDS.get(type(refusal), form.reports_to.name)
        form[wrong].errors = [refusal.text(locale())]
        return _asking("edit", form, unit_or_404(code, Role.ADMIN)), refusal.status
    flash(_("The unit was changed."), "ok")
    return redirect(url_for("units.show", code=code))


def _asking(page: str, form: UnitForm, unit: Unit) -> str:
    form.offer(_others(unit) if page == "edit" else _others(None))
    return render_template(f"accounts/units/{page}.html", form=form, unit=unit)


def _complete(form: UnitForm, unit: Unit | None = None) -> bool:
    form.offer([*_others(unit), *([unit] if unit else [])])
    return form.validate()


def _others(unit: Unit | None) -> list[Unit]:
    """Units that a report may go to: the reporting line may leave the tree below."""
    today = clock.local_day(clock.now())
    kept = {unit.id, unit.reports_to_id} if unit else set[int | None]()
    found = session().scalars(
        sa.select(Unit).where(sa.or_(Unit.was_there(today), Unit.id.in_(kept)))
    )
    branches = queries.tree(found)
    return [branch.unit for branch in branches if unit is None or branch.unit.id != unit.id]


def _above(unit: Unit) -> list[Unit]:
    """The units above that the one who asks may see, from the top down."""
    wanted = actor_scope(Role.OBSERVER).units().where(Unit.id.in_(history.ids_of(unit.path)[:-1]))
    return list(session().scalars(wanted))


def _facts(form: UnitForm) -> dict[str, Any]:
    return {
        "name": form.name.data,
        "short_name": form.short_name.data or "",
        "kind": UnitKind(form.kind.data),
        "reports_to": session().scalar(queries.unit_by_code(form.reports_to.data or "")),
        "place": form.place.data or "",
        "symbol": form.symbol.data or "",
        "head_title": form.head_title.data or "",
        "headcount": form.headcount.data,
        "email": form.email.data or None,
    }


def _worth_noting(unit: Unit) -> dict[str, Any]:
    noted = {name: getattr(unit, name) for name in _EDITED}
    began = f"{unit.valid_from:%d/%m/%Y}" if unit.valid_from else None
    return noted | {
        "valid_from": began,
        "reports_to": unit.reports_to.code if unit.reports_to else None,
    }
