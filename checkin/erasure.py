"""Names go, counts stay: by the clock some time after the week, at once when a person asks.

Law 91/2025/QH15, article 3.3: personal data is kept only as long as its purpose needs.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from accounts import audit
from checkin import occasions
from checkin.models import Attendance, Participant, Registration
from checkin.paper import jobs as paper_jobs
from checkin.passport import occasions as passport_occasions
from checkin.passport.models import Certificate, PassportLetter
from checkin.reminding import message_subjects
from core import addresses, clock, jobs, keys
from core.database import session
from core.i18n import N_
from core.spreadsheets import erasing
from events.models import Activity, Campaign, Plan
from notifications.erasure import erase_about
from notifications.reminders.occasions import NAME as REMINDER

KEPT = timedelta(days=90)
"""How long names are kept after the last day of the last week that a person took part in."""
AT_ONCE = 500

SEAT_LETTERS = [occasion.name for occasion in occasions.OCCASIONS]
"""Their subject is a registration."""
PERSON_LETTERS = [occasion.name for occasion in passport_occasions.OCCASIONS]
"""Their subject is a person."""

TABLE = "registrations"
"""The table in which people are brought in."""

audit.name({"participant.erased": N_("Name erased as the person asked")})


def due(now: datetime) -> sa.Select[Participant]:
    """People of whom something is still kept, all of whose weeks ended long enough ago."""
    last_day = clock.local_day(now - KEPT)
    recent = sa.select(Activity.id).join(Plan).join(Campaign).where(Campaign.ends_on >= last_day)
    takes_part = sa.or_(
        *(
            sa.exists().where(row.participant_id == Participant.id, row.activity_id.in_(recent))
            for row in (Registration, Attendance)
        )
    )
    given = (Participant.name, Participant.email, Participant.phone)
    return (
        sa.select(Participant)
        .where(sa.or_(*(column.is_not(None) for column in given), Participant.unit_text != ""))
        .where(Participant.created_at < now - KEPT, sa.not_(takes_part))
        .order_by(Participant.id)
        .limit(AT_ONCE)
    )


def erase(now: datetime) -> int:
    """Erase a portion of what is due; returns how many people it was."""
    jobs.erase_thoroughly()
    people = session().scalars(due(now)).all()
    for person in people:
        person.erased_as = counted_as(person)
        _forget(person)
    return len(people)


def erase_now(people: Sequence[Participant], now: datetime) -> list[str]:
    """Erase one human, all their rows together, because they ask for it.

    They stay one to the counts under a word drawn by lot, which leads back to nobody even with
    the key. Tables that units brought in are erased with them, letters not sent yet are dropped;
    gives the Message-IDs of those that were made.
    """
    jobs.erase_thoroughly()
    paper_jobs.forget([person.id for person in people], now)
    erasing.forget(TABLE, {word for person in people for word in _words(person)}, now)
    stands_for = secrets.token_hex(16)
    for person in people:
        person.erased_as = stands_for if person.name else None
        _forget(person)
        for consent in person.consents:
            consent.withdrawn_at = consent.withdrawn_at or now
        audit.record(None, None, "participant.erased", f"participant:{person.id}", {}, now)
    ids = [person.id for person in people]
    for certificate in session().scalars(
        sa.select(Certificate).where(Certificate.participant_id.in_(ids))
    ):
        certificate.facts = {"visits": []}
        certificate.revoked_at = certificate.revoked_at or now
    session().execute(sa.delete(PassportLetter).where(PassportLetter.participant_id.in_(ids)))
    seats = (
        session()
        .scalars(sa.select(Registration.id).where(Registration.participant_id.in_(ids)))
        .all()
    )
    return [
        *erase_about(SEAT_LETTERS, [str(number) for number in seats]),
        *erase_about([REMINDER], message_subjects(seats)),
        *erase_about(PERSON_LETTERS, [str(number) for number in ids]),
    ]


def counted_as(person: Participant) -> str | None:
    """Who the person stays to the counts: the same human the same, nobody to be found."""
    if not person.name:
        return None
    if not person.email:
        return str(person.id)
    return keys.sign("counted-as", f"{addresses.kept(person.email)} {person.name_folded}").hex()


def _words(person: Participant) -> list[str]:
    """What tells of a person where no row of theirs is."""
    return [word for word in (person.name, person.email, person.phone) if word]


def _forget(person: Participant) -> None:
    person.name = person.email = person.phone = None
    person.name_folded = person.unit_text = ""
