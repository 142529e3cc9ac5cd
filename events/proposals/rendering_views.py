"""How the parts of a proposal read on a page: days, kinds, units, doubts in words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from accounts.models import Unit
from accounts.words import KINDS as UNIT_KINDS
from core.i18n import N_
from core.text import folded
from events import labels
from events.models import ActivityKind, Audience, Campaign, Counting, DutyRole, Format
from events.proposals.matching import kind_of
from events.proposals.parts import Difference, Doubt, Part, PartKind, Standing
from events.proposals.reviewing import Review

STANDINGS: dict[Standing, tuple[str, str]] = {
    Standing.NEW: (N_("New"), "info"),
    Standing.CHANGED: (N_("Changed"), "warn"),
    Standing.SAME: (N_("Same as in the plan"), "plain"),
    Standing.GONE: (N_("No longer in the document"), "stop"),
}
NAMES = {
    PartKind.CAMPAIGN: N_("Week or movement"),
    PartKind.DOCUMENT: N_("The document"),
    PartKind.GAPS: N_("Where the document says nothing"),
    PartKind.RECIPIENTS: N_("Recipients"),
    PartKind.REPORTING: N_("Report on the results"),
}
ALMOST = 0.9
"""How many words of a sentence its card may lack and still say it."""


@dataclass(frozen=True)
class Words:
    """The words of one review."""

    units: dict[str, Unit]
    campaigns: dict[int, Campaign]

    def title(self, part: Part) -> str:
        """What a part is called."""
        if part.kind is PartKind.ACTIVITY:
            return str(part.values["title"])
        if part.kind is PartKind.DUTY:
            return str(part.values["duty"])
        return _(NAMES[part.kind])

    def carrier(self, part: Part) -> str:
        """Who carries a duty or a report, as the document names them, and in which part."""
        phrase = str(part.values.get("phrase", ""))
        first = phrase[:1].upper() + phrase[1:]
        if part.kind is PartKind.DUTY and phrase and "role" in part.values:
            return f"{first} – {self.role(part.values['role']).lower()}"
        return first

    def repeats(self, part: Part) -> bool:
        """Whether the card says already what its sentence says."""
        told = folded(part.source.text if part.source else "")
        said = set(folded(f"{part.values.get('phrase', '')} {self.title(part)}").split())
        words = told.split()
        return sum(word in said for word in words) >= ALMOST * len(words)

    def named(self, codes: list[str]) -> list[str]:
        """Names of units, by their codes."""
        return [self.units[code].name for code in codes if code in self.units]

    def doubt(self, doubt: Doubt) -> str:
        """Why one should look, in a sentence."""
        return _(doubt.sentence, **doubt.facts) if doubt.facts else _(doubt.sentence)

    def day(self, text: str | None) -> str:
        """A day as people write it."""
        return f"{date.fromisoformat(text):%d/%m/%Y}" if text else ""

    def days(self, first: str | None, last: str | None) -> str:
        """From which day to which."""
        if not first or not last or first == last:
            return self.day(first)
        return f"{self.day(first)} – {self.day(last)}"

    def standing(self, part: Part) -> tuple[str, str]:
        """How the part stands to the plan, and the tone of its badge."""
        word, tone = STANDINGS[part.standing]
        return _(word), tone

    def campaign(self, number: int | None) -> Campaign | None:
        """The week or movement that was chosen."""
        return self.campaigns.get(number) if number else None

    def role(self, value: str) -> str:
        """What a unit does about a duty."""
        return _(labels.DUTY_ROLES[DutyRole(value)])

    def kind(self, value: str) -> str:
        """What sort of activity it is."""
        return _(labels.KINDS[ActivityKind(value)])

    def format(self, value: str) -> str:
        """Where people take part."""
        return _(labels.FORMATS[Format(value)])

    def audience(self, value: str) -> str:
        """Who may come."""
        return _(labels.AUDIENCES[Audience(value)])

    def counting(self, value: str) -> str:
        """How people are counted."""
        return _(labels.COUNTINGS[Counting(value)])

    def unit_kind(self, name: str) -> str:
        """What sort of body a missing unit would be."""
        return _(UNIT_KINDS[kind_of(name)])

    def difference(self, one: Difference) -> tuple[str, str, str]:
        """What is called what, before and now."""
        return _(one.label), self._value(one.before), self._value(one.after)

    def _value(self, value: Any) -> str:
        if isinstance(value, list):
            return "; ".join(self.named(value) or value) or _("nothing")
        text = str(value)
        if len(text) == 10 and text[4:5] == text[7:8] == "-":
            return self.day(text)
        if text in set(ActivityKind):
            return self.kind(text)
        if text in set(DutyRole):
            return self.role(text)
        return text or _("nothing")


def as_words(review: Review) -> Words:
    """The words for one review."""
    return Words(
        units={unit.code: unit for unit in review.setting.directory.reachable},
        campaigns={campaign.id: campaign for campaign in review.setting.campaigns},
    )
