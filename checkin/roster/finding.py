"""Looking for somebody who came without a ticket, by name."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from accounts.models import Unit
from checkin.models import Attendance, Participant, Registration, Standing
from core.database import session
from core.text import folded
from events.models import Activity

LETTERS = 3
"""Fewer would show half the list."""
MOST = 20


def is_long_enough(query: str) -> bool:
    """Whether enough was typed to look for."""
    return sum(c.isalnum() for c in folded(query)) >= LETTERS


def people(activities: Sequence[Activity], query: str) -> list[dict[str, Any]]:
    """Those whose name has these words, with the code that is typed in place of a ticket."""
    came = (
        sa.select(sa.func.min(Attendance.at))
        .where(Attendance.activity_id == Registration.activity_id)
        .where(Attendance.participant_id == Registration.participant_id)
        .scalar_subquery()
    )
    found = (
        sa.select(Participant.name, Participant.group, Registration.short_code)
        .add_columns(Registration.standing, Activity.slug, Activity.title, came.label("came"))
        .add_columns(sa.func.coalesce(Unit.short_name, Participant.unit_text).label("unit"))
        .join(Registration, Registration.participant_id == Participant.id)
        .join(Registration.activity)
        .outerjoin(Participant.unit)
        .where(Registration.activity_id.in_([activity.id for activity in activities]))
        .where(Registration.standing != Standing.WITHDRAWN)
        .order_by(Participant.name_folded, Registration.id)
        .limit(MOST)
    )
    for word in folded(query).split():
        found = found.where(Participant.name_folded.contains(word, autoescape=True))
    return [
        {
            "name": row.name,
            "unit": row.unit or None,
            "group": row.group.value if row.group else None,
            "activity": row.slug,
            "title": row.title,
            "state": "unapproved" if row.standing is Standing.WAITING else "confirmed",
            "code": row.short_code,
            "attended_at": row.came.isoformat() if row.came else None,
        }
        for row in session().execute(found)
    ]
