"""What the screen asks: each question once, however many activities there are."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from accounts.models import Unit
from accounts.scope import Scope
from checkin.models import Attendance, Device, Scan, Tally
from checkin.queries import standing_head_counts
from core.database import session
from core.paging import portions
from events.models import Activity, ActivityState, Counting, Session, Venue

AROUND = timedelta(hours=6)
"""Most doors open and close within that before and after a sitting; the others are asked for."""
LOOKS_BACK = timedelta(hours=3)
"""How long ago a scanner may have spoken last and still be in the list."""
MOST_UNITS = 300

Rows = Sequence[Any]
"""Rows with the names of their columns."""


def sittings(scope: Scope, now: datetime) -> Rows:
    """The sittings that admit people about now, with all that a line of the screen shows."""
    return (
        session()
        .execute(
            sa.select(
                Session.id,
                Session.starts_at,
                Session.ends_at,
                Activity.id.label("activity_id"),
                Activity.slug,
                Activity.title,
                Activity.counting,
                Activity.opens_before,
                Activity.closes_after,
                Unit.short_name,
                sa.func.coalesce(Venue.name, Activity.place).label("place"),
            )
            .join(Activity, Activity.id == Session.activity_id)
            .join(Unit, Unit.id == Activity.unit_id)
            .outerjoin(Venue, Venue.id == Activity.venue_id)
            .where(_about(now), _watched(), scope.condition())
        )
        .all()
    )


def people(sittings: Rows) -> dict[int, int]:
    """Who was counted, by sitting: attendances, and the heads that hold in each series.

    The sittings are named one by one, so that the database need not guess how many there are.
    """
    found: Counter[int] = Counter()
    for some in portions(sittings, 10_000):
        here = _written(sitting.id for sitting in some)
        activities = _written(sitting.activity_id for sitting in some)
        came = sa.select(Attendance.session_id, sa.func.count())
        heads = standing_head_counts(
            sa.and_(Tally.activity_id.in_(activities), Tally.session_id.in_(here))
        ).with_only_columns(Tally.session_id, sa.func.sum(Tally.count))
        both = sa.union_all(
            came.where(Attendance.session_id.in_(here)).group_by(Attendance.session_id),
            heads.order_by(None).group_by(Tally.session_id),
        )
        for number, counted in session().execute(both):
            found[number] += int(counted)
    return found


def scans(scope: Scope, now: datetime, recent: timedelta) -> Rows:
    """Scans made with a connection: by scanner, activity and answer, how many and the last."""
    is_recent = Scan.received_at > now - recent
    ours = sa.or_(
        Scan.activity_id.in_(sa.select(Activity.id).where(scope.owns(Activity.unit_id))),
        Scan.device_id.in_(sa.select(Device.id).where(scope.owns(Device.unit_id))),
    )
    return (
        session()
        .execute(
            sa.select(
                Scan.device_id,
                Scan.activity_id,
                Scan.status,
                is_recent.label("is_recent"),
                sa.func.count().label("number"),
                sa.func.max(Scan.received_at).label("last"),
            )
            .where(Scan.received_at > now - LOOKS_BACK, Scan.received_at <= now)
            .where(ours, Scan.made_at.is_(None))
            .group_by(Scan.device_id, Scan.activity_id, Scan.status, is_recent)
        )
        .all()
    )


def devices(scope: Scope, now: datetime) -> Rows:
    """The scanners that still work, and where."""
    return (
        session()
        .execute(
            sa.select(Device.id, Device.name, Unit.short_name)
            .join(Unit, Unit.id == Device.unit_id)
            .where(scope.condition(), Device.token_hash.is_not(None))
            .where(Device.revoked_at.is_(None), Device.expires_at > now)
            .order_by(Device.id)
        )
        .all()
    )


def units(scope: Scope, chosen: Unit | None) -> Sequence[Unit]:
    """What one may look at: the outermost units or the chosen one, with those right below."""
    paths = (chosen.path,) if chosen else scope.paths
    tops = sa.select(Unit.id).where(Unit.path.in_(paths))
    found = sa.select(Unit).where(sa.or_(Unit.id.in_(tops), Unit.parent_id.in_(tops)))
    return session().scalars(found.order_by(Unit.path).limit(MOST_UNITS)).all()


def _about(now: datetime) -> sa.ColumnElement[bool]:
    minutes, day = AROUND // timedelta(minutes=1), timedelta(days=1)
    early = sa.and_(Activity.opens_before > minutes, Session.starts_at < now + day)
    late = sa.and_(Activity.closes_after > minutes, Session.ends_at > now - day)
    return sa.and_(
        sa.or_(Session.starts_at < now + AROUND, early),
        sa.or_(Session.ends_at > now - AROUND, late),
    )


def _written(numbers: Iterable[int]) -> sa.BindParameter[Sequence[int]]:
    """Thousands of numbers as a part of the sentence: handing over each would cost more."""
    return sa.bindparam(None, sorted(set(numbers)), expanding=True, literal_execute=True)


def _watched() -> sa.ColumnElement[bool]:
    return sa.and_(Activity.state == ActivityState.RELEASED, Activity.counting != Counting.EVIDENCE)
