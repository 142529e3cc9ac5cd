"""How a screen is let in by a code that works once, recognised, and shut out again."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import Account
from checkin.hall.models import Screen
from checkin.points.models import Point
from checkin.recognising import Recogniser, fingerprint
from core.codes import new_code, typed
from core.database import session
from core.errors import DomainError
from core.i18n import N_
from events.models import Activity

PAIRING_LETTERS = 10
"""They are typed on the hall's laptop; tries are slowed down."""
INVITATION = timedelta(hours=24)
"""How long a code waits to be typed."""
AFTERWARDS = timedelta(hours=12)
"""How long a screen works after its activity."""


class CodeRefused(DomainError):
    """The code is unknown, was used, or is too old."""

    sentence = N_("This code does not open a hall. Please ask for a new one at the desk.")
    status = 422


def invite(
    activity: Activity,
    *,
    actor: Account | None,
    now: datetime,
    point: Point | None = None,
    only_counts: bool = False,
) -> tuple[Screen, str]:
    """Prepare a screen, or a phone that counts; its code is given out here and never kept."""
    code = new_code(PAIRING_LETTERS)
    screen = Screen(
        activity_id=activity.id,
        point_id=point.id if point else None,
        only_counts=only_counts,
        pairing_hash=fingerprint(code),
        account_id=actor.id if actor else None,
        created_at=now,
        expires_at=max(activity.ends_at, now) + AFTERWARDS,
    )
    session().add(screen)
    session().flush()
    return screen, code


def pair(code: str, *, now: datetime) -> tuple[Screen, str]:
    """Swap a code for what this laptop is known by. Raises ``CodeRefused``."""
    screen = session().scalar(
        sa.select(Screen)
        .where(Screen.pairing_hash == fingerprint(typed(code)), Screen.revoked_at.is_(None))
        .where(Screen.created_at > now - INVITATION, Screen.expires_at > now)
        .with_for_update()
    )
    if screen is None:
        raise CodeRefused
    token = secrets.token_urlsafe(32)
    screen.pairing_hash, screen.token_hash, screen.paired_at = None, fingerprint(token), now
    return screen, token


def leave(token: str, *, now: datetime) -> None:
    """Shut out the screen that asks for it."""
    if token:
        session().execute(
            sa.update(Screen)
            .where(Screen.token_hash == fingerprint(token), Screen.revoked_at.is_(None))
            .values(revoked_at=now)
        )


def screens(activity: Activity, now: datetime) -> sa.Select[Screen]:
    """The screens of an activity that work or may still be let in, the newest first."""
    waits = sa.and_(Screen.paired_at.is_(None), Screen.created_at > now - INVITATION)
    return (
        sa.select(Screen)
        .where(Screen.activity_id == activity.id, Screen.revoked_at.is_(None))
        .where(Screen.expires_at > now, sa.or_(Screen.paired_at.is_not(None), waits))
        .options(joinedload(Screen.account), joinedload(Screen.point))
        .order_by(Screen.id.desc())
    )


def counting_at(activity: Activity, point: Point | None, now: datetime) -> sa.Select[Screen]:
    """The phones that count at the place of an activity, or at one of its points."""
    at = Screen.point_id == point.id if point else Screen.point_id.is_(None)
    return screens(activity, now).where(Screen.only_counts, at)


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a code let in, and where."""

    screen_id: int
    activity_id: int
    point_id: int | None
    only_counts: bool
    expires_at: datetime


def _look_up(key: str, now: datetime) -> Recognised | None:
    row = (
        session()
        .execute(
            sa.select(
                Screen.id,
                Screen.activity_id,
                Screen.point_id,
                Screen.only_counts,
                Screen.expires_at,
            )
            .where(Screen.token_hash == key)
            .where(Screen.revoked_at.is_(None), Screen.expires_at > now)
        )
        .one_or_none()
    )
    return Recognised(*row) if row else None


recogniser = Recogniser(_look_up)
