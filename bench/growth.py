"""What a check-in costs when a thousand were counted before, and when a million were."""

import itertools
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bench import world
from bench.hall import opened
from checkin import redeem_store, selfscan_store
from checkin.devices import recogniser
from checkin.models import Attendance
from checkin.passes import new_pass
from checkin.redeem import Attempt, Gate
from checkin.redeem_store import Asked
from checkin.selfscan import Press
from core import clock, database
from core.database import Database, reading, transaction

DECADES = (1_000, 10_000, 100_000, 1_000_000)
BATCH, BATCHES = 16, 40
"""As many as wait at once when 32 clients ask, and how often."""
FLAT = 1.5
"""By this much the last decade may cost more than the first."""

_MANY = """WITH RECURSIVE many(n) AS (
    SELECT CAST(:low AS bigint) UNION ALL SELECT n + 1 FROM many WHERE n < :high
)"""
_FILLED = (
    """INSERT INTO participant (id, name, name_folded, unit_text, locale, created_at)
    {many} SELECT :base + n, 'Người ' || n, 'nguoi ' || n, '', 'vi', :at FROM many""",
    """INSERT INTO registration (id, activity_id, participant_id, code, short_code, serial,
        standing, registered_at, letters)
    {many} SELECT :base + n, {activity}, :base + n, 'grown-' || n, 'GROWN' || n, 0,
        'confirmed', :at, 0 FROM many""",
    """INSERT INTO scan (id, device_id, nonce, request_hash, direction, status, grade,
        activity_id, session_id, registration_id, at, received_at, forced, answer)
    {many} SELECT :base + n, CASE WHEN n % 2 = 0 THEN CAST(:device AS bigint) END, 'grown ' || n,
        'grown', 'entry', 'ok', 'staff_scan', {activity}, {session},
        CASE WHEN n % 2 = 0 THEN :base + n END, :at, :at, false, '{{}}' FROM many""",
    """INSERT INTO attendance (id, activity_id, session_id, participant_id, pass_id, scan_id,
        grade, at)
    {many} SELECT :base + n, {activity}, {session}, CASE WHEN n % 2 = 0 THEN :base + n END,
        CASE WHEN n % 2 = 1 THEN 'grown ' || n END, :base + n, 'staff_scan', :at FROM many""",
    """INSERT INTO press (scan_id, session_id, phone, slot, at)
    {many} SELECT :base + n, {session}, 'phone ' || n, n / 100, :at FROM many WHERE n % 2 = 1""",
)
"""Those who were there before: half by ticket, half by the poster, over all that is open now."""


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one check-in, on the wall and of this process."""

    wall: float
    processor: float


def measured(folder: Path, url: str, say: Callable[[str], None]) -> bool:
    """Both ways in at each decade; true when the last costs about what the first does."""
    ready = world.made(folder, url, BATCH * BATCHES * (len(DECADES) + 1))
    number, _token = opened()
    here = database.database()
    with reading():
        device = recogniser.recognise(ready.token, clock.now())
    if device is None:
        raise SystemExit("the scanner is not known")
    secrets = iter(ready.tickets.read_text().splitlines())
    ways = {
        "redeem": lambda: _redeemed(here, secrets, device.gate),
        "press": lambda: _pressed(here, number),
    }
    say(f"\nThe cost of a check-in as they add up, {url.partition(':')[0]}; by {BATCH} at once")
    first: dict[str, float] = {}
    last: dict[str, float] = {}
    for decade in DECADES:
        held = _fill(here, decade, device.gate.device_id)
        for way, come in ways.items():
            cost = _cost(come)
            first.setdefault(way, cost.wall)
            last[way] = cost.wall / first[way]
            say(
                f"  {held:9,d} attendances  {way:6}  {cost.wall:6.3f} ms"
                f"  (processor {cost.processor:6.3f} ms)  x {last[way]:.2f}"
            )
    here.dispose()
    return all(ratio <= FLAT for ratio in last.values())


def _cost(come: Callable[[], None]) -> Cost:
    """The best quarter of many batches ends there: what others want of the machine is left out."""
    taken = []
    for _ in range(BATCHES):
        wall, processor = time.perf_counter(), time.process_time()
        come()
        each = BATCH / 1000
        taken.append(
            Cost((time.perf_counter() - wall) / each, (time.process_time() - processor) / each)
        )
    return sorted(taken, key=lambda cost: cost.wall)[BATCHES // 4]


def _redeemed(here: Database, secrets: Iterator[str], gate: Gate) -> None:
    some = itertools.islice(secrets, BATCH)
    asked = [[Asked(Attempt(one, str(uuid.uuid4())), gate, clock.now())] for one in some]
    with here.turn, here.hasty.begin() as connection:
        outcomes = redeem_store.redeem(connection, asked)
    _all_new([one.facts["status"] for (one,) in outcomes if isinstance(one, redeem_store.Answered)])


def _pressed(here: Database, number: int) -> None:
    now = clock.now()
    presses = [Press(number, new_pass(number, now), now, uuid.uuid4().hex) for _ in range(BATCH)]
    with here.turn, here.hasty.begin() as connection:
        selfscan_store.settle(connection, presses)


def _all_new(statuses: Sequence[str]) -> None:
    if statuses != ["ok"] * BATCH:
        raise SystemExit(f"tickets were not admitted: {statuses}")


def _fill(here: Database, number: int, device: int) -> int:
    """So many attendances; gives how many there are."""
    with transaction() as session:
        low = session.scalar(sa.select(sa.func.count(Attendance.id))) or 0
        activity, sitting = _spread(session.connection())
        at = sa.bindparam("at", clock.now(), database.UtcDateTime())
        places = {"low": low + 1, "high": number, "base": number * 10_000, "device": device}
        for statement in _FILLED if low < number else ():
            text = sa.text(statement.format(many=_MANY, activity=activity, session=sitting))
            used = {name: value for name, value in places.items() if f":{name}" in text.text}
            times = [at] if ":at" in text.text else []
            session.execute(text.bindparams(*times, **used))
    if not here.is_sqlite:
        with here.writer.connect() as opened:
            opened.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("ANALYZE"))
    with reading() as session:
        return session.scalar(sa.select(sa.func.count(Attendance.id))) or 0


def _spread(connection: sa.Connection) -> tuple[str, str]:
    """Over which activities and sittings rows go in turn, as SQL."""
    found = connection.execute(
        sa.text(
            "SELECT activity_id, min(id) FROM session GROUP BY activity_id ORDER BY activity_id"
        )
    ).all()
    cases = [
        " ".join(f"WHEN {place} THEN {row[which]}" for place, row in enumerate(found))
        for which in (0, 1)
    ]
    activity, sitting = (f"CASE n % {len(found)} {case} END" for case in cases)
    return activity, sitting
