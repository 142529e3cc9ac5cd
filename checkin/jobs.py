"""What the clock does for checkin."""

from checkin import erasure
from checkin.passport import correcting
from checkin.signals import services as signals
from notifications.jobs import Job, Turn


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
    Job("erase_names", erase_names, daily_at=4),
    Job("forget_phones", forget_phones, daily_at=4),
    Job("forget_addresses", forget_addresses, daily_at=4),
]
