"""Addresses go, counts stay: whom a letter went to is forgotten some time after."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from core.database import session
from notifications import outbox
from notifications.choices import services
from notifications.folder import path as letter_path
from notifications.jobs import Job, Turn
from notifications.models import Message

KEPT = timedelta(days=90)
"""How long an address is kept after its letter lost its use."""
AT_ONCE = 500
MARK = "erased:"
UNDER_WAY = (*outbox.WAITING, *outbox.HELD, *outbox.STUCK)
"""Where a letter may still go out, by itself or by hand."""


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
        _forget(message)
    return len(messages)


def erase_about(occasions: Collection[str], subjects: Collection[str]) -> list[str]:
    """Drop what was not sent yet about these subjects, and forget whom the rest went to.

    Gives the letters' Message-IDs, for ``remove_kept``. What a server has taken cannot be
    called back.
    """
    messages = session().scalars(
        sa.select(Message)
        .where(Message.occasion.in_(occasions), Message.subject.in_(subjects))
        .where(sa.not_(Message.recipient.startswith(MARK)))
        .with_for_update()
    )
    made = []
    for message in messages:
        made += [message.message_id] if message.message_id else []
        if message.state in UNDER_WAY:
            outbox.skip(message)
        _forget(message)
    return made


def remove_kept(folder: Path, message_ids: Iterable[str]) -> None:
    """Remove the files of these letters, where no mail server is set."""
    for message_id in message_ids:
        letter_path(folder, message_id).unlink(missing_ok=True)


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
        with turn.fenced():
            services.forget(turn.now - KEPT)
        return f"{erased} erased, {removed} files removed" if erased or removed else ""

    return Job("erase_addresses", erase_addresses, daily_at=4)


def _forget(message: Message) -> None:
    message.recipient = f"{MARK}{message.id}"
    message.last_answer = ""
