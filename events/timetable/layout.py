"""Where each sitting stands on the grid: pure, from blocks to hours, columns and lanes."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from core import clock
from core.text import sort_key
from events.timetable.queries import Block

TRACKS = 8
"""Lanes side by side that a wide screen holds with titles that can be read."""
SHELF = 40
"""Blocks without hours beside the columns of one page; further ones stand on its next pages."""
DAYS = 14
"""Days side by side; what lies further away is found on the pages of its days."""
QUARTER = 15
"""Minutes of one row of the day's grid."""
USUAL = (8, 17)
"""The hours that every day shows, whatever is on."""


@dataclass(frozen=True)
class Placed:
    """A block on the day's grid: its rows in quarters of an hour, and its track."""

    block: Block
    row: int
    rows: int
    track: int


@dataclass
class Column:
    """One place, or one unit, across the day."""

    key: str
    label: str
    note: str = ""
    venue: str | None = None
    """The number of the venue, when moving a block here means moving it there."""
    place: str = ""
    blocks: list[Block] = field(default_factory=list)
    first_track: int = 0
    tracks: int = 1


@dataclass(frozen=True)
class DayGrid:
    """One page of a day: hours down, columns across, what fills the whole day above."""

    hours: range
    columns: list[Column]
    placed: list[Placed]
    all_day: list[Block]
    """What fills the whole day, as much of it as belongs to this page."""
    all_day_from: int
    all_day_total: int
    crowded: list[Block]
    """What begins beside so much else in its column that no lane is left."""
    pages: int

    @property
    def blocks(self) -> list[Block]:
        """Everything that this page shows."""
        return [placed.block for placed in self.placed] + self.all_day + self.crowded

    @property
    def tracks(self) -> int:
        """How many lanes stand side by side."""
        return sum(column.tracks for column in self.columns)

    def at_hour(self, hour: int) -> list[Placed]:
        """What begins within an hour, for readers of the list."""
        return [p for p in self.placed if clock.local(p.block.starts_at).hour == hour]


@dataclass(frozen=True)
class Bar:
    """What fills days rather than hours: from which column, over how many."""

    block: Block
    until: date
    column: int
    columns: int


@dataclass(frozen=True)
class WeekGrid:
    """The whole week: hours down, days across, above them what fills whole days."""

    days: list[date]
    hours: list[int]
    cells: dict[tuple[date, int], list[Block]]
    bars: list[Bar]

    def is_free(self, day: date) -> bool:
        """Whether nothing is held at any hour of a day."""
        return not any((day, hour) in self.cells for hour in self.hours)


def by_place(block: Block) -> Column:
    """The column of the place where a block is held."""
    if block.venue_id is not None:
        return Column(f"v{block.venue_id}", block.venue or "", venue=str(block.venue_id))
    if block.place:
        key = f"p{block.unit_id} {block.place.casefold()}"
        return Column(key, block.place, note=block.host, venue="", place=block.place)
    return Column("none", "")


def by_unit(block: Block) -> Column:
    """The column of the unit that holds a block."""
    return Column(block.path, block.host)


def day_grid(
    found: Sequence[Block], column_of: Callable[[Block], Column], page: int = 1
) -> DayGrid:
    """One page of a day; as many columns as fit side by side, never none."""
    hourly = [block for block in found if not block.is_all_day]
    columns = _columns(hourly, column_of)
    lanes = {column.key: _lanes(column.blocks) for column in columns}
    for column in columns:
        column.tracks = min(max(lanes[column.key].values(), default=0) + 1, TRACKS)
    pages = _pages(columns)
    all_day = [block for block in found if block.is_all_day]
    total = max(len(pages), -(-len(all_day) // SHELF))
    page = min(page, max(total, 1))
    shown = pages[page - 1] if page <= len(pages) else []
    hours = _hours(block for column in shown for block in column.blocks)
    placed, crowded = [], []
    track = 1
    for column in shown:
        column.first_track = track
        track += column.tracks
        for number, block in enumerate(column.blocks):
            lane = lanes[column.key][number]
            if lane < column.tracks:
                placed.append(_placed(block, hours, column.first_track + lane))
            else:
                crowded.append(block)
    placed.sort(key=lambda p: (p.block.starts_at, p.track))
    first = (page - 1) * SHELF
    shelf = all_day[first : first + SHELF]
    return DayGrid(hours, shown, placed, shelf, first + 1, len(all_day), crowded, total)


def week_grid(found: Iterable[Block], days: Iterable[date]) -> WeekGrid:
    """The whole week, each hour in which something begins as a row."""
    cells: dict[tuple[date, int], list[Block]] = defaultdict(list)
    whole: dict[int, list[Block]] = defaultdict(list)
    for block in found:
        if block.is_all_day:
            whole[block.id].append(block)
        else:
            cells[block.day, clock.local(block.starts_at).hour].append(block)
    begun = [hour for _day, hour in cells]
    hours = list(range(min(begun, default=8), max(begun, default=16) + 1))
    of_bars = {block.day for sittings in whole.values() for block in sittings}
    shown = sorted({*days, *(day for day, _hour in cells), *of_bars})[:DAYS]
    bars = [_bar(sittings, shown) for sittings in whole.values() if sittings[0].day in shown]
    bars.sort(key=lambda bar: (bar.column, -bar.columns, bar.block.starts_at, bar.block.id))
    return WeekGrid(shown, hours, dict(cells), bars)


def _bar(sittings: Sequence[Block], shown: Sequence[date]) -> Bar:
    """One bar for all sittings of an activity, however many days it runs."""
    until = sittings[-1].day
    first = shown.index(sittings[0].day)
    last = max(index for index, day in enumerate(shown) if day <= until)
    return Bar(sittings[0], until, first + 1, last - first + 1)


def _columns(found: Iterable[Block], column_of: Callable[[Block], Column]) -> list[Column]:
    columns: dict[str, Column] = {}
    for block in found:
        fresh = column_of(block)
        columns.setdefault(fresh.key, fresh).blocks.append(block)
    if column_of is by_unit:
        return sorted(columns.values(), key=lambda column: column.key)
    return sorted(columns.values(), key=lambda c: (c.key == "none", sort_key(c.label), c.key))


def _lanes(found: Sequence[Block]) -> dict[int, int]:
    """The first lane that is free for each block, by its number in the column."""
    until: list[datetime] = []
    lanes: dict[int, int] = {}
    for number, block in enumerate(found):
        free = (n for n, end in enumerate(until) if end <= block.starts_at)
        lane = next(free, len(until))
        until[lane : lane + 1] = [block.ends_at]
        lanes[number] = lane
    return lanes


def _pages(columns: Iterable[Column]) -> list[list[Column]]:
    pages: list[list[Column]] = []
    width = TRACKS
    for column in columns:
        if width + column.tracks > TRACKS:
            pages.append([])
            width = 0
        pages[-1].append(column)
        width += column.tracks
    return pages


def _hours(found: Iterable[Block]) -> range:
    spans = [(_minutes(block)[0] // 60, (_minutes(block)[1] + 59) // 60) for block in found]
    first = min([USUAL[0], *(begin for begin, _end in spans)])
    last = max([USUAL[1], *(end for _begin, end in spans)])
    return range(first, min(last, 24))


def _placed(block: Block, hours: range, track: int) -> Placed:
    begin, end = _minutes(block)
    row = (begin - hours.start * 60) // QUARTER
    last = -(-(min(end, hours.stop * 60) - hours.start * 60) // QUARTER)
    return Placed(block, row, max(last - row, 2), track)


def _minutes(block: Block) -> tuple[int, int]:
    """From which to which minute of its day it is on; a night ends with the day."""
    start, end = clock.local(block.starts_at), clock.local(block.ends_at)
    begin = start.hour * 60 + start.minute
    return begin, (end.hour * 60 + end.minute) if end.date() == start.date() else 24 * 60
