"""The scanners that people see, and what they may be for."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.scope import Scope
from checkin.models import Device, Scan
from events.models import Activity, ActivityState, Counting

KEPT = timedelta(days=30)
"""How long a scanner that does not work any more stays in the list."""


def scanners(scope: Scope, now: datetime) -> sa.Select[Device]:
    """The scanners of these units, the newest first."""
    return (
        sa.select(Device)
        .where(scope.owns(Device.unit_id), Device.expires_at > now - KEPT)
        .options(joinedload(Device.unit), joinedload(Device.activity), joinedload(Device.venue))
        .order_by(Device.id.desc())
    )


def last_words(device_ids: list[int]) -> sa.Select[Any, Any, Any]:
    """When each was heard of last, and how many scans it made."""
    return (
        sa.select(Scan.device_id, sa.func.max(Scan.received_at), sa.func.count())
        .where(Scan.device_id.in_(device_ids))
        .group_by(Scan.device_id)
    )


def admitting(scope: Scope, now: datetime) -> sa.Select[Activity]:
    """The activities with tickets that are on or to come, the next first."""
    return (
        sa.select(Activity)
        .where(scope.owns(Activity.unit_id), Activity.state == ActivityState.RELEASED)
        .where(Activity.counting == Counting.TICKETS, Activity.ends_at > now)
        .order_by(Activity.starts_at, Activity.id)
        .limit(200)
    )
