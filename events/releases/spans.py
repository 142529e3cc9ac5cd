"""From when to when something runs, in days that people count."""

from dataclasses import dataclass
from datetime import date, datetime

from core import clock


@dataclass(frozen=True)
class Span:
    """From when to when."""

    starts_at: datetime
    ends_at: datetime

    @property
    def first(self) -> date:
        """The day it begins on."""
        return clock.local_day(self.starts_at)

    @property
    def last(self) -> date:
        """The day it ends on; midnight belongs to the day before."""
        ends = clock.local(self.ends_at)
        is_midnight = (ends.hour, ends.minute) == (0, 0)
        days = (ends.date() - self.first).days
        return clock.days(self.first, ends.date())[days - (is_midnight and days > 0)]
