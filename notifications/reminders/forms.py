"""What the desk asks about a reminder; shape only."""

from datetime import datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from core import clock
from core.fields import Day, Hour, Number
from core.forms import Form
from core.i18n import translate
from notifications.reminders.declared import Sort, Suggestion
from notifications.reminders.models import ReminderRule
from notifications.reminders.services import Wanted
from notifications.reminders.timing import Offset, Quiet

said: Any = lazy_gettext
SHORT = Length(max=200, message=said("Please use at most 200 characters."))
LONG = Length(max=4000, message=said("Please use at most 4,000 characters."))


class RuleForm(Form):
    """To whom, when, in which words."""

    audience = RadioField(
        said("Who gets it"), [InputRequired(said("Please choose who gets the reminder."))]
    )
    how = RadioField(said("When"), [InputRequired(said("Please choose when it is sent."))])
    days = Number(said("How many days"), [Optional()], high=365)
    hours = Number(said("How many hours"), [Optional()], high=72)
    anchor = SelectField(said("Counted from"))
    at = Hour(
        said("At this hour of the day"),
        [Optional()],
        description=said("Such as 08:00. Leave empty to count to the minute."),
    )
    moment_on = Day(said("Day"), [Optional()])
    moment_at = Hour(said("Hour"), [Optional()])
    title_vi = StringField(
        said("Subject of the letter"), [DataRequired(said("The subject is missing.")), SHORT]
    )
    text_vi = TextAreaField(
        said("Text of the letter"), [DataRequired(said("The text is missing.")), LONG]
    )
    title_en = StringField(said("Subject in English"), [Optional(), SHORT])
    text_en = TextAreaField(said("Text in English"), [Optional(), LONG])

    def offer(self, sort: Sort, subject_id: int | None) -> None:
        """What may be chosen for a sort of subject, or for one of them."""
        self.audience.choices = {
            one.name: _(one.label)
            for one in sort.audiences
            if subject_id is None or one.fits(subject_id)
        }
        self.anchor.choices = {one.name: _(one.label) for one in sort.anchors}
        self.how.choices = {
            "before": _("before"), "after": _("after"), "day": _("on the day itself"),
            "moment": _("at a moment of its own"),
        }  # fmt: skip

    def suggest(self, taken: Suggestion | ReminderRule) -> None:
        """Fill in a suggestion, a template or a reminder as it stands."""
        self.audience.data, self.anchor.data = taken.audience, taken.anchor
        self.days.data, self.hours.data = abs(taken.days), abs(taken.minutes) // 60
        self.at.data = None if taken.at_minute is None else time(*divmod(taken.at_minute, 60))
        self.how.data = _how(taken)
        if isinstance(taken, ReminderRule):
            self._copy(taken)
        else:
            self.title_vi.data = translate(taken.title, "vi")
            self.text_vi.data = translate(taken.text, "vi")
            self.title_en.data, self.text_en.data = taken.title, taken.text

    def _copy(self, rule: ReminderRule) -> None:
        if rule.moment is not None:
            wall = clock.local(rule.moment)
            self.how.data, self.moment_on.data = "moment", wall.date()
            self.moment_at.data = wall.time()
        for name in ("title_vi", "text_vi", "title_en", "text_en"):
            self[name].data = getattr(rule, name)

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields, then whether the time is said in full."""
        passed = super().validate(extra_validators)
        if self.how.data == "moment" and not self.moment:
            self.moment_on.errors = [_("Please type the day and the hour.")]
            passed = False
        if self.how.data == "day" and self.at.data is None:
            self.at.errors = [_("Please type a time such as 07:30.")]
            passed = False
        if self.how.data in {"before", "after"} and not (self.days.data or self.hours.data):
            self.days.errors = [_("Please say how many days or hours.")]
            passed = False
        return passed

    @property
    def moment(self) -> datetime | None:
        """The moment of its own."""
        day, hour = self.moment_on.data, self.moment_at.data
        if self.how.data != "moment" or day is None or hour is None:
            return None
        return clock.at(day, hour.hour, hour.minute)

    def wanted(self) -> Wanted:
        """The reminder as the rules take it."""
        sign = {"before": -1, "day": 0}.get(self.how.data, 1)
        at = self.at.data
        offset = Offset(
            sign * (self.days.data or 0),
            0 if at else sign * (self.hours.data or 0) * 60,
            _minute(at) if at else None,
        )
        return Wanted(
            audience=self.audience.data,
            title_vi=self.title_vi.data or "",
            text_vi=_lines(self.text_vi.data),
            title_en=self.title_en.data or "",
            text_en=_lines(self.text_en.data),
            anchor=self.anchor.data or "",
            offset=offset,
            moment=self.moment,
        )


class QuietForm(Form):
    """From when to when a unit sends no reminder."""

    from_hour = Hour(said("From"), [InputRequired(said("Please type a time such as 07:30."))])
    until_hour = Hour(said("Until"), [InputRequired(said("Please type a time such as 07:30."))])

    def show(self, quiet: Quiet) -> None:
        """Fill in the hours that hold."""
        self.from_hour.data = time(*divmod(quiet.from_minute, 60))
        self.until_hour.data = time(*divmod(quiet.until_minute, 60))

    @property
    def minutes(self) -> tuple[int, int]:
        """Both as minutes since midnight."""
        return _minute(self.from_hour.data), _minute(self.until_hour.data)


def _how(taken: Suggestion | ReminderRule) -> str:
    if taken.days < 0 or taken.minutes < 0:
        return "before"
    return "after" if taken.days or taken.minutes else "day"


def _minute(hour: time | None) -> int:
    """Since midnight."""
    return hour.hour * 60 + hour.minute if hour else 0


def _lines(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")
