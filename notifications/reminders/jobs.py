"""What the clock does for reminders: their moments, before it looks whom to write to."""

from core.database import reading
from notifications.jobs import Job, Turn
from notifications.reminders import moments


def time_reminders(turn: Turn) -> str:
    """Work out when reminders fall due that are new, or whose subject has moved."""
    timed = 0
    while True:
        with reading():
            found = moments.outdated()
        if found:
            with turn.fenced():
                moments.work_out(found)
        timed += len(found)
        if len(found) < moments.AT_ONCE:
            return f"{timed} timed" if timed else ""


JOBS = [Job("time_reminders", time_reminders)]
