"""When checkin writes to people: a seat, a move up, the day before, a change, an end.

The subject is the number of the registration. Whoever left no address is never
selected. A revision that stands for a moment is that moment in seconds, so that
a later change of another sort does not say the same once more.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from checkin import notice
from checkin.letters import plain, read_ahead, registered, reminding, with_ticket
from checkin.models import Consent, Participant, Registration, Standing
from core import clock
from core.database import UtcDateTime
from events.models import Activity, ActivityState
from notifications.occasions import Kind, Occasion

REMINDER_HOUR = 18
"""The hour of the day before, in Vietnam, at which people are reminded."""
LOOK_BACK = timedelta(days=40)
"""Reminders that fell due longer ago are nobody's business any more."""


def seat_confirmed(since: datetime, now: datetime) -> sa.Select[Any]:
    """Who took a seat at once, or asked for the ticket's letter again."""
    due_at = sa.func.coalesce(Registration.letter_asked_at, Registration.registered_at)
    confirmed = Registration.standing == Standing.CONFIRMED
    asked = Registration.letter_asked_at.is_not(None)
    is_new = sa.or_(
        Registration.registered_at > _moment(since), Registration.letter_asked_at > _moment(since)
    )
    return _rows(Registration.serial + Registration.letters, due_at, since, now).where(
        is_new,
        sa.or_(
            sa.and_(confirmed, Registration.promoted_at.is_(None)),
            sa.and_(asked, Registration.standing != Standing.WITHDRAWN),
        ),
    )


def promoted(since: datetime, now: datetime) -> sa.Select[Any]:
    """Who moved up from the waiting list."""
    moment = Registration.promoted_at
    return _rows(_seconds(moment), moment, since, now).where(
        Registration.standing == Standing.CONFIRMED
    )


def seat_lost(since: datetime, now: datetime) -> sa.Select[Any]:
    """Who held a seat and waits again, because there are fewer seats."""
    moment = Registration.seat_lost_at
    return _rows(_seconds(moment), moment, since, now).where(
        Registration.standing == Standing.WAITING
    )


def see_you_tomorrow(since: datetime, now: datetime) -> sa.Select[Any] | None:
    """Who agreed to be reminded and comes tomorrow; not who registered after the hour."""
    days = clock.days_with((REMINDER_HOUR, 0), max(since, now - LOOK_BACK), now)
    if not days:
        return None
    due_at = sa.case(
        *((_starts_on_day_after(day), _moment(clock.at(day, REMINDER_HOUR))) for day in days)
    )
    revision = sa.case(
        *((_starts_on_day_after(day), _number(day + timedelta(days=1))) for day in days)
    )
    agreed = sa.exists().where(
        Consent.participant_id == Participant.id,
        Consent.purpose == notice.REMINDERS,
        Consent.withdrawn_at.is_(None),
    )
    joined = sa.func.coalesce(Registration.promoted_at, Registration.registered_at)
    rows = _rows(revision, due_at, since, now, until=Activity.starts_at)
    return rows.where(
        Registration.standing == Standing.CONFIRMED,
        sa.or_(*map(_starts_on_day_after, days)),
        agreed,
        joined <= due_at,
    )


def moved(since: datetime, now: datetime) -> sa.Select[Any]:
    """Who holds a seat or waits for one, and knew another time or place."""
    return _rows(_seconds(Activity.moved_at), Activity.moved_at, since, now).where(
        Registration.standing != Standing.WITHDRAWN,
        Registration.registered_at < Activity.moved_at,
    )


def cancelled(since: datetime, now: datetime) -> sa.Select[Any]:
    """Who holds a seat or waits for one at what does not take place."""
    moment = Activity.cancelled_at
    return _rows(_seconds(moment), moment, since, now, states=(ActivityState.CANCELLED,)).where(
        Registration.standing != Standing.WITHDRAWN, Registration.registered_at < moment
    )


def withdrawn(since: datetime, now: datetime) -> sa.Select[Any]:
    """Whose seat or place in line was given back."""
    moment = Registration.withdrawn_at
    among = (ActivityState.RELEASED, ActivityState.CANCELLED)
    return _rows(_seconds(moment), moment, since, now, states=among).where(
        Registration.standing == Standing.WITHDRAWN
    )


def _seat_still_due(subject: str, revision: int, now: datetime) -> bool:
    registration = registered(subject)
    return (
        _takes_place(registration, now)
        and registration.standing is not Standing.WITHDRAWN
        and registration.serial + registration.letters == revision
    )


def _promotion_still_due(subject: str, revision: int, now: datetime) -> bool:
    registration = registered(subject)
    return (
        _takes_place(registration, now)
        and registration.standing is Standing.CONFIRMED
        and _is_moment(registration.promoted_at, revision)
    )


def _loss_still_due(subject: str, revision: int, now: datetime) -> bool:
    registration = registered(subject)
    return (
        _takes_place(registration, now)
        and registration.standing is Standing.WAITING
        and _is_moment(registration.seat_lost_at, revision)
    )


def _reminder_still_due(subject: str, revision: int, now: datetime) -> bool:
    registration = registered(subject)
    starts_at = registration.activity.starts_at
    agreed = any(
        given.purpose == notice.REMINDERS and given.withdrawn_at is None
        for given in registration.participant.consents
    )
    return (
        agreed
        and _takes_place(registration, now)
        and registration.standing is Standing.CONFIRMED
        and now < starts_at
        and revision == int(f"{clock.local_day(starts_at):%Y%m%d}")
    )


def _move_still_due(subject: str, revision: int, now: datetime) -> bool:
    registration = registered(subject)
    return (
        _takes_place(registration, now)
        and registration.standing is not Standing.WITHDRAWN
        and _is_moment(registration.activity.moved_at, revision)
    )


def _cancellation_still_due(subject: str, revision: int, _now: datetime) -> bool:
    registration = registered(subject)
    return (
        registration.activity.state is ActivityState.CANCELLED
        and registration.participant.email is not None
        and registration.standing is not Standing.WITHDRAWN
        and _is_moment(registration.activity.cancelled_at, revision)
    )


def _withdrawal_still_due(subject: str, revision: int, now: datetime) -> bool:
    registration = registered(subject)
    return (
        registration.standing is Standing.WITHDRAWN
        and registration.participant.email is not None
        and now < registration.activity.ends_at
        and _is_moment(registration.withdrawn_at, revision)
    )


def people_page(subject: str) -> str:
    """Where the staff sees whom it is about."""
    return f"/desk/activities/{registered(subject).activity_id}/people"


OCCASIONS: list[Occasion] = [
    replace(occasion, ahead=read_ahead)
    for occasion in (
        Occasion(
            "seat_confirmed", seat_confirmed, _seat_still_due, with_ticket, people_page, Kind.ASKED
        ),
        Occasion("promoted", promoted, _promotion_still_due, with_ticket, people_page, Kind.ASKED),
        Occasion("seat_lost", seat_lost, _loss_still_due, plain, people_page, Kind.CHANGE),
        Occasion("see_you_tomorrow", see_you_tomorrow, _reminder_still_due, reminding, people_page),
        Occasion("moved", moved, _move_still_due, plain, people_page, Kind.CHANGE),
        Occasion("cancelled", cancelled, _cancellation_still_due, plain, people_page, Kind.CHANGE),
        Occasion("withdrawn", withdrawn, _withdrawal_still_due, plain, people_page, Kind.ASKED),
    )
]
"""When we write to people. To add a message: a row here, a folder of templates."""


def _rows(
    revision: sa.ColumnElement[int],
    due_at: Any,
    since: datetime,
    now: datetime,
    *,
    until: Any = Activity.ends_at,
    states: Sequence[ActivityState] = (ActivityState.RELEASED,),
) -> sa.Select[Any]:
    """Everyone with an address for whom the moment lies in the span."""
    return (
        sa.select(
            sa.cast(Registration.id, sa.Text).label("subject"),
            Participant.email.label("recipient"),
            Activity.unit_id.label("unit_id"),
            revision.label("revision"),
            sa.type_coerce(due_at, UtcDateTime()).label("due_at"),
            until.label("useful_until"),
            Participant.locale.label("locale"),
        )
        .select_from(Registration)
        .join(Registration.participant)
        .join(Registration.activity)
        .where(Participant.email.is_not(None), Activity.state.in_(states))
        .where(due_at > _moment(since), due_at <= _moment(now))
    )


def _seconds(moment: Any) -> sa.ColumnElement[int]:
    return sa.cast(sa.extract("epoch", moment), sa.BigInteger)


def _is_moment(moment: datetime | None, seconds: int) -> bool:
    """Whether a revision stands for the moment; databases round its fraction differently."""
    return moment is not None and abs(moment.timestamp() - seconds) <= 1


def _moment(moment: datetime) -> sa.ColumnElement[datetime]:
    return sa.literal(moment, UtcDateTime())


def _number(day: Any) -> sa.ColumnElement[int]:
    return sa.literal(int(f"{day:%Y%m%d}"), sa.Integer)


def _starts_on_day_after(day: Any) -> sa.ColumnElement[bool]:
    start = clock.at(day + timedelta(days=1))
    return sa.and_(Activity.starts_at >= start, Activity.starts_at < start + timedelta(days=1))


def _takes_place(registration: Registration, now: datetime) -> bool:
    """Whether it is still to come, for somebody who has not been erased since."""
    activity = registration.activity
    is_on = activity.state is ActivityState.RELEASED and now < activity.ends_at
    return is_on and registration.participant.email is not None
