"""Which units are silent, and who was told: the clerk's page, its sheet and each unit's page."""

from io import BytesIO
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _

from accounts import audit
from accounts.access import actor, actor_scope, requires, unit_or_404
from accounts.models import Role, Unit
from core import clock
from core.database import transaction
from core.i18n import N_
from core.navigation import Item
from core.web import locale
from events.models import Campaign
from reports import queries as office
from reports.chasing import debts, history, queries, services, sheet
from reports.chasing.forms import CallForm, ExcuseForm
from reports.chasing.models import Obligation
from reports.chasing.words import DEADLINES, OBLIGATIONS, STEPS
from reports.office import chosen

blueprint = Blueprint("chasing", __name__, url_prefix="/office/chasing")

NAVIGATION = [
    Item(
        N_("Units that are silent"), "chasing.index", Role.REPORTER, "office", 15,
        along=("/office/ladders",),
    )
]  # fmt: skip

PAGE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/")
@requires(Role.REPORTER)
def index() -> str:
    """Which units are silent, and who was told."""
    week = week_or_404()
    only = _obligation(request.args.get("owes", ""))
    found = queries.board(
        actor_scope(Role.REPORTER), week, clock.local_day(clock.now()),
        only=only, after=request.args.get("after", ""), page=PAGE,
    )  # fmt: skip
    return render_template(
        "reports/chasing/index.html",
        week=week,
        board=found,
        only=only,
        obligations=OBLIGATIONS,
        steps=STEPS,
        words_of_deadlines=DEADLINES,
        is_first="after" not in request.args,
    )


@blueprint.get("/sheet.xlsx")
@requires(Role.REPORTER)
def export() -> Response:
    """Who has been reminded of what on which day, as a workbook."""
    week = week_or_404()
    made = sheet.workbook(actor_scope(Role.REPORTER), week, clock.now(), locale())
    name = f"don-doc-{week.year}.xlsx"
    return send_file(BytesIO(made), mimetype=XLSX, as_attachment=True, download_name=name)


@blueprint.get("/<code>")
@requires(Role.REPORTER)
def show(code: str) -> str:
    """What one unit owes, the text to send it, and what was done to reach it."""
    return _page(unit_or_404(code, Role.REPORTER))


@blueprint.post("/<code>/calls")
@requires(Role.REPORTER)
def note_call(code: str) -> Any:
    """Write down that somebody called."""
    form = CallForm()
    if not form.validate():
        return _page(unit_or_404(code, Role.REPORTER), call_form=form), 400
    with transaction():
        unit, week = unit_or_404(code, Role.REPORTER), week_or_404()
        services.note_call(
            unit, week, actor(), spoke_with=form.spoke_with.data or "",
            note=form.note.data or "", now=clock.now(),
        )  # fmt: skip
        _write_down("chasing.called", unit)
    flash(_("The call is noted on the sheet."), "ok")
    return redirect(_address(code))


@blueprint.post("/<code>/<any(plan, duty, figures, report):kind>/excuse")
@requires(Role.REPORTER)
def excuse(code: str, kind: str) -> Any:
    """The unit need not deliver it, for a reason."""
    form = ExcuseForm()
    if not form.validate():
        return _page(unit_or_404(code, Role.REPORTER), excuse_form=form, excusing=kind), 400
    with transaction():
        unit, week = unit_or_404(code, Role.REPORTER), week_or_404()
        why = form.reason.data or ""
        services.excuse(unit, week, Obligation(kind), why, actor(), now=clock.now())
        _write_down("chasing.excused", unit, reason=why)
    flash(_("%(unit)s is excused and is not reminded of it any more.", unit=unit.name), "ok")
    return redirect(_address(code))


@blueprint.post("/<code>/<any(plan, duty, figures, report):kind>/require")
@requires(Role.REPORTER)
def require(code: str, kind: str) -> Any:
    """The unit has to deliver it after all."""
    with transaction():
        unit, week = unit_or_404(code, Role.REPORTER), week_or_404()
        services.require(unit, week, Obligation(kind))
        _write_down("chasing.required", unit)
    flash(_("%(unit)s owes it again.", unit=unit.name), "ok")
    return redirect(_address(code))


def week_or_404() -> Campaign:
    """The week that the address names, else the one that is on or was last."""
    return chosen(office.weeks(), request.args.get("year", type=int)) or abort(404)


def _page(
    unit: Unit,
    *,
    call_form: CallForm | None = None,
    excuse_form: ExcuseForm | None = None,
    excusing: str = "",
) -> str:
    week, today = week_or_404(), clock.local_day(clock.now())
    owed = debts.owed_by(unit, week, today)
    public_url: str = current_app.extensions["settings"].public_url
    message = render_template(
        "reports/chasing/message.txt", unit=unit, week=week, owed=owed,
        obligations=OBLIGATIONS, public_url=public_url,
    ).strip()  # fmt: skip
    return render_template(
        "reports/chasing/show.html",
        unit=unit,
        week=week,
        owed=owed,
        message=message,
        excuses=queries.excuses(unit, week),
        events=history.history(actor_scope(Role.REPORTER), week, unit),
        obligations=OBLIGATIONS,
        said=sheet.said,
        call_form=call_form or CallForm(formdata=None),
        excuse_form=excuse_form or ExcuseForm(formdata=None),
        excusing=excusing,
    )


def _address(code: str) -> str:
    return url_for("chasing.show", code=code, year=request.args.get("year", type=int))


def _obligation(wanted: str) -> Obligation | None:
    return Obligation(wanted) if wanted in set(Obligation) else None


def _write_down(action: str, unit: Unit, **facts: object) -> None:
    audit.record(actor(), unit, action, f"unit:{unit.id}", facts, clock.now())
