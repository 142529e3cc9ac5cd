"""How often someone may try, at the edge; nothing is slowed down unless the setting says so."""

from flask import current_app, request

from core import clock, throttle
from core.database import transaction
from core.errors import DomainError
from core.i18n import N_

MINUTES = 10
"""The span in which the tries of one connection are counted."""


class TooManyTries(DomainError):
    """Someone tries more often than a person does."""

    sentence = N_("There were too many tries. Please wait %(minutes)s minutes, then try again.")
    status = 429


def slow_down(key: str, limit: int, minutes: int) -> None:
    """Use up one try of the key. Raises ``TooManyTries``."""
    if not _is_on():
        return
    with transaction():
        allowed = throttle.allow(key, limit, minutes, clock.now())
    if not allowed:
        raise TooManyTries(minutes=minutes)


def slow_down_here(what: str, limit: int) -> None:
    """Use up one try of this connection. Raises ``TooManyTries``."""
    slow_down(f"{what} {request.remote_addr}", limit, MINUTES)


def free(key: str) -> None:
    """Give all tries of the key back, as after a sign-in that succeeded."""
    if _is_on():
        with transaction():
            throttle.forget(key)


def _is_on() -> bool:
    return bool(current_app.extensions["settings"].throttle)
