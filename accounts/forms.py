"""What the pages of accounts ask for; shape only."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import (
    EmailField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from accounts.models import Role, Unit, UnitKind
from accounts.words import DUTIES, KINDS, ROLES
from core.fields import Day
from core.forms import Form

_l: Callable[..., Any] = lazy_gettext
"""Labels are worded when they are shown; WTForms only knows ``str``."""
_LONG = Length(max=300, message=_l("Please use at most 300 characters."))


class SignInForm(Form):
    """Who it is."""

    email = EmailField(
        _l("E-mail address"), [InputRequired(_l("Please type the e-mail address.")), _LONG]
    )
    password = PasswordField(
        _l("Password"), [InputRequired(_l("Please type the password.")), _LONG]
    )
    next = HiddenField()


class PasswordForm(Form):
    """The present password and the new one, twice."""

    present = PasswordField(
        _l("Present password"), [InputRequired(_l("Please type the present password.")), _LONG]
    )
    new = PasswordField(
        _l("New password"), [InputRequired(_l("Please type the new password.")), _LONG]
    )
    again = PasswordField(
        _l("New password once more"),
        [InputRequired(_l("Please type the new password once more.")), _LONG],
    )

    def validate_again(self, field: Any) -> None:
        """Both times the same."""
        if field.data != self.new.data:
            raise ValidationError(_("The two new passwords are not the same."))


class UnitForm(Form):
    """What is known of a unit."""

    name = StringField(
        _l("Full name"), [InputRequired(_l("Please type the full name of the unit.")), _LONG]
    )
    short_name = StringField(_l("Short name"), [Optional(), _LONG])
    kind = SelectField(_l("Kind of unit"))
    reports_to = SelectField(_l("Sends its report to"), validators=[Optional()])
    symbol = StringField(_l("Symbol in document numbers"), [Optional(), _LONG])
    head_title = StringField(_l("Title of the head who signs"), [Optional(), _LONG])
    place = StringField(_l("Place name before the date"), [Optional(), _LONG])
    headcount = IntegerField(
        _l("People in the unit"),
        [
            Optional(),
            NumberRange(0, 1_000_000, _l("Please type a whole number, 0 or more.")),
        ],
    )
    email = EmailField(_l("E-mail address of the office"), [Optional(), _LONG])
    valid_from = Day(_l("Began on"), [Optional()])

    def offer(self, others: list[Unit]) -> None:
        """Give the lists their entries."""
        self.kind.choices = [(kind.value, _(KINDS[kind])) for kind in UnitKind]
        nobody = ("", _("No other unit"))
        self.reports_to.choices = [nobody, *((unit.code, unit.name) for unit in others)]

    def validate_headcount(self, field: Any) -> None:
        """Say in our words that it is no number."""
        if field.process_errors:
            field.process_errors.clear()
            raise ValidationError(_("Please type a whole number, 0 or more."))


class NewUnitForm(UnitForm):
    """A unit with the code under which addresses and files name it."""

    code = StringField(
        _l("Code in addresses"),
        [
            Optional(),
            Length(max=60, message=_l("Please use at most 60 characters.")),
            Regexp(
                r"^[a-z0-9]+(-[a-z0-9]+)*$",
                message=_l("Please use only a–z, 0–9 and single hyphens, such as so-gddt."),
            ),
        ],
    )


class GrantForm(Form):
    """A role on a unit."""

    role = SelectField(_l("Role"))
    unit = SelectField(_l("For this unit and all below it"))

    def offer(self, units: list[tuple[str, str]]) -> None:
        """Give the lists their entries."""
        self.role.choices = [(role.value, f"{_(ROLES[role])}: {_(DUTIES[role])}") for role in Role]
        self.unit.choices = units


class AccountForm(GrantForm):
    """A person of the staff, with a first role."""

    full_name = StringField(
        _l("Full name of the person"),
        [InputRequired(_l("Please type the full name of the person.")), _LONG],
    )
    email = EmailField(
        _l("E-mail address"), [InputRequired(_l("Please type the e-mail address.")), _LONG]
    )
