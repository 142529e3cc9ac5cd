"""What changed, for everyone: a page for the week, one for each plan, and a feed."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock
from core.database import session
from core.i18n import N_
from core.settings import Settings
from core.text import is_clean
from core.web import locale
from events import cursor, labels, movements
from events import queries as programme
from events.models import (
    ActivityKind,
    Audience,
    Campaign,
    Counting,
    Format,
    Plan,
    PlanState,
    Theme,
)
from events.releases import queries
from events.releases.models import Release
from events.releases.spans import Span

blueprint = Blueprint("releases", __name__)

PAGE = 20
"""Versions on a page before the next one begins."""
FEED = 50
"""Versions in a feed; readers have kept the ones before."""

FIELDS = {
    "when": N_("When"),
    "place": N_("Place"),
    "title": N_("Name of the activity"),
    "kind": N_("Kind of activity"),
    "unit": N_("Held by"),
    "format": N_("Format"),
    "audience": N_("For whom"),
    "invited": N_("Units invited"),
    "themes": N_("Themes"),
    "seats": N_("Seats"),
    "summary": N_("What it is about"),
    "contact": N_("Person in charge"),
    "join_link": N_("Link to join online"),
    "counting": N_("How people are counted"),
    "opens_before": N_("Doors open, minutes before"),
    "closes_after": N_("Doors close, minutes after"),
    "venue": N_("Venue"),
    "starts_at": N_("Begins at"),
    "ends_at": N_("Ends at"),
}
WHATS = {
    "new": (N_("New"), "ok"),
    "moved": (N_("Rescheduled"), "warn"),
    "changed": (N_("Changed"), "info"),
    "cancelled": (N_("Cancelled"), "stop"),
    "withdrawn": (N_("Taken out"), "plain"),
}
"""What became of an activity in a word, with the tone that a badge shows it in."""


@blueprint.url_defaults
def _of_a_week(_endpoint: str, values: dict[str, Any]) -> None:
    """Where nothing else is said, a week is meant."""
    values.setdefault("run", "weeks")


@blueprint.get("/<any(weeks, movements):run>/<int:year>/changes")
def week(run: str, year: int) -> str:
    """What changed in the programme of a week or a movement."""
    return _page(campaign_or_404(run, year), None)


@blueprint.get("/<any(weeks, movements):run>/<int:year>/changes/<code>")
def plan(run: str, year: int, code: str) -> str:
    """The versions of one unit's plan."""
    campaign = campaign_or_404(run, year)
    return _page(campaign, plan_or_404(campaign, code))


@blueprint.get("/<any(weeks, movements):run>/<int:year>/changes.atom")
def feed(run: str, year: int) -> Response:
    """The same as a feed, of the week or of one unit's plan."""
    campaign = campaign_or_404(run, year)
    code = request.args.get("unit", "")
    chosen = plan_or_404(campaign, code) if code else None
    versions = session().scalars(queries.versions(campaign, chosen).limit(FEED)).all()
    since, off = queries.since(campaign, chosen), queries.called_off(campaign, chosen)
    response = current_app.response_class(content_type="application/atom+xml; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Cookie"
    response.set_etag(_etag(versions, since, off, campaign, chosen))
    answer = response.make_conditional(request)
    if answer.status_code != HTTPStatus.NOT_MODIFIED:
        answer.set_data(_atom(campaign, chosen, versions, since, off))
    return answer


def _page(campaign: Campaign, chosen: Plan | None) -> str:
    after = _after()
    found = queries.versions(campaign, chosen)
    if after:
        older = cursor.before(after, Release.released_at, Release.id)
        found = found.where(older)
    rows = session().scalars(found.limit(PAGE + 1)).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return render_template(
        "events/releases/changes.html",
        week=campaign,
        plan=chosen,
        versions=rows[:PAGE],
        off=[] if after else queries.called_off(campaign, chosen),
        since=[] if after else queries.since(campaign, chosen),
        more=cursor.Cursor(last.released_at, last.id) if last else None,
        is_first_page=after is None,
    )


def _after() -> cursor.Cursor | None:
    text = request.args.get("after", "")
    try:
        return cursor.read(text) if text else None
    except cursor.NotACursor:
        abort(404)


def _etag(
    versions: Sequence[Release],
    since: Sequence[queries.AtOnce],
    off: Sequence[Plan],
    campaign: Campaign,
    chosen: Plan | None,
) -> str:
    told: Any = (
        locale(),
        _public_url(),
        campaign.title,
        chosen.title if chosen else "",
        [(row.id, row.plan.unit.name, row.plan.title) for row in versions],
        [(one.at.isoformat(), sorted(one.change.items())) for one in since],
        [(one.id, one.cancelled_at, one.cancelled_reason) for one in off],
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def _atom(
    campaign: Campaign,
    chosen: Plan | None,
    versions: Sequence[Release],
    since: Sequence[queries.AtOnce],
    off: Sequence[Plan],
) -> str:
    moments = [one.at for one in since] + [row.released_at for row in versions]
    moments += [one.cancelled_at for one in off if one.cancelled_at]
    return render_template(
        "events/releases/feed.xml",
        week=campaign,
        plan=chosen,
        versions=versions,
        since=since,
        off=off,
        updated=max(moments, default=clock.at(campaign.starts_on)),
        public_url=_public_url(),
    )


def _public_url() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.public_url


def campaign_or_404(run: str, year: int) -> Campaign:
    """The week of a year, or the movement that begins in it."""
    of_year = {"weeks": programme.week_of, "movements": movements.movement_of}
    return session().scalar(of_year[run](year)) or abort(404)


def plan_or_404(campaign: Campaign, code: str) -> Plan:
    """The plan of a unit, once the public may know that there is one."""
    found = session().scalar(queries.plan_of(campaign, code)) if is_clean(code) else None
    if found is None or (found.state is PlanState.DRAFT and not found.version):
        abort(404)
    return found


@blueprint.app_template_filter("as_span")
def as_span(value: Sequence[str]) -> Span:
    """Two moments as a version keeps them."""
    return Span(datetime.fromisoformat(value[0]), datetime.fromisoformat(value[1]))


@blueprint.app_template_filter("field_label")
def field_label(name: str) -> str:
    """What a field of an activity is called, in the reader's language."""
    return _(FIELDS.get(name, name))


@blueprint.app_template_filter("what_badge")
def what_badge(what: str) -> tuple[str, str]:
    """What became of an activity in a word, and its tone."""
    word, tone = WHATS[what]
    return _(word), tone


@blueprint.app_template_filter("field_value")
def field_value(value: Any, name: str) -> str:
    """The value of a field of an activity, in the reader's language."""
    if name == "themes":
        return ", ".join(_(labels.THEMES[Theme(one)]) for one in value) or _("none")
    if value is None or value == "":
        return _("none")
    named = {
        "kind": lambda: labels.KINDS[ActivityKind(value)],
        "format": lambda: labels.FORMATS[Format(value)],
        "audience": lambda: labels.AUDIENCES[Audience(value)],
        "counting": lambda: labels.COUNTINGS[Counting(value)],
    }
    return _(named[name]()) if name in named else str(value)
