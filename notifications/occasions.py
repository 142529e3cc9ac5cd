"""When we write to people: what a feature declares, and nothing more.

Notifications look; they are not told. Each feature lists its occasions in its
own ``occasions.py``; ``app.py`` hands them all to the clock. A new message is
one row there and one folder ``templates/emails/<name>/`` with ``subject.txt``,
``text.txt`` and ``html.html``. The last two extend ``emails/_layout.txt`` and
``emails/_layout.html``; ``emails/_parts.html`` has the pieces. They are given
the letter's facts and ``public_url`` (no slash at its end), in the language of
the message.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa


class Doubt(StrEnum):
    """What happens to a letter of which nobody knows whether it arrived."""

    RESEND = "resend"
    """A missing one hurts more than a second copy: once more, with the same Message-ID."""
    HOLD = "hold"
    """A second copy hurts more than a missing one: a person decides."""


class Kind(StrEnum):
    """Why somebody gets letters, as they themselves would say it; what a recipient chooses from."""

    ASKED = "asked"
    """They asked for it: a seat, a ticket, their page."""
    CHANGE = "change"
    """What they rely on moved or is called off."""
    REMINDER = "reminder"
    """What they know already, at the right moment."""
    NEWS = "news"
    """What is new in plans that touch them."""
    DUTY = "duty"
    """What their unit has undertaken, until it is done."""

    @property
    def may_be_refused(self) -> bool:
        """Whether the recipient may do without it."""
        return self in {Kind.REMINDER, Kind.NEWS}


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a letter; its name is ours, plain ASCII."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """What fills the templates of an occasion, and what is attached."""

    facts: dict[str, Any]
    attachments: list[Attachment] = field(default_factory=list)
    invitation: Attachment | None = None
    """What the recipient's calendar takes in; its type names the iTIP method."""
    reply_to: str = ""
    """Who reads answers; nobody reads those to the sender's address."""


@dataclass(frozen=True)
class Occasion:
    """One reason to write.

    ``audience(since, now)`` selects the rows ``(subject, recipient, unit_id,
    revision, due_at, useful_until, locale)`` of everything that falls due in
    that span, or is nothing when nothing can; ``still_due(subject, revision, now)``
    asks once more right before sending; ``compose(subject, locale)`` gives the letter;
    ``link(subject)`` is the path of the page where the staff sees what it is about.
    ``kind`` is what a recipient may refuse or not; ``in_doubt`` what becomes of a letter
    that may or may not have arrived. ``ahead(subjects)`` loads at once what the next
    letters are about, where there may be thousands.
    """

    name: str
    audience: Callable[[datetime, datetime], sa.Select[Any] | None]
    still_due: Callable[[str, int, datetime], bool]
    compose: Callable[[str, str], Letter]
    link: Callable[[str], str]
    kind: Kind = Kind.REMINDER
    in_doubt: Doubt = Doubt.RESEND
    ahead: Callable[[Sequence[str]], None] | None = None

    @property
    def label(self) -> str:
        """What it is called on the outbox page, as a msgid: ``Seat confirmed``."""
        return self.name.replace("_", " ").capitalize()
