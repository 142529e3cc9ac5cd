"""What a feature says about a sheet of its own, and what it must know how to do."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from core.errors import DomainError
from core.spreadsheets.columns import Column

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

    @property
    def is_new(self) -> bool:
        """Whether nothing of it is there yet."""
        return self.record is None

    @property
    def former(self) -> Values:
        """What the row says now; empty for a new one."""
        return self.record.values if self.record else {}


Refusal = tuple[str, DomainError]
"""The key of the column that a refusal is about, and why."""


class LineRefused(Exception):
    """A rule refused a line while it was kept; everything is undone."""

    def __init__(self, number: int, key: str, fault: DomainError) -> None:
        self.number, self.key, self.fault = number, key, fault
        super().__init__(str(fault))


class Keeper(Protocol):
    """What one person may see and change in one sheet; made anew for each look."""

    def records(self) -> Iterable[Record]:
        """Every row in the person's scope, in a stable order."""

    def keys(self, values: Values) -> Sequence[Hashable]:
        """Under which names a row is found, the surest first."""

    def title(self, values: Values) -> str:
        """What a person calls the row."""

    def judge(self, entry: Entry) -> Iterable[Refusal]:
        """What the rules have against a line, without changing anything."""

    def keep(self, entries: Sequence[Entry]) -> None:
        """Do what new and changed lines say. Raises ``LineRefused``."""

    def notes(self, entries: Sequence[Entry]) -> Iterable[tuple[str, dict[str, Any]]]:
        """What else will happen, such as letters: sentences to translate, with their facts."""

    def handed_over(self) -> "Handout | None":
        """What keeping made that must be taken away once, such as passwords."""


@dataclass(frozen=True)
class Handout:
    """A table that exists only now."""

    columns: Sequence[Column]
    rows: Sequence[Values]


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
    columns_by_key: dict[str, Column] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.columns_by_key.update({column.key: column for column in self.columns})

    def rows(self, keeper: Keeper, locale: str) -> list[list[str | int]]:
        """The present data as cells of a file."""
        return [
            [column.write(record.values[column.key], locale) for column in self.columns]
            for record in keeper.records()
        ]
