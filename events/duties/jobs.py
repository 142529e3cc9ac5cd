"""What the clock does for duties."""

from core import files
from core.database import reading
from events.duties import keeping
from notifications.jobs import Job, Turn


def sweep_photos(turn: Turn) -> str:
    """Delete pictures that no photo names any more."""
    with reading():
        gone = keeping.orphans(turn.now)
    for key in gone:
        files.delete(key)
    return f"{len(gone)} deleted" if gone else ""


JOBS = [Job("sweep_photos", sweep_photos, daily_at=3)]
