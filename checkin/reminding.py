"""Whom reminders about an activity reach: those with a seat, those who wait, came, did not come.

Only those who agreed to be reminded and left an address.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from checkin import notice
from checkin.models import Attendance, Consent, Participant, Registration, Standing
from core.database import UtcDateTime, session
from core.i18n import N_, translate
from events import reminding
from events.models import Activity
from notifications.reminders.declared import About, Audience, Rows, Sort
from notifications.reminders.models import ReminderMoment, ReminderRule

HELD = (Standing.CONFIRMED,)
IN_LINE = (Standing.WAITING,)
EITHER = (Standing.CONFIRMED, Standing.WAITING)


def _people(about: About, standings: Sequence[Standing]) -> Rows:
    joined = sa.func.coalesce(Registration.promoted_at, Registration.registered_at)
    return (
        sa.select(
            sa.cast(Registration.id, sa.Text).label("member"),
            Registration.id.label("number"),
            Participant.email.label("recipient"),
            Participant.name.label("name"),
            Activity.unit_id.label("unit_id"),
            Participant.locale.label("locale"),
            sa.type_coerce(joined, UtcDateTime()).label("joined_at"),
        )
        .where(
            Participant.id == Registration.participant_id,
            Activity.id == Registration.activity_id,
        )
        .where(Registration.activity_id == about.subject_id, Registration.standing.in_(standings))
    )


def _reached() -> sa.ColumnElement[bool]:
    """True for participants who agreed to be reminded and left an address."""
    agreed = sa.exists().where(
        Consent.participant_id == Participant.id,
        Consent.purpose == notice.REMINDERS,
        Consent.withdrawn_at.is_(None),
    )
    return sa.and_(Participant.email.is_not(None), agreed)


def _was_there() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Attendance.activity_id == Registration.activity_id,
        Attendance.participant_id == Registration.participant_id,
    )


def _audience(
    name: str, label: str, standings: Sequence[Standing], *among: Any, **more: Any
) -> Audience:
    """Registrations in some standings, for whom all conditions hold."""

    def people(about: About) -> Rows:
        return _people(about, standings).where(*(condition() for condition in among))

    return Audience(
        name,
        label,
        members=lambda about: people(about).where(_reached()),
        left_out=lambda about: people(about).where(~_reached()),
        **more,
    )


AUDIENCES: list[Audience] = [
    _audience("seat_holders", N_("Who holds a seat"), HELD),
    _audience("waiting", N_("Who waits for a seat"), IN_LINE),
    _audience("came", N_("Who came"), HELD, _was_there, after="end"),
    _audience(
        "did_not_come", N_("Who held a seat and did not come"), HELD, lambda: ~_was_there(),
        after="end",
    ),
    _audience("entered", N_("Who entered the contest"), EITHER, fits=reminding.is_contest),
]  # fmt: skip
"""Who can be reminded of an activity, besides units."""
PEOPLE = frozenset(one.name for one in AUDIENCES)


def facts(subject_id: int, member: str, locale: str) -> Mapping[str, str]:
    """What the fields stand for: the ticket is where the link leads, while there is one."""
    found = dict(reminding.facts(subject_id, member, locale))
    ticket = _registration(subject_id, member)
    if ticket is not None:
        found["link"] = f"/tickets/{ticket.code}"
        found["name"] = ticket.participant.name or ""
    found["name"] = found["name"] or translate(N_("participant"), locale)
    return found


def message_subjects(registrations: Collection[int]) -> list[str]:
    """What messages of reminders about these registrations are about, as the outbox says it."""
    rows = session().execute(
        sa.select(ReminderMoment.rule_id, Registration.activity_id, Registration.id)
        .join(ReminderRule, ReminderRule.id == ReminderMoment.rule_id)
        .join(Registration, Registration.activity_id == ReminderMoment.subject_id)
        .where(ReminderRule.sort == reminding.ACTIVITY, Registration.id.in_(registrations))
    )
    return [f"{rule}:{activity}:{number}" for rule, activity, number in rows]


def _registration(subject_id: int, member: str) -> Registration | None:
    if not member.isdecimal():
        return None
    found = session().get(Registration, int(member))
    return found if found and found.activity_id == subject_id else None


SORT: Sort = replace(reminding.SORT, facts=facts, audiences=(*AUDIENCES, *reminding.SORT.audiences))
"""Reminders about activities, with those whom only this floor knows."""
