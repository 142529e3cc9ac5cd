"""Letters to those who asked for the way to their page, or gave a new address for it.

Their subject is the person.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from checkin.models import Participant, Registration
from checkin.passport import correcting
from checkin.passport.codes import code_of
from checkin.passport.models import PassportLetter
from core.database import UtcDateTime, session
from events.models import Activity
from notifications.occasions import Kind, Letter, Occasion

STILL_USEFUL = timedelta(days=1)
"""How long somebody waits for a letter that they asked for."""


def asked(since: datetime, now: datetime) -> sa.Select[Any]:
    """Who asked for the way to their page."""
    return _letters(since, now, Participant.email).where(PassportLetter.email.is_(None))


def address_asked(since: datetime, now: datetime) -> sa.Select[Any]:
    """Who gave a new address; the letter goes there."""
    return _letters(since, now, PassportLetter.email).where(PassportLetter.email != "")


def _letters(since: datetime, now: datetime, recipient: Any) -> sa.Select[Any]:
    """What people asked for; the unit of their last registration answers for the letter."""
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
            recipient.label("recipient"),
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
        .where(PassportLetter.asked_at > day, recipient.is_not(None))
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


def _address_still_due(subject: str, revision: int, _now: datetime) -> bool:
    letter = session().get(PassportLetter, revision)
    return letter is not None and bool(letter.email) and str(letter.participant_id) == subject


def _compose_address(subject: str, _locale: str) -> Letter:
    person = session().get_one(Participant, int(subject))
    letter = session().scalars(
        sa.select(PassportLetter)
        .where(PassportLetter.participant_id == person.id, PassportLetter.email != "")
    ).one()  # fmt: skip
    way = f"/passport/{code_of(person)}/address/{correcting.token_of(letter)}"
    return Letter({"name": person.name or "", "confirm_path": way})


OCCASIONS = [
    Occasion(
        "passport_asked", asked, _still_due, _compose,
        link=lambda _: "/desk/outbox", kind=Kind.ASKED,
    ),
    Occasion(
        "address_asked", address_asked, _address_still_due, _compose_address,
        link=lambda _: "/desk/outbox", kind=Kind.ASKED,
    ),
]  # fmt: skip
"""When we write to people about their own page."""
