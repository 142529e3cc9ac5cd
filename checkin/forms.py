"""What people type to take a seat or to be counted; shape only."""

import re
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import BooleanField, HiddenField, IntegerField, StringField
from wtforms.validators import (
    DataRequired,
    Email,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from checkin import notice
from checkin.services import Applicant
from core.forms import Form

_l: Callable[..., Any] = lazy_gettext
"""Labels are worded when they are shown; WTForms only knows ``str``."""


_PHONE = re.compile(r"[0-9+()][0-9 .()-]{7,19}")


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


class RegistrationForm(Form):
    """Three fields and one box; only the name is needed."""

    name = StringField(
        _l("Name and family name"),
        [DataRequired(_l("Please write the full name.")), Length(max=120)],
    )
    email = StringField(
        _l("E-mail or telephone number"), [Optional(), Length(max=254)], filters=[_lower]
    )
    unit = StringField(_l("Unit, or ward and neighbourhood"), [Optional(), Length(max=200)])
    reminders = BooleanField(_l(notice.SENTENCES[notice.REMINDERS]))
    form_token = HiddenField()

    def validate_email(self, field: StringField) -> None:
        """One field for either: letters go to an address, a number is for the organiser."""
        if not _PHONE.fullmatch(field.data or ""):
            Email(_("This is neither an e-mail address nor a telephone number."))(self, field)

    def validate_reminders(self, field: BooleanField) -> None:
        """A reminder needs somewhere to go."""
        if field.data and "@" not in (self.email.data or ""):
            raise ValidationError(
                _("Please write an e-mail address to be reminded, or untick the box.")
            )

    def applicant(self, locale: str) -> Applicant:
        """The plain values."""
        contact = self.email.data or ""
        return Applicant(
            name=self.name.data or "",
            email=contact if "@" in contact else "",
            phone="" if "@" in contact else contact,
            unit=self.unit.data or "",
            reminders=bool(self.reminders.data),
            locale=locale,
        )


class AddressForm(Form):
    """An address to which a ticket is sent once more."""

    email = StringField(
        _l("E-mail"),
        [
            DataRequired(_l("Please write an e-mail address.")),
            Length(max=254),
            Email(_l("This is not an e-mail address.")),
        ],
        filters=[_lower],
    )


class VisitorForm(Form):
    """What may be written under the button at the venue; all of it may stay empty."""

    class Meta(Form.Meta):
        """The scan pass shows that the button was pressed on our page."""

        csrf = False

    name = StringField(_l("Name and family name"), [Optional(), Length(max=120)])
    unit = StringField(_l("Ward and neighbourhood, or unit"), [Optional(), Length(max=200)])
    ticket = StringField(_l("Code of a ticket of the week"), [Optional(), Length(max=40)])
    consent = BooleanField(_l(notice.SENTENCES[notice.ATTENDANCE]))


class TallyForm(Form):
    """How many were there; a step of + or - goes from the number that stood on the page."""

    count = IntegerField(
        _l("Number of people"),
        [NumberRange(0, 100_000, _l("Please write a number from 0 to 100,000."))],
    )
    note = StringField(_l("Note"), [Optional(), Length(max=200)])
