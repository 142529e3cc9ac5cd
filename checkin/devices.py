"""Scanners: how one is paired, recognised and turned off."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from accounts.models import Account, Unit
from checkin.models import Device
from checkin.recognising import Recogniser, fingerprint
from checkin.redeem import Gate
from core.codes import new_code, typed
from core.database import session
from core.errors import DomainError
from core.i18n import N_
from events.models import Activity, Venue

LIFETIME = timedelta(days=14)
"""How long a paired scanner works: the week with the days around it."""

_PAIRING_LETTERS = 20
"""Nobody guesses them in a day, and they can be typed when there is no camera."""

INVITATION = timedelta(hours=24)
"""How long a prepared scanner may wait to be paired."""


class PairingRefused(DomainError):
    """The pairing token is unknown, was used, or is too old."""

    sentence = N_("This pairing code does not hold any more.")
    status = 400


@dataclass(frozen=True, slots=True)
class Recognised:
    """A device behind a valid token."""

    gate: Gate
    unit: str
    expires_at: datetime


def pair(
    *,
    name: str,
    unit: Unit,
    now: datetime,
    account_id: int | None = None,
    activity: Activity | None = None,
) -> tuple[Device, str]:
    """Admit a scanner; the token is given out here and never kept."""
    token = secrets.token_urlsafe(32)
    device = _device(name, unit, now, account_id, activity)
    device.token_hash = fingerprint(token)
    return device, token


def invite(
    *,
    name: str,
    unit: Unit,
    now: datetime,
    activity: Activity | None = None,
    venue: Venue | None = None,
    expires_at: datetime | None = None,
) -> tuple[Device, str]:
    """Prepare a scanner that pairs itself with a one-time token."""
    token = new_code(_PAIRING_LETTERS)
    device = _device(name, unit, now, None, activity)
    device.venue = venue
    device.expires_at = expires_at or device.expires_at
    device.pairing_hash = fingerprint(token)
    return device, token


def initialize(pairing_token: str, *, now: datetime) -> tuple[Device, str]:
    """Swap a one-time pairing token for the device's own. Raises ``PairingRefused``."""
    device = session().scalar(
        sa.select(Device)
        .where(Device.pairing_hash == fingerprint(typed(pairing_token)))
        .where(Device.revoked_at.is_(None), Device.expires_at > now)
        .where(Device.created_at > now - INVITATION)
        .with_for_update()
    )
    if device is None:
        raise PairingRefused
    token = secrets.token_urlsafe(32)
    device.pairing_hash = None
    device.token_hash = fingerprint(token)
    return device, token


def _device(
    name: str, unit: Unit, now: datetime, account_id: int | None, activity: Activity | None
) -> Device:
    device = Device(
        name=name,
        unit=unit,
        account_id=account_id,
        activity=activity,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    session().add(device)
    return device


def _look_up(key: str, now: datetime) -> Recognised | None:
    """The device, unless it is unknown, turned off, expired, or its steward has left."""
    row = (
        session()
        .execute(
            sa.select(Device.id, Device.name, Device.activity_id, Device.venue_id)
            .add_columns(Device.expires_at)
            .add_columns(Unit.path, Unit.short_name)
            .join(Unit, Unit.id == Device.unit_id)
            .outerjoin(Account, Account.id == Device.account_id)
            .where(Device.token_hash == key, Device.revoked_at.is_(None), Device.expires_at > now)
            .where(Account.closed_at.is_(None))
        )
        .one_or_none()
    )
    if row is None:
        return None
    gate = Gate(row.id, row.path, row.activity_id, row.venue_id, row.name)
    return Recognised(gate, row.short_name, row.expires_at)


recogniser = Recogniser(_look_up)
