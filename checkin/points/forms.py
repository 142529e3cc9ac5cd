"""What is asked about points and streams; shape only."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from core.forms import Form
from events.fields import Pick

_l: Any = lazy_gettext


class PointForm(Form):
    """A place with people of its own."""

    name = StringField(
        _l("Name of the connecting point"),
        [DataRequired(_l("Please name the connecting point.")), Length(max=120)],
    )
    unit = Pick(_l("Unit that hosts and counts it"), default="")


class ViewsForm(Form):
    """What a platform says of a stream."""

    stream = StringField(
        _l("Page or link of the stream"),
        [DataRequired(_l("Please write where the stream was.")), Length(max=300)],
    )
    views = IntegerField(
        _l("Views"),
        [
            InputRequired(_l("Please write how many views there were.")),
            NumberRange(0, 1_000_000_000, _l("Please write a number from 0 to 1,000,000,000.")),
        ],
    )
    note = StringField(_l("Note or reason"), [Length(max=200)])
