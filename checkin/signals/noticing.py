"""What is odd about presses, looked up for all that wait at once, judged one after the other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from checkin.many import ask, rows, table
from checkin.models import Grade
from checkin.scanned import Scanned, Sitting
from checkin.signals.models import Signal

FROM_ONE_PHONE = 5
"""Presses at one sitting by one phone, each as somebody new, before it looks odd."""
BY_ONE_CODE = 300
"""Presses by one step of the screen where nobody said how many the place holds."""
AFTER_END = 20
"""Presses after the end of a sitting, within ``BURST``, before it looks odd."""
BURST = timedelta(minutes=1)

LOWERED = {
    Grade.ROTATING_SELF_SCAN: Grade.STATIC_SELF_SCAN,
    Grade.ONLINE_LINK: Grade.STATIC_SELF_SCAN,
    Grade.STATIC_SELF_SCAN: Grade.ESTIMATE,
}
"""What an odd attendance counts as."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is noted of a press: at which sitting, from which phone, by which step of the screen."""

    activity: Scanned
    sitting: Sitting
    phone: str
    slot: int | None
    now: datetime

    @property
    def room(self) -> int:
        """How many may press by one step."""
        return self.activity.room or BY_ONE_CODE

    def series(self) -> "list[Key]":
        """What it has in common with others, and is counted by."""
        found = [(self.sitting.id, Signal.ONE_PHONE, self.phone)]
        if self.slot is not None:
            found.append((self.sitting.id, Signal.ONE_CODE, str(self.slot)))
        if self.now > self.sitting.ends_at:
            found.append((self.sitting.id, Signal.AFTER_END, str(self.sitting.id)))
        return found


Key = tuple[int, Signal, str]
"""A sitting, and a phone, a step or the hour."""

_KEY = {
    "session_id": "bigint",
    "signal": "text",
    "series": "text",
    "phone": "text",
    "slot": "bigint",
    "since": "timestamptz",
}
_PRESS = {
    "scan_id": "bigint",
    "session_id": "bigint",
    "phone": "text",
    "slot": "bigint",
    "at": "timestamptz",
}
_DOUBT = {
    "scan_id": "bigint",
    "activity_id": "bigint",
    "signal": "text",
    "series": "text",
    "grade": "text",
    "raised_at": "timestamptz",
}


class Noticed:
    """How many presses there were before, by what they have in common; no more than matter."""

    def __init__(self, connection: sa.Connection, marks: Sequence[Mark]) -> None:
        wanted = {key: mark for mark in marks for key in mark.series()}
        self._number: Counter[Key] = Counter()
        if wanted:
            given = [_asked(key, mark) for key, mark in wanted.items()]
            room = max(mark.room for mark in marks)
            for session_id, signal, series, number in _counted(connection, given, room):
                self._number[session_id, Signal(signal), series] = number

    def add(self, mark: Mark) -> tuple[Signal, str] | None:
        """Count one more press, and say what is odd about it."""
        limits = {
            Signal.ONE_PHONE: FROM_ONE_PHONE,
            Signal.ONE_CODE: mark.room,
            Signal.AFTER_END: AFTER_END,
        }
        keys = mark.series()
        odd = [key for key in keys if self._number[key] >= limits[key[1]]]
        self._number.update(keys)
        return odd[0][1:] if odd else None


def keep(connection: sa.Connection, marks: Sequence[tuple[int, Mark]]) -> None:
    """Note presses by the number of their scan."""
    given = [
        {
            "scan_id": scan_id,
            "session_id": mark.sitting.id,
            "phone": mark.phone,
            "slot": mark.slot,
            "at": mark.now,
        }
        for scan_id, mark in marks
    ]
    _insert(connection, "press", _PRESS, given)


def doubt(connection: sa.Connection, found: Sequence[Mapping[str, Any]]) -> None:
    """Keep what somebody should look at."""
    if found:
        _insert(connection, "doubt", _DOUBT, found)


def _insert(
    connection: sa.Connection,
    name: str,
    columns: Mapping[str, str],
    given: Sequence[Mapping[str, Any]],
) -> None:
    listed = ", ".join(columns)
    statement = f"INSERT INTO {name} ({listed}) SELECT {listed} FROM {table(connection, columns)}"  # noqa: S608
    ask(connection, statement, rows=rows(connection, given))


def _asked(key: Key, mark: Mark) -> dict[str, Any]:
    session_id, signal, series = key
    return {
        "session_id": session_id,
        "signal": signal.value,
        "series": series,
        "phone": mark.phone,
        "slot": mark.slot,
        "since": max(mark.sitting.ends_at, mark.now - BURST),
    }


def _counted(connection: sa.Connection, given: Sequence[Mapping[str, Any]], room: int) -> list[Any]:
    """No more of each are looked at than it takes to be odd."""

    def so_many(which: str, limit: str) -> str:
        return f"""(SELECT count(*) FROM (SELECT 1 FROM press p
            WHERE p.session_id = given.session_id AND {which} LIMIT {limit}) AS alike)"""  # noqa: S608

    statement = f"""
        SELECT given.session_id, given.signal, given.series, CASE given.signal
            WHEN 'one_phone' THEN {so_many("p.phone = given.phone", str(FROM_ONE_PHONE))}
            WHEN 'one_code' THEN {so_many("p.slot = given.slot", ":room")}
            ELSE {so_many("p.at > given.since", str(AFTER_END))} END
        FROM {table(connection, _KEY)}
    """  # noqa: S608  nothing but names and numbers of ours stands in it
    return ask(connection, statement, rows=rows(connection, given), room=room)
