"""Codes at the venue that change: one to scan every 15 seconds, one to type every minute.

Nothing of them is kept: they are made from the installation's key, the activity and the time, and
made anew to be compared. A picture that is sent to somebody who is not there comes too late.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core import keys
from core.codes import ALPHABET, number, numeral

SKEW = timedelta(seconds=5)
"""By how much the clock of the machine that shows a code may be ahead of the one that reads it."""
_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rotation:
    """A code that changes: how often, how long each one is taken, and how long it is."""

    purpose: str
    step: timedelta
    good_for: timedelta
    letters: int

    def code(self, activity_id: int, now: datetime) -> str:
        """What is shown for an activity at a moment."""
        return self._at((now - _BEGINNING) // self.step, activity_id)

    def slot(self, activity_id: int, code: str, now: datetime) -> int | None:
        """The number of the step that showed it so recently that it is taken; else nothing."""
        newest = (now + SKEW - _BEGINNING) // self.step
        oldest = (now - self.good_for - _BEGINNING) // self.step + 1
        steps = range(oldest, newest + 1) if code.isascii() else ()
        same = [n for n in steps if hmac.compare_digest(self._at(n, activity_id), code)]
        return same[0] if same else None

    def _at(self, step: int, activity_id: int) -> str:
        mac = int.from_bytes(keys.sign(self.purpose, f"{activity_id} {step}"), "big")
        return numeral(mac % len(ALPHABET) ** self.letters, self.letters)


SCANNED = Rotation("venue step", timedelta(seconds=15), timedelta(seconds=45), 10)
"""The end of the address in the QR on the screen: shown for 15 seconds, then taken for 30 more."""
TYPED = Rotation("venue typed", timedelta(minutes=1), timedelta(minutes=3), 8)
"""The end of what is typed: three minutes from when it was first shown."""


def typed_code(activity_id: int, now: datetime) -> str:
    """Letters that lead to the activity for three minutes."""
    return numeral(activity_id, 2) + TYPED.code(activity_id, now)


def read_typed_code(code: str, now: datetime) -> int | None:
    """The activity that was typed; nothing when it was never shown, or too long ago."""
    place, shown = code[: -TYPED.letters], code[-TYPED.letters :]
    found = number(place) if 2 <= len(place) <= 12 else None
    if found is None or numeral(found, 2) != place or TYPED.slot(found, shown, now) is None:
        return None
    return found
