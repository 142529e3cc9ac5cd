"""Addresses go, counts stay: whom a letter went to is forgotten some time after."""

from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from core.database import session
from notifications.jobs import Job, Turn
from notifications.models import Message

KEPT = timedelta(days=90)
"""How long an address is kept after its letter lost its use."""
AT_ONCE = 500
MARK = "erased:"


def erase(now: datetime) -> int:
    """Forget a portion of the addresses that are due; returns how many it was."""
    due = (
        sa.select(Message)
        .where(Message.useful_until < now - KEPT, sa.not_(Message.recipient.startswith(MARK)))
        .order_by(Message.id)
        .limit(AT_ONCE)
    )
    messages = session().scalars(due).all()
    for message in messages:
        message.recipient = f"{MARK}{message.id}"
        message.last_answer = ""
    return len(messages)


def remove_letters(folder: Path, now: datetime) -> int:
    """Remove letters kept as files for as long; returns how many they were."""
    old = [p for p in folder.glob("*.eml") if p.stat().st_mtime < (now - KEPT).timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def job(letters: Path) -> Job:
    """The clock's job for an installation that keeps letters in a folder."""

    def erase_addresses(turn: Turn) -> str:
        removed = remove_letters(letters, turn.now)
        erased, portion = 0, AT_ONCE
        while portion == AT_ONCE:
            with turn.fenced():
                portion = erase(turn.now)
            erased += portion
        return f"{erased} erased, {removed} files removed" if erased or removed else ""

    return Job("erase_addresses", erase_addresses, daily_at=4)
