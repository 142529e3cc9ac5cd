"""Made-up people who take seats, some of them in line, some of them withdrawn."""

from datetime import datetime, timedelta
from random import Random

from checkin.models import Group, Participant, Registration, Standing
from core.codes import ALPHABET, numeral
from core.text import folded
from events.models import Activity, ActivityState, Counting
from rehearsal.names import a_name
from rehearsal.schedule import Doors

_GROUPS = tuple(Group)


class Crowd:
    """Draws people for the activities with tickets, half of them where doors are open now."""

    def __init__(self, rng: Random, *, now: datetime, open_now: bool) -> None:
        self._rng = rng
        self._now = now
        self._open_now = open_now
        self.messages_due = 0

    def take_seats(
        self, activities: list[tuple[Activity, Doors]], people: int
    ) -> list[Registration]:
        """One registration for each person; seats are limited where someone waits."""
        ticketed = [(a, d) for a, d in activities if a.counting is Counting.TICKETS]
        released = [(a, d) for a, d in ticketed if a.state is not ActivityState.DRAFT]
        opened = [(a, d) for a, d in released if d == "open" and a.state is ActivityState.RELEASED]
        if not released:
            return []
        rows = []
        for number in range(people):
            choices = opened if opened and number % 2 == 0 else released
            activity, doors = choices[(number // 2) % len(choices)]
            rows.append(self._registration(number, activity, doors))
        self._limit_seats(rows)
        return rows

    def _registration(self, number: int, activity: Activity, doors: Doors) -> Registration:
        standing = Standing.CONFIRMED
        if number % 40 == 9:
            standing = Standing.WAITING
        elif number % 40 == 19:
            standing = Standing.WITHDRAWN
        writes = (
            standing is Standing.CONFIRMED
            and activity.state is ActivityState.RELEASED
            and doors != "late"
            and number % 10 < 7
        )
        self.messages_due += writes
        return Registration(
            activity=activity,
            participant=self._person(number, writes),
            code=f"{self._rng.getrandbits(128):032x}",
            short_code=self._short_code(number),
            standing=standing,
            registered_at=self._now - timedelta(minutes=2),
            withdrawn_at=self._now if standing is Standing.WITHDRAWN else None,
        )

    def _person(self, number: int, writes: bool) -> Participant:
        name = a_name(self._rng)
        return Participant(
            name=name,
            name_folded=folded(name),
            email=f"nguoi-{number:06}@example.com" if writes else None,
            unit_text=f"Tổ dân phố {1 + number % 30}",
            group=_GROUPS[number % len(_GROUPS)],
            created_at=self._now - timedelta(minutes=2),
        )

    def _short_code(self, number: int) -> str:
        """Unique because the number is part of it, unguessable because the rest is drawn."""
        return numeral(number, 4) + "".join(self._rng.choices(ALPHABET, k=6))

    @staticmethod
    def _limit_seats(rows: list[Registration]) -> None:
        """Where someone waits, every seat is taken."""
        for row in rows:
            if row.standing is Standing.WAITING:
                row.activity.seats = 0
        for row in rows:
            if row.activity.seats is not None and row.standing is Standing.CONFIRMED:
                row.activity.seats += 1
        for row in rows:
            if row.activity.seats == 0:
                row.activity.seats = 1
