"""What a file would do, line by line, before anything is done."""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from core.errors import DomainError
from core.i18n import N_, translate
from core.spreadsheets import errors
from core.spreadsheets.changes import Told
from core.spreadsheets.columns import Column, plain, refuse_unreadable
from core.spreadsheets.definitions import ACTION, Entry, Keeper, Record, Refusal, Sheet
from core.spreadsheets.reading import Line, Table

Tell = Callable[[int, int], None]
_LANGUAGE = "vi"
"""Values are compared as they are written in one language."""


class Status(StrEnum):
    """What would become of a line."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REMOVED = "removed"
    REFUSED = "refused"


@dataclass(frozen=True)
class Reason:
    """Why a cell is refused; the sentence is a msgid."""

    cell: str
    sentence: str
    facts: dict[str, str]


@dataclass(frozen=True)
class Change:
    """What stands in a column now, and what would; the heading is a msgid."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True)
class Verdict:
    """One line of the preview."""

    number: int
    status: Status
    title: str
    reasons: list[Reason] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass
class Preview:
    """The whole of it, and what must be known besides."""

    verdicts: list[Verdict]
    entries: list[Entry]
    """What would be done: the new and the changed lines."""
    ignored: list[str]
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many lines of each status."""
        counted = Counter(verdict.status for verdict in self.verdicts)
        return {status.value: counted[status] for status in Status}

    def told(self) -> dict[int, Told]:
        """What is told of the lines that change something, by their numbers."""
        return {
            v.number: Told(v.title, [(c.heading, c.before, c.after) for c in v.changes])
            for v in self.verdicts
            if v.status is not Status.SAME
        }

    def fingerprint(self) -> str:
        """The same for the same verdicts: whether the data changed since somebody looked."""
        return hashlib.sha256(_dumped(self.verdicts)).hexdigest()

    def packed(self) -> bytes:
        """The verdicts as bytes to keep beside a job."""
        return zlib.compress(_dumped(self.verdicts))


def unpacked(kept: bytes) -> list[Verdict]:
    """The verdicts again."""
    return [
        Verdict(
            number=line["number"],
            status=Status(line["status"]),
            title=line["title"],
            reasons=[Reason(**reason) for reason in line["reasons"]],
            changes=[Change(**change) for change in line["changes"]],
        )
        for line in json.loads(zlib.decompress(kept))
    ]


def judge(sheet: Sheet, keeper: Keeper, table: Table, tell: Tell = lambda _d, _t: None) -> Preview:
    """What each line of the table would do to the data as it is now."""
    index = _index(keeper)
    seen: dict[Hashable, int] = {}
    known: dict[tuple[str, str], Any] = {}
    readers = [_Reader(sheet, keeper, table, line, index, seen, known) for line in table.lines]
    for reader in readers:
        reader.read()
    verdicts, entries = [], []
    for count, reader in enumerate(readers):
        if count % 200 == 0:
            tell(count, len(readers))
        verdict, entry = reader.judged()
        verdicts.append(verdict)
        if entry is not None:
            entries.append(entry)
    notes = list(keeper.notes(entries))
    return Preview(verdicts, entries, table.ignored, notes)


def refused(preview: Preview, number: int, cell: str, fault: DomainError) -> Preview:
    """The same preview, with a refusal that only showed when the lines were kept."""
    verdicts = [
        Verdict(v.number, Status.REFUSED, v.title, [*v.reasons, _reason(cell, fault)], v.changes)
        if v.number == number
        else v
        for v in preview.verdicts
    ]
    return Preview(verdicts, preview.entries, preview.ignored, preview.notes)


def _index(keeper: Keeper) -> dict[Hashable, Record | None]:
    """Every name of every row; a name that two rows share finds neither."""
    index: dict[Hashable, Record | None] = {}
    for record in keeper.records():
        for key in keeper.keys(record.values):
            index[key] = None if key in index else record
    return index


@dataclass
class _Reader:
    """One line on its way from cells to a verdict."""

    sheet: Sheet
    keeper: Keeper
    table: Table
    line: Line
    index: Mapping[Hashable, Record | None]
    seen: dict[Hashable, int]
    read_before: dict[tuple[str, str], Any]
    reasons: list[Reason] = field(default_factory=list)
    wrong: dict[str, errors.WrongCell] = field(default_factory=dict)
    """Cells that cannot be read, until it is known whether they changed at all."""

    entry: Entry = field(init=False)

    def read(self) -> None:
        """What the line says and which row it means; rules may need to know this of all lines."""
        said = dict(self._said())
        values = {c.key: said[c.key] if c.key in said else c.empty() for c in self.sheet.columns}
        keys = self.keeper.keys(values)
        record = next((self.index[key] for key in keys if key in self.index), None)
        self.entry = self._entry(said, values, record)
        for key in keys[:1]:
            if self.seen.setdefault(key, self.line.number) != self.line.number:
                twice = errors.SameRowTwice(row=self.seen[key])
                self._refuse((self.sheet.columns[0].key, twice))

    def judged(self) -> tuple[Verdict, Entry | None]:
        """The verdict, and what is to be done if it is kept."""
        entry = self.entry
        is_same = not (entry.is_new or entry.changed or entry.action)
        if not self.reasons and not is_same:
            judge = self.keeper.judge_action if entry.action else self.keeper.judge
            for key, fault in judge(entry):
                self._refuse((key, fault))
        title = self.keeper.title(entry.values) or f"#{self.line.number}"
        if self.reasons:
            return self._verdict(Status.REFUSED, title, entry), None
        if is_same:
            return self._verdict(Status.SAME, title, entry), None
        status = Status.NEW if entry.is_new else Status.CHANGED
        if entry.action:
            status = Status.REMOVED
        return self._verdict(status, title, entry), entry

    def _said(self) -> Iterator[tuple[str, Any]]:
        """What the cells of the line say, each that can be read."""
        for column in self.sheet.columns:
            place = self.table.places.get(column.key)
            if place is None:
                continue
            raw = self._raw(place)
            try:
                yield column.key, self._parsed(column, raw)
            except errors.WrongCell as fault:
                if not column.shown:
                    self.wrong[column.key] = fault

    def _parsed(self, column: Column, raw: Any) -> Any:
        """What a cell means; texts that stand in many rows are read once."""
        known = (column.key, raw)
        if type(raw) is str and known in self.read_before:
            return self.read_before[known]
        refuse_unreadable(raw)
        value = column.parse(raw) if plain(raw) else column.empty()
        if type(raw) is str:
            self.read_before[known] = value
        return value

    def _entry(self, said: dict[str, Any], values: dict[str, Any], record: Record | None) -> Entry:
        action = values.pop(ACTION, None) or ""
        columns = [column for column in self.sheet.columns if column.key != ACTION]
        if ACTION in self.wrong:
            self._refuse((ACTION, self.wrong[ACTION]))
        if record is None:
            if action:
                self._refuse((ACTION, errors.NothingToTakeOut()))
                return Entry(self.line.number, values)
            for key, fault in self.wrong.items():
                self._refuse((key, fault))
            self._refuse_blanks(columns, values)
            return Entry(self.line.number, values)
        if action:
            return Entry(self.line.number, dict(record.values), record, action=action)
        changed = set()
        for column in columns:
            now = record.values[column.key]
            if not self._is_changed(column, said, now):
                values[column.key] = now
            elif column.key in self.wrong:
                self._refuse((column.key, self.wrong[column.key]))
            else:
                changed.add(column.key)
        self._refuse_blanks([c for c in columns if c.key in changed], values)
        return Entry(self.line.number, values, record, frozenset(changed))

    def _is_changed(self, column: Column, said: dict[str, Any], now: Any) -> bool:
        """Whether the cell says something else; as it was written, it says the same."""
        place = self.table.places.get(column.key)
        if place is None or column.shown:
            return False
        if plain(self._raw(place)) == str(column.write(now, _LANGUAGE)):
            return False
        return column.key not in said or not _alike(column, said[column.key], now)

    def _refuse_blanks(self, columns: Sequence[Column], values: dict[str, Any]) -> None:
        for column in columns:
            if column.needed and not column.shown and values[column.key] == column.empty():
                self._refuse((column.key, errors.CellMissing(heading=column.heading)))

    def _raw(self, place: int) -> Any:
        return self.line.cells[place] if place < len(self.line.cells) else None

    def _verdict(self, status: Status, title: str, entry: Entry) -> Verdict:
        changes = [
            Change(c.heading, _shown(c, entry.former[c.key]), _shown(c, entry.values[c.key]))
            for c in self.sheet.columns
            if c.key in entry.changed
        ]
        if entry.action and not self.reasons:
            changes.append(
                Change(N_("Action"), "", translate(self.sheet.actions[entry.action], _LANGUAGE))
            )
        reasons = sorted(self.reasons, key=lambda reason: (len(reason.cell), reason.cell))
        return Verdict(self.line.number, status, title[:120], reasons, changes)

    def _refuse(self, refusal: Refusal) -> None:
        key, fault = refusal
        cell = self._cell(key)
        if all(reason.cell != cell for reason in self.reasons):
            self.reasons.append(_reason(cell, fault))

    def _cell(self, key: str) -> str:
        return self.table.cell(key, self.line.number)


def _alike(column: Column, one: Any, other: Any) -> bool:
    written = column.write(one, _LANGUAGE), column.write(other, _LANGUAGE)
    return one == other or written[0] == written[1]


def _shown(column: Column, value: Any) -> str:
    text = str(column.write(value, _LANGUAGE))
    return text if len(text) <= 200 else f"{text[:199]}…"


def _reason(cell: str, fault: DomainError) -> Reason:
    return Reason(cell, fault.sentence, {name: str(fact) for name, fact in fault.facts.items()})


def _dumped(verdicts: list[Verdict]) -> bytes:
    return json.dumps([asdict(verdict) for verdict in verdicts], ensure_ascii=False).encode()
