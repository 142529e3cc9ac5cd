"""A day of up to eight doors that lose their connection, step by step, through the interface.

Doors scan with and without a connection, hand in parts of what waits, hear no answer and hand in
again, take scans back. After every step the rows are what a rule of three lines says of all that
was handed in, in whatever order that was. ``make soak`` lives through ten thousand days;
``SEQUENCES`` sets another number, ``SEED`` other days.
"""

import os
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from checkin import devices
from checkin.models import Attendance, Scan, Settlement
from checkin.tokens import ticket_secret
from core import clock
from core.database import reading, transaction
from tests.checkin.door_world import a_scanner
from tests.factories import OPENING_DAY, a_plan, a_registration, a_unit, an_activity

TICKETS, DEVICES = 3, 8
OPENS, CLOSES = clock.at(OPENING_DAY, 7, 30), clock.at(OPENING_DAY, 10, 30)
ZERO = timedelta()


@dataclass
class Seen:
    """One ticket before one door, at a true time that nobody but the test knows."""

    device: int
    ticket: int
    nonce: str
    at: datetime
    is_exit: bool
    decision: str | None
    has_let_in: bool
    """Whether the door let somebody in, as it said itself or as the answer was."""
    is_kept: bool = False
    """Whether it has reached the server."""
    is_taken_back: bool = False


COMING = st.fixed_dictionaries(
    {
        "device": st.integers(0, DEVICES - 1),
        "ticket": st.integers(0, TICKETS - 1),
        "later": st.integers(0, 20),
        "is_exit": st.sampled_from([False, False, False, True]),
        "decision": st.sampled_from([None, "admitted", "admitted", "provisional", "refused"]),
    }
)
"""Who comes: to which door, with which ticket, how many minutes later; what a cut door decides."""


class Day(RuleBasedStateMachine):
    """What happens at the doors of one activity."""

    client: Any = None
    secrets: tuple = ()
    participants: tuple = ()
    devices: tuple = ()
    says: Any = None
    """Sets the clock on the wall of the server."""
    lived: ClassVar = Counter()

    def __init__(self):
        super().__init__()
        with transaction() as opened:
            for table in (Settlement, Attendance):
                opened.execute(sa.delete(table))
            opened.execute(sa.delete(Scan).where(Scan.annuls_id.is_not(None)))
            opened.execute(sa.delete(Scan))
        self.off, self.now = [ZERO], clock.at(OPENING_DAY, 7)
        self.seen, self.queues, self.sent, self.cut = [], {}, [], set()

    @initialize(
        off=st.lists(st.integers(-48 * 3600, 48 * 3600), min_size=1, max_size=DEVICES),
        cut=st.sets(st.integers(0, DEVICES - 1)),
    )
    def open_doors(self, off, cut):
        self.off = [timedelta(seconds=seconds) for seconds in off]
        self.queues = {device: [] for device in range(len(off))}
        self.cut = {device % len(off) for device in cut}

    @rule(people=st.lists(COMING, min_size=1, max_size=6))
    def come(self, people):
        """Some hold tickets to doors."""
        for one in people:
            self._later(minutes=one["later"])
            self._scan(one["device"] % len(self.off), one)

    def _scan(self, device, one):
        nonce = str(UUID(int=len(self.seen) + 1))
        seen = Seen(device, one["ticket"], nonce, self.now, one["is_exit"], one["decision"], False)
        self.seen.append(seen)
        if device in self.cut:
            is_sure = seen.decision in {"admitted", "provisional"} or OPENS <= self.now < CLOSES
            seen.has_let_in = is_sure and seen.decision != "refused" and not seen.is_exit
            self.queues[device].append(seen)
            return
        body = {"secret": self.secrets[seen.ticket], "nonce": nonce, "type": _type(seen)}
        answer = self._ask(device, "redeem", body)
        assert answer.status_code in {201, 400}
        seen.is_kept = True
        seen.has_let_in = answer.status_code == 201 and not seen.is_exit

    @rule(device=st.integers(0, DEVICES - 1))
    def lose_the_connection(self, device):
        self.cut.add(device % len(self.off))

    @precondition(lambda self: self.cut)
    @rule(
        which=st.integers(0, DEVICES - 1),
        size=st.integers(1, 6),
        stays=st.booleans(),
        hears=st.booleans(),
    )
    def hand_in(self, which, size, stays, hears):
        """A door finds the server: it hands in a part, may not hear the answer, may lose it again.

        What is not answered stays in the queue and comes again, with other scans beside it.
        """
        self._later(seconds=7)
        device = sorted(self.cut)[which % len(self.cut)]
        part = self.queues[device][-size:]
        self._hand_in(device, part)
        if hears:
            self.queues[device] = [one for one in self.queues[device] if one not in part]
        if stays and not self.queues[device]:
            self.cut.discard(device)

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 99))
    def hand_in_again(self, which):
        """A whole old batch changes nothing."""
        self._later(seconds=7)
        before = everything()
        self._hand_in(*self.sent[which % len(self.sent)])
        assert everything() == before

    @precondition(lambda self: self.seen)
    @rule(which=st.integers(0, 99))
    def take_back(self, which):
        """A door takes one of its own scans back, if it may."""
        seen = self.seen[which % len(self.seen)]
        answer = self._ask(seen.device, "annul", {"nonce": seen.nonce, "reason": "nhầm"})
        assert answer.status_code in ({200, 400} if seen.is_kept else {404})
        seen.is_taken_back |= answer.status_code == 200

    @invariant()
    def each_counts_once_by_the_earliest_that_let_them_in(self):
        """A person is counted by the earliest scan that let them in, whoever came first here."""
        expected = {}
        for seen in self.seen:
            if seen.is_kept and seen.has_let_in and not seen.is_taken_back:
                own = (seen.at, self.devices[seen.device][0], seen.nonce)
                person = self.participants[seen.ticket]
                expected[person] = min(own, expected.get(person, own))
        assert counted() == expected

    def teardown(self):
        """Everything has come in the end, once; and all of it again changes nothing."""
        for device, queue in self.queues.items():
            self._later(seconds=7)
            self._hand_in(device, queue)
        self.each_counts_once_by_the_earliest_that_let_them_in()
        before = everything()
        kept = [row.nonce for row in before["scan"] if row.annuls_id is None]
        assert sorted(kept) == sorted(seen.nonce for seen in self.seen)
        for device, part in reversed(self.sent):
            self._hand_in(device, part, again=True)
        assert everything() == before
        self._keep_figures()

    def _keep_figures(self):
        doors_of = {
            n: {seen.device for seen in self.seen if seen.ticket == n} for n in range(TICKETS)
        }
        self.lived["days"] += 1
        self.lived["scans"] += len(self.seen)
        self.lived["eight doors"] += len(self.off) == DEVICES
        self.lived["three doors"] += max(len(doors) for doors in doors_of.values()) >= 3

    def _later(self, **span):
        self.now += timedelta(**span)

    def _ask(self, device, what, body):
        self.says(self.now)
        headers = {"Authorization": f"Device {self.devices[device][1]}"}
        return self.client.post(f"/api/v1/checkin/{what}", json=body, headers=headers)

    def _hand_in(self, device, part, again=False):
        if not part:
            return
        off = self.off[device]
        scans = [
            {
                "secret": self.secrets[seen.ticket],
                "nonce": seen.nonce,
                "type": _type(seen),
                "datetime": (seen.at + off).isoformat(),
                "decision": seen.decision,
            }
            for seen in part
        ]
        body = {"scans": scans, "sent_at": (self.now + off).isoformat()}
        answer = self._ask(device, "batch", body)
        assert answer.status_code == 200
        assert {one["http"] for one in answer.get_json()["answers"]} <= {201, 400}
        self.lived["handed in"] += len(part)
        for seen in part:
            seen.is_kept = True
        if not again:
            self.sent.append((device, list(part)))


def _type(seen):
    return "exit" if seen.is_exit else "entry"


def counted():
    """Who is counted, since when, by which scan."""
    asked = sa.select(
        Attendance.participant_id, Attendance.at, Scan.device_id, Scan.nonce, Scan.at
    ).join(Scan, Scan.id == Attendance.scan_id)
    with reading() as opened:
        found = opened.execute(asked).all()
    assert len({row[0] for row in found}) == len(found)
    assert all(row[1] == row[4] for row in found)
    return {row[0]: tuple(row[1:4]) for row in found}


def everything():
    with reading() as opened:
        return {
            table.name: opened.execute(sa.select(table).order_by(table.c.id)).all()
            for table in (Scan.__table__, Attendance.__table__, Settlement.__table__)
        }


@pytest.fixture
def day(client, given, at):
    devices.recogniser.forget()
    unit = a_unit()
    activity = an_activity(plan=a_plan(unit=unit))
    scanners = [a_scanner(unit, token=f"scanner {n}") for n in range(DEVICES)]
    registrations = [a_registration(activity=activity) for _ in range(TICKETS)]
    given(activity, *scanners, *registrations)

    Day.secrets = tuple(ticket_secret(registration) for registration in registrations)
    Day.participants = tuple(registration.participant_id for registration in registrations)
    Day.devices = tuple((scanner.id, f"scanner {n}") for n, scanner in enumerate(scanners))
    Day.client, Day.says, Day.lived = client, staticmethod(at), Counter()
    return Day


def lived_through(day, number):
    chosen = int(os.environ.get("SEED", "20261001"))
    run_state_machine_as_test(
        seed(chosen)(day),
        settings=settings(
            max_examples=number,
            stateful_step_count=14,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    lived = day.lived
    return (
        f"offline: seed {chosen}, {lived['days']} days, {lived['scans']} scans, "
        f"{lived['handed in']} times handed in; days with eight doors {lived['eight doors']}, "
        f"with a ticket at three doors or more {lived['three doors']}; "
        "after every step each once in the log, nobody counted twice"
    )


@pytest.mark.slow
def test_doors_that_lose_their_connection_count_each_once(day):
    assert "offline" in lived_through(day, 15)


@pytest.mark.soak
def test_ten_thousand_days_of_doors_that_lose_their_connection(day, capsys):
    figures = lived_through(day, int(os.environ.get("SEQUENCES", "10000")))
    with capsys.disabled():
        print(f"\n{figures}")
