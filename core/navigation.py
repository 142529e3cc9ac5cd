"""The places a member of the staff can go to; each feature lists its own."""

from dataclasses import dataclass
from typing import Literal

Section = Literal["desk", "office", "door"]


@dataclass(frozen=True)
class Item:
    """One entry: an English msgid, where it leads, and the role that it needs."""

    label: str
    endpoint: str
    role: str
    section: Section
    position: int = 50
    along: tuple[str, ...] = ()
    """Other addresses whose pages belong to it."""


@dataclass(frozen=True)
class Link:
    """An entry as the page shows it to someone who may go there."""

    label: str
    href: str
    current: Literal["page", "true"] | None
    """Whether the reader is on this very page, or on one below it."""
    section: Section
