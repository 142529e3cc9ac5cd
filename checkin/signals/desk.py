"""Attendances to be looked at: why each looks odd, and what somebody found."""

from itertools import groupby

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response

from accounts import audit
from accounts.access import actor, requires
from accounts.models import Role
from checkin.desk import activity_or_404
from checkin.models import Attendance, Participant
from checkin.signals import services
from checkin.signals.models import Doubt, Verdict
from checkin.signals.words import SIGNALS, VERDICTS
from core import clock
from core.database import session, transaction
from core.i18n import N_
from events.models import Activity

blueprint = Blueprint("signals", __name__, url_prefix="/desk/activities/<int:number>/review")

PAGE = 1000
"""Rows that are shown; when they are settled the next ones come."""

audit.name({"attendance.reviewed": N_("Attendances reviewed")})


@blueprint.get("")
@requires(Role.ORGANISER)
def show(number: int) -> str:
    """List what looks odd, in series that have the phone, the code or the hour in common."""
    activity = activity_or_404(number, Role.ORGANISER)
    found = session().execute(_doubts(activity).limit(PAGE)).all()
    is_open = [(doubt, name) for doubt, name in found if doubt.verdict is None]
    settled = [(doubt, name) for doubt, name in found if doubt.verdict is not None]
    return render_template(
        "checkin/desk/review.html",
        activity=activity,
        series=[
            (signal, list(rows))
            for (signal, _series), rows in groupby(
                is_open, key=lambda row: (row[0].signal, row[0].series)
            )
        ],
        number=len(is_open),
        settled=settled,
        signals=SIGNALS,
        verdicts=VERDICTS,
    )


@blueprint.post("")
@requires(Role.ORGANISER)
def settle(number: int) -> Response:
    """Say of some of them what was found."""
    activity_or_404(number, Role.ORGANISER)
    asked = request.form.get("verdict", "")
    if asked not in set(Verdict):
        abort(400)
    verdict, now = Verdict(asked), clock.now()
    ids = [int(one) for one in request.form.getlist("doubt") if one.isdecimal()][:PAGE]
    with transaction():
        activity = activity_or_404(number, Role.ORGANISER)
        chosen = sa.select(Doubt).where(Doubt.activity_id == activity.id, Doubt.id.in_(ids))
        whole = chosen.options(selectinload(Doubt.scan), selectinload(Doubt.attendance))
        rows = session().scalars(whole.order_by(Doubt.id).with_for_update()).all()
        done = services.settle(rows, verdict, actor=actor(), now=now)
        if done:
            facts = {"verdict": verdict.value, "number": done}
            subject = f"activity:{activity.id}"
            audit.record(actor(), activity.unit, "attendance.reviewed", subject, facts, now)
    if done:
        said = ngettext("%(num)s attendance is settled.", "%(num)s attendances are settled.", done)
        flash(said, "ok")
    else:
        flash(_("Nothing was chosen."), "warn")
    return redirect(url_for("signals.show", number=number), 303)


def _doubts(activity: Activity) -> sa.Select[Doubt, str | None]:
    """What is or was in doubt, with the name when one was given."""
    return (
        sa.select(Doubt, Participant.name)
        .outerjoin(Doubt.attendance)
        .outerjoin(Participant, Participant.id == Attendance.participant_id)
        .where(Doubt.activity_id == activity.id)
        .options(joinedload(Doubt.scan), joinedload(Doubt.account))
        .order_by(Doubt.verdict.is_not(None), Doubt.signal, Doubt.series, Doubt.id)
    )
