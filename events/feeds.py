"""Calendars to subscribe to: of a week, a unit with all below it, a kind, one activity.

They are asked for again and again by machines, so an unchanged one is told
by three short questions, and a changed one is read without building objects.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, request
from sqlalchemy.sql.elements import ColumnElement
from werkzeug.wrappers import Response

from accounts.models import Unit
from accounts.scope import subtree
from core.database import session
from core.i18n import DEFAULT_LOCALE, translate
from core.settings import Settings
from core.text import is_clean
from events import ical, labels, queries
from events.ical import Entry
from events.models import UNATTENDED, Activity, ActivityKind, Plan, Session, Venue

blueprint = Blueprint("feeds", __name__, url_prefix="/calendar")

Which = Sequence[ColumnElement[bool]]
"""Which activities a calendar holds."""

PUBLIC: Which = [Activity.state.in_(queries.PUBLIC), Activity.kind.not_in(UNATTENDED)]
_ATTENDED = {kind.value for kind in ActivityKind if kind not in UNATTENDED}
KEPT, LONG = 16, 100_000
"""How many calendars a process remembers, and from how many bytes on it is worth it."""


@blueprint.get("/weeks/<int:year>.ics")
def week(year: int) -> Response:
    """Everything of one week."""
    found = session().scalar(queries.week_of(year)) or abort(404)
    plans = sa.select(Plan.id).where(Plan.campaign_id == found.id)
    return answer([*PUBLIC, Activity.plan_id.in_(plans)], found.title, f"tuan-le-{year}")


@blueprint.get("/units/<code>.ics")
def unit(code: str) -> Response:
    """What a unit and all below it hold, year after year."""
    found = session().scalar(sa.select(Unit).where(Unit.code == code)) if is_clean(code) else None
    if found is None:
        abort(404)
    below = subtree(found).owns(Activity.unit_id)
    return answer([*PUBLIC, below], found.name, f"don-vi-{found.id}")


@blueprint.get("/kinds/<kind>.ics")
def kind(kind: str) -> Response:
    """All activities of one kind, year after year."""
    if kind not in _ATTENDED:
        abort(404)
    name = translate(labels.KINDS[ActivityKind(kind)], DEFAULT_LOCALE)
    return answer([*PUBLIC, Activity.kind == ActivityKind(kind)], name, f"loai-{kind}")


@blueprint.get("/activities/<slug>.ics")
def activity(slug: str) -> Response:
    """One activity, to put into one's own calendar."""
    found = session().scalar(queries.public_activity(slug)) if is_clean(slug) else None
    if found is None:
        abort(404)
    return answer([Activity.id == found.id, PUBLIC[0]], found.title, found.slug)


def answer(
    which: Which, name: str, file_name: str, tentative: frozenset[int] = frozenset()
) -> Response:
    """The calendar, or only the word that it has not changed."""
    response = current_app.response_class(content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{file_name}.ics"'
    response.headers["Cache-Control"] = "no-cache"
    stamp = _stamp(which, name, tentative)
    response.set_etag(stamp)
    response.make_conditional(request)
    if response.status_code != HTTPStatus.NOT_MODIFIED:
        response.set_data(
            _remembered(
                stamp, lambda: ical.calendar(entries(which, tentative), name, _public_url())
            )
        )
    return response


def subscription(path: str) -> str:
    """The address under which a calendar program keeps a calendar up to date."""
    public = urlsplit(_public_url())
    return f"webcal://{public.netloc}{path}"


blueprint.add_app_template_global(subscription, "subscription")


_kept: dict[str, bytes] = {}


def _remembered(stamp: str, write: Callable[[], bytes]) -> bytes:
    """The calendar with this stamp; a long one is written once."""
    known = _kept.get(stamp)
    if known is not None:
        return known
    written = write()
    if len(written) > LONG:
        if len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[stamp] = written
    return written


def _stamp(which: Which, name: str, tentative: frozenset[int]) -> str:
    """What tells this state of a calendar from every other."""
    told_by = sa.func
    rows = session().execute(
        sa.select(
            told_by.count(), told_by.sum(Activity.id), told_by.sum(Activity.revision),
            told_by.max(Activity.changed_at),
        ).where(*which)
    ).one()  # fmt: skip
    places = sa.select(Activity.venue_id).where(*which)
    hosts = sa.select(Activity.unit_id).where(*which)
    venues = sa.select(Venue.name, Venue.address).where(Venue.id.in_(places)).order_by(Venue.id)
    units = sa.select(Unit.name).where(Unit.id.in_(hosts)).order_by(Unit.id)
    facts = (
        name,
        _public_url(),
        sorted(tentative),
        tuple(rows),
        [tuple(row) for row in session().execute(venues)],
        list(session().scalars(units)),
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def entries(which: Which, tentative: frozenset[int] = frozenset()) -> list[Entry]:
    """What calendars are told of these activities, by time; two questions, however many."""
    spans = defaultdict(list)
    of_these = Session.activity_id.in_(sa.select(Activity.id).where(*which))
    sat = sa.select(Session.activity_id, Session.starts_at, Session.ends_at).where(of_these)
    for number, starts_at, ends_at in session().execute(sat.order_by(Session.starts_at)):
        spans[number].append((starts_at, ends_at))
    venue = sa.func.coalesce(Venue.name, "").label("venue")
    told = (
        Activity.id, Activity.slug, Activity.title, Activity.summary, Activity.format,
        Activity.state, Activity.cancelled_reason, Activity.revision, Activity.created_at,
        Activity.changed_at, sa.func.coalesce(Venue.address, "").label("address"),
        Unit.name.label("host"),
    )  # fmt: skip
    found = (
        sa.select(venue, Activity.place, *told)
        .join(Unit, Unit.id == Activity.unit_id)
        .outerjoin(Venue, Venue.id == Activity.venue_id)
        .where(*which)
        .order_by(Activity.starts_at, Activity.id)
    )
    names = [column.key for column in told]
    read = []
    for venue_name, place, number, *facts in session().execute(found):
        where = ", ".join(name for name in (venue_name, place) if name)
        known = dict(zip(names, (number, *facts), strict=True))
        waits = number in tentative
        read.append(Entry(**known, where=where, spans=spans[number], is_tentative=waits))
    return read


def _public_url() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.public_url
