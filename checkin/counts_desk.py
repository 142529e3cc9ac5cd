"""Head counts by the staff, each at its own point, and the phones that count with them."""

from functools import partial

from flask import Blueprint, abort, flash, redirect
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from accounts import audit
from accounts.access import actor, requires
from accounts.models import Role
from checkin import counter_views, tallies
from checkin.counter_views import Counter
from checkin.forms import TallyForm
from checkin.hall import services as halls
from checkin.hall.desk import invitation
from checkin.hall.models import Screen
from checkin.models import Tally
from checkin.points.counter_desk import counter_or_404
from checkin.tallies import Series
from core import clock
from core.database import session, transaction

blueprint = Blueprint("counts_desk", __name__, url_prefix="/desk")


@blueprint.get("/activities/<int:number>/tally")
@requires(Role.STEWARD)
def tally(number: int) -> str:
    """Show a large button for each group."""
    return _page(counter_or_404(number), TallyForm(formdata=None))


@blueprint.get("/activities/<int:number>/tally/now")
@requires(Role.STEWARD)
def now(number: int) -> Response:
    """The numbers that hold."""
    return counter_views.now(counter_or_404(number))


@blueprint.post("/activities/<int:number>/tally/entries")
@requires(Role.STEWARD)
def entries(number: int) -> Response | tuple[Response, int]:
    """Take what a device counted."""
    counter_or_404(number)
    return counter_views.take_entries(partial(counter_or_404, number))


@blueprint.post("/activities/<int:number>/tally")
@requires(Role.STEWARD)
def enter(number: int) -> Response | tuple[str, int]:
    """Take what the page sent without our script."""
    return counter_views.take_form(partial(counter_or_404, number), _page)


@blueprint.post("/activities/<int:number>/tally/phones")
@requires(Role.STEWARD)
def invite(number: int) -> str:
    """Let a phone count here without an account; its code is shown here and never again."""
    moment = clock.now()
    with transaction():
        counter = counter_or_404(number)
        activity, point = counter.activity, counter.point
        if not tallies.takes_heads(activity, at_point=point is not None):
            abort(404)
        screen, code = halls.invite(
            activity, actor=actor(), now=moment, point=point, only_counts=True
        )
        audit.record(actor(), activity.unit, "screen.invited", f"screen:{screen.id}", {}, moment)
        told = invitation(screen, code, moment)
    return _page(counter, TallyForm(formdata=None), told=told)


@blueprint.post("/activities/<int:number>/tally/phones/<int:screen_id>/revocation")
@requires(Role.STEWARD)
def revoke(number: int, screen_id: int) -> Response:
    """Shut a phone out: within seconds it counts nothing any more."""
    moment = clock.now()
    with transaction():
        counter = counter_or_404(number)
        found = halls.counting_at(counter.activity, counter.point, moment)
        screen = session().scalar(found.where(Screen.id == screen_id)) or abort(404)
        screen.revoked_at = moment
        unit = counter.activity.unit
        audit.record(actor(), unit, "screen.revoked", f"screen:{screen.id}", {}, moment)
    halls.recogniser.forget()
    flash(_("The phone is shut out."), "ok")
    return redirect(counter.address(), 303)


def _page(counter: Counter, form: TallyForm, told: object = None) -> str:
    activity, sitting = counter.activity, counter.sitting
    standing = tallies.standing(activity)
    here = {s: t for s, t in standing.items() if s[0] == sitting.id}
    phones = halls.counting_at(activity, counter.point, clock.now())
    return counter_views.page(
        "checkin/desk/tally.html",
        counter,
        form,
        [_locked_out(1), _locked_out(2)],
        by_point=_by_point(counter, here),
        whole=sum(t.count for t in here.values()),
        entries=session().scalars(tallies.history(activity)).all(),
        phones=session().scalars(phones).all(),
        told=told,
    )


def _locked_out(kept: int) -> str:
    return ngettext(
        "Please sign in again. %(count)s entry is kept on this device until then.",
        "Please sign in again. %(count)s entries are kept on this device until then.",
        kept,
        count="{count}",
    )


def _by_point(counter: Counter, here: dict[Series, Tally]) -> list[tuple[str, int]]:
    """What each point has come to at this sitting, for who counts for all of them."""
    if not counter.points:
        return []
    names: dict[int | None, str] = {None: _("The main place")}
    names |= {point.id: point.name for point in counter.points}
    mine = {point for _sitting, point in counter.places}
    return [
        (name, sum(t.count for (_s, p, _g), t in here.items() if p == number))
        for number, name in names.items()
        if number in mine
    ]
