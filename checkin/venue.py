"""The self-scan at the venue: opening changes nothing, one press of the button counts."""

from datetime import datetime

import sqlalchemy as sa
from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response

from checkin import queries, rotating, selfscan
from checkin.forms import VisitorForm
from checkin.models import Attendance, ScanStatus
from checkin.passes import GOOD_FOR, ScanPass, new_pass, read_pass
from checkin.posters import poster_code, read_poster_code
from checkin.selfscan import NotCounted, Visitor
from checkin.windows import Open, closes_at
from checkin.words import NOT_COUNTED
from core import clock
from core.codes import typed
from core.database import session, transaction
from core.limits import slow_down_here
from core.security import csrf
from core.web import locale
from events.models import Activity, ActivityState, Session

blueprint = Blueprint("venue", __name__)
csrf.exempt(blueprint)  # the scan pass is the token


@blueprint.get("/s/")
def type_code() -> str:
    """Where the letters under a poster's code are typed."""
    return render_template("checkin/type_code.html", error="", typed="")


@blueprint.post("/s/")
def typed_code() -> Response | tuple[str, int]:
    """Lead on to the activity whose code was typed."""
    slow_down_here("venue code", 30)
    code = typed(request.form.get("code", "")[:80])
    shown = rotating.read_typed_code(code, clock.now())
    code = code if shown is None else poster_code(shown)
    if _activity_behind(code) is None:
        error = _("This code is not known. Please compare it with the letters on the poster.")
        page = render_template("checkin/type_code.html", error=error, typed=code)
        return page, 404
    return redirect(url_for("venue.open_code", code=code), 303)


@blueprint.get("/s/<code>")
def open_code(code: str) -> Response:
    """One big button; looking at it records nothing."""
    return _opened(_activity_behind(typed(code)), is_rotating=False)


@blueprint.get("/s/<code>/<step>")
def open_step(code: str, step: str) -> Response:
    """The same by the code on the screen, which changes and counts for more."""
    activity = _activity_behind(typed(code))
    if activity and not rotating.SCANNED.holds(activity.id, step, clock.now()):
        return _answer(NotCounted(ScanStatus.REVOKED), activity)
    return _opened(activity, is_rotating=True)


def _opened(activity: Activity | None, *, is_rotating: bool) -> Response:
    if activity is None:
        return _answer(NotCounted(ScanStatus.INVALID), None)
    answer = selfscan.admits(activity, clock.now())
    if isinstance(answer, NotCounted):
        return _answer(answer, activity)
    held = _held_pass(activity)
    if held is not None:
        used = session().scalar(queries.attendance_by_pass(answer.session.id, held.id))
        if used is not None:
            return redirect(_receipt_address(activity, held.id))
    now = clock.now()
    if held is None or not held.is_fresh(now) or is_rotating > held.is_rotating:
        held = new_pass(activity.id, now, is_rotating=is_rotating)
    return _button(activity, answer, held, VisitorForm(formdata=None))


@blueprint.post("/s/<code>")
def press(code: str) -> Response:
    """Count the one who pressed, by name when they gave one and agreed to it."""
    slow_down_here("self-scan", 300)
    activity = _activity_behind(typed(code))
    form = VisitorForm()
    if activity is None:
        return _answer(NotCounted(ScanStatus.INVALID), None)
    now = clock.now()
    scan_pass = read_pass(request.form.get("pass", ""), activity.id)
    refused = _unusable(activity, scan_pass, form, now)
    if refused is not None or scan_pass is None:
        return refused or abort(400)
    with transaction():
        answer = selfscan.record(_fresh(activity), scan_pass, _visitor(form), now=now)
    if isinstance(answer, NotCounted):
        return _answer(answer, activity)
    if form.name.data and answer.attendance.participant_id is None and not answer.again:
        flash(_("The name was not kept, because the box was not ticked. The count is."), "info")
    response = redirect(_receipt_address(activity, scan_pass.id), 303)
    until = closes_at(activity, _sitting(activity, answer.attendance))
    _remember(response, scan_pass, max(60, int((until - now).total_seconds())))
    return response


@blueprint.get("/s/<code>/receipt/<pass_id>")
def receipt(code: str, pass_id: str) -> Response:
    """Say that the press was counted, and which of the day it was."""
    activity, first = _counted_or_404(code, pass_id)
    return _quiet(
        render_template(
            "checkin/receipt.html",
            activity=activity,
            first=first,
            rank=queries.rank_of_day(first),
            companions=len(session().scalars(queries.companions(first.session_id, pass_id)).all()),
            most=selfscan.MOST_COMPANIONS,
            is_open=isinstance(selfscan.admits(activity, clock.now()), Open),
            code=poster_code(activity.id),
        )
    )


@blueprint.post("/s/<code>/receipt/<pass_id>")
def bring(code: str, pass_id: str) -> Response:
    """Count those who share the phone."""
    slow_down_here("self-scan", 300)
    already = request.form.get("already", 0, type=int)
    more = max(0, min(request.form.get("more", 1, type=int), selfscan.MOST_COMPANIONS))
    with transaction():
        activity, first = _counted_or_404(code, pass_id)
        selfscan.add_companions(first, activity, already=already, more=more, now=clock.now())
    return redirect(_receipt_address(activity, pass_id), 303)


def _unusable(
    activity: Activity, scan_pass: ScanPass | None, form: VisitorForm, now: datetime
) -> Response | None:
    """The page once more, with a new pass, when this one is not ours or too old."""
    complaint = ""
    if not form.validate():
        complaint = _("Please shorten what was written.")
    elif scan_pass is None:
        complaint = _("Please press once more: this page did not come from the code at the venue.")
    elif not scan_pass.is_fresh(now) and not _is_used(activity, scan_pass):
        complaint = _("This page was open for more than 10 minutes. Please press once more.")
    if not complaint:
        return None
    if scan_pass is None:
        with transaction():
            selfscan.attempt(ScanStatus.INVALID, "", now, activity=activity)
    answer = selfscan.admits(activity, now)
    if isinstance(answer, NotCounted):
        return _answer(answer, activity)
    holds = scan_pass is not None and scan_pass.is_fresh(now)
    kept = scan_pass if scan_pass and holds else new_pass(activity.id, now)
    return _button(activity, answer, kept, form, complaint)


def _visitor(form: VisitorForm) -> Visitor | None:
    if not form.name.data or not form.consent.data:
        return None
    return Visitor(form.name.data, form.unit.data or "", locale())


def _button(
    activity: Activity, answer: Open, scan_pass: ScanPass, form: VisitorForm, complaint: str = ""
) -> Response:
    page = render_template(
        "checkin/self_scan.html",
        activity=activity,
        form=form,
        token=scan_pass.token,
        until=answer.until,
        complaint=complaint,
        code=poster_code(activity.id),
    )
    response = _quiet(page, 400 if complaint else 200)
    _remember(response, scan_pass, int(GOOD_FOR.total_seconds()))
    return response


def _answer(answer: NotCounted, activity: Activity | None) -> Response:
    tone, title, text = NOT_COUNTED[answer.status]
    statuses = {ScanStatus.INVALID: 404, ScanStatus.REVOKED: 410}
    page = render_template(
        "checkin/not_counted.html",
        tone=tone,
        title=_(title),
        text=text,
        moment=answer.moment,
        activity=activity,
    )
    posted = 409 if request.method == "POST" else 200
    return _quiet(page, statuses.get(answer.status, posted))


def _activity_behind(code: str) -> Activity | None:
    """The activity of a poster's code; a draft is as unknown as a forged code."""
    number = read_poster_code(code)
    if number is None:
        return None
    return session().scalar(_with_sittings(number).where(Activity.state != ActivityState.DRAFT))


def _fresh(activity: Activity) -> Activity:
    """The same activity as the transaction sees it."""
    return session().scalars(_with_sittings(activity.id)).one()


def _with_sittings(number: int) -> sa.Select[Activity]:
    return (
        sa.select(Activity)
        .where(Activity.id == number)
        .options(
            selectinload(Activity.sessions), joinedload(Activity.venue), joinedload(Activity.unit)
        )
    )


def _counted_or_404(code: str, pass_id: str) -> tuple[Activity, Attendance]:
    activity = _activity_behind(typed(code))
    if activity is None or "+" in pass_id:
        abort(404)
    first = session().scalar(
        sa.select(Attendance)
        .where(Attendance.activity_id == activity.id, Attendance.pass_id == pass_id)
        .order_by(Attendance.id)
        .limit(1)
    )
    if first is None:
        abort(404)
    return activity, first


def _held_pass(activity: Activity) -> ScanPass | None:
    return read_pass(request.cookies.get(_cookie(activity.id), ""), activity.id)


def _is_used(activity: Activity, scan_pass: ScanPass) -> bool:
    sittings = [sitting.id for sitting in activity.sessions]
    return any(session().scalar(queries.attendance_by_pass(s, scan_pass.id)) for s in sittings)


def _remember(response: Response, scan_pass: ScanPass, seconds: int) -> None:
    """Let this browser come back with the same pass, so that a reload counts nothing anew."""
    response.set_cookie(
        _cookie(scan_pass.activity_id),
        scan_pass.token,
        max_age=seconds,
        path="/s/",
        secure=current_app.extensions["settings"].is_https,
        httponly=True,
        samesite="Lax",
    )


def _cookie(activity_id: int) -> str:
    return f"scan-{activity_id}"


def _receipt_address(activity: Activity, pass_id: str) -> str:
    return url_for("venue.receipt", code=poster_code(activity.id), pass_id=pass_id)


def _sitting(activity: Activity, attendance: Attendance) -> Session:
    return next(s for s in activity.sessions if s.id == attendance.session_id)


def _quiet(page: str, status: int = 200) -> Response:
    response = make_response(page, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response
