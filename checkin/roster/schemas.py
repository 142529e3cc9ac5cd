"""What the questions of a scanner take and give."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from checkin.schemas import Strict, Text

Lists = Annotated[list[Text], Field(max_length=500)]
_LISTS = "Slugs of activities; none means those that begin within 48 hours or are on."


class RosterRequest(Strict):
    """Which tickets."""

    lists: Lists = Field(default_factory=list, description=_LISTS)
    after: int = Field(default=0, ge=0, le=2**62, description="`next` of the page before.")


class ChangesRequest(Strict):
    """Since when, in the server's own order."""

    since: int = Field(default=0, ge=0, le=2**62, description="`seq` of the answer before.")
    lists: Lists = Field(default_factory=list, description=_LISTS)


class StatusRequest(Strict):
    """Which activities."""

    lists: Lists = Field(default_factory=list, description=_LISTS)


class Hours(BaseModel):
    """A sitting and its doors."""

    starts_at: str
    ends_at: str
    opens_at: str
    closes_at: str


class Served(BaseModel):
    """An activity that this door serves."""

    slug: str
    title: str
    place: str
    state: str
    sessions: list[Hours]
    forget_at: str = Field(description="When the scanner wipes what it knows of it.")


class Entry(BaseModel):
    """A ticket that only its own text opens."""

    id: str
    sealed: str
    forget_at: str = Field(description="When the scanner wipes it.")


class Roster(BaseModel):
    """The tickets that this door may meet, sealed."""

    format: Literal["tuanhoc.roster/2"]
    activities: list[Served]
    entries: list[Entry] = Field(
        description="known = HKDF-SHA256(text of the QR, salt = `tuanhoc.roster/2`, info empty, "
        "48 bytes); id = known[0:16]; the sealed bytes are a nonce (12) and what AES-256-GCM made "
        "under known[16:48] with the id as associated data: JSON with blanks after it, "
        "`{activity, state, name, unit, group}`, state one of `confirmed`, `unapproved`, "
        "`canceled`, `revoked`. All base64url without padding."
    )
    next: int | None = Field(description="Ask again with `after` set to this; nothing: complete.")


class Change(BaseModel):
    """Somebody went in or out, or a scan was taken back."""

    seq: int
    id: str = Field(description="That of the ticket's entry in the roster.")
    activity: str
    type: Literal["entry", "exit"]
    status: Literal["ok", "annulled"]
    annuls: int | None = Field(description="The `seq` of the scan that was taken back.")
    time: str
    device: str | None


class ChangesAnswer(BaseModel):
    """What happened since; a row that comes twice has the same `seq`."""

    seq: int
    more: bool
    changes: list[Change]


class HoursNow(Hours):
    """A sitting, who came to it and who is inside."""

    attended: int
    inside: int


class Standing(Served):
    """How things stand at the doors of an activity."""

    seats: int | None
    confirmed: int
    attended: int
    sessions: list[HoursNow]  # type: ignore[assignment]


class StatusAnswer(BaseModel):
    """How things stand, and what time it is here."""

    time: str
    activities: list[Standing]


class Found(BaseModel):
    """Somebody who holds or awaits a seat."""

    name: str | None
    unit: str | None
    group: str | None
    activity: str
    title: str
    state: Literal["confirmed", "unapproved"]
    code: str = Field(description="Is redeemed in place of the ticket.")
    attended_at: str | None


class SearchAnswer(BaseModel):
    """The first 20 of that name."""

    people: list[Found]
