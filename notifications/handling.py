"""What a person does with letters by hand: send again, hold back, release, call off.

One statement for one letter and for ten thousand; what a sender has in hand is not touched.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from core.database import session
from core.i18n import N_
from notifications.models import Message, MessageState
from notifications.outbox import BY_HAND, CALLED_OFF, HELD_BY_HAND, STUCK, WAITING


class Deed(StrEnum):
    """What can be done."""

    RETRY = "retry"
    HOLD = "hold"
    RELEASE = "release"
    CANCEL = "cancel"


WORDS = {
    Deed.RETRY: N_("Send again"),
    Deed.HOLD: N_("Hold back"),
    Deed.RELEASE: N_("Let it go out"),
    Deed.CANCEL: N_("Do not send"),
}


def open_to(deed: Deed, now: datetime) -> sa.ColumnElement[bool]:
    """The letters with which it can be done."""
    useful = Message.useful_until > now
    waiting, is_held = Message.state.in_(WAITING), Message.reason == HELD_BY_HAND
    match deed:
        case Deed.RETRY:
            return sa.and_(Message.state.in_(STUCK), useful)
        case Deed.HOLD:
            return sa.and_(waiting, sa.not_(is_held), useful)
        case Deed.RELEASE:
            return sa.and_(waiting, is_held, useful)
        case Deed.CANCEL:
            return sa.or_(waiting, Message.state.in_(STUCK))


def act(deed: Deed, chosen: sa.ColumnElement[bool], now: datetime) -> int:
    """Do it with those of the chosen letters that are open to it; gives their number."""
    change = sa.update(Message).where(chosen, open_to(deed, now)).values(_values(deed, now))
    done = session().connection().execute(change)
    return done.rowcount


def deeds_for(message: Message, now: datetime) -> list[Deed]:
    """What can be done with one letter."""
    open_now = sa.select(*(open_to(deed, now) for deed in Deed)).where(Message.id == message.id)
    return [
        deed
        for deed, is_open in zip(Deed, session().execute(open_now).one(), strict=True)
        if is_open
    ]


def _values(deed: Deed, now: datetime) -> dict[Any, Any]:
    match deed:
        case Deed.RETRY:
            again = {"state": MessageState.RETRY, "reason": BY_HAND, "doubtful_at": None}
            return {**again, "next_attempt_at": now}
        case Deed.HOLD:
            # Once its use has passed it is due, and found to be missed.
            return {"reason": HELD_BY_HAND, "next_attempt_at": Message.useful_until}
        case Deed.RELEASE:
            return {"reason": "", "next_attempt_at": now}
        case Deed.CANCEL:
            return {"state": MessageState.SKIPPED, "reason": CALLED_OFF}
