"""A job for tests that owes one row for each slot of half a second, and no row twice."""

from datetime import UTC, datetime

import sqlalchemy as sa

from accounts.models import AuditEntry
from core import clock
from core.database import session
from notifications.jobs import Job, Turn

SLOT = 0.5
"""Seconds."""


def number(moment: datetime) -> int:
    """The slot that has begun last."""
    return int(moment.timestamp() / SLOT)


def due_at(slot: int) -> datetime:
    """When a slot begins."""
    return datetime.fromtimestamp(slot * SLOT, UTC)


def fill(turn: Turn) -> str:
    """Write down every slot since the last one; nothing but the lease keeps two from doing so."""
    with turn.fenced():
        last = session().scalar(sa.select(sa.func.max(sa.cast(AuditEntry.subject, sa.BigInteger))))
        now = number(clock.now())
        for slot in range((last or now - 1) + 1, now + 1):
            session().add(
                AuditEntry(
                    at=clock.now(), action="slot", subject=str(slot), facts={"by": turn.term.owner}
                )
            )
    return ""


JOB = Job("slots", fill)
