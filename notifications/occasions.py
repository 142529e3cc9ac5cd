"""When we write to people: what a feature declares, and nothing more.

Notifications look; they are not told. Each feature lists its occasions in its
own ``occasions.py``; ``app.py`` hands them all to the clock. A new message is
one row there and one folder ``templates/emails/<name>/`` with ``subject.txt``,
``text.txt`` and ``html.html``. The last two extend ``emails/_layout.txt`` and
``emails/_layout.html``; ``emails/_parts.html`` has the pieces. They are given
the letter's facts and ``public_url`` (no slash at its end), in the language of
the message.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa


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


@dataclass(frozen=True)
class Occasion:
    """One reason to write.

    ``audience(since, now)`` selects the rows ``(subject, recipient, unit_id,
    revision, due_at, useful_until, locale)`` of everything that falls due in
    that span; ``still_due(subject, revision, now)`` asks once more right before
    sending; ``compose(subject, locale)`` gives the letter; ``link(subject)`` is
    the path of the page where the staff sees what it is about.
    """

    name: str
    audience: Callable[[datetime, datetime], sa.Select[Any]]
    still_due: Callable[[str, int, datetime], bool]
    compose: Callable[[str, str], Letter]
    link: Callable[[str], str]

    @property
    def label(self) -> str:
        """What it is called on the outbox page, as a msgid: ``Seat confirmed``."""
        return self.name.replace("_", " ").capitalize()
