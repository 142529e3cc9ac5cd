"""What may stand instead in the week, the document and where the document says nothing."""

from typing import Any

from flask_babel import gettext as _
from wtforms import RadioField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Optional

from core.forms import Form
from events.fields import SHORT, Day, Hour, Number, Pick, said
from events.models import Campaign, CampaignKind
from events.plan_forms import PlanForm
from events.proposals.doubting import LONGEST_WEEK, MAY_NOT_BEGIN
from events.proposals.fields import check_order, day, iso, show_when, when
from events.proposals.parts import Values
from events.proposals.reviewing import Review

CAMPAIGN_KINDS = {
    CampaignKind.WEEK: said("The Lifelong Learning Week of a year"),
    CampaignKind.MOVEMENT: said("A movement of several years"),
}


class CampaignPartForm(Form):
    """For which week or movement the plan is."""

    campaign = Pick(said("Week or movement"), [Optional()])
    kind = RadioField(said("What it is"), validate_choice=False)
    year = Number(said("Year"), [Optional()], low=2000, high=2100)
    title = StringField(said("Its name"), [Optional(), SHORT])
    theme = StringField(said("Theme of the week"), [Optional(), SHORT])
    starts_on = Day(said("First day"), [Optional()])
    ends_on = Day(said("Last day"), [Optional()])
    opening_on = Day(said("Day of the opening"), [Optional()])

    def offer(self, review: Review) -> None:
        """The weeks that are there, and a new one for those who may set it up."""
        self.begun = [kind for kind in CAMPAIGN_KINDS if review.setting.may_begin(kind)]
        listed = [(str(c.id), _campaign_label(c)) for c in review.setting.campaigns]
        self.campaign.choices = [("", _("Set up a new one")), *listed]
        self.kind.choices = [(kind.value, CAMPAIGN_KINDS[kind]) for kind in CAMPAIGN_KINDS]

    def validate_ends_on(self, field: Any) -> None:
        """A new one has days, in order, and a week is no season."""
        if self.campaign.data:
            return
        if self.starts_on.data is None or field.data is None:
            raise ValidationError(_("Please type its first and its last day."))
        length = (field.data - self.starts_on.data).days
        if length < 0:
            raise ValidationError(_("The last day must follow the first."))
        if self.kind.data == CampaignKind.WEEK.value and length > LONGEST_WEEK:
            raise ValidationError(_("A week of more than %(n)s days.", n=LONGEST_WEEK))

    def validate_title(self, field: Any) -> None:
        """A new one has a name."""
        if not self.campaign.data and not field.data:
            raise ValidationError(_("The name is missing."))

    def validate_kind(self, field: Any) -> None:
        """One of ours, and of those that one may set up."""
        if field.data not in set(CampaignKind):
            raise ValidationError(_("Please choose one of the values offered."))
        if not self.campaign.data and field.data not in self.begun:
            raise ValidationError(_(MAY_NOT_BEGIN))

    def show(self, values: Values) -> None:
        """Fill in what stands there."""
        self.campaign.data = str(values["campaign"] or "")
        self.kind.data, self.title.data = values["kind"], values["title"]
        self.year.data, self.theme.data = values["year"], values["theme"]
        for name in ("starts_on", "ends_on", "opening_on"):
            self[name].data = day(values[name])

    def values(self, before: Values) -> Values:
        """What was typed; the year is that of the first day."""
        first = self.starts_on.data
        return {
            "campaign": int(self.campaign.data) if self.campaign.data else None,
            "kind": self.kind.data,
            "year": first.year if first else before["year"],
            "title": self.title.data or before["title"],
            "theme": self.theme.data or "",
            "starts_on": iso(first),
            "ends_on": iso(self.ends_on.data),
            "opening_on": iso(self.opening_on.data),
        }


class DocumentPartForm(PlanForm):
    """What the document says about itself."""

    def show(self, values: Any) -> None:
        """Fill in what stands there."""
        self.title.data, self.document_symbol.data = values["title"], values["document_symbol"]
        self.issued_on.data = day(values["issued_on"])
        self.bases.data = "\n".join(values["bases"])

    def values(self, before: Values) -> Values:
        """What was typed."""
        return {
            "title": self.title.data or "",
            "document_symbol": self.document_symbol.data or "",
            "issued_on": iso(self.issued_on.data),
            "bases": self.listed_bases,
        }


class GapsPartForm(Form):
    """What is put where the document says nothing."""

    place = StringField(said("Place"), [DataRequired(said("The place is missing.")), SHORT])
    first_on = Day(said("First day"), [InputRequired(said("The first day is missing."))])
    last_on = Day(said("Last day"), [Optional()])
    starts = Hour(said("Begins at"), [InputRequired(said("The time of the beginning is missing."))])
    ends = Hour(said("Ends at"), [InputRequired(said("The time of the end is missing."))])

    def validate_ends(self, field: Any) -> None:
        """The end after the beginning."""
        check_order(self, field)

    def show(self, values: Values) -> None:
        """Fill in what stands there."""
        self.place.data = values["place"]
        show_when(self, values)

    def values(self, before: Values) -> Values:
        """What was typed."""
        return {"place": self.place.data or "", **when(self)}


def _campaign_label(campaign: Campaign) -> str:
    days = f"{campaign.starts_on:%d/%m/%Y} – {campaign.ends_on:%d/%m/%Y}"
    return f"{campaign.title} ({days})"
