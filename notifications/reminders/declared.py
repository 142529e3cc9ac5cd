"""What reminders can be about and whom they can reach, as the features above declare it.

``app.py`` fills ``SORTS``. Everything that is asked in numbers is a ``Select``,
so that a hundred thousand recipients are one statement.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from accounts.models import Unit
from accounts.scope import Scope

Rows = sa.Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Anchor:
    """A time of a subject that a reminder can hang on; ``name`` is a column of ``subjects``."""

    name: str
    label: str
    """A msgid, as it stands behind *two days before*: ``the start``."""


@dataclass(frozen=True)
class About:
    """Of which subject, for whose reminder: columns of a wider question, or plain values."""

    subject_id: Any
    unit_id: Any
    """The unit whose reminder it is."""


@dataclass(frozen=True)
class Audience:
    """Who gets a reminder.

    ``members(about)`` selects ``member`` (text that ends in ``number``, by which
    one of them is found at once), ``number``, ``recipient``, ``name``, ``unit_id``,
    ``locale`` and ``joined_at``; who joined after a reminder fell due does not get
    it. ``left_out(about)`` selects ``member`` of those who belong to it and cannot or
    do not want to be written to.
    """

    name: str
    label: str
    members: Callable[[About], Rows]
    left_out: Callable[[About], Rows] | None = None
    after: str = ""
    """The time of the subject only after which it is known who belongs to it."""
    fits: Callable[[int], bool] = lambda _subject_id: True
    """Whether one subject has such people at all."""


@dataclass(frozen=True)
class Suggestion:
    """A reminder that is ready to be taken: its time, audience and words as msgids."""

    name: str
    label: str
    audience: str
    anchor: str
    days: int
    at_minute: int | None
    title: str
    text: str
    minutes: int = 0


@dataclass(frozen=True)
class Found:
    """One subject at whose page reminders are set up."""

    id: int
    unit: Unit
    title: str
    back: str
    """The path of its own page."""


@dataclass(frozen=True)
class Sort:
    """A sort of thing that reminders are about.

    ``subjects()`` selects ``subject_id``, ``unit_id`` (nothing for what all share), ``title``,
    ``counts_from`` (since when its times stand), ``mark`` (another text for
    other times) and a column for each anchor, of all that takes place.
    """

    name: str
    label: str
    subjects: Callable[[], Rows]
    anchors: Sequence[Anchor]
    milestones: Sequence[str]
    """Columns of ``subjects``: what a reminder comes before is of use until then."""
    fields: Mapping[str, str]
    """The fields of its texts, each with what it stands for, as a msgid."""
    facts: Callable[[int, str, str], Mapping[str, str]]
    """``facts(subject_id, member, locale)``: what the fields stand for; ``link`` is a path."""
    link: Callable[[int], str]
    """Where the staff sees it."""
    suggestions: Sequence[Suggestion] = ()
    find: Callable[[Scope, str], Found | None] = lambda _scope, _key: None
    """One subject of mine by the key in its address."""
    audiences: Sequence[Audience] = ()

    def audience(self, name: str) -> Audience | None:
        """The audience of that name."""
        return next((one for one in self.audiences if one.name == name), None)

    def anchor(self, name: str) -> Anchor | None:
        """The anchor of that name."""
        return next((one for one in self.anchors if one.name == name), None)


SORTS: dict[str, Sort] = {}
"""All of them by name, in the order of pages."""


def declare(sorts: Sequence[Sort]) -> None:
    """Take over what the features declare."""
    SORTS.clear()
    SORTS.update((sort.name, sort) for sort in sorts)
