"""What the clock does to chase: each step on its day, from half past seven on."""

from datetime import timedelta

from core import clock
from core.database import reading
from notifications.jobs import Job, Turn
from reports.chasing import services

NAME = "climb_ladders"


def climb_ladders(turn: Turn) -> str:
    """Write down who is told today; the letters follow from that."""
    last = turn.runs.get(NAME)
    since = last.started_at if last else turn.now - timedelta(days=1)
    today = clock.local_day(turn.now)
    is_morning = today in clock.days_with(services.MORNING, since, turn.now)
    with reading():
        if not is_morning and not services.due_rungs(turn.now):
            return ""
    with turn.fenced():
        told = services.climb(services.due_rungs(turn.now), now=turn.now)
        gathered = services.gather(today, now=turn.now) if is_morning else 0
    return f"{told} told, {gathered} gathered" if told or gathered else ""


JOBS = [Job(NAME, climb_ladders)]
