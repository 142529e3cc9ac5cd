"""Fields that every floor's forms may ask with."""

import re
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, IntegerField, TimeField
from wtforms.widgets import TextInput


class Day(DateField):
    """A day that a person typed, as dd/mm/yyyy; from the years that this service can mean.

    Not a browser's date field: in an English one 01/10 would mean 10 January.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("render_kw", {"placeholder": "dd/mm/yyyy", "autocomplete": "off"})
        options.update(format="%d/%m/%Y", widget=TextInput())
        super().__init__(*args, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it as browsers send it, or as people write it: dd/mm/yyyy."""
        self.data = None
        typed = " ".join(valuelist).strip()
        if not typed:
            return
        written = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", typed, re.ASCII)
        day, month, year = written.groups() if written else (0, 0, 0)
        try:
            self.data = date(int(year), int(month), int(day)) if written else _iso(typed)
        except ValueError:
            self.data = None
        if self.data is None or not 2000 <= self.data.year <= 2100:
            self.data = None
            raise ValueError(_("Please type a day such as 03/10/2027."))


class Hour(TimeField):
    """A time of day that a person typed, as hh:mm from 00:00 to 23:59."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("render_kw", {"placeholder": "hh:mm", "autocomplete": "off"})
        options.update(widget=TextInput())
        super().__init__(*args, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read hours and minutes."""
        self.data = None
        typed = " ".join(valuelist).strip()
        if not typed:
            return
        written = re.fullmatch(r"(\d{1,2})(?::|h| giờ )(\d{2})(?::\d{2})?", typed, re.ASCII)
        try:
            self.data = time(int(written[1]), int(written[2])) if written else None
        except ValueError:
            self.data = None
        if self.data is None:
            raise ValueError(_("Please type a time such as 07:30."))


class Number(IntegerField):
    """A whole number within bounds, or nothing."""

    def __init__(self, *args: Any, low: int = 0, high: int = 1_000_000, **options: Any) -> None:
        super().__init__(*args, **options)
        self._low, self._high = low, high

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read digits; dots between thousands are fine."""
        self.data = None
        typed = "".join(valuelist).strip().replace(".", "")
        if not typed:
            return
        if re.fullmatch(r"\d{1,9}", typed, re.ASCII):
            self.data = int(typed)
        if self.data is None or not self._low <= self.data <= self._high:
            self.data = None
            raise ValueError(
                _("Please type a number from %(low)s to %(high)s.", low=self._low, high=self._high)
            )


def _iso(typed: str) -> date | None:
    return date.fromisoformat(typed) if re.fullmatch(r"\d{4}-\d\d-\d\d", typed, re.ASCII) else None
