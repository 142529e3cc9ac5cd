"""The letter to one who asked for the way to their page; its subject is the person."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from checkin.erasure import PASSPORT_LETTER
from checkin.models import Participant, Registration
from checkin.passport.codes import code_of
from checkin.passport.models import PassportLetter
from core.database import UtcDateTime, session
from events.models import Activity
from notifications.occasions import Kind, Letter, Occasion

STILL_USEFUL = timedelta(days=1)
"""How long somebody waits for a letter that they asked for."""


def asked(since: datetime, now: datetime) -> sa.Select[Any]:
    """Who asked; the unit of their last registration answers for the letter."""
    host = (
        sa.select(Activity.unit_id)
        .join(Registration, Registration.activity_id == Activity.id)
        .where(Registration.participant_id == Participant.id)
        .order_by(Registration.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    day = sa.literal(now - STILL_USEFUL, UtcDateTime())
    return (
        sa.select(
            sa.cast(Participant.id, sa.Text).label("subject"),
            Participant.email.label("recipient"),
            host.label("unit_id"),
            PassportLetter.id.label("revision"),
            PassportLetter.asked_at.label("due_at"),
            sa.literal(now + STILL_USEFUL, UtcDateTime()).label("useful_until"),
            Participant.locale.label("locale"),
        )
        .select_from(PassportLetter)
        .join(Participant, Participant.id == PassportLetter.participant_id)
        .where(PassportLetter.asked_at > sa.literal(since, UtcDateTime()))
        .where(PassportLetter.asked_at <= sa.literal(now, UtcDateTime()))
        .where(PassportLetter.asked_at > day, Participant.email.is_not(None))
        .order_by(PassportLetter.id)
    )


def _still_due(subject: str, _revision: int, _now: datetime) -> bool:
    person = session().get(Participant, int(subject))
    return person is not None and bool(person.name and person.email)


def _compose(subject: str, _locale: str) -> Letter:
    person = session().get_one(Participant, int(subject))
    code = code_of(person)
    return Letter(
        {
            "name": person.name or "",
            "code": code,
            "passport_path": f"/passport/{code}",
        }
    )


OCCASIONS = [
    Occasion(
        PASSPORT_LETTER, asked, _still_due, _compose, link=lambda _: "/desk/outbox", kind=Kind.ASKED
    )
]
"""When we write to people about their own page."""
