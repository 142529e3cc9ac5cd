"""What is asked to print sheets and to enter them; shape only."""

import re
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from checkin.paper.codes import Entry, More, read
from checkin.paper.services import MOST
from core.fields import Day
from core.forms import Form
from events.fields import Pick

_l: Any = lazy_gettext
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)


class PrintingForm(Form):
    """For what, and how many rows for people without a ticket."""

    span = RadioField(_l("Sheets for"), validate_choice=False, default="day")
    day = Day(_l("Day, or first day of the week"), default=None)
    activity = Pick(_l("Activity"), default="")
    blank = IntegerField(
        _l("Blank rows on each list, for people without a ticket"),
        [InputRequired(_l("Please write a number from 0 to 200.")),
         NumberRange(0, 200, _l("Please write a number from 0 to 200."))],
        default=20,
    )  # fmt: skip

    def offer(self, activities: list[tuple[str, str]]) -> None:
        """Name what may be chosen."""
        self.span.choices = [
            ("activity", _("One activity")), ("day", _("All activities of a day")),
            ("week", _("All activities of seven days")),
        ]  # fmt: skip
        self.activity.choices = [("", _("No activity chosen")), *activities]

    @property
    def first_day(self) -> date:
        """The first day; only after ``validate``."""
        day: date | None = self.day.data
        return day or date.min

    @property
    def days(self) -> int:
        """How many days it is about."""
        return timedelta(days=7).days if self.span.data == "week" else 1

    def validate_span(self, field: RadioField) -> None:
        """Refuse what was not offered."""
        if field.data not in {choice[0] for choice in field.choices or []}:
            raise ValidationError(_("Please choose one of the values offered."))

    def validate_day(self, field: Day) -> None:
        """A day or a week begins with one."""
        if self.span.data != "activity" and field.data is None:
            raise ValidationError(_("Please give a day."))

    def validate_activity(self, field: Pick) -> None:
        """One activity has a name."""
        if self.span.data == "activity" and not field.data:
            raise ValidationError(_("Please choose an activity."))


class EnteringForm(Form):
    """Codes of rows that were signed, in any order."""

    codes = TextAreaField(
        _l("Codes of the rows that were signed"),
        [InputRequired(_l("Please type at least one code.")), Length(max=40_000)],
    )
    nonce = HiddenField()

    entries: list[Entry]

    def validate_nonce(self, field: HiddenField) -> None:
        """It came with the page."""
        if not _UUID.fullmatch(field.data or ""):
            raise ValidationError(_("Please load the page again."))

    def validate_codes(self, field: StringField) -> None:
        """Not more than a morning's work at once."""
        self.entries = read(field.data or "")
        if not self.entries:
            raise ValidationError(_("Please type at least one code."))
        whole = sum(min(e.count, 100) if isinstance(e, More) else 1 for e in self.entries)
        if whole > MOST:
            raise ValidationError(_("At most 1,000 rows at once. Please enter them in parts."))
