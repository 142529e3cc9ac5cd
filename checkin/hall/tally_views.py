"""Counting heads on the hall's laptop: big buttons, no account, one activity."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from checkin import tallies
from checkin.hall.views import paired
from checkin.models import Group
from checkin.openings import with_sittings
from checkin.tallies import Entry, Series
from checkin.windows import nearest_sitting
from core import clock
from core.database import session, transaction
from events.models import Activity, Session

blueprint = Blueprint("hall_tally", __name__, url_prefix="/hall/tally")

STEPS = (1, 5, 10, 40)
GROUPS: list[Group | None] = [*Group, None]


@blueprint.get("")
def show() -> Response | str:
    """Show a large button for each group; the numbers are those of all counters together."""
    if paired() is None:
        return redirect(url_for("hall.show"))
    activity, sitting = _counted_or_404()
    standing = tallies.standing(activity)
    held = {group: standing.get(_series(sitting, group)) for group in GROUPS}
    return render_template(
        "checkin/hall/tally.html",
        activity=activity,
        sitting=sitting,
        groups=GROUPS,
        steps=STEPS,
        held={group: tally.count if tally else 0 for group, tally in held.items()},
        by=request.args.get("by", 1, type=int),
        nonce=str(uuid.uuid4()),
    )


@blueprint.post("")
def enter() -> Response:
    """Take one press, or the last press of this hall back."""
    if paired() is None:
        return redirect(url_for("hall.show"), 303)
    by = request.form.get("by", 1, type=int)
    by = by if by in STEPS else 1
    with transaction():
        activity, sitting = _counted_or_404(lock=True)
        entry = _undone(activity, sitting) if "undo" in request.form else _pressed(sitting, by)
        places: set[tuple[int, int | None]] = {(sitting.id, None)}
        given = [entry] if entry else []
        said = tallies.enter(activity, given, places=places, actor=None, now=clock.now())
    for one in said:
        if one.refused:
            flash(_(one.refused), "stop")
    return redirect(url_for("hall_tally.show", by=by), 303)


def _pressed(sitting: Session, by: int) -> Entry:
    name = request.form.get("press", "")
    group = Group(name) if name in set(Group) else None
    return Entry(_nonce(), _series(sitting, group), by=by)


def _undone(activity: Activity, sitting: Session) -> Entry | None:
    last = [tallies.last_of(activity, _series(sitting, group), None) for group in GROUPS]
    newest = max((tally for tally in last if tally), key=lambda tally: tally.id, default=None)
    if newest is None:
        return None
    return Entry(_nonce(), _series(sitting, newest.group), undoes=newest.nonce)


def _nonce() -> str:
    """What the page was given, so that a press that is sent twice counts once."""
    try:
        return str(uuid.UUID(request.form.get("nonce", "")))
    except ValueError:
        return str(uuid.uuid4())


def _series(sitting: Session, group: Group | None) -> Series:
    return sitting.id, None, group


def _counted_or_404(*, lock: bool = False) -> tuple[Activity, Session]:
    """The activity of this hall where heads are counted, and its sitting of the hour."""
    activity = session().scalar(with_sittings(paired() or 0)) or abort(404)
    if lock:
        session().refresh(activity, with_for_update={"of": Activity})
    sitting = nearest_sitting(activity, clock.now())
    if sitting is None or not tallies.takes_heads(activity, at_point=False):
        abort(404)
    return activity, sitting
