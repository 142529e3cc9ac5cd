"""What may stand instead in an activity, a duty, a report or the recipients."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from wtforms import StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Optional

from core.forms import Form
from events import labels
from events.fields import LONG, SHORT, Day, Hour, Pick, PickSeveral, said
from events.forms import is_web_address
from events.models import Audience, Counting, Format
from events.proposals.fields import check_order, day, iso, lines, show_when, when
from events.proposals.parts import Values
from events.proposals.reviewing import Review


class ActivityPartForm(Form):
    """One activity, with what an organiser must know of it today."""

    title = StringField(
        said("Name of the activity"), [DataRequired(said("The name is missing.")), SHORT]
    )
    kind = Pick(said("Kind of activity"), [InputRequired(said("The kind is not chosen."))])
    first_on = Day(said("First day"), [InputRequired(said("The first day is missing."))])
    starts = Hour(said("Begins at"), [InputRequired(said("The time of the beginning is missing."))])
    last_on = Day(
        said("Last day"),
        [Optional()],
        description=said("Leave empty when it is on one day; otherwise every day at these hours."),
    )
    ends = Hour(said("Ends at"), [InputRequired(said("The time of the end is missing."))])
    format = Pick(said("Format"), [InputRequired(said("The kind is not chosen."))])
    venue = Pick(said("Venue"), [Optional()])
    place = StringField(said("The place in words"), [Optional(), SHORT])
    join_link = StringField(
        said("Link to join online"), [Optional(), SHORT], description=said("Begins with https://")
    )
    unit = Pick(said("Held by"), [InputRequired(said("The unit is not chosen."))])
    audience = Pick(said("For whom"), [Optional()])
    counting = Pick(said("How people are counted"), [Optional()])
    summary = TextAreaField(said("What it is about"), [Optional(), LONG])

    def offer(self, review: Review) -> None:
        """Kinds, places and hosts."""
        self.kind.choices = [(kind.value, _(name)) for kind, name in labels.KINDS.items()]
        self.format.choices = [(one.value, _(name)) for one, name in labels.FORMATS.items()]
        offered = {a: n for a, n in labels.AUDIENCES.items() if a is not Audience.UNITS}
        self.audience.choices = [(one.value, _(name)) for one, name in offered.items()]
        self.counting.choices = [(one.value, _(name)) for one, name in labels.COUNTINGS.items()]
        venues = [(str(venue.id), venue.name) for venue in review.setting.venues]
        self.venue.choices = [("", _("No venue from the list")), *venues]
        self.unit.choices = [(u.code, u.name) for u in review.setting.hosts]

    def validate_ends(self, field: Any) -> None:
        """The end after the beginning."""
        check_order(self, field)

    def validate_join_link(self, field: Any) -> None:
        """An address that a browser opens."""
        if field.data and not is_web_address(field.data):
            raise ValidationError(_("Please type a whole address that begins with https://."))

    def show(self, values: Values) -> None:
        """Fill in what stands there."""
        for name in (
            "title",
            "kind",
            "format",
            "place",
            "join_link",
            "unit",
            "counting",
            "summary",
        ):
            self[name].data = values[name]
        is_units = values["audience"] == Audience.UNITS.value
        self.audience.data = Audience.INVITED.value if is_units else values["audience"]
        self.venue.data = str(values["venue"] or "")
        show_when(self, values)

    def values(self, before: Values) -> Values:
        """What was typed."""
        texts = ("title", "kind", "place", "join_link", "unit", "summary")
        return {
            **{name: self[name].data or "" for name in texts},
            "format": self.format.data or Format.IN_PERSON.value,
            "audience": self.audience.data or Audience.EVERYONE.value,
            "counting": self.counting.data or Counting.TALLY.value,
            "venue": int(self.venue.data) if self.venue.data else None,
            **when(self),
        }


class CarriedPartForm(Form):
    """Who carries something, and by when."""

    units = PickSeveral(said("Units"), [Optional()])
    due_on = Day(said("Due on"), [Optional()])

    def offer(self, review: Review, chosen: Iterable[str]) -> None:
        """The units below the plan, those that are meant first."""
        meant = set(chosen)
        ordered = sorted(
            review.setting.directory.reachable, key=lambda unit: unit.code not in meant
        )
        self.units.choices = [(unit.code, unit.name) for unit in ordered]

    def validate_units(self, field: Any) -> None:
        """Somebody carries it."""
        if not field.data:
            raise ValidationError(_("Please choose the units that carry it."))

    def show(self, values: Values) -> None:
        """Fill in what stands there."""
        self.units.data, self.due_on.data = list(values["units"]), day(values["due_on"])

    def values(self, before: Values) -> Values:
        """What was typed; several units are a group under the words of the document."""
        units = list(self.units.data or [])
        is_group = before["is_group"] or len(units) > 1
        return {**before, "units": units, "is_group": is_group, "due_on": iso(self.due_on.data)}


class DutyPartForm(CarriedPartForm):
    """Who carries a duty, in which part, and by when."""

    role = Pick(said("What it does"), [Optional()])
    duty = TextAreaField(said("Duty"), [DataRequired(said("The duty is missing.")), LONG])

    def offer(self, review: Review, chosen: Iterable[str]) -> None:
        """The parts that a unit may have, too."""
        super().offer(review, chosen)
        self.role.choices = [(role.value, _(name)) for role, name in labels.DUTY_ROLES.items()]

    def show(self, values: Values) -> None:
        """Fill in what stands there."""
        super().show(values)
        self.role.data, self.duty.data = values["role"], values["duty"]

    def values(self, before: Values) -> Values:
        """What was typed."""
        role = self.role.data or before["role"]
        return {**super().values(before), "role": role, "duty": self.duty.data or ""}


class ReportingPartForm(CarriedPartForm):
    """Who reports to whom, and by when."""

    to = TextAreaField(
        said("Reports to"), [Optional(), LONG], description=said("One on each line.")
    )

    def show(self, values: Values) -> None:
        """Fill in what stands there."""
        super().show(values)
        self.to.data = "\n".join(values["to"])

    def values(self, before: Values) -> Values:
        """What was typed."""
        return {**super().values(before), "to": lines(self.to.data)}


class RecipientsPartForm(Form):
    """Whom the document goes to."""

    recipients = TextAreaField(
        said("Recipients"), [Optional(), LONG], description=said("One on each line.")
    )

    def show(self, values: Values) -> None:
        """Fill in what stands there."""
        self.recipients.data = "\n".join(values["recipients"])

    def values(self, before: Values) -> Values:
        """What was typed."""
        return {"recipients": lines(self.recipients.data)}
