"""Counting heads where a code let in: the hall's laptop, phones; no account, one place."""

from flask import Blueprint, abort, redirect, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from checkin import counter_views, tallies
from checkin.counter_views import Counter
from checkin.forms import TallyForm
from checkin.hall.services import Recognised
from checkin.hall.views import paired
from checkin.openings import with_sittings
from checkin.points.models import Point
from checkin.tallies import Witness
from checkin.windows import nearest_sitting
from core import clock
from core.database import session
from events.models import Activity

blueprint = Blueprint("hall_tally", __name__, url_prefix="/hall/tally")


@blueprint.get("")
def tally() -> Response | str:
    """Show a large button for each group; the numbers are those of all counters together."""
    found = paired()
    return _page(_counter(found), TallyForm(formdata=None)) if found else _out()


@blueprint.get("/now")
def now() -> Response:
    """The numbers that hold."""
    found = paired()
    return counter_views.now(_counter(found)) if found else _out()


@blueprint.post("/entries")
def entries() -> Response | tuple[Response, int]:
    """Take what this device counted."""
    found = paired()
    return counter_views.take_entries(lambda lock: _counter(found, lock=lock)) if found else _out()


@blueprint.post("")
def enter() -> Response | tuple[str, int]:
    """Take what the page sent without our script."""
    found = paired()
    return (
        counter_views.take_form(lambda lock: _counter(found, lock=lock), _page) if found else _out()
    )


@blueprint.get("/worker.js")
def worker() -> Response:
    """What keeps this page, and that of the staff, for the time without a connection."""
    return counter_views.worker()


def _out() -> Response:
    return redirect(url_for("hall.show"), 303)


def _page(counter: Counter, form: TallyForm) -> str:
    found, locked_out = paired(), [_locked_out(1), _locked_out(2)]
    is_phone = found is not None and found.only_counts
    template = "checkin/hall/tally.html"
    return counter_views.page(template, counter, form, locked_out, only_counts=is_phone)


def _locked_out(kept: int) -> str:
    return ngettext(
        "This device may not count any more. %(count)s entry is kept here; a new code sends it.",
        "This device may not count any more. %(count)s entries are kept here; a new code sends "
        "them.",
        kept,
        count="{count}",
    )


def _counter(found: Recognised, *, lock: bool = False) -> Counter:
    """What a device counts: one place, at the sitting of the hour."""
    activity = session().scalar(with_sittings(found.activity_id)) or abort(404)
    if lock:
        session().refresh(activity, with_for_update={"of": Activity})
    point = session().get(Point, found.point_id) if found.point_id else None
    sitting = nearest_sitting(activity, clock.now())
    if sitting is None or not tallies.takes_heads(activity, at_point=point is not None):
        abort(404)
    places = {(one.id, found.point_id) for one in activity.sessions}
    by = Witness(screen_id=found.screen_id)
    return Counter(activity, sitting, point, [], places, by, "hall_tally", {})
