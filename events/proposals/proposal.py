"""A proposal: everything that was understood of one document, each part with its source.

The field names and their order are the contract of ``flask events import-plan --json``.
"""

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from events.models import ActivityKind, Audience, CampaignKind, Format


class DocumentKind(StrEnum):
    """What sort of document it is, by its heading or its manner."""

    PLAN = "plan"
    PROGRAMME = "programme"
    LETTER = "letter"
    NEWS = "news"
    GUIDANCE = "guidance"
    NOTICE = "notice"
    DECISION = "decision"
    DIRECTIVE = "directive"
    REPORT = "report"
    OTHER = "other"


class DutyRole(StrEnum):
    """How a unit stands to a duty."""

    LEAD = "lead"
    COORDINATE = "coordinate"
    DO = "do"


class WarningCode(StrEnum):
    """What is odd in a document."""

    NOT_A_PLAN = "not_a_plan"
    NO_WEEK = "no_week"
    FOREIGN_NAME = "foreign_name"
    SPAM = "spam"
    NUMBERING = "numbering"
    BROKEN_REFERENCE = "broken_reference"
    BLANK_NUMBER = "blank_number"
    BLANK_DAY = "blank_day"
    SPELLING = "spelling"


@dataclass(frozen=True, slots=True)
class Source:
    """The sentence or line that a part came from; lines count from 1 in the input."""

    line: int
    text: str

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The source that ``to_json`` wrote."""
        return cls(line=data["line"], text=data["text"])


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of a movement of several years."""

    title: str
    starts_on: date | None
    ends_on: date | None
    source: Source

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The phase that ``to_json`` wrote."""
        return cls(
            title=data["title"],
            starts_on=_day(data["starts_on"]),
            ends_on=_day(data["ends_on"]),
            source=Source.from_json(data["source"]),
        )


@dataclass(frozen=True, slots=True)
class ProposedActivity:
    """Something that the document wants to be held, hung, printed or broadcast."""

    title: str
    kind: ActivityKind
    format: Format | None
    place: str | None
    audience: Audience | None
    starts_on: date | None
    ends_on: date | None
    source: Source

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The activity that ``to_json`` wrote."""
        return cls(
            title=data["title"],
            kind=ActivityKind(data["kind"]),
            format=Format(data["format"]) if data["format"] else None,
            place=data["place"],
            audience=Audience(data["audience"]) if data["audience"] else None,
            starts_on=_day(data["starts_on"]),
            ends_on=_day(data["ends_on"]),
            source=Source.from_json(data["source"]),
        )


@dataclass(frozen=True, slots=True)
class ProposedDuty:
    """What one unit is asked to do; the unit is one phrase as written."""

    unit: str
    role: DutyRole
    text: str
    due_on: date | None
    source: Source

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The duty that ``to_json`` wrote."""
        return cls(
            unit=data["unit"],
            role=DutyRole(data["role"]),
            text=data["text"],
            due_on=_day(data["due_on"]),
            source=Source.from_json(data["source"]),
        )


@dataclass(frozen=True, slots=True)
class ProposedReporting:
    """Who reports on the results, to whom and by when."""

    unit: str
    to: tuple[str, ...]
    due_on: date | None
    source: Source

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The duty to report that ``to_json`` wrote."""
        return cls(
            unit=data["unit"],
            to=tuple(data["to"]),
            due_on=_day(data["due_on"]),
            source=Source.from_json(data["source"]),
        )


@dataclass(frozen=True, slots=True)
class Signer:
    """In whose name the document is signed, and the title of the person who signs."""

    authority: str | None
    title: str | None

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The signer that ``to_json`` wrote."""
        return cls(authority=data["authority"], title=data["title"])


@dataclass(frozen=True, slots=True)
class Caution:
    """Something odd, in a sentence for the person who confirms."""

    code: WarningCode
    text: str
    source: Source | None

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The warning that ``to_json`` wrote."""
        source = data["source"]
        return cls(
            code=WarningCode(data["code"]),
            text=data["text"],
            source=Source.from_json(source) if source else None,
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one document says; unknown is None, and nothing is guessed silently."""

    campaign: CampaignKind | None
    phases: tuple[Phase, ...]
    kind: DocumentKind | None
    issuer: str | None
    superior: str | None
    number: str | None
    symbol: str | None
    place: str | None
    issued_on: date | None
    title: str | None
    bases: tuple[str, ...]
    theme: str | None
    starts_on: date | None
    ends_on: date | None
    opening_on: date | None
    activities: tuple[ProposedActivity, ...]
    duties: tuple[ProposedDuty, ...]
    reporting: tuple[ProposedReporting, ...]
    recipients: tuple[str, ...]
    signer: Signer
    warnings: tuple[Caution, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values for ``json.dumps``; days are ISO texts."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The proposal that ``to_json`` wrote."""
        return cls(
            campaign=CampaignKind(data["campaign"]) if data["campaign"] else None,
            phases=tuple(map(Phase.from_json, data["phases"])),
            kind=DocumentKind(data["kind"]) if data["kind"] else None,
            issuer=data["issuer"],
            superior=data["superior"],
            number=data["number"],
            symbol=data["symbol"],
            place=data["place"],
            issued_on=_day(data["issued_on"]),
            title=data["title"],
            bases=tuple(data["bases"]),
            theme=data["theme"],
            starts_on=_day(data["starts_on"]),
            ends_on=_day(data["ends_on"]),
            opening_on=_day(data["opening_on"]),
            activities=tuple(map(ProposedActivity.from_json, data["activities"])),
            duties=tuple(map(ProposedDuty.from_json, data["duties"])),
            reporting=tuple(map(ProposedReporting.from_json, data["reporting"])),
            recipients=tuple(data["recipients"]),
            signer=Signer.from_json(data["signer"]),
            warnings=tuple(map(Caution.from_json, data["warnings"])),
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case date():
            return value.isoformat()
        case StrEnum():
            return value.value
        case _:
            return value
