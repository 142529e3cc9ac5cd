"""Addresses that a mail server refused for good: the office looks, corrects, and lifts it."""

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from accounts import audit
from accounts.access import actor, actor_scope, requires
from accounts.models import Role
from core import clock
from core.database import session, transaction
from core.paging import page
from notifications.choices import services
from notifications.choices.models import Suppression

blueprint = Blueprint("refused", __name__, url_prefix="/desk/outbox/addresses")

PAGE = 100


@blueprint.get("/")
@requires(Role.ORGANISER)
def index() -> str:
    """All of the own tree, the latest first."""
    inside = actor_scope(Role.ORGANISER)
    rows, more = page(_within(Role.ORGANISER).order_by(Suppression.id.desc()), PAGE)
    admin = actor_scope(Role.ADMIN)
    lifts = {row.id for row in rows if row.unit is not None and admin.covers(row.unit)}
    return render_template(
        "notifications/choices/refused.html", rows=rows, more=more, lifts=lifts, inside=inside
    )


@blueprint.post("/<int:number>/lift")
@requires(Role.ADMIN)
def lift(number: int) -> Response:
    """Letters may go there again."""
    with transaction():
        row = session().scalar(_within(Role.ADMIN).where(Suppression.id == number))
        if row is None:
            abort(404)
        services.lift(row)
        audit.record(actor(), row.unit, "letters.lifted", f"suppression:{row.id}", {}, clock.now())
    flash(_("Letters go to this address again. What was skipped meanwhile is not sent."), "ok")
    return redirect(url_for("refused.index"))


def _within(role: Role) -> sa.Select[Suppression]:
    return (
        sa.select(Suppression)
        .where(actor_scope(role).owns(Suppression.unit_id))
        .options(joinedload(Suppression.unit))
    )
