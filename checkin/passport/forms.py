"""What people write over on their own page; shape only."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext
from wtforms import StringField
from wtforms.validators import DataRequired, Email, Length, Optional, Regexp

from checkin.forms import PHONE
from core.forms import Form

_l: Callable[..., Any] = lazy_gettext


class CorrectionForm(Form):
    """The name, where one belongs, and how one is reached."""

    name = StringField(
        _l("Name and family name"),
        [DataRequired(_l("Please write the full name.")), Length(max=120)],
    )
    unit = StringField(_l("Unit, or ward and neighbourhood"), [Optional(), Length(max=200)])
    phone = StringField(
        _l("Telephone"),
        [Optional(), Regexp(rf"{PHONE.pattern}\Z", message=_l("This is not a telephone number."))],
    )
    email = StringField(
        _l("New e-mail address"),
        [Optional(), Length(max=254), Email(_l("This is not an e-mail address."))],
    )
