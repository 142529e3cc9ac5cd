"""The timetable at the desk: the week and its days, its places, and what collides."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext

from accounts.access import actor_scope, requires
from accounts.models import Role, Unit
from accounts.scope import Scope
from core import clock
from core.database import session
from core.i18n import N_
from core.navigation import Item
from core.text import folded, is_clean
from core.web import locale
from core.words import number
from events import conflicts, labels, queries
from events.conflicts import Conflict, ConflictKind
from events.models import Activity, ActivityKind, ActivityState, Campaign, Plan, Venue
from events.timetable import layout, undoing, words
from events.timetable import queries as timetable
from events.timetable.facts import gathered, near_to, of_campaign, of_plan
from events.timetable.queries import Block, Filters

blueprint = Blueprint("timetable", __name__, url_prefix="/desk/timetable")

NAVIGATION = [Item(N_("Timetable"), "timetable.index", Role.OBSERVER, "desk", 22)]

PLACES = 20
"""Places of one page."""
CONFLICTS = 50
"""Conflicts of one page."""
KEPT = ("year", "unit", "kind", "place", "person", "across", "view", "day")
"""What an address of the timetable remembers."""

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """The week, whose units, and what the reader narrowed it by."""

    week: Campaign
    scope: Scope
    filters: Filters

    def address(self, endpoint: str = "timetable.index", **changes: Any) -> str:
        """A page of the timetable with what was asked for, something of it changed."""
        kept = {name: request.args[name] for name in KEPT if request.args.get(name)}
        wanted = {k: v for k, v in {**kept, **changes}.items() if v}
        return url_for(endpoint, **wanted)


@blueprint.get("/")
@requires(Role.OBSERVER)
def index() -> str:
    """The week, or one day of it when it holds too much for one page."""
    asked = _asked()
    if asked is None:
        return render_template("events/timetable/no_week.html")
    counts = timetable.counts_by_day(asked.week, asked.scope, asked.filters)
    days = sorted({*clock.days(asked.week.starts_on, asked.week.ends_on), *counts})
    chosen = _chosen_day(days)
    by_day = request.args.get("view") == "day" or chosen is not None
    if not by_day and sum(counts.values()) <= timetable.WHOLE:
        return _week_page(asked, days, counts)
    today = clock.local_day(clock.now())
    day = chosen or next((d for d in days if d >= today and counts[d]), days[0])
    return _day_page(asked, days, counts, day)


@blueprint.get("/places")
@requires(Role.OBSERVER)
def places() -> str:
    """Each place with the days of the week across."""
    asked = _asked()
    if asked is None:
        return render_template("events/timetable/no_week.html")
    listed = timetable.places(asked.week, asked.scope, asked.filters)
    page = _page_number()
    shown = listed[(page - 1) * PLACES : page * PLACES]
    numbers = [int(choice.value) for choice in shown]
    found = timetable.blocks(asked.week, asked.scope, asked.filters, venues=numbers)
    days = sorted({*clock.days(asked.week.starts_on, asked.week.ends_on), *_days_of(found)})
    rows: dict[str, dict[date, list[Block]]] = {choice.value: {} for choice in shown}
    for block in found:
        rows[str(block.venue_id)].setdefault(block.day, []).append(block)
    facts = {**_common(asked, found, days), "days": days, "shown": shown, "rows": rows}
    facts |= _turning(asked, "timetable.places", page, -(-len(listed) // PLACES))
    return render_template("events/timetable/places.html", view="places", **facts)


@blueprint.get("/conflicts")
@requires(Role.OBSERVER)
def conflicts_list() -> str:
    """Everything that collides in the week, by time."""
    asked = _asked()
    if asked is None:
        return render_template("events/timetable/no_week.html")
    ours = of_campaign(asked.week, asked.scope)
    totals = {kind: sum(c.kind is kind for c in ours) for kind in ConflictKind}
    sort = _read("sort", ConflictKind)
    listed = [c for c in ours if sort in (None, c.kind)]
    page = _page_number()
    turning = _turning(asked, "timetable.conflicts_list", page, -(-len(listed) // CONFLICTS), sort)
    return render_template(
        "events/timetable/conflicts.html",
        view="conflicts",
        asked=asked,
        found=listed[(page - 1) * CONFLICTS : page * CONFLICTS],
        total=len(ours),
        totals=[(kind, gettext(words.NAMES[kind]), n) for kind, n in totals.items() if n],
        sort=sort,
        **turning,
    )


def _week_page(asked: Asked, days: list[date], counts: Mapping[date, int]) -> str:
    found = timetable.blocks(asked.week, asked.scope, asked.filters)
    grid = layout.week_grid(found, days)
    facts = {**_common(asked, found, grid.days), "grid": grid, "days": days, "counts": counts}
    return render_template("events/timetable/week.html", view="week", **facts)


def _day_page(asked: Asked, days: list[date], counts: Mapping[date, int], day: date) -> str:
    found = timetable.blocks(asked.week, asked.scope, asked.filters, days=[day])
    across = "units" if request.args.get("across") == "units" else "places"
    column_of = layout.by_unit if across == "units" else layout.by_place
    page = _page_number()
    grid = layout.day_grid(found, column_of, page)
    facts = {**_common(asked, grid.blocks, [day]), "grid": grid, "days": days, "counts": counts}
    facts |= _turning(asked, "timetable.index", page, grid.pages)
    return render_template(
        "events/timetable/day.html", view="day", day=day, across=across, total=len(found), **facts
    )


def _common(asked: Asked, found: Sequence[Block], days: Sequence[date]) -> dict[str, Any]:
    """What every page of blocks shows: choices, seats, conflicts, which may be moved."""
    now = clock.now()
    edits = actor_scope(Role.ORGANISER)
    told = told_conflicts(asked.week, asked.scope, found, days)
    return {
        "asked": asked,
        "choices": {
            "unit": timetable.units(asked.week, asked.scope),
            "place": timetable.places(asked.week, asked.scope),
            "person": timetable.people(asked.week, asked.scope),
        },
        "kinds": [(kind.value, gettext(name)) for kind, name in labels.KINDS.items()],
        "registered": timetable.registered(found),
        "told": told,
        "colliding": len({conflict.key for one in told.values() for conflict in one}),
        "movable": {
            block.id
            for block in found
            if block.state is not ActivityState.CANCELLED
            and block.last_at > now
            and any(block.path.startswith(path) for path in edits.paths)
        },
        "today": clock.local_day(now),
    }


def told_conflicts(
    week: Campaign, scope: Scope, found: Iterable[Block], days: Sequence[date]
) -> dict[int, list[Conflict]]:
    """The conflicts of what is shown, by activity."""
    contacts = {block.id: block.contact for block in found}
    wanted = contacts.keys()
    if not wanted:
        return {}
    since, until = clock.at(min(days)), clock.at(max(days) + timedelta(days=1))
    by_number = any(conflicts.has_number(contact) for contact in contacts.values())
    near = near_to(Activity.id.in_(wanted), by_number=by_number)
    facts = gathered(week, scope, since=since, until=until, near=near)
    listed = conflicts.by_activity(conflicts.found(facts))
    return {number: listed[number] for number in wanted if number in listed}


def _asked() -> Asked | None:
    year = _read("year", int)
    if year is None:
        week = session().scalar(queries.week_on_or_next(clock.local_day(clock.now())))
    else:
        week = session().scalar(queries.week_of(year)) if 1900 < year < 2200 else None
        week = week or abort(404)
    if week is None:
        return None
    scope = actor_scope(Role.OBSERVER)
    person = request.args.get("person", "")
    if not is_clean(person) or len(person) > 200:
        abort(400)
    filters = Filters(
        unit=_read("unit", lambda code: _unit(scope, code)),
        kind=_read("kind", ActivityKind),
        place=_read("place", _venue),
        person=folded(person),
    )
    return Asked(week, scope, filters)


def _read(name: str, read: Callable[[str], T]) -> T | None:
    """What the address asks for, read; 404 when there is no such thing."""
    text = request.args.get(name, "")
    if not text:
        return None
    if not is_clean(text) or len(text) > 200:
        abort(404)
    try:
        return read(text)
    except (ValueError, LookupError):
        abort(404)


def _unit(scope: Scope, code: str) -> Unit:
    found = session().scalar(sa.select(Unit).where(Unit.code == code, scope.condition()))
    return found or abort(404)


def _venue(text: str) -> Venue:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise ValueError(text)
    return session().get(Venue, int(text)) or abort(404)


def _chosen_day(days: Sequence[date]) -> date | None:
    """The day asked for; one outside the week and without sittings is not there."""
    day = _read("day", date.fromisoformat)
    if day is not None and day not in days:
        abort(404)
    return day


def _days_of(found: Iterable[Block]) -> set[date]:
    return {block.day for block in found}


def _page_number() -> int:
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) < 5 and int(text)):
        abort(404)
    return int(text)


def _turning(
    asked: Asked, endpoint: str, page: int, pages: int, sort: ConflictKind | None = None
) -> dict[str, Any]:
    """Where the pages before and after this one are."""

    def at(number: int) -> str | None:
        return asked.address(endpoint, page=number, sort=sort) if 1 <= number <= pages else None

    return {"page": page, "pages": pages, "earlier": at(page - 1), "later": at(page + 1)}


@blueprint.app_template_global("moved_from")
def moved_from() -> undoing.Former | None:
    """How what was just moved stood before, for the page that one comes back to."""
    asked = request.args
    return undoing.former(actor_scope(Role.ORGANISER), asked.get("moved", ""), asked.get("was", ""))


@blueprint.app_template_filter("standing_mark")
def standing_mark(activity: Activity) -> str:
    """How an activity stands now, for an address that leads back."""
    return undoing.mark(activity)


@blueprint.app_template_global("plan_conflicts")
def plan_conflicts(plan: Plan, shown: Iterable[Activity]) -> list[Conflict]:
    """What the activities that a page of a plan shows collide with."""
    return of_plan(plan, actor_scope(Role.OBSERVER), {activity.id for activity in shown})


@blueprint.app_template_filter("conflict_name")
def conflict_name(conflict: Conflict) -> str:
    """The kind of a conflict in the reader's language."""
    return gettext(words.NAMES[conflict.kind])


@blueprint.app_template_filter("conflict_marks")
def conflict_marks(found: Iterable[Conflict]) -> list[str]:
    """The kinds of the conflicts of one activity in a word or two, each with its number."""
    totals = Counter(conflict.kind for conflict in found)
    return [
        gettext(words.SHORT[kind]) + (f" ({total})" if total > 1 else "")
        for kind, total in totals.items()
    ]


@blueprint.app_template_filter("conflict_sentence")
def conflict_sentence(conflict: Conflict) -> str:
    """What collides, in the reader's language, told about its first activity."""
    return words.sentence(conflict, gettext, lambda value: number(value, locale()))
