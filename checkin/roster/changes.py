"""What happened to tickets since a scanner last asked, in the server's own order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from checkin.models import Device, Registration, Scan, ScanStatus
from checkin.roster import sealing
from checkin.tokens import Ticket, secret_of
from core.database import database, session
from events.models import Activity

PAGE = 500
UNDER_WAY = timedelta(seconds=15)
"""For so long a number that is missing may still belong to a request that has not ended."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Entries, exits and what was taken back; ``seq`` is where the next question begins."""

    seq: int
    more: bool
    rows: list[dict[str, Any]]


def changes(activities: Sequence[Activity], since: int, now: datetime) -> Changes:
    """What came after ``since``; a row may come twice, its own number tells, none is left out."""
    last: int = session().scalar(sa.select(sa.func.max(Scan.id))) or 0
    upto = max(since, _settled_upto(since, last, now))
    found = (
        sa.select(Scan.id, Scan.direction, Scan.status, Scan.at, Scan.annuls_id, Activity.slug)
        .add_columns(Registration.activity_id, Registration.id, Registration.serial, Device.name)
        .join(Registration, Registration.id == Scan.registration_id)
        .join(Activity, Activity.id == Scan.activity_id)
        .outerjoin(Device, Device.id == Scan.device_id)
        .where(Scan.id > since, Scan.id <= last)
        .where(Scan.activity_id.in_([activity.id for activity in activities]))
        .where(Scan.status.in_([ScanStatus.OK, ScanStatus.ANNULLED]))
        .order_by(Scan.id)
        .limit(PAGE + 1)
    )
    rows = session().execute(found).all()
    more = len(rows) > PAGE
    if more:
        upto = min(upto, rows[PAGE - 1][0])
    return Changes(upto, more, [_row(row) for row in rows[:PAGE]])


def _row(row: Any) -> dict[str, Any]:
    seq, direction, status, at, annuls, slug, activity_id, registration_id, serial, device = row
    return {
        "seq": seq,
        "id": sealing.entry_id(secret_of(Ticket(activity_id, registration_id, serial))),
        "activity": slug,
        "type": direction.value,
        "status": status.value,
        "annuls": annuls,
        "time": at.isoformat(),
        "device": device,
    }


def _settled_upto(since: int, last: int, now: datetime) -> int:
    """Up to which number nothing can come any more.

    PostgreSQL numbers rows before they can be seen, so that a lower one may appear after a
    higher one: where a number is missing we stop until it is too old to appear. SQLite has one
    writer, who numbers and shows in one order.
    """
    if database().is_sqlite:
        return last
    settled = session().scalar(
        sa.select(Scan.id)
        .where(Scan.received_at <= now - UNDER_WAY, Scan.id <= last)
        .order_by(Scan.id.desc())
        .limit(1)
    )
    start = max(since, settled or 0)
    recent = sa.select(Scan.id).where(Scan.id > start, Scan.id <= last).order_by(Scan.id)
    numbers: list[int] = [start, *session().scalars(recent)]
    for earlier, later in pairwise(numbers):
        if later > earlier + 1:
            return earlier
    return last
