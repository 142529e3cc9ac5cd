"""What is asked about a new scanner; shape only."""

from collections.abc import Iterable
from datetime import date, timedelta

from flask_babel import gettext as _
from wtforms import StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from accounts.models import Unit
from core.forms import Form
from events.fields import Day, Pick, said
from events.models import Activity, Venue

LONGEST = timedelta(days=60)
"""A scanner is for a week with the days around it, not for good."""


class ScannerForm(Form):
    """Where the scanner stands, what it may admit to, and until when."""

    name = StringField(
        said("Name of the scanner"),
        [DataRequired(said("Please name the scanner.")), Length(max=80)],
        description=said("Where it stands, such as “Main entrance”."),
    )
    unit = Pick(said("Unit"))
    only = Pick(said("Serves"), default="")
    until = Day(said("Works until"), [InputRequired(said("Please give a day."))])

    today: date

    def offer(
        self, units: Iterable[Unit], venues: Iterable[Venue], activities: Iterable[Activity]
    ) -> None:
        """Name what it may be for."""
        self.unit.choices = [(unit.code, unit.name) for unit in units]
        self.only.choices = [
            ("", _("All activities of the unit and the units below")),
            *((f"venue-{v.id}", _("Venue: %(name)s", name=v.name)) for v in venues),
            *((f"activity-{a.id}", _("Activity: %(title)s", title=a.title)) for a in activities),
        ]

    def validate_until(self, field: Day) -> None:
        """Not yesterday, and not for good."""
        if field.data is None or not self.today <= field.data <= self.today + LONGEST:
            raise ValidationError(_("Please choose a day within the next 60 days."))
