"""Where a day of an earlier week falls in the new one."""

from datetime import date, timedelta

from events.cloning.models import Shift
from events.models import Campaign

WEEK = 7


def shifted(day: date, source: Campaign, target: Campaign, shift: Shift) -> date:
    """The day of the new week that stands for a day of the earlier one.

    By day of the run, the third day stays the third day. By weekday, a Saturday stays
    a Saturday: the one among the seven days that begin where the run would put it.
    """
    offset = (day - source.starts_on).days
    if shift is Shift.RUN:
        return target.starts_on + timedelta(days=offset)
    block = target.starts_on + timedelta(days=offset // WEEK * WEEK)
    return block + timedelta(days=(day.weekday() - block.weekday()) % WEEK)
