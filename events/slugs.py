"""Addresses of activities, made from their titles."""

from itertools import count

import sqlalchemy as sa

from core import text
from core.database import session
from events.models import Activity


def base(title: str) -> str:
    """What the address of an activity with this title begins with."""
    return text.slug(title)[:60].strip("-") or "hoat-dong"


class Slugs:
    """Gives addresses to many activities after one look at those that are taken."""

    def __init__(self, year: int) -> None:
        self._year = year
        self._taken = {"new", *session().scalars(sa.select(Activity.slug))}
        self._numbers: dict[str, int] = {}

    def free(self, title: str) -> str:
        """An address that nobody has; nobody else is given it either."""
        stem = base(title)
        for name in (stem, f"{stem}-{self._year}"):
            if name not in self._taken:
                self._taken.add(name)
                return name
        for number in count(self._numbers.get(stem, 2)):
            name = f"{stem}-{self._year}-{number}"
            if name not in self._taken:
                break
        self._numbers[stem] = number + 1
        self._taken.add(name)
        return name
