"""Whether the mail server is there for us, and how much it takes: one row for all letters.

When it cannot be reached or does not want us, senders stop knocking for a while that grows,
and there is one alarm, however many letters wait. What a provider allows in a minute and a
day is counted by the letters that were begun.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql, sqlite

from core.database import session
from notifications.models import Message, ServerState

log = structlog.get_logger()

NAME = "mail"
PAUSES = [timedelta(seconds=s) for s in (5, 15, 30, 60, 120, 300)]
"""How long nobody knocks after each failure in a row."""


@dataclass(frozen=True)
class Limits:
    """Letters that the provider takes; nothing stands for no limit."""

    minute: int = 0
    day: int = 0

    def __bool__(self) -> bool:
        return bool(self.minute or self.day)


def standing() -> ServerState | None:
    """How the server stands, if it is in trouble."""
    row = session().get(ServerState, NAME)
    return row if row is not None and row.failures else None


def failed(answer: str, now: datetime) -> None:
    """It could not be reached; the first time is the alarm."""
    row = _locked()
    if not row.failures:
        row.broken_since = now
        log.error("mail server not reached", answer=answer)
    row.failures += 1
    row.answer = answer[:500]
    row.next_try_at = now + PAUSES[min(row.failures, len(PAUSES)) - 1]


def mended(now: datetime) -> None:
    """It took a letter."""
    row = _locked()
    if row.failures and row.broken_since is not None:
        log.info("mail server reached again", seconds=(now - row.broken_since).total_seconds())
    row.failures, row.broken_since, row.next_try_at, row.answer = 0, None, None, ""


def allowance(limits: Limits, now: datetime, wanted: int) -> int:
    """How many of the wanted letters may be begun now; one sender asks at a time."""
    if not limits:
        return wanted
    _locked()
    left = [wanted]
    for limit, span in ((limits.minute, timedelta(minutes=1)), (limits.day, timedelta(days=1))):
        if limit:
            begun = sa.select(sa.func.count(Message.id)).where(Message.sending_at > now - span)
            left.append(limit - (session().scalar(begun) or 0))
    return max(0, min(left))


def _locked() -> ServerState:
    dialect = session().get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    session().execute(insert(ServerState).values(name=NAME).on_conflict_do_nothing())
    return session().get_one(ServerState, NAME, with_for_update=True, populate_existing=True)
