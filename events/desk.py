"""Where organisers begin: what to do next, and the list of their activities."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import gettext as _

from accounts import audit
from accounts.access import actor_scope, requires
from accounts.models import Role
from accounts.scope import Scope
from core import clock, sheet
from core.database import session
from core.i18n import N_
from core.navigation import Item
from core.paging import page
from core.text import folded, is_clean
from events import cursor, labels, programme, queries
from events.duties import queries as duty_queries
from events.duties.state import DutyState
from events.models import (
    UNATTENDED,
    Activity,
    ActivityKind,
    ActivityState,
    Campaign,
    Plan,
    PlanState,
)
from events.slots import slots

blueprint = Blueprint("events_desk", __name__, url_prefix="/desk")

NAVIGATION = [
    Item(N_("What to do next"), "events_desk.home", Role.ORGANISER, "desk", 10),
    Item(N_("Activities"), "events_desk.activities", Role.OBSERVER, "desk", 20),
]

PAGE = 50
"""Rows of a list before the next page begins."""

audit.name(
    {
        "activity.created": N_("Activity created"),
        "activity.edited": N_("Activity edited"),
        "activity.released": N_("Activity released"),
        "activity.taken_back": N_("Activity taken back to a draft"),
        "activity.cancelled": N_("Activity called off"),
        "activity.moved": N_("Activity moved"),
        "activity.copied": N_("Activity copied"),
        "evidence.added": N_("Evidence added"),
        "evidence.removed": N_("Evidence removed"),
        "plan.started": N_("Plan begun"),
        "plan.edited": N_("Plan edited"),
        "plan.released": N_("Plan issued"),
        "plan.copied": N_("Earlier plan taken over"),
        "duty.assigned": N_("Duty assigned"),
        "duty.received": N_("Duty received"),
        "duty.done": N_("Duty done"),
        "duty.reopened": N_("Duty opened again"),
        "duty.withdrawn": N_("Duty taken out"),
        "week.created": N_("Week set up"),
        "week.edited": N_("Week changed"),
        "venue.created": N_("Venue added"),
        "venue.edited": N_("Venue changed"),
    }
)


@blueprint.get("/")
@requires(Role.ORGANISER)
def home() -> str:
    """What to do next for my units."""
    now = clock.now()
    scope = actor_scope(Role.ORGANISER)
    week = session().scalar(queries.week_on_or_next(clock.local_day(now)))
    if week is None:
        return render_template("events/desk/no_week.html", may_set_up=bool(actor_scope(Role.ADMIN)))
    states = _states(scope, week)
    today = clock.local_day(now)
    tallies = duty_queries.tallies(scope, week, today, None).values()
    late = duty_queries.duties(scope, week, today, states=[DutyState.LATE]).limit(6)
    coming = session().scalars(
        _of_week(queries.activities(scope), week)
        .where(Activity.state == ActivityState.RELEASED, Activity.ends_at > now)
        .where(Activity.kind.not_in(UNATTENDED))
        .limit(6)
    )
    drafts = session().scalars(
        _of_week(queries.activities(scope), week)
        .where(Activity.state == ActivityState.DRAFT)
        .limit(6)
    )
    return render_template(
        "events/desk/home.html",
        week=week,
        deadlines=week.deadlines,
        states=states,
        drafts=drafts.all(),
        coming=coming.all(),
        late=session().scalars(late).all(),
        late_total=sum(tally.late for tally in tallies),
        plans=session().scalars(queries.plans(scope, week).limit(6)).unique().all(),
    )


@blueprint.get("/activities")
@requires(Role.OBSERVER)
def activities() -> str:
    """All activities of my units, with filter, search and pages."""
    scope = actor_scope(Role.OBSERVER)
    week = _chosen_week()
    found = _listed(scope, week)
    rows, earlier, later = _page(found)
    ids = [row.id for row in rows]
    weeks = session().scalars(queries.weeks()).all()
    kept = {k: request.args[k] for k in ("q", "state", "kind", "year") if request.args.get(k)}
    return render_template(
        "events/desk/activities.html",
        rows=rows,
        week=week,
        weeks=weeks,
        year_choices=[(week.year, week.title) for week in weeks],
        registered=slots.registered(ids),
        attended=slots.attendances(ids),
        kept=kept,
        kind_choices=[("", _("All")), *((k.value, _(name)) for k, name in labels.KINDS.items())],
        earlier=_list_at(kept, before=earlier),
        later=_list_at(kept, after=later),
        tabs=_state_tabs(scope, week, kept),
        export=_address("events_desk.export", kept),
        may_add=bool(actor_scope(Role.ORGANISER)),
    )


@blueprint.get("/activities.csv")
@requires(Role.OBSERVER)
def export() -> Response:
    """The same list as a file for a spreadsheet."""
    week = _chosen_week()
    rows = session().scalars(_listed(actor_scope(Role.OBSERVER), week)).all()
    ids = [row.id for row in rows]
    registered, attended = slots.registered(ids), slots.attendances(ids)
    head: list[sheet.Cell] = [
        _("Name of the activity"), _("Kind of activity"), _("State"), _("Begins at"),
        _("Ends at"), _("Place"), _("Held by"), _("Person in charge"), _("Seats"),
        _("Registered"), _("Attendances"), _("Address"),
    ]  # fmt: skip
    lines = [_as_line(row, registered.get(row.id, ""), attended.get(row.id, "")) for row in rows]
    answer = Response(sheet.as_csv([head, *lines]), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="hoat-dong.csv"'
    return answer


@blueprint.app_template_filter("state_badge")
def state_badge(value: Any) -> tuple[str, str]:
    """The state of an activity or a plan in a word, and its tone."""
    word, tone = labels.PLAN_STATES[value] if isinstance(value, PlanState) else labels.STATES[value]
    return _(word), tone


@blueprint.app_template_filter("counting_label")
def counting_label(value: Any) -> str:
    """How people are counted, in the reader's language."""
    return _(labels.COUNTINGS[value])


@blueprint.app_template_filter("role_label")
def role_label(value: Any) -> str:
    """What a unit does about a duty, in the reader's language."""
    return _(labels.DUTY_ROLES[value])


@blueprint.app_template_filter("deadline_label")
def deadline_label(value: Any) -> str:
    """What is owed at a deadline, in the reader's language."""
    return _(labels.DEADLINES[value])


def _as_line(row: Activity, registered: sheet.Cell, attended: sheet.Cell) -> list[sheet.Cell]:
    return [
        row.title,
        _(labels.KINDS[row.kind]),
        _(labels.STATES[row.state][0]),
        f"{clock.local(row.starts_at):%d/%m/%Y %H:%M}",
        f"{clock.local(row.ends_at):%d/%m/%Y %H:%M}",
        row.where,
        row.unit.name,
        row.contact,
        row.seats or "",
        registered,
        attended,
        row.path,
    ]


def _chosen_week() -> Campaign | None:
    year = request.args.get("year", "")
    if not year:
        return session().scalar(queries.week_on_or_next(clock.local_day(clock.now())))
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        abort(404)
    return session().scalar(queries.week_of(int(year))) or abort(404)


def _of_week(found: sa.Select[Activity], week: Campaign | None) -> sa.Select[Activity]:
    if week is None:
        return found.where(sa.false())
    return found.join(Activity.plan).where(Plan.campaign_id == week.id)


def _listed(scope: Scope, week: Campaign | None) -> sa.Select[Activity]:
    found = _of_week(queries.activities(scope), week)
    words, state, kind = (request.args.get(name, "") for name in ("q", "state", "kind"))
    if not is_clean(words) or len(words) > 200:
        abort(400)
    try:
        if state:
            found = found.where(Activity.state == ActivityState(state))
        if kind:
            found = found.where(Activity.kind == ActivityKind(kind))
    except ValueError:
        abort(404)
    if folded(words):
        found = found.where(programme.matching(words))
    return found


def _page(
    found: sa.Select[Activity],
) -> tuple[Sequence[Activity], cursor.Cursor | None, cursor.Cursor | None]:
    """One page of the list, and where the page before and the page after it begin."""
    column = (Activity.starts_at, Activity.id)
    try:
        after, before = (
            cursor.read(request.args[name]) if request.args.get(name) else None
            for name in ("after", "before")
        )
    except cursor.NotACursor:
        abort(404)
    if before:
        backwards = found.where(cursor.before(before, *column)).order_by(None)
        backwards = backwards.order_by(Activity.starts_at.desc(), Activity.id.desc())
        rows, more = page(backwards, PAGE)
        rows = rows[::-1]
        earlier, later = (_at(rows, 0) if more else None), _at(rows, -1)
    else:
        onwards = found.where(cursor.after(after, *column)) if after else found
        rows, more = page(onwards, PAGE)
        earlier, later = (_at(rows, 0) if after else None), (_at(rows, -1) if more else None)
    return rows, earlier, later


def _at(rows: Sequence[Activity], index: int) -> cursor.Cursor | None:
    return cursor.Cursor(rows[index].starts_at, rows[index].id) if rows else None


def _states(scope: Scope, week: Campaign | None) -> dict[ActivityState, int]:
    found = _of_week(sa.select(Activity).where(scope.owns(Activity.unit_id)), week)
    counted = found.with_only_columns(Activity.state, sa.func.count()).group_by(Activity.state)
    return {state: number for state, number in session().execute(counted)}  # noqa: C416


def _state_tabs(scope: Scope, week: Campaign | None, kept: dict[str, str]) -> list[dict[str, Any]]:
    counts = _states(scope, week)
    chosen = kept.get("state", "")
    rest = {k: v for k, v in kept.items() if k != "state"}
    tabs = [(_("All"), "", sum(counts.values()))]
    tabs += [(_(labels.STATES[s][0]), s.value, counts.get(s, 0)) for s in ActivityState]
    return [
        {
            "label": label,
            "href": _address("events_desk.activities", {**rest, **({"state": v} if v else {})}),
            "current": v == chosen,
            "total": number,
        }
        for label, v, number in tabs
    ]


def _address(endpoint: str, wanted: dict[str, Any]) -> str:
    return url_for(endpoint, **wanted)


def _list_at(kept: dict[str, str], **place: cursor.Cursor | None) -> str | None:
    if not any(place.values()):
        return None
    return _address("events_desk.activities", {**kept, **place})
