"""Changing the tree at the desk: each change is previewed, confirmed and written down."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts import audit, queries
from accounts.access import actor, actor_scope, requires, unit_or_404
from accounts.models import Role, Succession, SuccessionKind, Unit
from accounts.tree import changes, services
from accounts.tree.forms import ChangeForm, CloseForm, LinkForm, MergeForm, MoveForm
from accounts.tree.models import ChangeKind, PlannedChange
from accounts.tree.outline import preview
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.web import locale

blueprint = Blueprint("tree_desk", __name__, url_prefix="/desk/units/<code>")

FORMS: dict[str, type[ChangeForm]] = {ChangeKind.MOVE: MoveForm, ChangeKind.MERGE: MergeForm}


@blueprint.get("/<any(move, merge):change>")
@requires(Role.ADMIN)
def ask(code: str, change: str) -> Any:
    """Ask for the other unit and the day; once both are known, show what would happen."""
    unit = unit_or_404(code, Role.ADMIN)
    if not request.args.get("unit"):
        form = FORMS[change](formdata=None)
        form.on.data = _today()
        return _asking(change, unit, form)
    form = FORMS[change](formdata=request.args, meta={"csrf": False})
    form.offer(_others(unit, change))
    if not form.validate():
        return _asking(change, unit, form), 400
    other = unit_or_404(form.unit.data, Role.ADMIN)
    seen = preview(unit, to=other, day=form.day, merging=change == "merge")
    return _asking(change, unit, form, other=other, preview=seen)


@blueprint.post("/<any(move, merge):change>")
@requires(Role.ADMIN)
def confirm(code: str, change: str) -> Any:
    """Move or merge the unit as the preview said, or note it for a day that is ahead."""
    unit = unit_or_404(code, Role.ADMIN)
    form = FORMS[change]()
    form.offer(_others(unit, change))
    if not form.validate():
        return _asking(change, unit, form), 400
    try:
        with transaction():
            unit = unit_or_404(code, Role.ADMIN)
            other = unit_or_404(form.unit.data, Role.ADMIN)
            said = _changed(ChangeKind(change), unit, other, form)
    except DomainError as refusal:
        form.unit.errors = [refusal.text(locale())]
        return _asking(change, unit_or_404(code, Role.ADMIN), form), refusal.status
    flash(said, "ok")
    return redirect(url_for("units.show", code=code))


@blueprint.post("/planned/<int:number>/cancel")
@requires(Role.ADMIN)
def cancel(code: str, number: int) -> Any:
    """Give up what was planned for the unit, or take what failed off the list."""
    with transaction():
        unit = unit_or_404(code, Role.ADMIN)
        planned = session().get(PlannedChange, number)
        if planned is None or planned.unit_id != unit.id:
            abort(404)
        changes.cancel(planned, by=actor(), now=clock.now())
    flash(_("The planned change was cancelled; it can be planned again."), "ok")
    return redirect(url_for("units.show", code=code))


@blueprint.get("/close")
@requires(Role.ADMIN)
def ask_close(code: str) -> str:
    """Ask for the last day, and say what the unit still has open."""
    form = CloseForm(formdata=None)
    form.last_day.data = _today()
    return _closing(unit_or_404(code, Role.ADMIN), form)


@blueprint.post("/close")
@requires(Role.ADMIN)
def close(code: str) -> Any:
    """Say the last day of the unit."""
    form = CloseForm()
    last_day = form.last_day.data if form.validate() else None
    if last_day is None:
        return _closing(unit_or_404(code, Role.ADMIN), form), 400
    try:
        with transaction():
            unit = unit_or_404(code, Role.ADMIN)
            services.close(unit, last_day=last_day)
            _note(unit, "unit.closed", last_day=_written(last_day))
    except DomainError as refusal:
        form.last_day.errors = [refusal.text(locale())]
        return _closing(unit_or_404(code, Role.ADMIN), form), refusal.status
    flash(_("The last day of %(unit)s is noted.", unit=unit.name), "ok")
    return redirect(url_for("units.show", code=code))


@blueprint.post("/reopen")
@requires(Role.ADMIN)
def reopen(code: str) -> Any:
    """Take back that the unit ends."""
    with transaction():
        unit = unit_or_404(code, Role.ADMIN)
        services.reopen(unit)
        _note(unit, "unit.reopened")
    flash(_("%(unit)s goes on.", unit=unit.name), "ok")
    return redirect(url_for("units.show", code=code))


@blueprint.get("/came-from")
@requires(Role.ADMIN)
def ask_link(code: str) -> str:
    """Ask which unit this one came from."""
    return _linking(unit_or_404(code, Role.ADMIN), LinkForm(formdata=None))


@blueprint.post("/came-from")
@requires(Role.ADMIN)
def link(code: str) -> Any:
    """Say which unit this one came from."""
    unit = unit_or_404(code, Role.ADMIN)
    form = LinkForm()
    form.offer(_everyone_but(unit))
    if not form.validate():
        return _linking(unit, form), 400
    try:
        with transaction():
            unit = unit_or_404(code, Role.ADMIN)
            earlier = unit_or_404(form.unit.data, Role.ADMIN)
            services.link(earlier, unit, kind=SuccessionKind(form.kind.data), on=form.day)
            _note(unit, "unit.linked", earlier=earlier.code, on=_written(form.day))
    except DomainError as refusal:
        form.unit.errors = [refusal.text(locale())]
        return _linking(unit_or_404(code, Role.ADMIN), form), refusal.status
    flash(_("The history of %(unit)s is kept.", unit=unit.name), "ok")
    return redirect(url_for("units.show", code=code))


@blueprint.post("/came-from/<int:number>/remove")
@requires(Role.ADMIN)
def unlink(code: str, number: int) -> Any:
    """Take a wrong link out of the unit's history."""
    with transaction():
        unit = unit_or_404(code, Role.ADMIN)
        found = session().get(Succession, number)
        if found is None or found.later_id != unit.id:
            abort(404)
        _note(unit, "unit.unlinked", earlier=found.earlier.code)
        session().delete(found)
    flash(_("The link was taken out; it can be made again."), "ok")
    return redirect(url_for("units.show", code=code))


def _changed(kind: ChangeKind, unit: Unit, other: Unit, form: ChangeForm) -> str:
    """Carry the change out, or plan it; what to say of it."""
    by, now, on = actor(), clock.now(), form.day
    if on > _today():
        changes.plan(kind, unit, other, on=on, by=by, now=now)
        return _("Noted for %(day)s; until then everything stays as it is.", day=f"{on:%d/%m/%Y}")
    seen = form.seen.data or None
    changes.carry_out(kind, unit, other, on=on, today=_today(), by=by, now=now, seen=seen)
    if kind is ChangeKind.MOVE:
        return _("%(unit)s now stands under %(parent)s.", unit=unit.name, parent=other.name)
    return _("%(unit)s went into %(other)s.", unit=unit.name, other=other.name)


def _asking(change: str, unit: Unit, form: ChangeForm, **seen: Any) -> str:
    form.offer(_others(unit, change))
    return render_template(
        "accounts/tree/change.html",
        change=change,
        unit=unit,
        form=form,
        preview=seen.get("preview"),
        other=seen.get("other"),
        today=_today(),
    )


def _closing(unit: Unit, form: CloseForm) -> str:
    seen = preview(unit, to=None, day=_today())
    planned = changes.ahead_for(unit)
    sees = actor_scope(Role.OBSERVER).covers
    facts = {"preview": seen, "planned": planned, "sees": sees}
    return render_template("accounts/tree/close.html", unit=unit, form=form, **facts)


def _linking(unit: Unit, form: LinkForm) -> str:
    form.offer(_everyone_but(unit))
    return render_template("accounts/tree/came_from.html", unit=unit, form=form)


def _others(unit: Unit, change: str) -> list[tuple[str, str]]:
    """Units that go on from today, or will begin: not below it, and not where it stands."""
    lasting = Unit.was_there(_today(), date.max)
    units = session().scalars(actor_scope(Role.ADMIN).units().where(lasting)).all()
    own = unit.parent.code if unit.parent and change == "move" else None
    taken = {other.code for other in units if other.path.startswith(unit.path)} | {own}
    return [choice for choice in queries.choices(units) if choice[0] not in taken]


def _everyone_but(unit: Unit) -> list[tuple[str, str]]:
    units = session().scalars(actor_scope(Role.ADMIN).units()).all()
    return [choice for choice in queries.choices(units) if choice[0] != unit.code]


def _today() -> date:
    return clock.local_day(clock.now())


def _written(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _note(unit: Unit, action: str, *, subject: str = "", **facts: Any) -> None:
    audit.record(actor(), unit, action, subject or f"unit:{unit.code}", facts, clock.now())
