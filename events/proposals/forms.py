"""What the review asks: a document, and what should stand in a part instead."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from wtforms import FileField, TextAreaField
from wtforms.validators import Optional

from accounts.models import Unit
from core.forms import Form
from events.fields import Pick, said
from events.proposals.parts import Part, PartKind
from events.proposals.reviewing import Review
from events.proposals.services import tidied
from events.proposals.week_forms import CampaignPartForm, DocumentPartForm, GapsPartForm
from events.proposals.work_forms import (
    ActivityPartForm,
    DutyPartForm,
    RecipientsPartForm,
    ReportingPartForm,
)


class UploadForm(Form):
    """A document: a file, or its text."""

    document = FileField(said("File"), description=said("A .docx or a text file, 2 MB at most."))
    text = TextAreaField(
        said("Or paste the text here"),
        [Optional()],
        filters=[tidied],
        description=said("The whole document, from its number to the signature."),
    )
    unit = Pick(said("Whose plan it is"), [Optional()])

    def offer(self, units: Iterable[Unit]) -> None:
        """The units whose plan may be taken in."""
        listed = [(unit.code, unit.name) for unit in units]
        first = [] if len(listed) == 1 else [("", _("As the document says"))]
        self.unit.choices = [*first, *listed]
        if self.unit.data is None or (len(listed) == 1 and not self.unit.data):
            self.unit.data = listed[0][0] if len(listed) == 1 else ""


def form_for(review: Review, part: Part, **options: Any) -> Any:
    """The form that asks about a part, with what may be chosen there."""
    match part.kind:
        case PartKind.CAMPAIGN:
            form: Any = CampaignPartForm(**options)
            form.offer(review)
        case PartKind.DOCUMENT:
            form = DocumentPartForm(**options)
        case PartKind.GAPS:
            form = GapsPartForm(**options)
        case PartKind.ACTIVITY:
            form = ActivityPartForm(**options)
            form.offer(review)
        case PartKind.DUTY:
            form = DutyPartForm(**options)
            form.offer(review, part.values["units"])
        case PartKind.REPORTING:
            form = ReportingPartForm(**options)
            form.offer(review, part.values["units"])
        case PartKind.RECIPIENTS:
            form = RecipientsPartForm(**options)
    return form
