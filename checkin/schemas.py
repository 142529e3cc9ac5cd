"""What the check-in API takes and gives; pydantic checks the one and documents both."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from checkin.models import Decision, Direction
from checkin.queues.clocks import Stood, Told, milliseconds, set_right
from checkin.redeem import Attempt
from core.text import is_clean


def _clean(text: str) -> str:
    if not is_clean(text):
        raise ValueError("control characters or lone surrogates")
    return text


def _plausible(moment: datetime) -> datetime:
    if not 2000 <= moment.year <= 2200:
        raise ValueError("a year between 2000 and 2200")
    return moment


def _written_moment(value: object) -> object:
    """The moment of a text; the JSON around it was read before."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_clean)]
"""Text that every database keeps: no control characters, no lone surrogates."""

Nonce = Annotated[
    str, Field(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", max_length=36)
]

Moment = Annotated[AwareDatetime, AfterValidator(_plausible)]


_LONGEST = 100 * 366 * 86_400_000
"""Milliseconds of a century."""


class Strict(BaseModel):
    """A body that takes exactly what it names."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Clocked(Strict):
    """What a scanner tells of its clock beside a record that it hands in later."""

    datetime: Moment | None = Field(
        default=None, description="The time on the device; the server's own time is what judges."
    )
    elapsed: int | None = Field(
        default=None,
        ge=0,
        le=_LONGEST,
        description="Handed in later: milliseconds since, by a clock that nobody can set.",
    )
    ahead: int | None = Field(
        default=None,
        ge=-_LONGEST,
        le=_LONGEST,
        description="Handed in later: by how many milliseconds the device's clock was ahead of "
        "the server's when it last asked before; tells a clock that was set meanwhile.",
    )

    def stood(self, now: Moment, ahead: timedelta | None) -> Stood:
        """When it was made, of a record that is handed in now."""
        if self.datetime is None:
            return Stood(now, None if ahead is None else milliseconds(ahead))
        return set_right(Told(self.datetime, self.ahead, self.elapsed), ahead, now)


class RedeemRequest(Strict):
    """One ticket or typed code, held to one door."""

    secret: Text = Field(description="The scanned text or the typed code, letter for letter.")
    lists: list[Text] = Field(
        default_factory=list,
        max_length=500,
        description="Slugs of the activities that this door serves; none means all it may serve.",
    )
    type: Literal["entry", "exit"] = "entry"
    nonce: Nonce = Field(description="Made by the device, new for each scan, kept for repeats.")
    datetime: Moment | None = Field(
        default=None, description="The time on the device; the server's own time is what judges."
    )
    force: bool = Field(
        default=False, description="Admit outside the hours or again; the attempt keeps the mark."
    )
    source_type: Annotated[Text, Field(max_length=40)] = "barcode"

    def attempt(self) -> Attempt:
        """The same as the rule sees it."""
        return Attempt(
            secret=self.secret,
            nonce=self.nonce.lower(),
            lists=frozenset(self.lists),
            direction=Direction(self.type),
            force=self.force,
        )


class QueuedScan(RedeemRequest, Clocked):
    """One ticket that a door met while it had no connection."""

    decision: Literal["admitted", "provisional", "refused"] | None = Field(
        default=None,
        description="What the door did by itself: whom it let in is counted whatever the hours "
        "say, and marked; `provisional` when it did not know the ticket.",
    )


def queued(scan: QueuedScan, now: datetime, ahead: timedelta | None) -> Attempt:
    """The same as the rule sees it, the device's clock set right."""
    stood = scan.stood(now, ahead)
    return Attempt(
        secret=scan.secret,
        nonce=scan.nonce.lower(),
        lists=frozenset(scan.lists),
        direction=Direction(scan.type),
        force=scan.force,
        made_at=stood.at,
        shown_at=scan.datetime,
        skew=stood.skew,
        decision=Decision(scan.decision) if scan.decision else None,
        clock=stood.clock,
    )


class BatchRequest(Strict):
    """Up to 200 scans, each judged by itself."""

    scans: list[Any] = Field(
        min_length=0,
        max_length=200,
        description="Each as it would have been sent alone, with what is known of its clock. "
        "Whatever must not be read on the device stands as one field `sealed`: JSON that was "
        "closed to the key that the scanner's page brings, `tuanhoc.queue/2`.",
    )
    sent_at: Annotated[Moment | None, BeforeValidator(_written_moment)] = Field(
        default=None,
        description="What the device's clock shows as it sends this: how far that clock is off "
        "is taken away from the time of every scan.",
    )


class QueuedAnnulment(Clocked):
    """A scan that was taken back while there was no connection."""

    type: Literal["annul"]
    nonce: Nonce = Field(description="Of this record.")
    annuls: Nonce = Field(description="That of the scan.")
    reason: Annotated[Text, Field(max_length=200)]


class AnnulRequest(Strict):
    """A scan of this device that is taken back."""

    nonce: Nonce = Field(description="That of the scan, no later than 15 minutes after it came.")
    reason: Annotated[Text, Field(max_length=200)]


class SearchRequest(Strict):
    """A name, or parts of it, with or without diacritics."""

    query: Annotated[Text, Field(max_length=120)] = Field(description="Three letters or more.")
    lists: list[Text] = Field(
        default_factory=list, max_length=500, description="Slugs of activities; none means all."
    )


class InitializeRequest(Strict):
    """A one-time pairing token."""

    token: Text


class Participant(BaseModel):
    """Who goes in, as far as it is known."""

    name: str | None
    unit: str | None
    group: str | None


class Position(BaseModel):
    """What the ticket was good for."""

    activity: str
    session: str
    participant: Participant


class FirstUse(BaseModel):
    """The attendance that the ticket was used for already."""

    time: str
    device: str | None
    place: str | None
    source: str


class Message(BaseModel):
    """The sentence to show, in both languages."""

    vi: str
    en: str


class Fault(BaseModel):
    """A field of the body and what is wrong with it."""

    field: str
    text: str


class Accepted(BaseModel):
    """The door opens."""

    status: Literal["ok"]
    replayed: bool
    position: Position
    first: FirstUse | None
    message: Message
    tone: Literal["ok"]


class Refused(BaseModel):
    """The door stays closed, or the body could not be read (then ``faults`` says where)."""

    status: Literal["error"]
    reason: str
    replayed: bool | None = None
    first: FirstUse | None = None
    message: Message | None = None
    tone: Literal["stop", "warn"] | None = None
    faults: list[Fault] | None = None


class Failed(BaseModel):
    """Why there is no answer about a ticket at all."""

    status: Literal["error"]
    reason: str


class BatchAnswer(BaseModel):
    """The answer to each scan, in the order in which they were sent."""

    answers: list[dict[str, Any]]


class Initialized(BaseModel):
    """The device's own token; it is shown once."""

    device_id: int
    name: str
    api_token: str


class DeviceStatus(BaseModel):
    """What the server knows of a device, and its own time."""

    name: str
    unit: str
    time: str


class Annulled(BaseModel):
    """The scan does not count any more."""

    status: Literal["ok"]
    replayed: bool
    message: Message
