"""What the clock does for checkin."""

from datetime import timedelta

from checkin import erasure, upkeep
from checkin.passport import correcting
from checkin.signals import services as signals
from core.database import reading
from notifications.jobs import Job, Turn

A_WHILE = timedelta(minutes=10)


def promote_waiting(turn: Turn) -> str:
    """Give free seats to those in line, the first one first, activity by activity."""
    with reading():
        activities = upkeep.with_room(turn.now)
    moved = 0
    for activity in activities:
        with turn.fenced():
            moved += upkeep.move_up(activity, turn.now)
    return f"{moved} moved up" if moved else ""


def close_activities(turn: Turn) -> str:
    """Shut out the screens and phones of halls whose activity is over."""
    with turn.fenced():
        closed = upkeep.close(turn.now)
    return f"{closed} shut out" if closed else ""


def expire_tokens(turn: Turn) -> str:
    """Forget codes and tokens of scanners and halls that open nothing any more."""
    with turn.fenced():
        forgotten = upkeep.forget_codes(turn.now)
    return f"{forgotten} forgotten" if forgotten else ""


def erase_names(turn: Turn) -> str:
    """Erase the names of weeks that ended long enough ago, portion by portion."""
    erased = 0
    while True:
        with turn.fenced():
            portion = erasure.erase(turn.now)
        erased += portion
        if portion < erasure.AT_ONCE:
            return f"{erased} erased" if erased else ""


def forget_phones(turn: Turn) -> str:
    """Drop what was noted of phones, once nobody asks any more whether a press was odd."""
    with turn.fenced():
        signals.forget(turn.now - signals.KEPT)
    return ""


def forget_addresses(turn: Turn) -> str:
    """Drop addresses that people gave and whose mailboxes have not answered."""
    with turn.fenced():
        correcting.drop_addresses([], before=turn.now - correcting.GOOD_FOR)
    return ""


JOBS = [
    Job("promote_waiting", promote_waiting, every=timedelta(minutes=1)),
    Job("close_activities", close_activities, every=A_WHILE),
    Job("expire_tokens", expire_tokens, every=A_WHILE),
    Job("erase_names", erase_names, daily_at=4),
    Job("forget_phones", forget_phones, daily_at=4),
    Job("forget_addresses", forget_addresses, daily_at=4),
]
