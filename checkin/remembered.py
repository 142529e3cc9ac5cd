"""Facts that every visitor's page needs: looked up now and then, not for each of them."""

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from checkin.recognising import TRUST

T = TypeVar("T")
_MOST = 2_000


class Remembered(Generic[T]):
    """Facts by number, believed for ``TRUST`` seconds, or until a page of this process commits.

    What another process commits is seen when the seconds are over.
    """

    def __init__(self, look_up: Callable[[int], T | None]) -> None:
        self._look_up = look_up
        self._known: dict[int, tuple[float, T]] = {}
        sa.event.listen(Session, "after_commit", self._changed)

    def get(self, number: int) -> T | None:
        """The facts; nothing when there are none, which is asked anew each time."""
        held = self._known
        known = held.get(number)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        found = self._look_up(number)
        if found is not None:
            if len(held) > _MOST:
                held.clear()
            held[number] = (time.monotonic() + TRUST, found)
        return found

    def forget(self) -> None:
        """Look everything up again."""
        self._known = {}

    def _changed(self, _session: Any) -> None:
        self.forget()
