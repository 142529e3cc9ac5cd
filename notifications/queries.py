"""Questions to the outbox."""

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.scope import Scope
from core.database import session
from notifications.models import Message, MessageState


def messages_in(inside: Scope) -> sa.Select[Message]:
    """The messages of the units inside, the newest first."""
    return (
        sa.select(Message)
        .where(inside.owns(Message.unit_id))
        .order_by(Message.id.desc())
        .options(joinedload(Message.unit))
    )


@dataclass(frozen=True)
class Filter:
    """Which letters somebody looks at."""

    state: MessageState | None = None
    occasion: str = ""
    recipient: str = ""

    def __bool__(self) -> bool:
        return bool(self.state or self.occasion or self.recipient)

    def condition(self) -> sa.ColumnElement[bool]:
        """True for those letters."""
        parts = []
        if self.state:
            parts.append(Message.state == self.state)
        if self.occasion:
            parts.append(Message.occasion == self.occasion)
        if self.recipient:
            parts.append(Message.recipient.startswith(self.recipient, autoescape=True))
        return sa.and_(sa.true(), *parts)


def per_occasion(inside: Scope, *among: sa.ColumnElement[bool]) -> dict[str, Counter[MessageState]]:
    """How many letters of each occasion stand where."""
    counted = (
        sa.select(Message.occasion, Message.state, sa.func.count())
        .where(inside.owns(Message.unit_id), *among)
        .group_by(Message.occasion, Message.state)
    )
    found: dict[str, Counter[MessageState]] = {}
    for occasion, state, number in session().execute(counted):
        found.setdefault(occasion, Counter())[state] = number
    return dict(sorted(found.items()))
