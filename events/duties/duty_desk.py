"""Finding what staff pages about duties are about, and the page of one duty."""

from typing import Any

import sqlalchemy as sa
from flask import abort, render_template

from accounts.access import actor_scope
from accounts.models import Role, Unit
from core import clock
from core.database import session
from core.text import is_clean
from events import queries as programme_queries
from events.duties import queries
from events.duties.forms import EditForm, ExcuseForm, ShowForm
from events.duties.models import Inspection, Photo
from events.models import Assignment, Campaign


def duty_page(duty: Assignment, **forms: Any) -> str:
    """The page of one duty; forms that came back with faults are shown again."""
    today = clock.local_day(clock.now())
    edit = EditForm(formdata=None)
    edit.show(duty)
    pieces = queries.evidence([duty])[duty.id]
    photos = queries.photos(pieces)
    seen = actor_scope(Role.OBSERVER)
    inspected = queries.inspections(seen, duty.plan.campaign).where(
        Inspection.unit_id == duty.unit_id,
        sa.or_(Inspection.assignment_id.is_(None), Inspection.assignment_id == duty.id),
    )
    organised = actor_scope(Role.ORGANISER)
    return render_template(
        "events/duties/duty.html",
        duty=duty,
        today=today,
        partners=queries.partners([duty]).get(duty.id, []),
        pieces=pieces,
        photos=photos,
        resembled=queries.resembled(photos.values()),
        seen=seen,
        inspections=session().scalars(inspected).all(),
        acts=organised.covers(duty.unit) or organised.covers(duty.plan.unit),
        inspects=organised.covers(duty.unit),
        lays=organised.covers(duty.plan.unit),
        edit_form=forms.get("edit_form", edit),
        excuse_form=forms.get("excuse_form", ExcuseForm(formdata=None)),
        show_form_data=forms.get("show_form", ShowForm(formdata=None)),
    )  # fmt: skip


def duty_or_404(number: int, role: Role) -> Assignment:
    """The duty, where the one who asks holds the role for its unit or its plan."""
    return session().scalar(programme_queries.duty_in(actor_scope(role), number)) or abort(404)


def photo_or_404(code: str, role: Role) -> Photo:
    """The photo of such a duty."""
    found = queries.photo_in(actor_scope(role), code) if is_clean(code) else None
    return (session().scalar(found) if found is not None else None) or abort(404)


def unit_or_404(code: str, role: Role) -> Unit:
    """A unit of one's own, or one that carries a duty of one's own plan."""
    found = queries.unit_with_duties(actor_scope(role), code) if is_clean(code) else None
    return (session().scalar(found) if found is not None else None) or abort(404)


def chosen_week() -> Campaign | None:
    """The week that is on or comes next."""
    today = clock.local_day(clock.now())
    return session().scalar(programme_queries.week_on_or_next(today))
