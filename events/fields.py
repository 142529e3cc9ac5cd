"""Fields of the desk's forms, with reasons that our catalogue words."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import Length, ValidationError

from core.fields import Day as Day
from core.fields import Hour as Hour
from core.fields import Number as Number

Worded = Callable[..., Any]
said: Worded = lazy_gettext
"""Labels are worded when they are shown; WTForms only knows ``str``."""

SHORT = Length(max=300, message=said("Please use at most 300 characters."))
LONG = Length(max=5000, message=said("Please use at most 5,000 characters."))


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
