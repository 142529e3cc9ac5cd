"""The public programme."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext

from accounts.models import Unit
from core import clock
from core.database import session
from core.text import folded, is_clean
from events import cursor, labels, movements, programme, queries
from events.models import ActivityKind, Campaign, CampaignKind, Theme, Venue
from events.programme import Filters
from events.slots import slots

blueprint = Blueprint("events", __name__)

T = TypeVar("T")

LONGEST_WORDS = 200
"""Letters of a search; nobody types more."""


@blueprint.get("/")
def index() -> str:
    """The week that is on or comes next."""
    week = session().scalar(queries.week_on_or_next(clock.local_day(clock.now())))
    if week is None:
        found = session().scalars(movements.public_campaigns())
        return render_template("events/no_week.html", movements=found.all())
    return _programme_page(week, "events.index", {})


@blueprint.get("/weeks/<int:year>/")
def week(year: int) -> str:
    """The programme of one year."""
    return _programme_page(_week_or_404(year), "events.week", {"year": year})


@dataclass(frozen=True)
class Addresses:
    """Addresses of the programme that keep what the visitor asked for."""

    endpoint: str
    fixed: Mapping[str, Any]
    asked: Mapping[str, str]

    def __call__(self, **changes: str | None) -> str:
        """The same page with something changed; None takes it away."""
        kept = {**self.asked, **changes}
        wanted: dict[str, Any] = {name: value for name, value in kept.items() if value}
        return url_for(self.endpoint, **self.fixed, **wanted)


def _programme_page(week: Campaign, endpoint: str, fixed: Mapping[str, Any]) -> str:
    filters = _filters()
    total = programme.total(week, filters)
    counts = programme.counts_by_day(week, filters)
    all_days = sorted({*clock.days(week.starts_on, week.ends_on), *counts})
    today = clock.local_day(clock.now())
    day = _asked(lambda text: _day_of(text, all_days), "day")
    if day is None and total > programme.WHOLE:
        day = next((d for d in all_days if d >= today and counts[d]), all_days[0])
    after = _asked(cursor.read, "after") if day else None
    found, more = programme.rows(week, filters, day, after)
    ahead, over = ([day], []) if day else programme.in_reading_order(counts, today)
    names = ("unit", "kind", "theme", "place", "q", "day")
    asked = {name: request.args[name] for name in names if request.args.get(name)}
    shown = programme.days(found, [*ahead, *over])
    others = [c for c in session().scalars(movements.public_campaigns()) if c.id != week.id]
    return render_template(
        "events/programme.html",
        week=week,
        is_over=week.ends_on < today,
        attended=_attended(found) if week.ends_on < today and not (filters or day) else 0,
        filters=filters,
        address=Addresses(endpoint, fixed, asked),
        total=total,
        counts=counts,
        all_days=all_days,
        whole=total <= programme.WHOLE,
        day=day,
        today=today,
        ahead=shown[: len(ahead)],
        over=shown[len(ahead) :],
        more=more,
        choices=_choices(week),
        unattended=[] if filters or day else programme.unattended(week),
        other_weeks=[c for c in others if c.kind is CampaignKind.WEEK],
        movements=[c for c in others if c.kind is CampaignKind.MOVEMENT],
    )


def _attended(rows: Sequence[programme.Row]) -> int:
    """How many attendances the activities of these rows had together."""
    return sum(slots.attendances(sorted({row.id for row in rows})).values())


def _choices(week: Campaign) -> dict[str, list[tuple[str, str, int]]]:
    kinds = dict(programme.kinds(week))
    themes = dict(programme.themes(week))
    return {
        "kind": [(k, gettext(labels.KINDS[k]), kinds[k]) for k in ActivityKind if k in kinds],
        "theme": [(t, gettext(labels.THEMES[t]), themes[t]) for t in Theme if t in themes],
        "unit": [(f.value, f.label, f.total) for f in programme.units(week)],
        "place": [(f.value, f.label, f.total) for f in programme.places(week)],
    }


def _filters() -> Filters:
    words = request.args.get("q", "")
    if not is_clean(words) or len(words) > LONGEST_WORDS:
        abort(400)
    return Filters(
        unit=_asked(_unit_or_404, "unit"),
        kind=_asked(ActivityKind, "kind"),
        theme=_asked(Theme, "theme"),
        place=_asked(_venue_or_404, "place"),
        words=folded(words),
    )


def _asked(read: Callable[[str], T], name: str) -> T | None:
    """What the address asks for, read; 404 when there is no such thing."""
    text = request.args.get(name, "")
    if not text:
        return None
    try:
        return read(text)
    except ValueError:
        abort(404)


def _day_of(text: str, all_days: list[date]) -> date:
    day = date.fromisoformat(text)
    if day not in all_days:
        raise ValueError(text)
    return day


def _week_or_404(year: int) -> Campaign:
    return session().scalar(queries.week_of(year)) or abort(404)


def _unit_or_404(code: str) -> Unit:
    found = session().scalar(sa.select(Unit).where(Unit.code == code)) if is_clean(code) else None
    return found or abort(404)


def _venue_or_404(number: str) -> Venue:
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        abort(404)
    return session().get(Venue, int(number)) or abort(404)


@blueprint.app_template_filter("kind_label")
def kind_label(value: Any) -> str:
    """The kind of an activity in the reader's language."""
    return gettext(labels.KINDS[value])


@blueprint.app_template_filter("theme_label")
def theme_label(value: Any) -> str:
    """A theme in the reader's language."""
    return gettext(labels.THEMES[value])


@blueprint.app_template_filter("format_label")
def format_label(value: Any) -> str:
    """In person, online or both, in the reader's language."""
    return gettext(labels.FORMATS[value])


@blueprint.app_template_filter("audience_label")
def audience_label(value: Any) -> str:
    """Who may come, in the reader's language."""
    return gettext(labels.AUDIENCES[value])


@blueprint.app_template_filter("weekday")
def weekday(value: date | datetime) -> str:
    """The day of the week in the reader's language."""
    day = clock.local_day(value) if isinstance(value, datetime) else value
    return gettext(labels.WEEKDAYS[day.weekday()])


@blueprint.app_template_filter("weekday_short")
def weekday_short(value: date) -> str:
    """The day of the week in two or three letters."""
    return gettext(labels.WEEKDAYS_SHORT[value.weekday()])
