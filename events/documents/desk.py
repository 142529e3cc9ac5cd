"""The plan to take away as a document."""

from flask import Blueprint, Response, abort
from sqlalchemy.orm import joinedload

from accounts.access import actor_scope, requires
from accounts.models import Role, Unit
from core import clock
from core.database import session
from core.text import slug
from events import queries
from events.documents.plan import document
from events.models import Plan

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

blueprint = Blueprint("plan_documents", __name__, url_prefix="/desk")


@blueprint.get("/plans/<int:number>/document.docx")
@requires(Role.OBSERVER)
def take(number: int) -> Response:
    """The plan in the layout of official documents; number and day open until it is signed."""
    found = queries.plan_in(actor_scope(Role.OBSERVER), number).options(
        joinedload(Plan.unit).joinedload(Unit.parent),
        joinedload(Plan.unit).joinedload(Unit.reports_to),
    )
    plan = session().scalar(found) or abort(404)
    answer = Response(document(plan, now=clock.now()), content_type=DOCX)
    name = f"ke-hoach-{plan.campaign.year}-{slug(plan.unit.code) or plan.id}.docx"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
