"""Every scan of an activity in the order of the server, with what it was settled by."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from checkin.models import (
    Attendance,
    Decision,
    Device,
    Direction,
    Participant,
    Registration,
    Scan,
    ScanStatus,
    Settlement,
)
from checkin.roster.served import not_annulled
from checkin.windows import doors
from events.models import Activity

FAR_OFF = timedelta(minutes=5)
"""A clock that is off by more is shown as wrong."""
AROUND = timedelta(hours=2)
"""So long before and after, a code that nobody knows belongs to the activity of its scanner."""

COUNTING = aliased(Attendance, name="counting")
ANNULMENT = aliased(Scan, name="annulment")

LET_IN = (Decision.ADMITTED, Decision.PROVISIONAL)


def log(activity: Activity) -> sa.Select[Scan]:
    """The scans of an activity, and the unknown codes that its scanners met around it."""
    here = sa.select(Scan.device_id).where(Scan.activity_id == activity.id)
    met = sa.and_(
        Scan.activity_id.is_(None),
        Scan.device_id.in_(here.distinct()),
        Scan.at.between(activity.starts_at - AROUND, activity.ends_at + AROUND),
    )
    return sa.select(Scan).where(sa.or_(Scan.activity_id == activity.id, met)).order_by(Scan.id)


def with_everything(scans: Any) -> Any:
    """Each scan with its device, its person, what counts in its place and what takes it back."""
    return (
        scans.add_columns(Device.name, Participant.name, Registration.short_code)
        .add_columns(COUNTING.scan_id, ANNULMENT.id, ANNULMENT.answer)
        .outerjoin(Device, Device.id == Scan.device_id)
        .outerjoin(Registration, Registration.id == Scan.registration_id)
        .outerjoin(
            COUNTING,
            sa.or_(
                sa.and_(
                    COUNTING.session_id == Scan.session_id,
                    COUNTING.participant_id == Registration.participant_id,
                ),
                sa.and_(Scan.registration_id.is_(None), COUNTING.id == _first_resting_on_it()),
            ),
        )
        .outerjoin(
            Participant,
            Participant.id
            == sa.func.coalesce(Registration.participant_id, COUNTING.participant_id),
        )
        .outerjoin(ANNULMENT, ANNULMENT.annuls_id == Scan.id)
    )


def _first_resting_on_it() -> sa.ScalarSelect[int]:
    """Of those who were counted by a scan without a ticket, one: a group rests on a single scan."""
    resting = aliased(Attendance)
    return sa.select(sa.func.min(resting.id)).where(resting.scan_id == Scan.id).scalar_subquery()


def went_in(scan: type[Scan]) -> sa.ColumnElement[bool]:
    """That somebody went in by a scan, and nobody took it back."""
    offline = sa.and_(
        scan.status == ScanStatus.ALREADY_REDEEMED,
        scan.made_at.is_not(None),
        sa.func.coalesce(sa.cast(scan.decision, sa.Text), "") != Decision.REFUSED.value,
    )
    return sa.and_(
        scan.direction == Direction.ENTRY,
        sa.or_(scan.status == ScanStatus.OK, offline),
        not_annulled(scan),
    )


def of_several(activity: Activity) -> sa.ColumnElement[bool]:
    """That the holder of the scan's ticket went in by another scan as well."""
    other = aliased(Scan)
    return sa.and_(
        went_in(Scan),
        sa.exists().where(
            other.registration_id == Scan.registration_id,
            other.session_id == Scan.session_id,
            other.activity_id == activity.id,
            other.id != Scan.id,
            went_in(other),
        ),
    )


def against_the_rules(activity: Activity) -> sa.ColumnElement[bool]:
    """That a door let somebody in whom the rules would not have let in then."""
    settled = Scan.status.in_([ScanStatus.OK, ScanStatus.ALREADY_REDEEMED])
    return sa.and_(Scan.decision.in_(LET_IN), sa.or_(~settled, outside_hours(activity)))


def outside_hours(activity: Activity) -> sa.ColumnElement[bool]:
    """That a scan was made while the doors of its sitting were shut."""
    shut = []
    for sitting in activity.sessions:
        minutes = activity.opens_before, activity.closes_after
        opens_at, closes_at = doors(sitting.starts_at, sitting.ends_at, *minutes)
        too_soon, too_late = Scan.at < opens_at, Scan.at >= closes_at
        shut.append(sa.and_(Scan.session_id == sitting.id, sa.or_(too_soon, too_late)))
    return sa.or_(sa.false(), *shut)


def wrong_clock() -> sa.ColumnElement[bool]:
    """That the scanner's clock was far off, or was set between the scan and its handing in."""
    far_off = sa.func.abs(Scan.skew) > FAR_OFF / timedelta(milliseconds=1)
    return sa.or_(far_off, Scan.answer[("clock", "set")].as_integer().is_not(None))


def taken_back() -> sa.ColumnElement[bool]:
    """That a scan was taken back, or takes one back."""
    return sa.or_(Scan.status == ScanStatus.ANNULLED, ~not_annulled(Scan))


def conflicts(activity: Activity) -> sa.ColumnElement[bool]:
    """That there is something to explain about a scan."""
    return sa.or_(of_several(activity), against_the_rules(activity), wrong_clock(), taken_back())


def moves(activity: Activity) -> sa.Select[int]:
    """How often an attendance came to rest on another scan."""
    return (
        sa.select(sa.func.count())
        .select_from(Settlement)
        .join(Registration, Registration.id == Settlement.registration_id)
        .where(Registration.activity_id == activity.id, Settlement.scan_id.is_not(None))
    )
