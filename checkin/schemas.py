"""What the check-in API takes and gives; pydantic checks the one and documents both."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from checkin.models import Direction
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


Text = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_clean)]
"""Text that every database keeps: no control characters, no lone surrogates."""

Nonce = Annotated[
    str, Field(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", max_length=36)
]


class Strict(BaseModel):
    """A body that takes exactly what it names."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


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
    datetime: Annotated[AwareDatetime, AfterValidator(_plausible)] | None = Field(
        default=None, description="The time on the device; the server's own time is what judges."
    )
    force: bool = Field(
        default=False, description="Admit outside the hours or again; the attempt keeps the mark."
    )
    source_type: Annotated[Text, Field(max_length=40)] = "barcode"

    def attempt(self, *, offline: bool = False) -> Attempt:
        """The same as the rule sees it; only what was made offline has a time of its own."""
        return Attempt(
            secret=self.secret,
            nonce=self.nonce.lower(),
            lists=frozenset(self.lists),
            direction=Direction(self.type),
            force=self.force,
            made_at=self.datetime if offline else None,
        )


class BatchRequest(Strict):
    """Up to 200 scans, each judged by itself."""

    scans: list[Any] = Field(min_length=0, max_length=200)


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
