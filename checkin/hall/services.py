"""How a screen is let in by a code that works once, recognised, and shut out again."""

import secrets
import threading
import time
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import Account
from checkin.devices import fingerprint
from checkin.hall.models import Screen
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
TRUST = 2.0
"""Seconds for which a screen that was recognised is not looked up again."""


class CodeRefused(DomainError):
    """The code is unknown, was used, or is too old."""

    sentence = N_("This code does not open a hall. Please ask for a new one at the desk.")
    status = 422


def invite(activity: Activity, *, actor: Account | None, now: datetime) -> tuple[Screen, str]:
    """Prepare a screen; its code is given out here and never kept."""
    code = new_code(PAIRING_LETTERS)
    screen = Screen(
        activity_id=activity.id,
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
        .options(joinedload(Screen.account))
        .order_by(Screen.id.desc())
    )


class Recogniser:
    """Finds the activity of a screen's token, and remembers it for ``TRUST`` seconds."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, datetime, int]] = {}
        self._lock = threading.Lock()

    def recognise(self, token: str, now: datetime) -> int | None:
        """The activity; nothing when the screen is unknown, has run out or was shut out."""
        known = self._known.get(token)
        if known is not None and known[0] > time.monotonic() and known[1] > now:
            return known[2]
        row = session().execute(
            sa.select(Screen.expires_at, Screen.activity_id)
            .where(Screen.token_hash == fingerprint(token))
            .where(Screen.revoked_at.is_(None), Screen.expires_at > now)
        )
        found = row.one_or_none()
        with self._lock:
            if found is None:
                self._known.pop(token, None)
                return None
            if len(self._known) > 1000:
                self._known.clear()
            self._known[token] = (time.monotonic() + TRUST, found.expires_at, found.activity_id)
        return int(found.activity_id)

    def forget(self) -> None:
        """Look every token up again."""
        with self._lock:
            self._known.clear()


recogniser = Recogniser()
