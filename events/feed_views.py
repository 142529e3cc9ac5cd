"""Calendars to subscribe to: of a week, a unit with all below it, a kind, one activity."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, request
from werkzeug.wrappers import Response

from accounts.models import Unit
from core.database import session
from core.i18n import DEFAULT_LOCALE, translate
from core.settings import Settings
from core.text import is_clean
from events import feeds, ical, labels
from events.models import UNATTENDED, ActivityKind

blueprint = Blueprint("feeds", __name__, url_prefix="/calendar")

_ATTENDED = {kind.value for kind in ActivityKind if kind not in UNATTENDED}
FAR = 10_000
"""A year that no database need be asked for."""
KEPT, LONG = 16, 100_000
"""How many calendars a process remembers, and from how many bytes on it is worth it."""


@blueprint.get("/weeks/<int:year>.ics")
def week(year: int) -> Response:
    """Everything of one week."""
    return answer(feeds.of_week(year), f"tuan-le-{year}") if year < FAR else abort(404)


@blueprint.get("/units/<code>.ics")
def unit(code: str) -> Response:
    """What a unit and all below it hold, year after year."""
    found = session().scalar(sa.select(Unit).where(Unit.code == code)) if is_clean(code) else None
    if found is None:
        abort(404)
    return answer(feeds.of_unit(found), f"don-vi-{found.id}")


@blueprint.get("/kinds/<kind>.ics")
def kind(kind: str) -> Response:
    """All activities of one kind, year after year."""
    if kind not in _ATTENDED:
        abort(404)
    name = translate(labels.KINDS[ActivityKind(kind)], DEFAULT_LOCALE)
    return answer(feeds.of_kind(ActivityKind(kind), name), f"loai-{kind}")


@blueprint.get("/activities/<slug>.ics")
def activity(slug: str) -> Response:
    """One activity, to put into one's own calendar."""
    return answer(feeds.of_activity(slug), slug) if is_clean(slug) else abort(404)


def answer(feed: feeds.Feed, file_name: str) -> Response:
    """The calendar, or only the word that it has not changed."""
    state = feeds.state(feed, _public_url())
    if state is None:
        abort(404)
    response = current_app.response_class(content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{file_name}.ics"'
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(state.stamp)
    response.make_conditional(request)
    if response.status_code != HTTPStatus.NOT_MODIFIED:
        response.set_data(
            _remembered(
                state.stamp,
                lambda: ical.calendar(feeds.entries(feed), state.name, _public_url()),
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


def _public_url() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.public_url
