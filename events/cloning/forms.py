"""What is asked about a take-over: from where, which parts, and row by row; shape only."""

from collections.abc import Collection, Iterable
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, RadioField, StringField, ValidationError
from wtforms.validators import InputRequired, Optional

from accounts.models import Unit
from core import clock
from core.forms import Form
from core.i18n import N_
from events.cloning.models import Part, Shift
from events.cloning.rows import Duty, Row
from events.fields import SHORT, Day, Hour, Pick, PickSeveral, said
from events.models import Campaign

PARTS = {
    Part.ACTIVITIES: N_("Activities, with kind, audience, seats and how people are counted"),
    Part.VENUES: N_("Venues, places in words and links to join"),
    Part.DUTIES: N_("Duties of the units"),
    Part.REMINDERS: N_("Deadlines that remind, and when doors open"),
    Part.TEXTS: N_("Texts: descriptions, persons in charge, legal bases, remarks"),
}
SHIFTS = {
    Shift.WEEKDAY: N_("On the same weekday: a Saturday stays a Saturday"),
    Shift.RUN: N_("On the same day of the week's run: the third day stays the third day"),
}


class CloneForm(Form):
    """From where, whose and what."""

    source = Pick(said("Taken over from"), [InputRequired(said("The week is not chosen."))])
    unit = Pick(said("Unit"), [InputRequired(said("The unit is not chosen."))])
    below = BooleanField(said("With the plans of all units below"))
    parts = PickSeveral(said("What is taken over"))
    shift = RadioField(
        said("How days are moved"), validate_choice=False, default=Shift.WEEKDAY.value
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.parts.choices = [(part.value, _(name)) for part, name in PARTS.items()]
        self.shift.choices = [(shift.value, _(name)) for shift, name in SHIFTS.items()]

    def offer(self, weeks: Iterable[Campaign], units: Iterable[Unit]) -> None:
        """The earlier weeks and the units that one may choose."""
        self.source.choices = [(str(week.year), week.title) for week in weeks]
        listed = [(unit.code, unit.name) for unit in units]
        self.unit.choices = listed if len(listed) == 1 else [("", _("Please choose")), *listed]

    def ask_of_another(self, parts: Collection[Part]) -> None:
        """The plan is named already: ask only into whose plan it goes, and what of it."""
        del self.source, self.below
        self.unit.label.text = _("Into the plan of")
        self.parts.choices = [(part.value, _(PARTS[part])) for part in PARTS if part in parts]

    def validate_parts(self, field: Any) -> None:
        """Something is taken over."""
        if not {Part.ACTIVITIES.value, Part.DUTIES.value} & set(field.data or []):
            raise ValidationError(_("Please choose the activities, the duties, or both."))

    def validate_shift(self, field: Any) -> None:
        """One of ours."""
        if field.data not in set(Shift):
            raise ValidationError(_("Please choose one of the values offered."))


class RowForm(Form):
    """One activity of the new week, as it is shown beside the old one."""

    class Meta(Form.Meta):
        """The whole page carries the token."""

        csrf = False

    keep = BooleanField(said("Take over"))
    title = StringField(said("Name of the activity"), [Optional(), SHORT])
    on = Day(said("Day"), [Optional()])
    begins = Hour(said("Begins at"), [Optional()])
    ends = Hour(said("Ends at"), [Optional()])

    def show(self, row: Row) -> None:
        """Fill in what would be made."""
        first, last = clock.local(row.starts_at), clock.local(row.ends_at)
        self.keep.data, self.title.data, self.on.data = row.chosen, row.title, first.date()
        if not clock.is_whole_days(row.starts_at, row.ends_at):
            self.begins.data, self.ends.data = first.time(), last.time()

    def decided(self, rule: Row) -> dict[str, Any]:
        """What was said otherwise than the rule would have it."""
        told: dict[str, Any] = {}
        if bool(self.keep.data) != rule.chosen:
            told["keep"] = bool(self.keep.data)
        if self.title.data and self.title.data != rule.title:
            told["title"] = self.title.data
        first, last = clock.local(rule.starts_at), clock.local(rule.ends_at)
        if self.on.data and self.on.data != first.date():
            told["on"] = self.on.data.isoformat()
        given = (self.begins.data, self.ends.data)
        if all(given) and given != (first.time(), last.time()):
            told |= {"begins": f"{given[0]:%H:%M}", "ends": f"{given[1]:%H:%M}"}
        return told


class DutyRowForm(Form):
    """One duty of the new week, as it is shown beside the old one."""

    class Meta(Form.Meta):
        """The whole page carries the token."""

        csrf = False

    keep = BooleanField(said("Take over"))
    text = StringField(said("Duty"), [Optional(), SHORT])
    due_on = Day(said("Due on"), [Optional()])

    def show(self, duty: Duty) -> None:
        """Fill in what would be made."""
        self.keep.data, self.text.data, self.due_on.data = duty.chosen, duty.text, duty.due_on

    def decided(self, rule: Duty) -> dict[str, Any]:
        """What was said otherwise than the rule would have it."""
        told: dict[str, Any] = {}
        if bool(self.keep.data) != rule.chosen:
            told["keep"] = bool(self.keep.data)
        if self.text.data and self.text.data != rule.text:
            told["text"] = self.text.data
        if self.due_on.data != rule.due_on:
            told["due_on"] = self.due_on.data.isoformat() if self.due_on.data else ""
        return told


def typed_form(rule: Row | Duty, key: str) -> Any:
    """What the page says of one row."""
    return RowForm(prefix=key) if isinstance(rule, Row) else DutyRowForm(prefix=key)


def filled_form(row: Row | Duty) -> Any:
    """What would be made, in the fields of its row."""
    if isinstance(row, Row):
        form = RowForm(formdata=None, prefix=row.key)
        form.show(row)
        return form
    duty_form = DutyRowForm(formdata=None, prefix=row.key)
    duty_form.show(row)
    return duty_form
