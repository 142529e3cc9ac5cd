"""The outbox: how a message goes from due to sent, and where it may stop on the way.

``queued → claimed → sending → sent``; what was certainly not taken is ``retry``
or ``dead``; what may have been taken is sent once more with the same Message-ID where
that does no harm, and otherwise held as ``ambiguous`` for a person.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa

from core.database import session
from core.i18n import N_
from notifications.models import Message, MessageState
from notifications.occasions import Doubt

WAITING = (MessageState.QUEUED, MessageState.RETRY)
HELD = (MessageState.CLAIMED, MessageState.SENDING)
STUCK = (MessageState.DEAD, MessageState.AMBIGUOUS)

CLAIM = timedelta(minutes=5)
"""How long a sender that died in silence on another machine keeps its messages."""
PAUSES = [timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 3600, 7200, 14400)]
"""The wait after each attempt that was put off."""
ANSWER_LENGTH = 500
UNREACHED_PAUSES = 3
"""How many of them apply while there is no server: it is tried again within two minutes."""

TOO_LATE = N_("Its moment passed before it could be sent.")
NO_LONGER_DUE = N_("There is no reason to write any more.")
CANNOT_TELL = N_("Nobody can tell whether it arrived; it is sent once more.")
ASK_A_PERSON = N_("Nobody can tell whether it arrived; a person decides.")
NOT_COMPOSED = N_("The letter could not be written.")
REFUSED = N_("The mail server refused it for good.")
PUT_OFF = N_("The mail server put it off.")
UNREACHED = N_("The mail server cannot be reached.")
BY_HAND = N_("Sent again by hand.")
HELD_BY_HAND = N_("Held back by hand; it goes out when it is released.")
CALLED_OFF = N_("Called off by hand.")
IN_THE_MORNING = N_("The recipient wants what can wait in the morning only.")
ENDED = N_("The sender was ended before the server had answered.")


@dataclass(frozen=True)
class Accepted:
    """The server took responsibility; its words say under which number."""

    answer: str


@dataclass(frozen=True)
class PutOff:
    """The server will not take it now: certainly not sent."""

    answer: str


@dataclass(frozen=True)
class Refused:
    """The server will never take it."""

    answer: str
    is_address: bool = False
    """Whether it is the address that it does not know."""


@dataclass(frozen=True)
class Unreached:
    """There was no server to talk to, or it does not want us: no fault of the message."""

    answer: str


@dataclass(frozen=True)
class Unanswered:
    """Everything was handed over, the answer never came: sent or not, nobody knows."""

    answer: str


@dataclass(frozen=True)
class NotBegun:
    """The sender never came to it."""

    answer: str = ""


@dataclass(frozen=True)
class NotWritten:
    """Its words could not be found."""

    answer: str


@dataclass(frozen=True)
class NotWanted:
    """There is no reason to write any more, or the recipient wants none of these."""

    reason: str
    answer: str = ""


@dataclass(frozen=True)
class Later:
    """The recipient wants it at another hour, and it can wait."""

    until: str
    """A moment, as ISO 8601 has it."""
    answer: str = ""


Outcome = (
    Accepted | PutOff | Refused | Unreached | Unanswered | NotBegun | NotWritten | NotWanted | Later
)
OUTCOMES: Mapping[str, type[Outcome]] = {
    kind.__name__: kind
    for kind in (
        *(Accepted, PutOff, Refused, Unreached, Unanswered),
        *(NotBegun, NotWritten, NotWanted, Later),
    )
}


def take(owner: str, *, now: datetime, limit: int, length: timedelta = CLAIM) -> list[Message]:
    """Take the next due messages for one sender; no other sender gets them."""
    rows = session().scalars(
        sa.select(Message)
        .where(Message.state.in_(WAITING), Message.next_attempt_at <= now)
        .order_by(Message.next_attempt_at, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = []
    for row in rows:
        if row.useful_until <= now:
            _rest(row, MessageState.MISSED, TOO_LATE)
            continue
        row.state, row.claimed_by, row.claimed_until = MessageState.CLAIMED, owner, now + length
        taken.append(row)
    return taken


def begin(row: Message, *, now: datetime, message_id: str, length: timedelta = CLAIM) -> None:
    """Mark it as in the server's hands from now on; kept before a word is said to the server."""
    row.state, row.sending_at, row.claimed_until = MessageState.SENDING, now, now + length
    row.message_id = message_id
    row.attempts += 1


def accept(owner: str, answers: Mapping[int, str], *, now: datetime) -> bool:
    """Write down many that the server took; false when one of them was not the owner's any more."""
    table = cast(sa.Table, Message.__table__)
    change = (
        sa.update(table)
        .where(
            table.c.id == sa.bindparam("number"),
            table.c.claimed_by == sa.bindparam("owner"),
            table.c.state == MessageState.SENDING,
        )
        .values(
            state=MessageState.SENT,
            reason="",
            sent_at=sa.bindparam("now"),
            last_answer=sa.bindparam("said"),
            claimed_by=None,
            claimed_until=None,
        )
    )
    rows = [
        {"number": number, "owner": owner, "now": now, "said": answer[:ANSWER_LENGTH]}
        for number, answer in answers.items()
    ]
    done = session().connection().execute(change, rows)
    return done.rowcount == len(rows)


def locked(numbers: Collection[int]) -> Sequence[Message]:
    """These messages as they stand now, for change."""
    return (
        session()
        .scalars(
            sa.select(Message)
            .where(Message.id.in_(numbers))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .all()
    )


def is_with(row: Message, owner: str) -> bool:
    """Whether the sender still has it in hand."""
    return row.claimed_by == owner and row.state in HELD


def settle(row: Message, outcome: Outcome, *, now: datetime) -> None:
    """Write down how the attempt ended."""
    row.last_answer = outcome.answer[:ANSWER_LENGTH] or row.last_answer
    match outcome:
        case Accepted():
            row.sent_at = now
            _rest(row, MessageState.SENT, "")
        case Refused():
            _rest(row, MessageState.DEAD, REFUSED)
        case PutOff():
            put_off(row, PUT_OFF, now=now)
        case Unreached():
            put_off(row, UNREACHED, now=now)
        case Unanswered():
            doubt(row, now=now)
        case NotBegun():
            _give_back(row)
        case NotWritten():
            put_off(row, NOT_COMPOSED, now=now)
        case NotWanted():
            _rest(row, MessageState.SKIPPED, outcome.reason)
        case Later():
            _give_back(row)
            row.next_attempt_at, row.reason = datetime.fromisoformat(outcome.until), IN_THE_MORNING


def settle_late(row: Message, outcome: Outcome, *, now: datetime) -> None:
    """The others gave its sender up for dead; a letter that did arrive is not sent again."""
    waits = row.state in {MessageState.RETRY, MessageState.AMBIGUOUS}
    if isinstance(outcome, Accepted) and waits and row.doubtful_at is not None:
        settle(row, outcome, now=now)


def put_off(row: Message, reason: str, *, now: datetime) -> None:
    """Try again after a while that grows with each attempt; too late is then missed."""
    pauses = PAUSES[:UNREACHED_PAUSES] if reason == UNREACHED else PAUSES
    row.next_attempt_at = now + pauses[min(max(row.attempts, 1), len(pauses)) - 1]
    _rest(row, MessageState.RETRY, reason)


def doubt(row: Message, *, now: datetime) -> None:
    """Nobody knows whether it arrived: once more where that does no harm, then hold it."""
    first, row.doubtful_at = row.doubtful_at is None, row.doubtful_at or now
    if first and row.in_doubt is Doubt.RESEND and row.useful_until > now:
        row.next_attempt_at = now + PAUSES[0]
        _rest(row, MessageState.RETRY, CANNOT_TELL)
    else:
        _rest(row, MessageState.AMBIGUOUS, ASK_A_PERSON)


def skip(row: Message) -> None:
    """The reason to write is gone."""
    _rest(row, MessageState.SKIPPED, NO_LONGER_DUE)


def owners() -> Sequence[str]:
    """All in whose names messages are held."""
    held = sa.select(Message.claimed_by).where(Message.state.in_(HELD)).distinct()
    return [owner for owner in session().scalars(held) if owner]


def reap(
    now: datetime,
    *,
    is_gone: Callable[[str], bool],
    noted: Callable[[str], Mapping[int, Outcome | None] | None] = lambda _: None,
) -> int:
    """Free what dead senders held: not begun is queued again, begun is settled or in doubt.

    ``noted`` gives the notes that a sender which is gone left behind.
    """
    gone = [owner for owner in owners() if is_gone(owner)]
    rows = session().scalars(
        sa.select(Message)
        .where(Message.state.in_(HELD))
        .where(sa.or_(Message.claimed_until <= now, Message.claimed_by.in_(gone)))
        .with_for_update(skip_locked=True)
    )
    notes = {owner: noted(owner) for owner in gone}
    found = list(rows)
    for row in found:
        left = notes.get(row.claimed_by or "")
        if row.state is MessageState.CLAIMED or (left is not None and row.id not in left):
            _give_back(row)
        elif left is not None and (outcome := left[row.id]) is not None:
            settle(row, outcome, now=now)
        else:
            row.last_answer = ENDED
            doubt(row, now=now)
    return len(found)


def totals(*conditions: sa.ColumnElement[bool]) -> dict[MessageState, int]:
    """How many messages stand where; every state is named, zero included."""
    counted = sa.select(Message.state, sa.func.count()).where(*conditions).group_by(Message.state)
    found: dict[MessageState, int] = dict(iter(session().execute(counted)))
    return {state: found.get(state, 0) for state in MessageState}


def is_due(now: datetime) -> bool:
    """Whether a sender would find something to do."""
    waiting = sa.select(Message.id).where(
        Message.state.in_(WAITING), Message.next_attempt_at <= now
    )
    return session().scalar(waiting.limit(1)) is not None


def _give_back(row: Message) -> None:
    """Into the queue as if it had not been taken."""
    if row.state is MessageState.SENDING:
        row.attempts -= 1
    _rest(row, MessageState.RETRY if row.attempts else MessageState.QUEUED, row.reason)


def _rest(row: Message, state: MessageState, reason: str) -> None:
    row.state, row.reason = state, reason
    row.claimed_by = row.claimed_until = None
