"""The self-scan at the venue: opening changes nothing, one press of the button counts."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from checkin import openings, rotating, selfscan, selfscan_store
from checkin import selfscan_sql as kept
from checkin.forms import VisitorForm
from checkin.models import ScanStatus
from checkin.openings import Opening
from checkin.passes import ScanPass, read_pass
from checkin.phone import access as phones
from checkin.posters import poster_code
from checkin.scanned import Scanned, Sitting
from checkin.selfscan import Counted, Known, NotCounted, Press, Visitor
from checkin.selfscan_sql import Seated
from checkin.selfscan_store import Bring, companions, settle
from checkin.venue_views import button, not_counted, quiet
from checkin.windows import Open
from core import clock
from core.codes import typed
from core.database import commit_together, session
from core.held import once_durable
from core.limits import slow_down_here
from core.security import csrf
from core.web import locale

blueprint = Blueprint("venue", __name__)
csrf.exempt(blueprint)  # the scan pass is the token


@blueprint.get("/s/")
def type_code() -> str:
    """Where the letters under a poster's code are typed."""
    return render_template("checkin/type_code.html", error="", typed="")


@blueprint.post("/s/")
def typed_code() -> Response | tuple[str, int]:
    """Lead on to the activity whose code was typed."""
    slow_down_here("venue code", 300)  # a whole hall may share one connection
    code = typed(request.form.get("code", "")[:80])
    shown = rotating.read_typed_code(code, clock.now())
    code = code if shown is None else poster_code(shown)
    if openings.behind(code) is None:
        error = _("This code is not known. Please compare it with the letters on the poster.")
        page = render_template("checkin/type_code.html", error=error, typed=code)
        return page, 404
    return redirect(url_for("venue.open_code", code=code), 303)


@blueprint.get("/s/<code>")
def open_code(code: str) -> Response:
    """One big button; looking at it records nothing."""
    return _opened(openings.behind(typed(code)))


@blueprint.get("/s/<code>/<step>")
def open_step(code: str, step: str) -> Response:
    """The same by the code on the screen, which changes and counts for more."""
    found = openings.behind(typed(code))
    if found is None:
        return _opened(None)
    shown = openings.at_step(found, step, clock.now())
    return _opened(shown) if shown else not_counted(NotCounted(ScanStatus.REVOKED), found)


def _opened(found: Opening | None) -> Response:
    if found is None:
        return not_counted(NotCounted(ScanStatus.INVALID), None)
    activity, now = found.activity, clock.now()
    answer = selfscan.admits(activity, now, found.grade)
    held = phones.held_pass(activity.id)
    if isinstance(answer, NotCounted):
        return not_counted(answer, found, openings.kept_for_later(found, held, answer.moment, now))
    if held is not None and _counted_as([answer.session], held.id):
        return redirect(_receipt_address(activity, held.id))
    return button(found, openings.better(held, found, now))


@blueprint.post("/s/<code>")
def press(code: str) -> Response:
    """Count the one who pressed: nobody by name, or as they wrote and agreed to."""
    found = openings.behind(typed(code))
    if found is None:
        return not_counted(NotCounted(ScanStatus.INVALID), None)
    activity, form, now = found.activity, _written(), clock.now()
    scan_pass = read_pass(request.form.get("pass", ""), activity.id)
    answer = selfscan.admits(activity, now, scan_pass.grade if scan_pass else found.grade)
    refused = _unusable(found, scan_pass, form, answer, now)
    if refused is not None or scan_pass is None:
        return refused or abort(400)
    who = _who(form, now)
    if who is None and form is None and isinstance(answer, Open):
        return _nobody_pressed(found, scan_pass, answer.until, now)
    return _somebody_pressed(found, scan_pass, form, who, now)


def _nobody_pressed(
    found: Opening, scan_pass: ScanPass, until: datetime, now: datetime
) -> Response:
    """Count one without a name, as most are; the answer is given with those of all who wait."""
    given = Response()
    item = Press(found.activity.id, scan_pass, now, phones.mark(given))
    phones.keep_pass(given, scan_pass, _seconds(until, now))

    receipt_at = partial(_receipt_address, found.activity)

    def fill(response: Response, counted: Counted | NotCounted) -> None:
        """Lead on to the receipt; if all changed just now, to the page that says so."""
        pass_id = counted.pass_id if isinstance(counted, Counted) else None
        response.status_code = 303
        response.location = receipt_at(pass_id) if pass_id else f"/s/{found.code}"

    response = once_durable(settle, item, fill)
    response.headers.extend([("Set-Cookie", one) for one in given.headers.getlist("Set-Cookie")])
    return response


def _somebody_pressed(
    found: Opening,
    scan_pass: ScanPass,
    form: VisitorForm | None,
    who: Visitor | Known | None,
    now: datetime,
) -> Response:
    response = Response(status=303)
    counted = commit_together(
        settle, Press(found.activity.id, scan_pass, now, phones.mark(response), who)
    )
    if isinstance(counted, NotCounted):
        return not_counted(counted, found)
    if counted.pass_id is None:
        flash(_("The attendance was recorded before, at the door."), "ok")
        return redirect(found.activity.path, 303)
    response.location = _receipt_address(found.activity, counted.pass_id)
    if isinstance(who, Visitor) and counted.participant_id is not None:
        phones.remember(response, counted.participant_id, now)
    elif form and form.name.data and who is None and not counted.again:
        flash(_("The name was not kept, because the box was not ticked. The count is."), "info")
    phones.keep_pass(response, scan_pass, _seconds(counted.sitting.closes_at, now))
    return response


def _seconds(until: datetime, now: datetime) -> int:
    """How long a phone keeps its pass."""
    return max(60, int((until - now).total_seconds()))


@blueprint.post("/s/<code>/forget")
def forget(code: str) -> Response:
    """Let this phone know nobody by name any more."""
    response = redirect(url_for("venue.open_code", code=typed(code) or "-"), 303)
    phones.forget(response)
    return response


@blueprint.get("/s/<code>/receipt/<pass_id>")
def receipt(code: str, pass_id: str) -> Response:
    """Say that the press was counted, and which of the day it was."""
    activity, first = _counted_or_404(code, pass_id)
    today = clock.at(clock.local_day(first.at))
    return quiet(
        render_template(
            "checkin/receipt.html",
            activity=activity,
            first=first,
            rank=kept.rank(session().connection(), activity.id, today, first),
            companions=len(companions(session().connection(), first)),
            most=selfscan.MOST_COMPANIONS,
            is_open=selfscan.takes_companions(activity, clock.now()),
            code=poster_code(activity.id),
        )
    )


@blueprint.post("/s/<code>/receipt/<pass_id>")
def bring(code: str, pass_id: str) -> Response:
    """Count those who share the phone."""
    already = request.form.get("already", 0, type=int)
    more = max(0, min(request.form.get("more", 1, type=int), selfscan.MOST_COMPANIONS))
    activity, _first = _counted_or_404(code, pass_id)
    if not commit_together(
        selfscan_store.bring, Bring(activity.id, pass_id, already, more, clock.now())
    ):
        abort(404)
    return redirect(_receipt_address(activity, pass_id), 303)


def _written() -> VisitorForm | None:
    """What was written under the button; most write nothing."""
    fields = (request.form.get(name) for name in ("name", "unit", "ticket"))
    return VisitorForm() if any(fields) else None


def _unusable(
    found: Opening,
    scan_pass: ScanPass | None,
    form: VisitorForm | None,
    answer: Open[Sitting] | NotCounted,
    now: datetime,
) -> Response | None:
    """The page once more, with a pass that is good, when something was wrong with this one."""
    complaint, activity = "", found.activity
    if form and not form.validate():
        complaint = _("Please shorten what was written.")
    elif scan_pass is None:
        complaint = _("Please press once more: this page did not come from the code at the venue.")
    elif not scan_pass.is_fresh(now) and not _stands_for_now(scan_pass, answer):
        complaint = _("This page was open for more than 10 minutes. Please press once more.")
    elif form and form.ticket.data and _holder(form.ticket.data) is None:
        complaint = _("This ticket code is not known. Nothing was recorded yet.")
        form.ticket.errors = [_("Please compare it with the ticket, or leave it empty.")]
    if not complaint:
        return None
    if scan_pass is None:
        commit_together(settle, Press(activity.id, None, now))
    if isinstance(answer, NotCounted):
        return not_counted(answer, found)
    holds = scan_pass is not None and scan_pass.is_fresh(now)
    usable = scan_pass if scan_pass and holds else found.new_pass(now)
    return button(found, usable, form, complaint)


def _stands_for_now(scan_pass: ScanPass, answer: Open[Sitting] | NotCounted) -> bool:
    """Whether a pass was counted at the sitting that is on; one of yesterday opens no other."""
    return isinstance(answer, Open) and bool(_counted_as([answer.session], scan_pass.id))


def _who(form: VisitorForm | None, now: datetime) -> Visitor | Known | None:
    """As whom someone presses: known on this phone, by a ticket, by a name, or as nobody."""
    if request.form.get("who") == "owner":
        owner = phones.owner(now)
        return Known(owner.id) if owner else None
    if form and form.ticket.data:
        holder = openings.holder(form.ticket.data)
        return Known(holder) if holder else None
    if not form or not form.name.data or not form.consent.data:
        return None
    return Visitor(form.name.data, form.unit.data or "", locale())


def _holder(ticket: str) -> int | None:
    """Whose ticket was typed; guessing is slowed down."""
    slow_down_here("ticket code", 300)
    return openings.holder(ticket)


def _counted_or_404(code: str, pass_id: str) -> tuple[Scanned, Seated]:
    found = openings.behind(typed(code))
    if found is None or "+" in pass_id:
        abort(404)
    counted = _counted_as(found.activity.sittings, pass_id)
    return found.activity, counted or abort(404)


def _counted_as(sittings: Sequence[Sitting], pass_id: str) -> Seated | None:
    """What a pass was counted as, if it was, at one of these sittings."""
    numbers = [sitting.id for sitting in sittings]
    return next(iter(kept.of_pass(session().connection(), numbers, pass_id)), None)


def _receipt_address(activity: Scanned, pass_id: str) -> str:
    return f"/s/{poster_code(activity.id)}/receipt/{pass_id}"
