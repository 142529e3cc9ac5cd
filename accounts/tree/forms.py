"""What the pages that change the tree ask for; shape only."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired

from accounts.models import SuccessionKind
from core.fields import Day
from core.forms import Form

_l: Callable[..., Any] = lazy_gettext
"""Labels are worded when they are shown; WTForms only knows ``str``."""

Offered = list[tuple[str, str]]


class ChangeForm(Form):
    """Another unit and the day from which the change holds."""

    unit = SelectField(_l("Unit"), [InputRequired(_l("Please choose the unit."))])
    on = Day(_l("From the day"), [InputRequired(_l("Please type the day."))])
    seen = HiddenField()

    def offer(self, units: Offered) -> None:
        """Give the list its entries."""
        self.unit.choices = [("", _("Please choose")), *units]

    @property
    def day(self) -> date:
        """The day, once the form has been validated."""
        if self.on.data is None:
            raise ValueError("validate the form first")
        return self.on.data


class MoveForm(ChangeForm):
    """Another parent."""

    unit = SelectField(
        _l("New place, under"), [InputRequired(_l("Please choose the unit that it goes under."))]
    )


class MergeForm(ChangeForm):
    """The unit that goes on."""

    unit = SelectField(
        _l("Goes into"), [InputRequired(_l("Please choose the unit that it goes into."))]
    )


class LinkForm(ChangeForm):
    """Where a unit came from."""

    unit = SelectField(
        _l("Earlier unit"), [InputRequired(_l("Please choose the unit that it came from."))]
    )
    kind = SelectField(_l("How it came out of it"))

    def offer(self, units: Offered) -> None:
        """Give the lists their entries."""
        super().offer(units)
        self.kind.choices = [
            (SuccessionKind.MERGED.value, _("The earlier unit was merged into this one")),
            (SuccessionKind.SPLIT.value, _("This unit was split from the earlier one")),
        ]


class CloseForm(Form):
    """The last day of a unit."""

    last_day = Day(_l("Last day of the unit"), [InputRequired(_l("Please type the day."))])
