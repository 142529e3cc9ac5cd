"""Looking for those who should hear something, and putting each into the outbox once.

The unique key of a message drops what is known, so looking twice does no harm:
each look overlaps the one before, and once a night everything is looked at.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core.database import UtcDateTime, session
from notifications import handover
from notifications.models import Message, MessageState
from notifications.occasions import Occasion
from notifications.outbox import TOO_LATE

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""Before anything: the start of a look at everything."""
OVERLAP = timedelta(minutes=15)
"""How far a look reaches back behind the last one, for what was kept late."""
HISTORY = timedelta(days=30)
"""What has been useless for longer was never ours to say and is not recorded."""
BATCH = 1000
"""Rows put into the outbox in one transaction."""
LOOK = 10_000
"""Rows looked at between two writes, so that the lease is prolonged in time."""


def is_due(occasion: Occasion, since: datetime, now: datetime) -> bool:
    """Whether anybody should have heard of it, in the outbox or not: a short question."""
    asked = occasion.audience(since, now)
    return asked is not None and session().execute(asked.limit(1)).first() is not None


def unheard(occasion: Occasion, since: datetime, now: datetime) -> list[dict[str, Any]]:
    """Those who should have heard of it by now and are not in the outbox yet; at most ``LOOK``."""
    asked = occasion.audience(since, now)
    if asked is None:
        return []
    audience = asked.order_by(None).subquery()
    about, recipient, unit_id, revision, due, useful, locale = audience.c
    subject = sa.cast(about, sa.Text)
    due_at, useful_until = (sa.type_coerce(moment, UtcDateTime()) for moment in (due, useful))
    known = sa.exists().where(
        Message.occasion == occasion.name,
        Message.subject == subject,
        Message.recipient == recipient,
        Message.revision == revision,
    )
    rows = session().execute(
        sa.select(subject, recipient, unit_id, revision, due_at, useful_until, locale)
        .where(~known, due_at <= now, useful_until > now - HISTORY)
        .where(recipient.is_not(None), recipient != "")
        .order_by(due_at)
        .limit(LOOK)
    )
    return [_message(occasion, row, now) for row in rows]


def queue(messages: list[dict[str, Any]]) -> None:
    """Put them into the outbox, without those whom another clock has put there."""
    if not messages:
        return
    dialect = session().get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    written = insert(Message).on_conflict_do_nothing()
    if not handover.is_wanted():
        session().execute(written, messages)
        return
    rows = session().execute(written.returning(Message.id, Message.state), messages)
    handover.hand_over([number for number, state in rows if state is MessageState.QUEUED])


def batches(messages: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The messages in portions of one short transaction each."""
    waiting = iter(messages)
    while portion := list(islice(waiting, BATCH)):
        yield portion


def _message(occasion: Occasion, row: tuple[Any, ...], now: datetime) -> dict[str, Any]:
    subject, recipient, unit_id, revision, due_at, useful_until, locale = row
    is_late = useful_until <= now
    return {
        "occasion": occasion.name,
        "subject": subject,
        "recipient": recipient,
        "unit_id": unit_id,
        "revision": revision,
        "locale": locale or "vi",
        "state": MessageState.MISSED if is_late else MessageState.QUEUED,
        "reason": TOO_LATE if is_late else "",
        "due_at": due_at,
        "useful_until": useful_until,
        "created_at": now,
        "next_attempt_at": due_at,
        "in_doubt": occasion.in_doubt,
    }
