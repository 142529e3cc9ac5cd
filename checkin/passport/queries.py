"""What is known of one person: their rows, where they were, where they go, what they agreed to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import Unit
from checkin.models import Attendance, Consent, Grade, Participant, Registration, Standing
from checkin.passport.models import Certificate, PassportLetter
from core.database import session
from events import queries as programme
from events.models import Activity, Campaign, Plan


@dataclass(frozen=True)
class Visit:
    """One sitting at which a person was."""

    attendance_id: int
    slug: str
    title: str
    unit: str
    at: datetime
    grade: Grade


@dataclass
class Week:
    """The visits of one week or movement, and the certificates issued for it."""

    campaign: Campaign
    visits: list[Visit] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)


def rows_of(person: Participant) -> Sequence[Participant]:
    """Every row that is this very human: the same e-mail and the same name, else only this one.

    A telephone number is shared by families and proves nothing.
    """
    if not person.name or not person.email:
        return [person]
    return session().scalars(same_human(person.email, person.name_folded)).all()


def same_human(email: str, name_folded: str) -> sa.Select[Participant]:
    """The rows with an e-mail and a name, in the order of their coming."""
    return (
        sa.select(Participant)
        .where(Participant.email == email, Participant.name_folded == name_folded)
        .order_by(Participant.id)
    )


def weeks(people: Iterable[Participant]) -> list[Week]:
    """Where they were, by week, the latest first; one sitting stands there once."""
    ids = [person.id for person in people]
    found: dict[int, Week] = {}
    seen: set[int] = set()
    for attendance, activity, unit, campaign in session().execute(_attended(ids)):
        if attendance.session_id in seen:
            continue
        seen.add(attendance.session_id)
        week = found.setdefault(campaign.id, Week(campaign))
        week.visits.append(
            Visit(attendance.id, activity.slug, activity.title, unit, attendance.at,
                  attendance.grade)
        )  # fmt: skip
    for certificate in session().scalars(certificates(ids)):
        if certificate.campaign_id in found:
            found[certificate.campaign_id].certificates.append(certificate)
    return sorted(found.values(), key=lambda week: week.campaign.starts_on, reverse=True)


def ahead(people: Iterable[Participant], now: datetime) -> Sequence[Registration]:
    """The seats and places in line that they hold at what is on or still to come."""
    return session().scalars(
        sa.select(Registration)
        .join(Registration.activity)
        .where(Registration.participant_id.in_([person.id for person in people]))
        .where(Registration.standing != Standing.WITHDRAWN)
        .where(Activity.ends_at > now, Activity.state.in_(programme.PUBLIC))
        .options(
            joinedload(Registration.activity).joinedload(Activity.unit),
            joinedload(Registration.activity).joinedload(Activity.venue),
        )
        .order_by(Activity.starts_at, Registration.id)
    ).all()  # fmt: skip


def consents(people: Iterable[Participant]) -> list[Consent]:
    """What they agree to now: for each purpose the last time they did."""
    given = session().scalars(
        sa.select(Consent)
        .where(Consent.participant_id.in_([person.id for person in people]))
        .where(Consent.withdrawn_at.is_(None))
        .order_by(Consent.given_at, Consent.id)
    )
    return list({consent.purpose: consent for consent in given}.values())


def certificates(ids: Iterable[int]) -> sa.Select[Certificate]:
    """The certificates of these people that were not taken back, the last one first."""
    return (
        sa.select(Certificate)
        .where(Certificate.participant_id.in_(list(ids)), Certificate.revoked_at.is_(None))
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    )


def by_code(code: str) -> sa.Select[Certificate]:
    """The certificate behind its public code."""
    whose = joinedload(Certificate.participant)
    return (
        sa.select(Certificate)
        .where(Certificate.code == code)
        .options(whose, joinedload(Certificate.campaign))
    )


def still_counted(ids: Sequence[int]) -> set[int]:
    """Which of these attendances stand."""
    return set(session().scalars(sa.select(Attendance.id).where(Attendance.id.in_(ids))))


def awaiting_letter(email: str, since: datetime) -> sa.Select[int]:
    """Everybody at an address, each human by their first row, but those who asked since then."""
    named = sa.and_(Participant.email == email, Participant.name.is_not(None))
    firsts = sa.select(sa.func.min(Participant.id)).where(named).group_by(Participant.name_folded)
    lately = sa.exists().where(
        PassportLetter.participant_id == Participant.id,
        PassportLetter.asked_at > since,
        PassportLetter.email.is_(None),
    )
    return (
        sa.select(Participant.id)
        .where(Participant.id.in_(firsts), ~lately)
        .order_by(Participant.id)
    )


def _attended(ids: list[int]) -> sa.Select[Attendance, Activity, str, Campaign]:
    return (
        sa.select(Attendance, Activity, Unit.name, Campaign)
        .join(Activity, Activity.id == Attendance.activity_id)
        .join(Unit, Unit.id == Activity.unit_id)
        .join(Plan, Plan.id == Activity.plan_id)
        .join(Campaign, Campaign.id == Plan.campaign_id)
        .where(Attendance.participant_id.in_(ids))
        .order_by(Attendance.at, Attendance.id)
    )
