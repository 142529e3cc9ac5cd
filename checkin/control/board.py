"""What the screen says: facts in, lines out; knows no database."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nsmallest
from typing import Any

from checkin.models import ScanStatus
from checkin.windows import doors
from core import clock

SILENT_AFTER = timedelta(minutes=20)
"""So long after its beginning, a sitting where nobody is counted is silent."""
RECENT = timedelta(minutes=15)
"""What counts as now."""
SPIKE = 5
"""So many failed scans of one activity or scanner within that time are looked at …"""
SPIKE_SHARE = 0.3
"""… when they are this much of all of its scans."""
FINE = frozenset({ScanStatus.OK, ScanStatus.ANNULLED})


@dataclass(frozen=True, slots=True)
class Line:
    """One sitting on the screen."""

    activity_id: int
    title: str
    unit: str
    place: str
    starts_at: datetime
    number: int
    lately: int
    """Scans that let somebody in within ``RECENT``."""
    has_begun: bool


@dataclass(frozen=True, slots=True)
class Spike:
    """Where scans fail more than they should."""

    name: str
    is_device: bool
    failed: int
    attempts: int
    reason: ScanStatus


@dataclass(frozen=True, slots=True)
class Speaker:
    """A scanner and its last word."""

    name: str
    unit: str
    heard_at: datetime | None
    admitted: int
    failed: int
    is_quiet: bool
    """It spoke before, and has not for a while."""


@dataclass(frozen=True, slots=True)
class Board:
    """All that the screen shows: of long lists the first lines, and how many there are."""

    silent: Sequence[Line]
    """What should have begun and has nobody, the longest first."""
    silent_number: int
    live: Sequence[Line]
    """The others that are open, the busiest first."""
    live_number: int
    people: int
    """All that were counted at what is open now."""
    spikes: Sequence[Spike]
    speakers: Sequence[Speaker]
    unheard: int
    """Scanners that may work and have not spoken within hours."""

    @property
    def quiet(self) -> list[Speaker]:
        """Scanners that fell silent."""
        return [one for one in self.speakers if one.is_quiet]


def board(
    sittings: Sequence[Any],
    numbers: Mapping[int, int],
    scans: Sequence[Any],
    devices: Sequence[Any],
    *,
    most: int,
    now: datetime,
) -> Board:
    """Put the facts together; ``numbers`` are people by sitting."""
    lately = _lately(scans)
    silent, live, people = [], [], 0
    for row in open_now(sittings, now):
        number = numbers.get(row.id, 0)
        people += number
        if number == 0 and _should_be_counted(row, now):
            silent.append((row.starts_at, row.id, row))
        else:
            live.append((-lately[row.activity_id], -number, row.starts_at, row.id, row))
    speakers = _speakers(devices, scans, now)
    heard = [one for one in speakers if one.heard_at is not None]
    return Board(
        silent=[_line(row, 0, 0, now) for *_order, row in nsmallest(most, silent)],
        silent_number=len(silent),
        live=[_line(row, -n, -new, now) for new, n, *_order, row in nsmallest(most, live)],
        live_number=len(live),
        people=people,
        spikes=_spikes(scans, {row.activity_id: row.title for row in sittings}, devices),
        speakers=heard,
        unheard=len(speakers) - len(heard),
    )


def open_now(sittings: Iterable[Any], now: datetime) -> list[Any]:
    """The sittings whose doors admit somebody."""
    found = []
    for row in sittings:
        opens_at, closes_at = doors(row.starts_at, row.ends_at, row.opens_before, row.closes_after)
        if opens_at <= now < closes_at:
            found.append(row)
    return found


def _lately(scans: Iterable[Any]) -> Counter[int | None]:
    """Scans that let somebody in just now, by activity."""
    lately: Counter[int | None] = Counter()
    for row in scans:
        if row.is_recent and row.status is ScanStatus.OK:
            lately[row.activity_id] += row.number
    return lately


def _line(row: Any, number: int, lately: int, now: datetime) -> Line:
    return Line(
        activity_id=row.activity_id,
        title=row.title,
        unit=row.short_name,
        place=row.place or "",
        starts_at=row.starts_at,
        number=number,
        lately=lately,
        has_begun=row.starts_at <= now,
    )


def _should_be_counted(row: Any, now: datetime) -> bool:
    """Whether it began long enough ago, and is not over; days without an hour begin at none."""
    if clock.is_whole_days(row.starts_at, row.ends_at):
        return False
    return bool(row.starts_at + SILENT_AFTER <= now < row.ends_at)


def _spikes(scans: Sequence[Any], titles: Mapping[int, str], devices: Sequence[Any]) -> list[Spike]:
    """Activities, and scanners that meet codes of none, where too much fails; the worst first."""
    answers: dict[tuple[bool, int], Counter[ScanStatus]] = defaultdict(Counter)
    for row in scans:
        if not row.is_recent:
            continue
        if row.activity_id is not None:
            answers[False, row.activity_id][row.status] += row.number
        elif row.device_id is not None:
            answers[True, row.device_id][row.status] += row.number
    names: dict[bool, Mapping[int, str]] = {True: {d.id: d.name for d in devices}, False: titles}
    found = []
    for (is_device, number), counts in answers.items():
        failed = Counter({status: n for status, n in counts.items() if status not in FINE})
        whole, bad = counts.total(), failed.total()
        name = names[is_device].get(number)
        if name is not None and bad >= SPIKE and bad >= SPIKE_SHARE * whole:
            reason = failed.most_common(1)[0][0]
            found.append(Spike(name, is_device, bad, whole, reason))
    return sorted(found, key=lambda one: (-one.failed, one.name))


def _speakers(devices: Iterable[Any], scans: Iterable[Any], now: datetime) -> list[Speaker]:
    """Every scanner, those that spoke last first."""
    last: dict[int, datetime] = {}
    good: Counter[int] = Counter()
    bad: Counter[int] = Counter()
    for row in scans:
        if row.device_id is None:
            continue
        last[row.device_id] = max(row.last, last.get(row.device_id, row.last))
        if row.is_recent:
            (good if row.status in FINE else bad)[row.device_id] += row.number
    found = []
    for one in devices:
        heard = last.get(one.id)
        quiet = heard is not None and heard < now - SILENT_AFTER
        told = Speaker(one.name, one.short_name, heard, good[one.id], bad[one.id], quiet)
        found.append(told)
    return sorted(found, key=lambda o: (o.heard_at is None, now - (o.heard_at or now), o.name))
