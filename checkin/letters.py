"""What a letter about one registration says, and what it brings into a calendar.

Whoever holds a seat is invited by the unit that holds the activity: the ticket's letter
asks their calendar to take it in, each later letter changes that entry, and the last one
takes it out. Who waits is not invited: a calendar would show a seat that there is not.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import Unit
from checkin.models import Participant, Registration, Standing
from checkin.passport.codes import code_of
from checkin.personal import secret_of
from checkin.tokens import ticket_secret
from core import clock
from core.codes import shown
from core.database import session
from core.qr import svg
from events.ical import Invitation, Person, entry_of, invitations
from events.models import Activity, ActivityState
from notifications.occasions import Attachment, Letter
from notifications.writing import is_address

_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
"""From when the changes of an invitation are counted, in seconds."""

_WHOLE = [
    joinedload(Registration.participant).selectinload(Participant.consents),
    joinedload(Registration.activity).joinedload(Activity.venue),
    joinedload(Registration.activity).joinedload(Activity.unit),
    joinedload(Registration.activity).selectinload(Activity.sessions),
]
"""What letters say besides the registration itself."""

_public_url = ""
_sender = ""


def configure(public_url: str, sender: str) -> None:
    """Under which address letters name our pages, and who invites when a host has no address."""
    global _public_url, _sender
    _public_url, _sender = public_url, sender


def with_ticket(subject: str, _locale: str) -> Letter:
    """What a seat is like now: the ticket's QR, and the invitation."""
    registration = registered(subject)
    return _letter(registration, _invitations(registration), _ticket(registration))


def reminding(subject: str, _locale: str) -> Letter:
    """The ticket once more; the calendar knows already."""
    registration = registered(subject)
    return _letter(registration, [], _ticket(registration))


def plain(subject: str, _locale: str) -> Letter:
    """What happened to a registration, and what its calendar makes of that."""
    registration = registered(subject)
    return _letter(registration, _invitations(registration), [])


def registered(subject: str) -> Registration:
    """The registration that a letter is about, with all that letters say; asked for once."""
    return session().get_one(Registration, int(subject), options=_WHOLE)


def read_ahead(subjects: Sequence[str]) -> None:
    """Load the registrations that the next letters are about by one question."""
    numbers = [int(subject) for subject in subjects]
    wanted = sa.select(Registration).where(Registration.id.in_(numbers)).options(*_WHOLE)
    session().scalars(wanted).all()


def _letter(
    registration: Registration, invited: Sequence[Attachment], ticket: Sequence[Attachment]
) -> Letter:
    """Calendar programs take in the first entry by themselves; others go as files."""
    activity = registration.activity
    host = activity.unit.email or ""
    facts = {
        "activity": activity,
        "name": registration.participant.name or "",
        "short_code": shown(registration.short_code),
        "waits": registration.standing is Standing.WAITING,
        "ticket_path": f"/tickets/{registration.code}",
        "calendar_path": f"/calendar/people/{secret_of(registration.participant)}/",
        "passport_path": f"/passport/{code_of(registration.participant)}",
        "activity_path": f"/activities/{activity.slug}",
    }
    return Letter(
        facts,
        attachments=[*ticket, *invited[1:]],
        invitation=invited[0] if invited else None,
        reply_to=host if is_address(host) else "",
    )


def _ticket(registration: Registration) -> list[Attachment]:
    if registration.standing is not Standing.CONFIRMED:
        return []
    drawn = svg(ticket_secret(registration), in_haste=True).encode()
    return [Attachment("ticket.svg", "image/svg+xml", drawn)]


def _invitations(registration: Registration) -> list[Attachment]:
    told = _invitation(registration)
    if told is None:
        return []
    kind = f"text/calendar; charset=utf-8; method={told.method}"
    files = invitations(entry_of(registration.activity), told, _public_url)
    return [
        Attachment(f"invite-{number}.ics" if number else "invite.ics", kind, content)
        for number, content in enumerate(files)
    ]


def _invitation(registration: Registration) -> Invitation | None:
    """What the person's calendar is told; nothing when it never was told of a seat."""
    activity, person = registration.activity, registration.participant
    lost_at = registration.seat_lost_at
    waits = registration.standing is Standing.WAITING
    if waits and (lost_at is None or lost_at < registration.registered_at):
        return None
    if person.email is None or not is_address(person.email) or not activity.sessions:
        return None
    return Invitation(
        host=_host(activity.unit, person.email),
        guest=Person(person.name or "", person.email),
        number=registration.id,
        sequence=_sequence(registration),
        sent_at=clock.now(),
        is_off=_is_off(registration),
    )


def _is_off(registration: Registration) -> bool:
    has_seat = registration.standing is Standing.CONFIRMED
    return registration.activity.state is ActivityState.CANCELLED or not has_seat


def _sequence(registration: Registration) -> int:
    """Higher after every change of the activity or of the seat: the second of the last one."""
    moments = [
        registration.activity.changed_at,
        registration.registered_at,
        registration.promoted_at,
        registration.seat_lost_at,
        registration.withdrawn_at,
    ]
    last = max(moment for moment in moments if moment)
    ticks = registration.activity.revision + registration.serial + _is_off(registration)
    return max(int((last - _BEGINNING).total_seconds()), 0) + ticks


def _host(unit: Unit, guest: str) -> Person:
    """The unit, at its own address or of one above it; calendars heed no guest's own invitation."""
    above: Unit | None = unit
    while above is not None:
        if above.email and is_address(above.email) and above.email != guest:
            return Person(unit.name, above.email)
        above = above.parent
    return Person(unit.name, _sender)
