"""What the clock does for the installation: a copy each night, and what is too old goes."""

from datetime import timedelta
from pathlib import Path

from core import jobs as long_work
from core import migrations, throttle
from core.database import database
from notifications.jobs import Job, Turn

MEGABYTE = 1024 * 1024


def upkeep(backups: Path) -> list[Job]:
    """The clock's jobs for an installation that keeps its copies in a folder."""

    def backup(turn: Turn) -> str:
        """Keep a whole copy, while the lease is held; PostgreSQL is copied by its own means."""
        here = database()
        if not here.is_sqlite:
            return ""

        def copy() -> str:
            kept = migrations.keep_copy(here, backups, turn.now, why=migrations.DAILY)
            return f"{kept.name}, {kept.stat().st_size / MEGABYTE:.1f} MB"

        return turn.hold_while(copy)

    def purge(turn: Turn) -> str:
        """Erase files of long work that nobody came back to, used-up tries, and old copies."""
        with turn.fenced():
            gone = long_work.forget(turn.now) + throttle.forget_old(turn.now)
        gone += migrations.forget_copies(backups, turn.now)
        return f"{gone} erased" if gone else ""

    return [
        Job("backup", backup, daily_at=1),
        Job("purge", purge, every=timedelta(minutes=10)),
    ]
