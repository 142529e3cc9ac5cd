"""What a feature says about a sheet of its own, and what it must know how to do."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.errors import DomainError
from core.i18n import N_
from core.spreadsheets.changes import Touched
from core.spreadsheets.columns import Choice, Column
from core.spreadsheets.gathering import concerning

Values = Mapping[str, Any]
"""What a row says, by the keys of its columns."""


@dataclass(frozen=True)
class Record:
    """A row that there is: what is changed when a line means it, and what it says now."""

    subject: Any
    values: Values


@dataclass
class Entry:
    """One line of a file, understood."""

    number: int
    values: dict[str, Any]
    """Every column; one that the file does not have, or may not change, as it is now."""
    record: Record | None = None
    """What the line means, or nothing when it is new."""
    changed: frozenset[str] = frozenset()
    action: str = ""
    """What is to be done with the row instead, such as taking it out."""

    @property
    def is_new(self) -> bool:
        """Whether nothing of it is there yet."""
        return self.record is None

    @property
    def former(self) -> Values:
        """What the row says now; empty for a new one."""
        return self.record.values if self.record else {}


def working(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Line after line, each noted beside what is made for it."""
    for entry in entries:
        concerning(entry.number)
        yield entry


Refusal = tuple[str, DomainError]
"""The key of the column that a refusal is about, and why."""


class LineRefused(Exception):
    """A rule refused a line while it was kept; everything is undone."""

    def __init__(self, number: int, key: str, fault: DomainError) -> None:
        self.number, self.key, self.fault = number, key, fault
        super().__init__(str(fault))


class Keeper(ABC):
    """What one person may see and change in one sheet; made anew for each look."""

    begun: Hashable = None
    """``mark`` as it was before anything was looked at."""

    @abstractmethod
    def records(self) -> Iterable[Record]:
        """Every row in the person's scope, in a stable order."""

    @abstractmethod
    def keys(self, values: Values) -> Sequence[Hashable]:
        """Under which names a row is found, the surest first."""

    @abstractmethod
    def title(self, values: Values) -> str:
        """What a person calls the row."""

    @abstractmethod
    def judge(self, entry: Entry) -> Iterable[Refusal]:
        """What the rules have against a new or changed line, without changing anything."""

    @abstractmethod
    def keep(self, entries: Sequence[Entry]) -> None:
        """Do in the session what the lines say; what it holds then is written in bulk.

        Nothing may be flushed. Raises ``LineRefused``.
        """

    def judge_action(self, entry: Entry) -> Iterable[Refusal]:
        """What the rules have against taking a row out."""
        return ()

    def notes(self, entries: Sequence[Entry]) -> Iterable[tuple[str, dict[str, Any]]]:
        """What else will happen, such as letters: sentences to translate, with their facts."""
        return ()

    def handed_over(self) -> "Handout | None":
        """What keeping made that must be taken away once, such as passwords."""
        return None

    def mark(self) -> Hashable:
        """The same as long as nothing happened that the judging would have seen; cheap."""
        return None

    def finish(self) -> Sequence[Touched]:
        """What can only be done when all is written; the rows that it touched."""
        return ()

    def stuck(self, rows: Sequence[Touched]) -> Iterable[int]:
        """The places, among the rows of an undoing, of those that must not go back any more."""
        return ()

    def returning(self, row: Touched) -> Touched:
        """A row that goes back, where not all of it may be what it was."""
        return row

    def returned(self, number: int, rows: Sequence[Touched]) -> None:  # noqa: B027  may do nothing
        """An import went back: what must be written down, what follows from it."""


@dataclass(frozen=True)
class Handout:
    """A table that exists only now."""

    columns: Sequence[Column]
    rows: Sequence[Values]


ACTION = "action"


@dataclass(frozen=True, kw_only=True)
class ActionColumn(Choice):
    """Takes a row out instead of changing it; empty for all others."""

    key: str = ACTION
    heading: str = N_("Action")
    hint: str = N_("Empty, or what is to become of the row; “x” means the first of these")

    def _one(self, text: str) -> Any:
        return next(iter(self.choices)) if text.casefold() == "x" else super()._one(text)


@dataclass(frozen=True)
class Sheet:
    """One kind of table that goes in and out."""

    name: str
    """The word in its address."""
    title: str
    about: str
    """In one sentence what stands in it; both are msgids."""
    role: str
    columns: Sequence[Column]
    open: Callable[[int, datetime], Keeper]
    """What the account with this number may see and change at a moment."""
    position: int = 50
    actions: Mapping[str, str] = field(default_factory=dict)
    """What may be done with a row instead of changing it, with its msgid; ``x`` means the first."""

    def __post_init__(self) -> None:
        if self.actions:
            object.__setattr__(self, "columns", (*self.columns, ActionColumn(choices=self.actions)))

    def rows(self, keeper: Keeper, locale: str) -> list[list[str | int]]:
        """The present data as cells of a file."""
        return [
            [column.write(record.values.get(column.key), locale) for column in self.columns]
            for record in keeper.records()
        ]
