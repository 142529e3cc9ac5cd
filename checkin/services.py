"""Seats: taking one, giving it back, moving up, asking for the letter again."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from checkin import notice, queries
from checkin.errors import AlreadyRegistered, AlreadyWithdrawn, RegistrationClosed
from checkin.models import Participant, Registration, Standing
from checkin.newcomers import units_called
from core import keys
from core.codes import new_code
from core.database import session
from core.text import folded
from events.models import Activity, ActivityState, Counting

LETTER_AGAIN_AFTER = timedelta(minutes=10)
"""A letter is not sent again sooner, however often it is asked for."""


@dataclass(frozen=True)
class Applicant:
    """What a person writes to take a seat."""

    name: str
    email: str = ""
    phone: str = ""
    unit: str = ""
    reminders: bool = False
    locale: str = "vi"


def accepts_registrations(activity: Activity, now: datetime) -> bool:
    """Whether seats are given: by ticket, before the activity has ended."""
    return (
        activity.state is ActivityState.RELEASED
        and activity.counting is Counting.TICKETS
        and now < activity.ends_at
    )


def register(
    activity: Activity, applicant: Applicant, *, form_token: str, now: datetime
) -> Registration:
    """Give the person a seat, or a place in line when every seat is taken.

    The activity must be locked. The same form sent twice gives the same seat.
    Raises ``RegistrationClosed`` or ``AlreadyRegistered``.
    """
    if not accepts_registrations(activity, now):
        raise RegistrationClosed()
    code = _code(activity, applicant, form_token)
    same = session().scalar(queries.by_code(code))
    if same is not None:
        return same
    known = session().scalars(queries.of_address(activity, applicant.email)).all()
    for registration in known:
        if registration.standing is not Standing.WITHDRAWN:
            raise AlreadyRegistered()
    participant = _participant(applicant, now)
    returning = next((r for r in known if r.participant_id == participant.id), None)
    registration = returning or _new_registration(activity, participant)
    registration.serial += 1 if returning else 0
    registration.code = code
    registration.standing = _standing(activity)
    registration.registered_at = now
    registration.promoted_at = registration.withdrawn_at = None
    session().add(registration)
    _agree(participant, applicant, now)
    session().flush()
    return registration


def withdraw(registration: Registration, *, now: datetime) -> Registration | None:
    """Give the seat back; who stands first in line moves up and is returned.

    The activity must be locked. Raises ``AlreadyWithdrawn``.
    """
    if registration.standing is Standing.WITHDRAWN:
        raise AlreadyWithdrawn()
    held_a_seat = registration.standing is Standing.CONFIRMED
    registration.standing = Standing.WITHDRAWN
    registration.withdrawn_at = now
    session().flush()
    activity = registration.activity
    if not held_a_seat or not accepts_registrations(activity, now):
        return None
    return promote(activity, now=now)


def promote(activity: Activity, *, now: datetime) -> Registration | None:
    """Give a free seat to who stands first in line; the activity must be locked."""
    if _standing(activity) is Standing.WAITING:
        return None
    following = session().scalar(queries.line(activity).limit(1))
    if following is not None:
        following.standing = Standing.CONFIRMED
        following.promoted_at = now
        session().flush()
    return following


def make_room(activity: Activity, seats: int, *, now: datetime) -> list[Registration]:
    """Put back into the line those who came last, so that no more than so many hold a seat.

    The activity must be locked. They are returned, the last one first.
    """
    over = (session().scalar(queries.seats_taken(activity)) or 0) - seats
    if over <= 0:
        return []
    losing = list(session().scalars(queries.last_seated(activity).limit(over)))
    for registration in losing:
        registration.standing = Standing.WAITING
        registration.seat_lost_at = now
    session().flush()
    return losing


def fill(activity: Activity, *, now: datetime) -> list[Registration]:
    """Give every free seat to those in line, the first one first; the activity must be locked."""
    seated = []
    while (following := promote(activity, now=now)) is not None:
        seated.append(following)
    return seated


def ask_for_letter(activity: Activity, email: str, *, now: datetime) -> None:
    """Send the ticket once more to the address that holds it; says nothing of whether it does."""
    for registration in session().scalars(queries.of_address(activity, email)):
        asked = registration.letter_asked_at or registration.registered_at
        if registration.standing is Standing.WITHDRAWN or now < asked + LETTER_AGAIN_AFTER:
            continue
        registration.letters += 1
        registration.letter_asked_at = now


def reissue(registration: Registration, *, now: datetime) -> None:
    """Make a new ticket, its own address and codes; the old one is revoked."""
    registration.serial += 1
    registration.code = secrets.token_urlsafe(24)
    registration.short_code = new_code()
    registration.letters += 1
    registration.letter_asked_at = now


def new_participant(
    name: str, unit: str, *, email: str = "", locale: str, now: datetime
) -> Participant:
    """A person as they wrote themselves; a unit of ours is recognised by its exact name."""
    participant = Participant(
        name=name,
        name_folded=folded(name),
        email=email or None,
        unit_text=unit,
        locale=locale,
        created_at=now,
    )
    if unit:
        participant.unit_id = session().scalar(units_called([unit], now).limit(1))
    session().add(participant)
    session().flush()
    return participant


def _participant(applicant: Applicant, now: datetime) -> Participant:
    """The same person at several activities is one: same address, same name."""
    if applicant.email:
        known = session().scalar(
            sa.select(Participant)
            .where(Participant.email == applicant.email)
            .where(Participant.name_folded == folded(applicant.name))
            .order_by(Participant.id)
            .limit(1)
        )
        if known is not None:
            known.locale = applicant.locale
            return known
    participant = new_participant(
        applicant.name, applicant.unit, email=applicant.email, locale=applicant.locale, now=now
    )
    participant.phone = applicant.phone or None
    return participant


def _new_registration(activity: Activity, participant: Participant) -> Registration:
    return Registration(
        activity=activity,
        participant=participant,
        short_code=new_code(),
        serial=0,
        letters=0,
        standing=Standing.WAITING,
    )


def _standing(activity: Activity) -> Standing:
    if activity.seats is None:
        return Standing.CONFIRMED
    taken = session().scalar(queries.seats_taken(activity)) or 0
    return Standing.CONFIRMED if taken < activity.seats else Standing.WAITING


def _agree(participant: Participant, applicant: Applicant, now: datetime) -> None:
    purposes = [notice.SEAT]
    if applicant.reminders and applicant.email:
        purposes.append(notice.REMINDERS)
    for purpose in purposes:
        given = notice.consent(purpose, locale=applicant.locale, now=now)
        given.participant_id = participant.id
        session().add(given)


def _code(activity: Activity, applicant: Applicant, form_token: str) -> str:
    """The unguessable address of the ticket, the same for the same form sent twice."""
    content = "\n".join(
        (
            str(activity.id),
            form_token,
            folded(applicant.name),
            applicant.email,
            applicant.phone,
            applicant.unit,
        )
    )
    digest = hashlib.sha256(keys.derived("ticket address") + content.encode())
    return digest.hexdigest()[:40]
