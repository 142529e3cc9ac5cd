"""What the clock does for workers: hand over once more what is due and has no job.

A letter that was put off, freed from a dead sender or released by hand has none, nor has one
that was written before there were workers.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from core.database import reading, session
from notifications import outbox
from notifications.jobs import Job, Turn
from notifications.models import Message
from notifications.workers.engine import WORDS, Deferring

AT_ONCE = 50
"""Letters looked at in a round: a worker that wakes up sends all that is due."""

_JOB = sa.table("procrastinate_jobs", sa.column("queueing_lock"), sa.column("status"))


def without_job(now: datetime) -> Sequence[int]:
    """Of the letters that are due for the longest, those that nobody was told of."""
    due = (
        sa.select(Message.id)
        .where(Message.state.in_(outbox.WAITING), Message.next_attempt_at <= now)
        .order_by(Message.next_attempt_at, Message.id)
        .limit(AT_ONCE)
        .subquery()
    )
    words = sa.literal(WORDS).concat(sa.cast(due.c.id, sa.Text))
    told = sa.exists().where(_JOB.c.queueing_lock == words, sa.text("status = 'todo'"))
    return session().scalars(sa.select(due.c.id).where(~told)).all()


def hand_over(deferring: Deferring) -> Job:
    """The clock's job on an installation with workers."""

    def run(turn: Turn) -> str:
        with reading():
            letters = without_job(turn.now)
        if not letters:
            return ""
        with turn.fenced():
            return f"{deferring.once_more(letters)} handed over"

    return Job("hand_over", run)
