"""Machines are recognised by a token again and again; the database is asked only now and then."""

import hashlib
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Generic, Protocol, TypeVar

TRUST = 2.0
"""Seconds for which a recognised token is not looked up again."""
_MOST = 10_000


class Admitted(Protocol):
    """Whoever is behind a token that is good for a time."""

    @property
    def expires_at(self) -> datetime:
        """From when on the token is good no more."""


T = TypeVar("T", bound=Admitted)


def fingerprint(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Recogniser(Generic[T]):
    """Finds who is behind a token and remembers it for ``TRUST`` seconds."""

    def __init__(self, look_up: Callable[[str, datetime], T | None]) -> None:
        self._look_up = look_up
        self._known: dict[str, tuple[float, T]] = {}
        self._lock = threading.Lock()

    def recognise(self, token: str, now: datetime) -> T | None:
        """Who it is; nothing when the token is unknown, has run out or was shut out."""
        key = fingerprint(token)
        known = self._known.get(key)
        if known is not None and known[0] > time.monotonic() and known[1].expires_at > now:
            return known[1]
        found = self._look_up(key, now)
        with self._lock:
            if found is None:
                self._known.pop(key, None)
            else:
                if len(self._known) > _MOST:
                    self._known.clear()
                self._known[key] = (time.monotonic() + TRUST, found)
        return found

    def forget(self) -> None:
        """Look every token up again."""
        with self._lock:
            self._known.clear()
