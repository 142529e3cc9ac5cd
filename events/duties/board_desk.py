"""The board of duties: who has done what, who is late, who is silent; for those who look on too."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import gettext as _

from accounts.access import actor_scope, requires
from accounts.models import Role, Unit
from core import clock, sheet
from core.database import session
from core.i18n import N_
from core.navigation import Item
from core.paging import page
from events import labels
from events.duties import handing_in_views as handing_in
from events.duties import queries
from events.duties.duty_desk import (
    chosen_week,
    duty_or_404,
    duty_page,
    photo_or_404,
    unit_or_404,
)
from events.duties.state import WORDS, DutyState, Tally, state_of
from events.models import Assignment, Evidence

blueprint = Blueprint("duties_board", __name__, url_prefix="/desk/duties")

NAVIGATION = [Item(N_("Duties"), "duties_board.index", Role.OBSERVER, "desk", 25)]

PAGE = 50
UNITS = 100
"""Rows of the list of duties, and of the board, before the next page begins."""


@blueprint.get("")
@requires(Role.OBSERVER)
def index() -> str:
    """Unit by unit, how many duties are on course, done, late and silent."""
    week, under = chosen_week(), _under()
    scope, today = actor_scope(Role.OBSERVER), clock.local_day(clock.now())
    found = queries.tallies(scope, week, today, under) if week else {}
    units = {unit.id: unit for unit in _units(list(found))}
    order = sorted(
        found, key=lambda n: (-found[n].late, -found[n].silent, -found[n].total, units[n].path)
    )
    start, kept = _start(), _kept(under)
    shown = order[start : start + UNITS]
    return render_template(
        "events/duties/board.html",
        week=week,
        under=under,
        places=_places(scope),
        total=_sum(found),
        rows=[(units[number], found[number]) for number in shown],
        chases=queries.last_chases(shown, week) if week else {},
        today=today,
        kept=kept,
        earlier=_at(".index", start - UNITS, kept) if start else None,
        later=_at(".index", start + UNITS, kept) if order[start + UNITS :] else None,
        organises=bool(actor_scope(Role.ORGANISER)),
    )


@blueprint.get("/list")
@requires(Role.OBSERVER)
def listing() -> str:
    """The duties one by one, those that are due first on top."""
    week, under, unit, state = chosen_week() or abort(404), _under(), _unit(), _state()
    today = clock.local_day(clock.now())
    found = queries.duties(
        actor_scope(Role.OBSERVER), week, today, under=under, unit=unit, states=_meant(state)
    )
    start = _start()
    rows, more = page(found.offset(start), PAGE)
    kept = {**_kept(under), **({"unit": unit.code} if unit else {}), "state": state}
    return render_template(
        "events/duties/list.html",
        week=week,
        unit=unit,
        rows=rows,
        today=today,
        partners=queries.companions(rows),
        tabs=_tabs(kept),
        earlier=_at(".listing", start - PAGE, kept) if start else None,
        later=_at(".listing", start + PAGE, kept) if more else None,
        organised=actor_scope(Role.ORGANISER),
    )


@blueprint.get("/export.csv")
@requires(Role.OBSERVER)
def export() -> Response:
    """The duties as a file for a spreadsheet."""
    week, today = chosen_week(), clock.local_day(clock.now())
    scope = actor_scope(Role.OBSERVER)
    found = queries.duties(scope, week, today, under=_under()) if week else None
    rows = session().scalars(found).all() if found is not None else []
    shown = queries.evidence(rows)
    head: list[sheet.Cell] = [
        _("Unit"), _("Duty"), _("Part"), _("Plan of"), _("Due on"), _("State"), _("Received on"),
        _("Done on"), _("Note on the duty"), _("Evidence"),
    ]  # fmt: skip
    lines = [_as_line(duty, _(WORDS[state_of(duty, today)][0]), shown[duty.id]) for duty in rows]
    answer = Response(sheet.as_csv([head, *lines]), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="phan-cong.csv"'
    return answer


@blueprint.get("/<int:number>")
@requires(Role.OBSERVER)
def show(number: int) -> str:
    """One duty: who carries it, how far it is, what shows it."""
    return duty_page(duty_or_404(number, Role.OBSERVER))


@blueprint.get("/photos/<code>")
@requires(Role.OBSERVER)
def photo(code: str) -> Response:
    """A photo of a duty, for those who may see the duty."""
    found = photo_or_404(code, Role.OBSERVER)
    return handing_in.shown(found, small=request.args.get("size") == "small")


@blueprint.app_template_filter("duty_word")
def duty_word(duty: Assignment, today: date) -> tuple[str, str]:
    """How far a duty is today in a word, and its tone."""
    word, tone = WORDS[state_of(duty, today)]
    return _(word), tone


def _under() -> Unit | None:
    code = request.args.get("under", "")
    return unit_or_404(code, Role.OBSERVER) if code else None


def _unit() -> Unit | None:
    code = request.args.get("unit", "")
    return unit_or_404(code, Role.OBSERVER) if code else None


def _state() -> str:
    state = request.args.get("state", "")
    return state if state in _STATES else abort(404)


_STATES: dict[str, tuple[str, tuple[DutyState, ...]]] = {
    "": (N_("All"), ()),
    "late": (N_("Late"), (DutyState.LATE,)),
    "silent": (N_("No answer yet"), (DutyState.SILENT,)),
    "on_course": (N_("On course"), (DutyState.PLANNED, DutyState.RECEIVED)),
    "done": (N_("Done"), (DutyState.DONE,)),
    "excused": (N_("Excused"), (DutyState.EXCUSED,)),
}


def _meant(state: str) -> tuple[DutyState, ...]:
    return _STATES[state][1]


def _tabs(kept: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "label": _(name),
            "href": _at(".listing", 0, {**kept, "state": state}),
            "current": kept["state"] == state,
        }
        for state, (name, _states) in _STATES.items()
    ]


def _start() -> int:
    return min(max(0, request.args.get("start", 0, type=int)), 100_000)


def _kept(under: Unit | None) -> dict[str, str]:
    return {"under": under.code} if under else {}


def _at(endpoint: str, start: int, kept: dict[str, str]) -> str:
    wanted: dict[str, Any] = {**kept, "start": max(0, start)}
    return url_for(endpoint, **wanted)


def _units(ids: list[int]) -> list[Unit]:
    return list(session().scalars(queries.units(ids))) if ids else []


def _places(scope: Any) -> list[tuple[str, str]]:
    found = session().scalars(queries.parents(scope, clock.local_day(clock.now()))).all()
    return [("", _("All units")), *((unit.code, unit.name) for unit in found)]


def _sum(found: dict[int, Tally]) -> Tally:
    whole = Tally()
    for tally in found.values():
        for state in DutyState:
            whole.add(state.value, getattr(tally, state.value))
    return whole


def _as_line(duty: Assignment, state: str, pieces: list[Evidence]) -> list[sheet.Cell]:
    def day(moment: Any) -> str:
        return f"{clock.local(moment):%d/%m/%Y}" if moment else ""

    return [
        duty.unit.name,
        duty.duty,
        _(labels.DUTY_ROLES[duty.role]),
        duty.plan.unit.name,
        f"{duty.due_on:%d/%m/%Y}" if duty.due_on else "",
        state,
        day(duty.received_at),
        day(duty.done_at),
        duty.remark,
        len(pieces) or "",
    ]
