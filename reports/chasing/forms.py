"""What the office asks about chasing; shape only."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from wtforms import StringField
from wtforms.validators import DataRequired, Length, Optional

from core.fields import Day
from core.forms import Form
from reports.chasing.models import Ladder, Step

said: Any = lazy_gettext
SHORT = Length(max=300, message=said("Please use at most 300 characters."))


class DatesForm(Form):
    """On which day each step hears of it; an empty one is left out."""

    person = Day(said("The person who does it"), [Optional()])
    head = Day(said("The head of the unit"), [Optional()])
    parent = Day(said("The unit above"), [Optional()])

    def show(self, ladder: Ladder | None, proposed: dict[Step, date]) -> None:
        """Fill in the days that hold, or those that follow from the deadline."""
        known = {rung.step: rung.on_date for rung in ladder.rungs} if ladder else proposed
        for step in Step:
            self[step.value].data = known.get(step)

    @property
    def dates(self) -> dict[Step, date | None]:
        """The days as the rules take them."""
        return {step: self[step.value].data for step in Step}


class CallForm(Form):
    """With whom somebody spoke, and what came of it."""

    spoke_with = StringField(
        said("Spoke with"), [DataRequired(said("Please say with whom.")), SHORT]
    )
    note = StringField(said("What came of it"), [Optional(), SHORT])


class ExcuseForm(Form):
    """Why a unit need not deliver something."""

    reason = StringField(said("Reason"), [DataRequired(said("The reason is missing.")), SHORT])
