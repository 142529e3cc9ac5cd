"""What the office types: a figure with where it is from, a passage of text."""

import re
from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from core.forms import Form

_: Callable[..., Any] = lazy_gettext

_WHOLE = re.compile(r"^\d{1,3}([. ]?\d{3})*$|^\d+$")


class FigureForm(Form):
    """One figure; dots between thousands are welcome."""

    value = StringField(_("Figure"), [InputRequired(_("Write the figure.")), Length(max=20)])
    source = StringField(_("Source"), [Length(max=300, message=_("At most 300 letters."))])
    reason = StringField(
        _("Reason for the change"), [Length(max=300, message=_("At most 300 letters."))]
    )

    def validate_value(self, field: StringField) -> None:
        """Whole numbers only."""
        if not _WHOLE.match(field.data or ""):
            raise ValidationError(_("Write a whole number, such as 1.127."))

    @property
    def number(self) -> int:
        """What was meant."""
        return int((self.value.data or "").replace(".", "").replace(" ", ""))


class PassageForm(Form):
    """One passage of the report."""

    text = TextAreaField(
        _("Text"), [Length(max=8000, message=_("At most 8.000 letters for one passage."))]
    )
