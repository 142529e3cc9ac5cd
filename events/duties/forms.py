"""What pages ask about duties; shape only."""

from collections.abc import Iterable
from textwrap import shorten
from typing import Any

from flask_babel import gettext as _
from flask_wtf.file import FileField
from wtforms import BooleanField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from accounts.models import Unit
from core.forms import Form
from events.duties.addresses import is_public
from events.duties.photos import LARGEST_FILE
from events.fields import LONG, SHORT, Day, Number, Pick, said
from events.forms import is_web_address
from events.models import Activity, Assignment

PHRASE = Length(max=1000, message=said("Please use at most 1,000 characters."))


class GiveForm(Form):
    """One duty, and in the words of the plan who carries it and who helps."""

    duty = TextAreaField(
        said("Duty"),
        [DataRequired(said("The duty is missing.")), LONG],
    )
    carriers = StringField(
        said("Who leads or carries it out"),
        [DataRequired(said("Please name at least one unit.")), PHRASE],
        description=said(
            "The name of a unit, or a group: the affiliated units, the commune people's "
            "committees, the schools. Several are parted by commas."
        ),
    )
    coordinators = StringField(
        said("Who coordinates"),
        [Optional(), PHRASE],
        description=said("Units or groups, parted by commas."),
    )
    due_on = Day(said("Due on"), [Optional()])
    remark = StringField(said("Note on the duty"), [Optional(), SHORT])


class EditForm(Form):
    """Another day or another remark for a duty."""

    due_on = Day(said("Due on"), [Optional()])
    remark = StringField(said("Note on the duty"), [Optional(), SHORT])

    def show(self, duty: Assignment) -> None:
        """Fill in a duty."""
        self.due_on.data, self.remark.data = duty.due_on, duty.remark


class ExcuseForm(Form):
    """Why a unit need not do its duty."""

    reason = StringField(
        said("Reason"),
        [DataRequired(said("Please say why the unit need not do it.")), SHORT],
        description=said("The unit is told of it with this reason."),
    )


class ShowForm(Form):
    """What shows that a duty is done: a photo, a link or a number, and what it is."""

    largest = LARGEST_FILE

    photo = FileField(
        said("Photo"),
        description=said("JPEG, PNG or WebP, at most 15 MB. Place and camera are removed."),
    )
    note = StringField(
        said("What it shows"),
        [SHORT],
        description=said("For a link: the title of the article or recording."),
    )
    link = StringField(said("Link"), [Optional(), SHORT], description=said("Begins with https://"))
    number = Number(said("How many"), [Optional()])
    measure = StringField(
        said("Unit of measure"),
        [SHORT],
        description=said("Banners, articles, books, people…"),
    )
    public = BooleanField(said("The people in the photo agree that it is shown in public"))

    def stand_by(self, number: int) -> None:
        """Be the form of one duty among several on a page."""
        for field in self:
            field.id = f"d{number}-{field.name}"

    def validate_link(self, field: Any) -> None:
        """An address that a browser opens."""
        if field.data and not is_web_address(field.data):
            raise ValidationError(_("Please type a whole address that begins with https://."))
        if field.data and not is_public(field.data):
            raise ValidationError(_("Only people inside one network can open this address."))

    def validate_note(self, field: Any) -> None:
        """A link is read by its title."""
        if self.link.data and not field.data:
            raise ValidationError(_("Please type the title of what the link leads to."))

    def validate_measure(self, field: Any) -> None:
        """A number of what."""
        if self.number.data is not None and not field.data:
            raise ValidationError(_("Please say what was counted."))

    @property
    def sent_photo(self) -> bytes | None:
        """The file, which may be empty; nothing when none was chosen."""
        sent = self.photo.data
        return sent.read() if sent else None


class InspectionForm(Form):
    """Who looked at what a unit does, when, and what they found."""

    unit = Pick(said("Unit inspected"), [InputRequired(said("The unit is not chosen."))])
    duty = Pick(said("Duty inspected"), [Optional()], default="")
    activity = Pick(said("Activity inspected"), [Optional()], default="")
    inspected_on = Day(said("Day"), [InputRequired(said("The day is missing."))])
    inspectors = StringField(
        said("Who inspected"), [DataRequired(said("Please say who inspected.")), SHORT]
    )
    finding = TextAreaField(
        said("Finding"), [DataRequired(said("Please say what was found.")), LONG]
    )

    def offer(
        self,
        units: Iterable[Unit],
        duties: Iterable[Assignment] = (),
        activities: Iterable[Activity] = (),
    ) -> None:
        """The units that may be inspected; for one of them what it does."""
        self.unit.choices = [("", _("Please choose")), *((u.code, u.name) for u in units)]
        whole = ("", _("The work of the unit as a whole"))
        self.duty.choices = [
            whole,
            *((str(d.id), _in_short(d.duty)) for d in duties),
        ]
        none = ("", _("No single activity"))
        self.activity.choices = [
            none,
            *((a.slug, _in_short(a.title)) for a in activities),
        ]


def _in_short(text: str) -> str:
    return shorten(text, 90, placeholder="…")
