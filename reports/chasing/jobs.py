"""What the clock does to chase: each step on its day, from half past seven on."""

from core.database import reading
from notifications.jobs import Job, Turn
from reports.chasing import services


def climb_ladders(turn: Turn) -> str:
    """Write down who is told today; the letters follow from that."""
    with reading():
        if not services.due_rungs(turn.now):
            return ""
    with turn.fenced():
        told = services.climb(services.due_rungs(turn.now), now=turn.now)
    return f"{told} told"


JOBS = [Job("climb_ladders", climb_ladders)]
