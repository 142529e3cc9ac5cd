"""After an outage: what counts in the end, whoever hands in first, however often.

``make soak`` runs ten thousand sequences; ``SEQUENCES`` sets another number.
"""

import os
import random
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from checkin import redeem_store
from checkin.annulment import Wanted, annul
from checkin.models import Attendance, Direction, Scan, Settlement
from checkin.redeem import Attempt, Gate
from checkin.redeem_store import Asked
from checkin.schemas import BatchRequest, QueuedScan, queued
from checkin.tokens import ticket_secret
from core import clock
from core.database import commit_together, reading, transaction
from tests.checkin.door_world import a_scanner
from tests.factories import OPENING_DAY, a_plan, a_registration, a_unit, an_activity

TICKETS, DEVICES = 6, 8
MORNING = clock.at(OPENING_DAY, 7)
OPENS, CLOSES = MORNING + timedelta(minutes=30), MORNING + timedelta(minutes=210)
EVENING = clock.at(OPENING_DAY, 20)


@dataclass(frozen=True)
class Seen:
    """One ticket before one scanner, at a true time that nobody but the test knows."""

    nonce: str
    device: int
    ticket: int
    at: timedelta
    online: bool = False
    exit: bool = False
    decision: str | None = None
    annulled: bool = False

    @property
    def moment(self):
        return MORNING + self.at


@st.composite
def days(draw):
    """What happened at up to eight doors, and how far each of their clocks is off."""
    devices = draw(st.integers(1, DEVICES))
    off = draw(st.lists(st.integers(-48 * 3600, 48 * 3600), min_size=DEVICES, max_size=DEVICES))
    scans = st.builds(
        dict,
        device=st.integers(0, devices - 1),
        ticket=st.integers(0, TICKETS - 1),
        at=st.timedeltas(timedelta(), timedelta(hours=4)).map(lambda t: t // 60 * 60),
        online=st.booleans(),
        exit=st.sampled_from([False, False, False, True]),
        decision=st.sampled_from([None, "admitted", "admitted", "provisional", "refused"]),
        annulled=st.sampled_from([False, False, False, False, True]),
    )
    seen = [
        Seen(nonce=str(UUID(int=n + 1)), **facts)
        for n, facts in enumerate(draw(st.lists(scans, min_size=4, max_size=24)))
    ]
    return seen, [timedelta(seconds=s) for s in off]


@dataclass(frozen=True)
class Doors:
    """The tickets and scanners of the activity."""

    secrets: list[str]
    gates: list[Gate]
    participants: list[int]


@pytest.fixture
def doors(given):
    unit = a_unit()
    activity = an_activity(plan=a_plan(unit=unit))
    scanners = [a_scanner(unit, token=f"scanner {n}") for n in range(DEVICES)]
    registrations = [a_registration(activity=activity) for _ in range(TICKETS)]
    given(activity, *scanners, *registrations)
    return Doors(
        [ticket_secret(r) for r in registrations],
        [Gate(s.id, unit.path, name=s.name) for s in scanners],
        [r.participant_id for r in registrations],
    )


def lived_through(doors, seen, off, rng):
    """Nothing is there; people come; then the scanners hand in, in parts, in any order, twice."""
    with transaction() as opened:
        for table in (Settlement, Attendance):
            opened.execute(sa.delete(table))
        opened.execute(sa.delete(Scan).where(Scan.annuls_id.is_not(None)))
        opened.execute(sa.delete(Scan))
    let_in = set()
    for scan in sorted((s for s in seen if s.online), key=lambda s: (s.at, s.nonce)):
        asked = Asked(_attempt(doors, scan), doors.gates[scan.device], scan.moment)
        [outcome] = commit_together(redeem_store.redeem, [asked])
        if outcome.facts["status"] == "ok" and not scan.exit:
            let_in.add(scan.nonce)
    now = EVENING
    for part in _parts([s for s in seen if not s.online], rng):
        now += timedelta(seconds=rng.randrange(1, 15))
        _hand_in(doors, part, off, now)
    for scan in seen:
        if scan.annulled:
            _take_back(doors, scan, now)
    return let_in, now


def _parts(waiting, rng):
    """Each scanner's queue in pieces; some pieces again, because no answer came."""
    parts = []
    for device in {scan.device for scan in waiting}:
        queue = [scan for scan in waiting if scan.device == device]
        rng.shuffle(queue)
        while queue:
            size = rng.randint(1, len(queue))
            parts.append(queue[:size])
            queue = queue[size:]
    parts += [part for part in parts if rng.random() < 0.3]
    rng.shuffle(parts)
    return parts


def _hand_in(doors, part, off, now):
    ahead = off[part[0].device]
    sent = BatchRequest(scans=[], sent_at=now + ahead).sent_at - now
    attempts = [
        queued(
            QueuedScan(
                secret=doors.secrets[scan.ticket],
                nonce=scan.nonce,
                type="exit" if scan.exit else "entry",
                datetime=scan.moment + ahead,
                decision=scan.decision,
            ),
            now,
            sent,
        )
        for scan in part
    ]
    gate = doors.gates[part[0].device]
    return commit_together(redeem_store.redeem, [Asked(one, gate, now) for one in attempts])


def _take_back(doors, scan, now):
    moment = scan.moment if scan.online else now
    wanted = Wanted(scan.nonce, "nhầm", doors.gates[scan.device], moment)
    return commit_together(annul, wanted)


def _attempt(doors, scan):
    direction = Direction.EXIT if scan.exit else Direction.ENTRY
    return Attempt(doors.secrets[scan.ticket], scan.nonce, direction=direction)


def counted():
    """Who is counted, since when, on whose word."""
    with reading() as opened:
        rows = opened.execute(
            sa.select(Attendance.participant_id, Attendance.at, Attendance.grade, Scan.device_id)
            .add_columns(Scan.nonce)
            .join(Scan, Scan.id == Attendance.scan_id)
        ).all()
    assert len({row[0] for row in rows}) == len(rows)
    return {row[0]: tuple(row[1:]) for row in rows}


def expected(doors, seen, let_in):
    """The same, worked out by hand: of all by which somebody went in, the earliest."""
    by_person = {}
    for scan in seen:
        open_now = OPENS <= scan.moment < CLOSES
        sure = scan.decision in {"admitted", "provisional"}
        went_in = (
            scan.nonce in let_in
            if scan.online
            else scan.decision != "refused" and (open_now or sure) and not scan.exit
        )
        if not went_in or scan.annulled:
            continue
        own = (scan.moment, doors.gates[scan.device].device_id, scan.nonce)
        person = doors.participants[scan.ticket]
        by_person[person] = min(own, by_person.get(person, own))
    return {
        person: (at, "staff_scan", device, nonce)
        for person, (at, device, nonce) in by_person.items()
    }


def everything():
    with reading() as opened:
        return {
            table: opened.execute(sa.select(table).order_by(table.c.id)).all()
            for table in (Scan.__table__, Attendance.__table__, Settlement.__table__)
        }


def sequences(doors, number):
    checked = []

    @seed(int(os.environ.get("SEED", "20261001")))
    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(day=days(), chance=st.integers(0, 2**32))
    def settled_alike(day, chance):
        seen, off = day
        rng = random.Random(chance)
        results = []
        for _ in range(2):
            let_in, now = lived_through(doors, seen, off, rng)
            results.append(counted())
            log = everything()
            kept = [row.nonce for row in log[Scan.__table__] if row.annuls_id is None]
            assert sorted(kept) == sorted(scan.nonce for scan in seen)
            assert results[-1] == expected(doors, seen, let_in)
            for part in _parts([s for s in seen if not s.online], rng):
                _hand_in(doors, part, off, now + timedelta(days=1))
            assert everything() == log
        assert results[0] == results[1]
        checked.append(len(seen))

    settled_alike()
    print(f"\n{len(checked)} sequences, {sum(checked)} scans, each handed in twice over")


@pytest.mark.slow
def test_what_counts_does_not_depend_on_who_hands_in_first(doors):
    sequences(doors, int(os.environ.get("SEQUENCES", "20")))


@pytest.mark.soak
def test_what_counts_does_not_depend_on_who_hands_in_first_in_ten_thousand_sequences(doors, capsys):
    with capsys.disabled():
        sequences(doors, int(os.environ.get("SEQUENCES", "10000")))
