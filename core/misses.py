"""How often one connection may miss on pages that only look, and so may write nothing.

A code that opens a page cannot be guessed; this keeps away those who try all the same. It is
kept in the memory of one process and forgotten with it.
"""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from flask import current_app, request

from core import clock
from core.limits import MINUTES, TooManyTries

MOST = 30
"""Misses of one connection before it has to wait."""
REMEMBERED = 10_000
"""Connections that are kept in mind; beyond that the oldest is forgotten."""


class Misses:
    """The misses of connections, each until a while after its first one."""

    def __init__(self) -> None:
        self._counted: OrderedDict[str, tuple[int, datetime]] = OrderedDict()
        self._guard = threading.Lock()

    def too_many(self, key: str, now: datetime) -> bool:
        """Whether it missed so often that it has to wait."""
        number, until = self._counted.get(key, (0, now))
        return number >= MOST and now < until

    def count(self, key: str, now: datetime) -> None:
        """One more miss."""
        with self._guard:
            number, until = self._counted.pop(key, (0, now))
            if until <= now:
                number, until = 0, now + timedelta(minutes=MINUTES)
            self._counted[key] = (number + 1, until)
            if len(self._counted) > REMEMBERED:
                self._counted.popitem(last=False)


_misses = Misses()


def stop_guessing() -> None:
    """Let no one look who missed too often. Raises ``TooManyTries``."""
    if _is_on() and _misses.too_many(request.remote_addr or "", clock.now()):
        raise TooManyTries(minutes=MINUTES)


def missed() -> None:
    """What was looked for does not exist."""
    if _is_on():
        _misses.count(request.remote_addr or "", clock.now())


def _is_on() -> bool:
    return bool(current_app.extensions["settings"].throttle)
