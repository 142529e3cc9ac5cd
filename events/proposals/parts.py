"""The parts of a proposal: what each would become, where it stands, what is doubtful about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.i18n import N_
from events.proposals.proposal import Source

Values = dict[str, Any]
"""Plain values, days as ISO texts, so that they can be kept as JSON."""


class PartKind(StrEnum):
    """What a part becomes."""

    CAMPAIGN = "campaign"
    DOCUMENT = "document"
    GAPS = "gaps"
    """What is put where the document says nothing: a place, hours."""
    ACTIVITY = "activity"
    DUTY = "duty"
    REPORTING = "reporting"
    RECIPIENTS = "recipients"


class Choice(StrEnum):
    """What a person decided about a part."""

    KEEP = "keep"
    DROP = "drop"


class Standing(StrEnum):
    """A part beside the plan as it stands: only a plan that is there can differ."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    GONE = "gone"


@dataclass(frozen=True)
class Doubt:
    """Why a person should look: a sentence to translate, with its facts."""

    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    blocks: bool = False
    """Whether the part cannot be kept as it is."""


@dataclass(frozen=True)
class Difference:
    """One thing that the document says otherwise than the plan."""

    label: str
    before: Any
    after: Any


@dataclass
class Part:
    """One part as the review shows it."""

    key: str
    kind: PartKind
    values: Values
    source: Source | None = None
    doubts: list[Doubt] = field(default_factory=list)
    choice: Choice | None = None
    is_edited: bool = False
    standing: Standing = Standing.NEW
    differences: list[Difference] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    """The rows of the plan that it is about, when they are there already."""
    filled: frozenset[str] = frozenset()
    """Values that the document does not say."""

    @property
    def is_doubtful(self) -> bool:
        """Whether it should not be kept unseen."""
        return bool(self.doubts) and not self.is_edited

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide."""
        return self.choice is None and self.standing is not Standing.SAME

    @property
    def is_kept(self) -> bool:
        """Whether it goes into the plan."""
        return self.choice is Choice.KEEP

    @property
    def line(self) -> int | None:
        """Where it stands in the document."""
        return self.source.line if self.source else None


NEEDED = frozenset({PartKind.CAMPAIGN, PartKind.DOCUMENT, PartKind.GAPS})
"""Parts without which there is no plan; they are kept or edited, never dropped."""

SECTIONS: tuple[tuple[str, frozenset[PartKind]], ...] = (
    (N_("The document and its week"), NEEDED),
    (N_("Activities"), frozenset({PartKind.ACTIVITY})),
    (N_("Duties"), frozenset({PartKind.DUTY})),
    (N_("Reporting"), frozenset({PartKind.REPORTING})),
    (N_("Recipients"), frozenset({PartKind.RECIPIENTS})),
)
"""The parts as the page shows them, in order."""
