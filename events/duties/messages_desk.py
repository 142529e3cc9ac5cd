"""What a unit is told, as a text with a link and a QR to paste into a chat."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role
from core import clock, qr
from core.database import session, transaction
from events.duties import queries
from events.duties.duty_desk import chosen_week, unit_or_404
from events.duties.links import path
from events.duties.models import Handout
from events.duties.services import renew_link
from events.duties.state import is_open

blueprint = Blueprint("duty_messages", __name__, url_prefix="/desk/duties/units/<code>")


@blueprint.get("")
@requires(Role.ORGANISER)
def show(code: str) -> str:
    """The text, the link and the QR for each plan that gives the unit something to do."""
    unit = unit_or_404(code, Role.ORGANISER)
    week = chosen_week()
    scope = actor_scope(Role.ORGANISER)
    found = session().scalars(queries.handouts(scope, week, unit)).all() if week else []
    return render_template(
        "events/duties/messages.html",
        unit=unit,
        messages=[(row, _text(row), qr.svg(_address(row)), _address(row)) for row in found],
        reached=queries.reachable([unit.id]),
        chase=queries.last_chases([unit.id], week).get(unit.id) if week else None,
    )


@blueprint.get("/<int:number>.png")
@requires(Role.ORGANISER)
def picture(code: str, number: int) -> Response:
    """The QR as a picture that a chat takes."""
    row = _handout_or_404(code, number)
    answer = Response(qr.png(_address(row)), content_type="image/png")
    answer.headers["Content-Disposition"] = 'attachment; filename="ma-qr-phan-cong.png"'
    return answer


@blueprint.post("/<int:number>/renew")
@requires(Role.ORGANISER)
def renew(code: str, number: int) -> Any:
    """Make the earlier link worthless, as when it went astray."""
    with transaction():
        row = _handout_or_404(code, number)
        renew_link(row)
        facts = {"unit": row.unit.code}
        audit.record(
            actor(), row.plan.unit, "duty.link_renewed", f"handout:{row.id}", facts, clock.now()
        )
    flash(_("The earlier link opens nothing any more."), "ok")
    return redirect(url_for("duty_messages.show", code=code))


def _handout_or_404(code: str, number: int) -> Handout:
    unit, week = unit_or_404(code, Role.ORGANISER), chosen_week() or abort(404)
    found = queries.handouts(actor_scope(Role.ORGANISER), week, unit).where(Handout.id == number)
    return session().scalar(found) or abort(404)


def _text(row: Handout) -> str:
    duties = session().scalars(queries.handed_out(row)).all()
    return render_template(
        "events/duties/message.txt", handout=row, address=_address(row),
        duties=[duty for duty in duties if is_open(duty)], partners=queries.companions(duties),
    ).strip()  # fmt: skip


def _address(row: Handout) -> str:
    public_url: str = current_app.extensions["settings"].public_url
    return public_url + path(row)
