"""The screen of the doors: whether anything is wrong now, and who comes in."""

import sqlalchemy as sa
from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _

from accounts.access import actor_scope, requires
from accounts.models import Role, Unit
from accounts.scope import Scope, subtree
from checkin.control import queries
from checkin.control.board import RECENT, board, open_now
from checkin.settlements.words import REFUSALS
from core import clock
from core.database import session
from core.i18n import N_
from core.navigation import Item

blueprint = Blueprint("control", __name__, url_prefix="/office")

NAVIGATION = [Item(N_("Doors now"), "control.show", Role.OBSERVER, "door", 20)]

MOST, FEWER = 5, 3
"""Lines of a long and of a short list on the screen: a television does not scroll."""


@blueprint.get("/doors")
@requires(Role.OBSERVER)
def show() -> str:
    """What is open in my units or in one of them, troubles first."""
    scope = actor_scope(Role.OBSERVER)
    chosen = _chosen(scope)
    inside = subtree(chosen) if chosen else scope
    now = clock.now()
    sittings = queries.sittings(inside, now)
    seen = board(
        sittings,
        queries.people(open_now(sittings, now)),
        queries.scans(inside, now, RECENT),
        queries.devices(inside, now),
        most=MOST,
        now=now,
    )
    return render_template(
        "checkin/control/show.html",
        board=seen,
        chosen=chosen,
        units=queries.units(scope, chosen),
        parent=_above(chosen, scope),
        most=MOST,
        fewer=FEWER,
        moment=now,
        reasons={status: _(text) for status, text in REFUSALS.items()},
    )


def _chosen(scope: Scope) -> Unit | None:
    """The unit that was asked for; foreign and missing are the same."""
    code = request.args.get("unit", "")
    if not code:
        return None
    found = sa.select(Unit).where(Unit.code == code, scope.condition())
    return session().scalar(found.options(sa.orm.joinedload(Unit.parent))) or abort(404)


def _above(chosen: Unit | None, scope: Scope) -> Unit | None:
    """The unit to go back to."""
    parent = chosen.parent if chosen else None
    return parent if parent is not None and scope.covers(parent) else None
