"""What people type to take a seat or to be counted; shape only."""

import re
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    StringField,
)
from wtforms.validators import (
    DataRequired,
    Email,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from checkin import notice
from checkin.models import Grade
from checkin.services import Applicant
from core import addresses
from core.forms import Form
from events.fields import Pick

_l: Callable[..., Any] = lazy_gettext
"""Labels are worded when they are shown; WTForms only knows ``str``."""


PHONE = re.compile(r"[0-9+()][0-9 .()-]{7,19}")


def _kept(value: Any) -> Any:
    return addresses.kept(value) if isinstance(value, str) else value


class RegistrationForm(Form):
    """Three fields and one box; only the name is needed."""

    name = StringField(
        _l("Name and family name"),
        [DataRequired(_l("Please write the full name.")), Length(max=120)],
    )
    email = StringField(
        _l("E-mail or telephone number"), [Optional(), Length(max=254)], filters=[_kept]
    )
    unit = StringField(_l("Unit, or ward and neighbourhood"), [Optional(), Length(max=200)])
    reminders = BooleanField(_l(notice.SENTENCES[notice.REMINDERS]))
    form_token = HiddenField()

    def validate_email(self, field: StringField) -> None:
        """One field for either: letters go to an address, a number is for the organiser."""
        if not PHONE.fullmatch(field.data or ""):
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
        filters=[_kept],
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
    """A number of heads, added to what holds or put in its place, counted or estimated."""

    mode = RadioField(_l("What to do with the number"), validate_choice=False, default="add")
    group = Pick(_l("Group"), default="")
    count = IntegerField(
        _l("Number of people"),
        [NumberRange(0, 100_000, _l("Please write a number from 0 to 100,000."))],
    )
    grade = RadioField(
        _l("How the number was found"), validate_choice=False, default=Grade.HEADCOUNT.value
    )
    note = StringField(_l("Note or reason"), [Length(max=200)])

    def offer(self, groups: list[tuple[str, str]]) -> None:
        """Name what may be chosen."""
        self.mode.choices = [("add", _("Add these people")), ("set", _("Correct the number"))]
        self.group.choices = [("", _("Everyone together")), *groups]
        counted, estimated = Grade.HEADCOUNT.value, Grade.ESTIMATE.value
        self.grade.choices = [(counted, _("Counted")), (estimated, _("Estimated"))]

    def validate_mode(self, field: RadioField) -> None:
        """Refuse what was not offered."""
        if field.data not in {choice[0] for choice in field.choices or []}:
            raise ValidationError(_("Please choose one of the values offered."))

    validate_grade = validate_mode

    def validate_note(self, field: StringField) -> None:
        """Who takes back or corrects says why."""
        if self.mode.data == "set" and not field.data:
            raise ValidationError(_("Please write why the number is corrected."))
