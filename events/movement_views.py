"""The public page of a movement of several years."""

from flask import Blueprint, abort, render_template, request

from core import clock
from core.database import session
from events import cursor, movements
from events.models import Campaign

blueprint = Blueprint("movements", __name__)


@blueprint.get("/movements/<int:year>/")
def show(year: int) -> str:
    """Its phases, the plans of the units, what is done in which phase."""
    movement = session().scalar(movements.movement_of(year)) or abort(404)
    found, more = movements.rows(movement, _after())
    today = clock.local_day(clock.now())
    return render_template(
        "events/movement.html",
        movement=movement,
        stages=movements.stages(movements.phases(movement), found),
        plans=movements.plans(movement),
        has_activities=bool(found),
        more=more,
        today=today,
    )


@blueprint.app_template_filter("public_address")
def public_address(campaign: Campaign) -> str:
    """Where the public reads of a week or a movement."""
    return movements.address(campaign)


@blueprint.app_template_filter("run")
def run(campaign: Campaign) -> str:
    """The word for a week or a movement in an address."""
    return movements.run(campaign)


def _after() -> cursor.Cursor | None:
    text = request.args.get("after", "")
    try:
        return cursor.read(text) if text else None
    except cursor.NotACursor:
        abort(404)
