"""Fields of the desk's forms, with reasons that our catalogue words."""

import re
from collections.abc import Callable
from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import IntegerField, SelectField, SelectMultipleField, TimeField
from wtforms.validators import Length, ValidationError
from wtforms.widgets import TextInput

from core.fields import Day as Day

Worded = Callable[..., Any]
said: Worded = lazy_gettext
"""Labels are worded when they are shown; WTForms only knows ``str``."""

SHORT = Length(max=300, message=said("Please use at most 300 characters."))
LONG = Length(max=5000, message=said("Please use at most 5,000 characters."))


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


class Pick(SelectField):
    """One of the values offered."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered."""
        if self.data not in {choice[0] for choice in self.choices or []}:
            raise ValidationError(_("Please choose one of the values offered."))


class PickSeveral(SelectMultipleField):
    """Any of the values offered."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered."""
        offered = {choice[0] for choice in self.choices or []}
        if any(value not in offered for value in self.data or []):
            raise ValidationError(_("Please choose from the values offered."))
