"""Where a long list goes on: after the last row shown, by time and id."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

_WRITTEN = re.compile(r"\A(\d{1,11})-(\d{1,15})\Z", re.ASCII)


class NotACursor(ValueError):
    """The text was never given out as a cursor."""


@dataclass(frozen=True)
class Cursor:
    """A place in a list that is ordered by a moment, then by id."""

    at: datetime
    number: int

    def __str__(self) -> str:
        """The text that goes into an address."""
        return f"{int(self.at.timestamp())}-{self.number}"


def read(written: str) -> Cursor:
    """The place that the text names. Raises ``NotACursor``."""
    match = _WRITTEN.match(written)
    if match is None or int(match[1]) > 10**11:
        raise NotACursor(written)
    try:
        return Cursor(datetime.fromtimestamp(int(match[1]), UTC), int(match[2]))
    except (OverflowError, ValueError, OSError) as error:
        raise NotACursor(written) from error


def after(cursor: Cursor, moment: Any, number: Any) -> sa.ColumnElement[bool]:
    """True for rows that come after the place."""
    return sa.or_(moment > cursor.at, sa.and_(moment == cursor.at, number > cursor.number))


def before(cursor: Cursor, moment: Any, number: Any) -> sa.ColumnElement[bool]:
    """True for rows that come before the place."""
    return sa.or_(moment < cursor.at, sa.and_(moment == cursor.at, number < cursor.number))
