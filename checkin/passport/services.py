"""What a person may do on their page: a certificate, a consent, another code, their name gone."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from checkin import erasure, notice
from checkin.errors import NothingAttended
from checkin.models import Consent, Participant
from checkin.passport import queries
from checkin.passport.models import Certificate, PassportLetter
from checkin.passport.queries import Visit, Week
from core import clock
from core.codes import new_code
from core.database import session

PREFIX = "C"
"""What the codes of certificates begin with."""
LENGTH = 16
LETTER_AGAIN_AFTER = timedelta(minutes=10)
"""The address of a page is not sent again sooner, however often it is asked for."""


def issue(person: Participant, campaign_id: int, *, now: datetime) -> Certificate:
    """The certificate of what the person attended in a week; unchanged, it is the one they have.

    Raises ``NothingAttended``.
    """
    week = _week(person, campaign_id)
    facts = {"visits": [_written(visit) for visit in week.visits]}
    same = next((c for c in week.certificates if c.facts == facts), None)
    if same is not None:
        return same
    certificate = Certificate(
        code=PREFIX + new_code(LENGTH - len(PREFIX)),
        participant_id=person.id,
        campaign_id=campaign_id,
        facts=facts,
        issued_at=now,
    )
    session().add(certificate)
    session().flush()
    return certificate


def revoke(person: Participant, certificate: Certificate, *, now: datetime) -> None:
    """Let a certificate of the person hold no more."""
    certificate.revoked_at = certificate.revoked_at or now


def show_name(person: Participant, locale: str, *, now: datetime) -> None:
    """Agree that the full name is shown to who verifies a certificate."""
    if notice.SHOWN_NAME in (given.purpose for given in queries.consents([person])):
        return
    given = notice.consent(notice.SHOWN_NAME, locale=locale, now=now)
    given.participant_id = person.id
    session().add(given)


def withdraw_consent(person: Participant, purpose: str, *, now: datetime) -> list[str]:
    """Take an agreement back; where the name was kept for it alone, the name goes.

    Gives the Message-IDs of letters whose copies go with it.
    """
    people = queries.rows_of(person)
    if purpose in notice.NEEDS_NAME:
        return erasure.erase_now(people, now)
    given = session().scalars(
        sa.select(Consent)
        .where(Consent.participant_id.in_([row.id for row in people]))
        .where(Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
    )
    for consent in given:
        consent.withdrawn_at = now
    return []


def ask_for_letters(email: str, *, now: datetime) -> None:
    """Send everybody at an address the way to their page; says nothing of whether anybody is."""
    for number in session().scalars(queries.awaiting_letter(email, now - LETTER_AGAIN_AFTER)):
        session().add(PassportLetter(participant_id=number, asked_at=now))


def _week(person: Participant, campaign_id: int) -> Week:
    for week in queries.weeks(queries.rows_of(person)):
        if week.campaign.id == campaign_id:
            return week
    raise NothingAttended()


def _written(visit: Visit) -> dict[str, str | int]:
    return {
        "attendance": visit.attendance_id,
        "title": visit.title,
        "unit": visit.unit,
        "day": clock.local_day(visit.at).isoformat(),
    }
