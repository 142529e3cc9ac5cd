"""The activities that a scanner serves these days, and how things stand at their doors."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from accounts.models import Unit
from checkin.models import Attendance, Direction, Registration, Scan, ScanStatus, Standing
from checkin.redeem import Gate
from checkin.windows import doors
from core.database import session
from events.models import Activity, ActivityState, Counting, Session

AHEAD = timedelta(hours=48)
"""How long before it begins an activity is on the roster, when it is not asked for by name."""
AFTERWARDS = timedelta(hours=24)
"""How long after it ended; then a scanner forgets it."""


def served(gate: Gate, lists: Collection[str], now: datetime) -> Sequence[Activity]:
    """What people hold tickets for behind this door, the next first."""
    found = (
        sa.select(Activity)
        .join(Unit, Unit.id == Activity.unit_id)
        .where(within(gate), Activity.counting == Counting.TICKETS)
        .where(Activity.state != ActivityState.DRAFT, Activity.ends_at > now - AFTERWARDS)
        .options(selectinload(Activity.sessions), joinedload(Activity.venue))
        .order_by(Activity.starts_at, Activity.id)
    )
    if lists:
        return session().scalars(found.where(Activity.slug.in_(lists))).all()
    return session().scalars(found.where(Activity.starts_at < now + AHEAD)).all()


def within(gate: Gate) -> sa.ColumnElement[bool]:
    """The scope of a scanner, as ``Gate.serves`` says it, for rows joined with their unit."""
    if gate.activity_id is not None:
        return Activity.id == gate.activity_id
    below = Unit.path.startswith(gate.path, autoescape=True)
    if gate.venue_id is not None:
        return sa.and_(below, Activity.venue_id == gate.venue_id)
    return below


def described(activity: Activity) -> dict[str, Any]:
    """An activity as a scanner needs it without a connection."""
    minutes = activity.opens_before, activity.closes_after
    hours = [(s, *doors(s.starts_at, s.ends_at, *minutes)) for s in activity.sessions]
    return {
        "slug": activity.slug,
        "title": activity.title,
        "place": activity.venue.name if activity.venue else activity.place,
        "state": activity.state.value,
        "sessions": [
            {
                "starts_at": sitting.starts_at.isoformat(),
                "ends_at": sitting.ends_at.isoformat(),
                "opens_at": opens_at.isoformat(),
                "closes_at": closes_at.isoformat(),
            }
            for sitting, opens_at, closes_at in hours
        ],
        "forget_at": (activity.ends_at + AFTERWARDS).isoformat(),
    }


def standings(activities: Sequence[Activity]) -> list[dict[str, Any]]:
    """Each activity with its seats, and who came and is inside at each of its sittings."""
    ids = [activity.id for activity in activities]
    confirmed = _counted(
        sa.select(Registration.activity_id, sa.func.count())
        .where(Registration.activity_id.in_(ids), Registration.standing == Standing.CONFIRMED)
        .group_by(Registration.activity_id)
    )
    came = _counted(
        sa.select(Attendance.session_id, sa.func.count())
        .where(Attendance.activity_id.in_(ids))
        .group_by(Attendance.session_id)
    )
    outside = _counted(_outside(ids))
    return [
        {
            **described(activity),
            "seats": activity.seats,
            "confirmed": confirmed.get(activity.id, 0),
            "attended": sum(came.get(sitting.id, 0) for sitting in activity.sessions),
            "sessions": [
                {
                    **hours,
                    "attended": came.get(sitting.id, 0),
                    "inside": came.get(sitting.id, 0) - outside.get(sitting.id, 0),
                }
                for sitting, hours in _with_hours(activity)
            ],
        }
        for activity in activities
    ]


def _with_hours(activity: Activity) -> list[tuple[Session, dict[str, str]]]:
    return list(zip(activity.sessions, described(activity)["sessions"], strict=True))


def _outside(activity_ids: Sequence[int]) -> sa.Select[Any, int]:
    """Who was counted and has gone out since, by sitting."""
    later = aliased(Scan)
    back = sa.exists().where(
        later.registration_id == Scan.registration_id,
        later.session_id == Scan.session_id,
        later.status == ScanStatus.OK,
        not_annulled(later),
        sa.tuple_(later.at, later.id) > sa.tuple_(Scan.at, Scan.id),
    )
    return (
        sa.select(Scan.session_id, sa.func.count(Scan.registration_id.distinct()))
        .join(Registration, Registration.id == Scan.registration_id)
        .join(
            Attendance,
            sa.and_(
                Attendance.session_id == Scan.session_id,
                Attendance.participant_id == Registration.participant_id,
            ),
        )
        .where(Scan.activity_id.in_(activity_ids), Scan.direction == Direction.EXIT)
        .where(Scan.status == ScanStatus.OK, not_annulled(Scan), ~back)
        .group_by(Scan.session_id)
    )


def not_annulled(scan: Any) -> sa.ColumnElement[bool]:
    """That nobody took a scan back."""
    annulment = aliased(Scan)
    return ~sa.exists().where(annulment.annuls_id == scan.id)


def _counted(found: Any) -> dict[int, int]:
    return {row[0]: row[1] for row in session().execute(found)}
