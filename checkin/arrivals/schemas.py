"""What a scanner tells of who came without a ticket."""

import hashlib
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from checkin.arrivals.services import Arrival, Group, Walker
from checkin.schemas import Clocked, Nonce, Text
from core import addresses
from core.text import folded, nfc

MOST = 2_000
"""People of one group; a whole school is a tally."""


def _address(text: str) -> str:
    try:
        return addresses.checked(text)
    except ValueError:
        raise ValueError("an e-mail address") from None


def _named(text: str) -> str:
    if not any(letter.isalnum() for letter in folded(text)):
        raise ValueError("letters or digits")
    return nfc(text)


Name = Annotated[Text, Field(max_length=120), AfterValidator(_named)]


class Came(Clocked):
    """Somebody came to an activity without a ticket."""

    activity: Text = Field(description="Slug of the activity.")
    nonce: Nonce = Field(description="Made by the device, new for each arrival, kept for repeats.")
    force: bool = Field(default=False, description="Count outside the hours of the doors.")

    def parts(self) -> tuple[Walker | Group, list[str]]:
        """Who came, and what makes two arrivals the same."""
        raise NotImplementedError


class WalkInRequest(Came):
    """One person without a ticket, by name or without one."""

    type: Literal["walk_in"] = "walk_in"
    name: Name | None = Field(default=None, description="Nothing: counted without a name.")
    unit: Annotated[Text, Field(max_length=200)] | None = None
    email: Annotated[Text, Field(max_length=200), AfterValidator(_address)] | None = None
    locale: Literal["vi", "en"] = "vi"

    def parts(self) -> tuple[Walker | Group, list[str]]:
        """The person as the steward wrote them down."""
        walker = Walker(self.name, nfc(self.unit or ""), self.email or "", self.locale)
        return walker, ["walk_in", walker.name or "", walker.unit, walker.email]


class GroupRequest(Came):
    """A class or another group: how many, and no names."""

    type: Literal["group"] = "group"
    name: Annotated[Name, Field(max_length=80)] = Field(description="Such as `Lớp 9A`.")
    enrolled: int | None = Field(default=None, ge=1, le=MOST, description="Sĩ số.")
    present: int = Field(ge=0, le=MOST, description="The latest number of a group holds.")

    def parts(self) -> tuple[Walker | Group, list[str]]:
        """The group with its numbers."""
        group = Group(self.name, self.enrolled, self.present)
        return group, ["group", self.name, str(self.enrolled or ""), str(self.present)]


ARRIVALS: dict[str, type[Came]] = {"walk_in": WalkInRequest, "group": GroupRequest}
"""What else a batch may hold, by its ``type``."""


def arrived(
    came: Came, now: datetime, *, late: bool = False, ahead: timedelta | None = None
) -> Arrival:
    """The same as the rule sees it; ``late`` when there was no connection as it was made."""
    stood = came.stood(now, ahead)
    who, parts = came.parts()
    content = "\0".join([came.activity, *parts])
    return Arrival(
        slug=came.activity,
        nonce=came.nonce.lower(),
        who=who,
        content=hashlib.blake2b(content.encode(), digest_size=16).hexdigest(),
        at=stood.at if late else now,
        shown_at=came.datetime if late else None,
        skew=stood.skew if late else None,
        keeps_hours=not (came.force or late),
        forced=came.force,
        clock=stood.clock if late else None,
    )
