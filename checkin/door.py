"""The staff scanner: a page that pairs the browser of a steward and asks the check-in API."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf.csrf import generate_csrf

from accounts.access import actor, actor_scope, requires
from accounts.models import Role, Unit
from accounts.scope import Scope
from checkin import devices
from checkin.models import ScanStatus
from core import clock
from core.database import session, transaction
from core.i18n import N_
from core.navigation import Item
from core.web import locale
from events.models import Activity, ActivityState, Counting

blueprint = Blueprint("door", __name__)

NAVIGATION = [Item(N_("Scanner"), "door.show", Role.STEWARD, "door", 10)]

TITLES = {
    ScanStatus.OK: lazy_gettext("Please come in"),
    ScanStatus.INVALID: lazy_gettext("Not a ticket"),
    ScanStatus.REVOKED: lazy_gettext("Replaced ticket"),
    ScanStatus.CANCELED: lazy_gettext("Cancelled"),
    ScanStatus.UNAPPROVED: lazy_gettext("No seat yet"),
    ScanStatus.WRONG_ACTIVITY: lazy_gettext("Another activity"),
    ScanStatus.TOO_EARLY: lazy_gettext("Too early"),
    ScanStatus.TOO_LATE: lazy_gettext("Too late"),
    ScanStatus.ALREADY_REDEEMED: lazy_gettext("Already used"),
}
"""The one word that fills the screen."""

TROUBLES = {
    "exit": (lazy_gettext("Gone out"), ""),
    "offline": (
        lazy_gettext("No connection"),
        lazy_gettext("Nothing was recorded. Please scan again when the connection is back."),
    ),
    "unavailable": (
        lazy_gettext("Not recorded"),
        lazy_gettext("The server is busy. Please scan again in a moment."),
    ),
    "unauthenticated": (
        lazy_gettext("This browser is not paired"),
        lazy_gettext("Please open this page again and sign in."),
    ),
    "malformed": (
        lazy_gettext("Not readable"),
        lazy_gettext("This code cannot be a ticket."),
    ),
}
"""What the scanner says when the door did not judge."""


@blueprint.get("/door/")
@requires(Role.STEWARD)
def show() -> str:
    """The scanner: whether this person is let in."""
    scope = actor_scope(Role.STEWARD)
    units = _outermost(scope)
    return render_template(
        "checkin/door.html",
        activities=session().scalars(_served(scope)).all(),
        units=units,
        setup={
            "account": actor().id,
            "locale": locale(),
            "csrf": generate_csrf(),
            "unit": units[0].code,
            "redeem": url_for("checkin_api.redeem"),
            "status": url_for("checkin_api.device_status"),
            "pair": url_for("door.pair"),
            "titles": {status.value: str(title) for status, title in TITLES.items()},
            "troubles": {name: [str(t), str(text)] for name, (t, text) in TROUBLES.items()},
            "words": _words(),
        },
    )


@blueprint.post("/door/devices")
@requires(Role.STEWARD)
def pair() -> Response:
    """Admit this browser as a scanner of a unit where the steward serves."""
    with transaction():
        units = {unit.code: unit for unit in _outermost(actor_scope(Role.STEWARD))}
        unit = units.get(request.form.get("unit", ""))
        if unit is None:
            abort(404)
        steward = actor()
        device, token = devices.pair(
            name=_("Browser of %(name)s", name=steward.full_name),
            unit=unit,
            account_id=steward.id,
            now=clock.now(),
        )
        expires_at = device.expires_at
    return jsonify(token=token, expires_at=expires_at.isoformat())


def _outermost(scope: Scope) -> list[Unit]:
    """The units where one serves, those that are still there first."""
    own = sa.select(Unit).where(Unit.path.in_(scope.paths))
    here = Unit.was_there(clock.local_day(clock.now()))
    return list(session().scalars(own.order_by(here.desc(), Unit.path)))


def _served(scope: Scope) -> sa.Select[Activity]:
    """What the steward's doors may be for, the next first."""
    return (
        sa.select(Activity)
        .where(scope.owns(Activity.unit_id), Activity.state == ActivityState.RELEASED)
        .where(Activity.counting == Counting.TICKETS)
        .where(Activity.ends_at > clock.now() - timedelta(hours=12))
        .order_by(Activity.starts_at, Activity.id)
        .limit(200)
    )


def _words() -> dict[str, Any]:
    return {
        "online": _("Online"),
        "offline": _("No connection"),
        "all": _("All activities"),
        "some": _("%(count)s activities chosen", count="{count}"),
        "admitted": _("%(count)s admitted here", count="{count}"),
        "no_camera": _("The camera cannot be used. Please type the code or use a hand scanner."),
        "insecure": _("The camera needs an https address. Please type the code."),
        "again": _("Record all the same"),
    }
