"""What the desk asks about plans, duties, weeks and venues; shape only."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from flask_babel import gettext as _
from wtforms import StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Optional

from accounts.models import Unit
from core import clock
from core.forms import Form
from events import labels
from events.fields import LONG, SHORT, Day, Number, Pick, said
from events.models import Campaign, DeadlineKind, DutyRole, Plan, Venue
from events.planning import PASSAGES, Due, WeekFacts


class NewPlanForm(Form):
    """Whose plan is begun."""

    unit = Pick(said("Unit"), [InputRequired(said("The unit is not chosen."))])
    title = StringField(
        said("Title of the plan"), [DataRequired(said("The title is missing.")), SHORT]
    )

    def offer(self, units: Iterable[Unit]) -> None:
        """The units whose plan may be begun."""
        self.unit.choices = [("", _("Please choose")), *((u.code, u.name) for u in units)]


class PlanForm(Form):
    """What the signed document says about itself."""

    title = StringField(
        said("Title of the plan"), [DataRequired(said("The title is missing.")), SHORT]
    )
    document_symbol = StringField(
        said("Number and symbol"),
        [Optional(), SHORT],
        description=said("As the records office wrote it; leave empty until it is signed."),
    )
    issued_on = Day(said("Day of the document"), [Optional()])
    bases = TextAreaField(
        said("Legal bases"), [Optional(), LONG], description=said("One on each line.")
    )

    purpose = TextAreaField(
        said("Purpose (mục đích)"), [Optional(), LONG], description=said("One point on each line.")
    )
    requirements = TextAreaField(
        said("Requirements (yêu cầu)"),
        [Optional(), LONG],
        description=said("One point on each line."),
    )
    recipients = TextAreaField(
        said("Recipients (nơi nhận)"),
        [Optional(), LONG],
        description=said("One on each line; when empty, the unit above and those with duties."),
    )
    signing = TextAreaField(
        said("Signed as"),
        [Optional(), SHORT],
        description=said("Line by line, such as KT. GIÁM ĐỐC and PHÓ GIÁM ĐỐC."),
    )
    signer = StringField(said("Name of the signer"), [Optional(), SHORT])

    def show(self, plan: Plan) -> None:
        """Fill in a plan."""
        self.title.data, self.document_symbol.data = plan.title, plan.document_symbol
        self.issued_on.data, self.bases.data = plan.issued_on, "\n".join(plan.bases)
        for name in PASSAGES:
            self[name].data = getattr(plan, name)

    @property
    def passages(self) -> dict[str, str]:
        """The texts around and before the activities, by the name of their column."""
        return {name: (self[name].data or "").replace("\r\n", "\n") for name in PASSAGES}

    @property
    def listed_bases(self) -> list[str]:
        """The bases, one line each."""
        return [line.strip() for line in (self.bases.data or "").splitlines() if line.strip()]


class DutyForm(Form):
    """A duty for a unit."""

    unit = Pick(said("Unit"), [InputRequired(said("The unit is not chosen."))])
    role = Pick(said("What it does"), [InputRequired(said("The part of the unit is not chosen."))])
    duty = StringField(said("Duty"), [DataRequired(said("The duty is missing.")), SHORT])
    due_on = Day(said("Due on"), [Optional()])

    def offer(self, units: Iterable[Unit]) -> None:
        """The units that may carry a duty of the plan."""
        self.unit.choices = [("", _("Please choose")), *((u.code, u.name) for u in units)]
        self.role.choices = [(role.value, _(name)) for role, name in labels.DUTY_ROLES.items()]

    @property
    def chosen_role(self) -> DutyRole:
        """The part as the rules take it."""
        return DutyRole(self.role.data)


class WeekForm(Form):
    """What the letter of a year fixed."""

    year = Number(said("Year"), [InputRequired(said("The year is missing."))], low=2000, high=2100)
    title = StringField(
        said("Name of the week"), [DataRequired(said("The name is missing.")), SHORT]
    )
    theme = StringField(said("Theme of the week"), [Optional(), SHORT])
    message = StringField(
        said("Message"), [Optional(), SHORT], description=said("What banners and pages carry.")
    )
    starts_on = Day(said("First day"), [InputRequired(said("The first day is missing."))])
    ends_on = Day(said("Last day"), [InputRequired(said("The last day is missing."))])
    opening_on = Day(said("Day of the opening"), [Optional()])
    letter = StringField(said("The letter that calls for it"), [Optional(), SHORT])
    plan_due = Day(said("Plans are due"), [Optional()])
    plan_letter = StringField(said("Letter"), [Optional(), SHORT])
    unit_report_due = Day(said("Reports of units are due"), [Optional()])
    unit_report_letter = StringField(said("Letter"), [Optional(), SHORT])
    department_report_due = Day(said("The report of the department is due"), [Optional()])
    department_report_letter = StringField(said("Letter"), [Optional(), SHORT])

    def validate_ends_on(self, field: Any) -> None:
        """The last day is not before the first, and the week is no season."""
        if self.starts_on.data is None or field.data is None:
            return
        length = (field.data - self.starts_on.data).days
        if not 0 <= length <= 60:
            raise ValidationError(_("The last day must follow the first, by 60 days at most."))

    def validate_starts_on(self, field: Any) -> None:
        """The week is in its year."""
        if field.data and self.year.data and field.data.year != self.year.data:
            raise ValidationError(_("The first day is not in the year of the week."))

    def show(self, week: Campaign) -> None:
        """Fill in a week."""
        for name in ("year", "title", "theme", "message", "starts_on", "ends_on", "opening_on", "letter"):  # fmt: skip  # noqa: E501
            self[name].data = getattr(week, name)
        for deadline in week.deadlines:
            self[f"{deadline.kind.value}_due"].data = clock.local_day(deadline.due_at)
            self[f"{deadline.kind.value}_letter"].data = deadline.letter

    @property
    def facts(self) -> WeekFacts:
        """What was said, as the rules take it."""
        starts_on, ends_on = self.starts_on.data, self.ends_on.data
        if self.year.data is None or starts_on is None or ends_on is None:
            raise ValueError("validate the form first")
        return WeekFacts(
            year=self.year.data,
            title=self.title.data or "",
            starts_on=starts_on,
            ends_on=ends_on,
            opening_on=self.opening_on.data,
            theme=self.theme.data or "",
            message=self.message.data or "",
            letter=self.letter.data or "",
        )

    @property
    def deadlines(self) -> dict[DeadlineKind, Due]:
        """What is owed by the end of office hours of which day."""
        typed = {kind: self[f"{kind.value}_due"].data for kind in DeadlineKind}
        return {
            kind: Due(
                clock.from_wall(datetime.combine(day, OFFICE_CLOSES)),
                self[f"{kind.value}_letter"].data or "",
            )
            for kind, day in typed.items()
            if day
        }


OFFICE_CLOSES = time(17)
"""A report that is due on a day is due when the offices close."""


class VenueForm(Form):
    """A place where activities are held."""

    name = StringField(
        said("Name of the venue"), [DataRequired(said("The name is missing.")), SHORT]
    )
    address = StringField(
        said("Address"),
        [Optional(), SHORT],
        description=said("Street, ward; as a driver needs it."),
    )
    capacity = Number(said("Room for"), [Optional()], low=1, high=100_000)
    unit = Pick(said("Kept by"), [InputRequired(said("The unit is not chosen."))])

    def offer(self, units: Iterable[Unit]) -> None:
        """The units that may keep it."""
        listed = [(unit.code, unit.name) for unit in units]
        self.unit.choices = listed if len(listed) == 1 else [("", _("Please choose")), *listed]

    def show(self, venue: Venue) -> None:
        """Fill in a venue."""
        self.name.data, self.address.data = venue.name, venue.address
        self.capacity.data, self.unit.data = venue.capacity, venue.unit.code
