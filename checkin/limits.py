"""How often one connection may try, when throttles are on."""

from flask import current_app, request

from checkin.errors import TooManyTries
from core import clock, throttle
from core.database import transaction

MINUTES = 10
"""The span in which tries are counted."""


def slow_down(what: str, limit: int) -> None:
    """Use up one try of this connection. Raises ``TooManyTries``."""
    if not current_app.extensions["settings"].throttle:
        return
    with transaction():
        allowed = throttle.allow(f"{what} {request.remote_addr}", limit, MINUTES, clock.now())
    if not allowed:
        raise TooManyTries()
