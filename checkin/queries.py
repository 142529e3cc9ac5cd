"""What can be asked about seats, people and attendance; every query has a stable order."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from accounts.scope import Scope
from checkin.models import Attendance, Participant, Registration, Standing, Tally
from core.codes import typed
from core.database import session
from core.text import folded
from events import queries as programme
from events.models import Activity


def locked_activity(slug: str) -> sa.Select[Activity]:
    """One public activity that nobody else gives seats of until we are done."""
    return programme.public_activity(slug).with_for_update(of=Activity)


def by_code(code: str) -> sa.Select[Registration]:
    """The registration behind a ticket's address."""
    return (
        sa.select(Registration)
        .where(Registration.code == code)
        .options(
            joinedload(Registration.participant),
            joinedload(Registration.activity).joinedload(Activity.venue),
            joinedload(Registration.activity).joinedload(Activity.unit),
        )
    )


def of_address(activity: Activity, email: str) -> sa.Select[Registration]:
    """The registrations that an address holds at an activity, withdrawn ones included."""
    return (
        sa.select(Registration)
        .join(Registration.participant)
        .where(Registration.activity_id == activity.id)
        .where(Participant.email == email if email else sa.false())
        .order_by(Registration.id)
    )


def line(activity: Activity) -> sa.Select[Registration]:
    """Who waits for a seat, in the order of their coming."""
    return (
        sa.select(Registration)
        .where(Registration.activity_id == activity.id, Registration.standing == Standing.WAITING)
        .options(joinedload(Registration.participant))
        .order_by(Registration.registered_at, Registration.id)
    )


def last_seated(activity: Activity) -> sa.Select[Registration]:
    """Who holds a seat, those who came last first."""
    return (
        sa.select(Registration)
        .where(Registration.activity_id == activity.id, Registration.standing == Standing.CONFIRMED)
        .options(joinedload(Registration.participant))
        .order_by(Registration.registered_at.desc(), Registration.id.desc())
    )


def to_be_told(activity_ids: Collection[int], now: datetime) -> Mapping[int, tuple[int, int]]:
    """Of those who hold or await a seat: how many a letter reaches, how many only the phone."""
    reached = Participant.email.is_not(None)
    counted = session().execute(
        sa.select(Registration.activity_id, reached, sa.func.count())
        .select_from(Registration)
        .join(Registration.participant)
        .where(Registration.activity_id.in_(activity_ids), Registration.registered_at < now)
        .where(Registration.standing != Standing.WITHDRAWN)
        .group_by(Registration.activity_id, reached)
    )
    totals: dict[int, tuple[int, int]] = {}
    for activity_id, by_mail, number in counted:
        mail, phone = totals.get(activity_id, (0, 0))
        totals[activity_id] = (mail + number, phone) if by_mail else (mail, phone + number)
    return totals


def place_in_line(registration: Registration) -> int:
    """How many stand in line up to this one."""
    earlier = sa.tuple_(Registration.registered_at, Registration.id) <= sa.tuple_(
        sa.literal(registration.registered_at, Registration.registered_at.type),
        sa.literal(registration.id, Registration.id.type),
    )
    waiting = line(registration.activity).where(earlier).order_by(None)
    return session().scalar(sa.select(sa.func.count()).select_from(waiting.subquery())) or 0


def seats_taken(activity: Activity) -> sa.Select[int]:
    """How many confirmed seats an activity has given."""
    return (
        sa.select(sa.func.count())
        .select_from(Registration)
        .where(Registration.activity_id == activity.id)
        .where(Registration.standing == Standing.CONFIRMED)
    )


def people(activity: Activity, search: str = "") -> sa.Select[Registration]:
    """The registrations of an activity, those in line included, searched without diacritics."""
    found = (
        sa.select(Registration)
        .join(Registration.participant)
        .options(contains_eager(Registration.participant).joinedload(Participant.unit))
        .where(Registration.activity_id == activity.id)
        .order_by(Registration.registered_at, Registration.id)
    )
    if not search:
        return found
    words = folded(search)
    return found.where(
        sa.or_(
            Participant.name_folded.contains(words, autoescape=True),
            Participant.email.contains(search, autoescape=True),
            Registration.short_code == typed(search),
        )
    )


def registration_in(scope: Scope, activity_id: int, number: int) -> sa.Select[Registration]:
    """One registration at an activity whose host is inside a scope."""
    return (
        sa.select(Registration)
        .join(Registration.activity)
        .where(Registration.id == number, Registration.activity_id == activity_id)
        .where(scope.owns(Activity.unit_id))
        .options(
            contains_eager(Registration.activity).joinedload(Activity.unit),
            joinedload(Registration.participant),
        )
    )


def activity_in(scope: Scope, number: int) -> sa.Select[Activity]:
    """One activity, in any state, whose host is inside a scope."""
    return (
        sa.select(Activity)
        .where(Activity.id == number, scope.owns(Activity.unit_id))
        .options(
            joinedload(Activity.unit),
            joinedload(Activity.venue),
            sa.orm.selectinload(Activity.sessions),
        )
    )


def attended_by(activity: Activity) -> set[int]:
    """The participants who were at an activity."""
    return set(
        session().scalars(
            sa.select(Attendance.participant_id)
            .where(Attendance.activity_id == activity.id, Attendance.participant_id.is_not(None))
            .distinct()
        )
    ) - {None}  # type: ignore[return-value]


def head_counts(activity: Activity) -> sa.Select[Tally]:
    """The head counts of an activity, the latest first."""
    return sa.select(Tally).where(Tally.activity_id == activity.id).order_by(Tally.id.desc())


def standing_head_counts(among: sa.ColumnElement[bool]) -> sa.Select[Tally]:
    """The head counts that hold among these: the last one of each sitting, group and point."""
    last = sa.select(sa.func.max(Tally.id)).where(among)
    last = last.group_by(Tally.session_id, Tally.group, Tally.point_id)
    return sa.select(Tally).where(Tally.id.in_(last)).order_by(Tally.id)


def registered(activity_ids: Sequence[int]) -> Mapping[int, int]:
    """People who hold or await a seat, by activity id; absent when there are none."""
    return _registrations(activity_ids, Standing.CONFIRMED, Standing.WAITING)


def seats_given(activity_ids: Sequence[int]) -> Mapping[int, int]:
    """Confirmed seats, by activity id; absent when there are none."""
    return _registrations(activity_ids, Standing.CONFIRMED)


def seats_left(activity_ids: Sequence[int]) -> Mapping[int, int]:
    """Seats still free, by activity id; an activity without a limit is absent."""
    limits = session().execute(
        sa.select(Activity.id, Activity.seats).where(
            Activity.id.in_(activity_ids), Activity.seats.is_not(None)
        )
    )
    taken = seats_given(activity_ids)
    return {number: max(0, (seats or 0) - taken.get(number, 0)) for number, seats in limits}


def attendances(activity_ids: Sequence[int]) -> Mapping[int, int]:
    """Attendances and head counts so far, by activity id."""
    counted = session().execute(
        sa.select(Attendance.activity_id, sa.func.count())
        .where(Attendance.activity_id.in_(activity_ids))
        .group_by(Attendance.activity_id)
    )
    whole = {row[0]: row[1] for row in counted}
    for tally in session().scalars(standing_head_counts(Tally.activity_id.in_(activity_ids))):
        whole[tally.activity_id] = whole.get(tally.activity_id, 0) + tally.count
    return whole


def to_be_phoned(activity: Activity) -> sa.Select[Registration]:
    """Who must be told by phone that it was moved or cancelled: no letter reaches them."""
    told: datetime | None = activity.cancelled_at or activity.moved_at
    return (
        people(activity)
        .where(Participant.email.is_(None), Registration.standing != Standing.WITHDRAWN)
        .where(Registration.registered_at < told if told else sa.false())
    )


def _registrations(activity_ids: Sequence[int], *standings: Standing) -> Mapping[int, int]:
    rows = session().execute(
        sa.select(Registration.activity_id, sa.func.count())
        .where(Registration.activity_id.in_(activity_ids))
        .where(Registration.standing.in_(standings))
        .group_by(Registration.activity_id)
    )
    return {row[0]: row[1] for row in rows}
