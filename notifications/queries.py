"""Questions to the outbox."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.scope import Scope
from notifications.models import Message, MessageState


def messages_in(inside: Scope) -> sa.Select[Message]:
    """The messages of the units inside, the newest first."""
    return (
        sa.select(Message)
        .where(inside.owns(Message.unit_id))
        .order_by(Message.id.desc())
        .options(joinedload(Message.unit))
    )


def narrowed(
    select: sa.Select[Message], *, state: MessageState | None, occasion: str, before: int | None
) -> sa.Select[Message]:
    """Only those in a state, of an occasion, behind a place in the list."""
    if state is not None:
        select = select.where(Message.state == state)
    if occasion:
        select = select.where(Message.occasion == occasion)
    if before is not None:
        select = select.where(Message.id < before)
    return select


def occasions_in(inside: Scope) -> sa.Select[str]:
    """The occasions of which there are messages inside."""
    return (
        sa.select(Message.occasion)
        .where(inside.owns(Message.unit_id))
        .distinct()
        .order_by(Message.occasion)
    )
