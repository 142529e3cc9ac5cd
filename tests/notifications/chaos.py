"""Senders and clocks that are killed from outside, and the figures afterwards."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from accounts.models import AuditEntry
from core import clock
from core.database import reading, transaction
from notifications.models import Message, MessageState
from tests.factories import an_account
from tests.notifications import slots
from tests.notifications.smtp_server import Fault, Server, seeded

SHARES = {
    Fault.BUSY: 0.02,
    Fault.PUT_OFF: 0.02,
    Fault.REFUSED: 0.005,
    Fault.DROP_BEFORE_DATA: 0.005,
    Fault.LOST_AFTER_DOT: 0.006,
    Fault.FULL_AFTER_DOT: 0.002,
    Fault.TAKEN_REPLY_LOST: 0.008,
}
"""The weather of a bad provider."""
FINAL = {MessageState.SENT, MessageState.DEAD, MessageState.AMBIGUOUS}


class Crowd:
    """Processes of one part, each started again when it was killed."""

    def __init__(self, part: str, size: int, url: str, instance: Path, port: int) -> None:
        self._command = [
            *(sys.executable, "-m", "tests.notifications.sender_process"),
            *(part, url, str(instance), str(port)),
        ]
        self._processes = [self._start() for _ in range(size)]
        self.kills = 0

    def kill_one(self, random_one: random.Random) -> None:
        """``kill -9``, and another one in its place."""
        place = random_one.randrange(len(self._processes))
        self.kill(place)
        self._processes[place] = self._start()

    def freeze(self, place: int, seconds: float) -> None:
        """Stop a process for a while without its knowing."""
        self._processes[place].send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self._processes[place].send_signal(signal.SIGCONT)

    def kill(self, place: int) -> None:
        self._processes[place].kill()
        self._processes[place].wait()
        self.kills += 1

    def stand(self) -> None:
        """Fail when one fell by itself: nobody would put another in its place."""
        fallen = [p.returncode for p in self._processes if p.poll() is not None]
        if fallen:
            raise AssertionError(f"processes ended by themselves: {fallen}")

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@dataclass
class MailFigures:
    """What a run of senders under fire came to."""

    seed: int
    letters: int
    kills: int
    seconds: float
    states: Counter[MessageState] = field(default_factory=Counter)
    lost: int = 0
    """Marked sent, never taken by the server."""
    twice: int = 0
    """Taken more than once."""
    twice_unexplained: int = 0
    """Taken more than once although nobody had been in doubt, or with another Message-ID."""
    doubts: int = 0
    faults: Counter[Fault] = field(default_factory=Counter)

    def __str__(self) -> str:
        states = ", ".join(f"{number} {state}" for state, number in sorted(self.states.items()))
        return (
            f"mail chaos: seed {self.seed}, {self.letters} letters, {self.kills} kills, "
            f"{self.seconds:.1f} s, {self.letters / self.seconds:.0f}/s; {states}; "
            f"lost {self.lost}, doubts {self.doubts}, twice {self.twice}, "
            f"unexplained {self.twice_unexplained}"
        )


def mail(
    url: str, folder: Path, *, letters: int, kills: int, seed: int, limit: float, senders: int = 3
) -> MailFigures:
    """Send to so many people with so many senders killed on the way."""
    with transaction() as opened:
        opened.add_all(
            an_account(email=f"p{n}@example.com", created_at=clock.now()) for n in range(letters)
        )
    chance = random.Random(seed)
    begun = time.monotonic()
    with Server(fault=seeded(seed, SHARES), delay=0.002) as server:
        crowd = Crowd("send", senders, url, folder, server.port)
        try:
            _until(lambda: len(server.taken) > 5, begun + limit)
            while not _is_over(letters) and time.monotonic() < begun + limit:
                time.sleep(chance.uniform(0.1, 0.4))
                crowd.stand()
                if crowd.kills < kills:
                    crowd.kill_one(chance)
        finally:
            crowd.end()
        return _judge(server, MailFigures(seed, letters, crowd.kills, time.monotonic() - begun))


@dataclass
class ClockFigures:
    """What a run of clocks under fire came to."""

    seed: int
    kills: int
    freezes: int
    slots: int
    missing: int
    doubled: int
    clocks: int
    worst: float

    def __str__(self) -> str:
        return (
            f"clock chaos: seed {self.seed}, {self.kills} kills, {self.freezes} freezes; "
            f"{self.slots} slots by {self.clocks} clocks, missing {self.missing}, "
            f"doubled {self.doubled}, worst lateness {self.worst:.1f} s"
        )


def clocks(
    url: str, folder: Path, *, blows: int, seed: int, lease: float, size: int = 3
) -> ClockFigures:
    """Let several clocks tick; kill or freeze one after another, each once a slot was filled."""
    chance = random.Random(seed)
    crowd = Crowd("tick", size, url, folder, 1)
    freezes = 0
    try:
        for _ in range(blows):
            seen = len(_slots())
            _until(lambda seen=seen: len(_slots()) > seen, time.monotonic() + 60)  # type: ignore[misc]
            time.sleep(chance.uniform(0.2, 1.0))
            if chance.random() < 0.3:
                crowd.freeze(chance.randrange(size), lease * 1.5)
                freezes += 1
            else:
                crowd.kill_one(chance)
        time.sleep(lease + 2)
    finally:
        crowd.end()
    rows = _slots()
    numbers = [slot for slot, _, _ in rows]
    return ClockFigures(
        seed,
        crowd.kills,
        freezes,
        slots=len(rows),
        missing=max(numbers) - min(numbers) + 1 - len(set(numbers)),
        doubled=len(numbers) - len(set(numbers)),
        clocks=len({owner for _, _, owner in rows}),
        worst=max(lateness for _, lateness, _ in rows),
    )


def _judge(server: Server, figures: MailFigures) -> MailFigures:
    taken = Counter(letter.recipient for letter in server.taken)
    ids: dict[str, set[str]] = {}
    for letter in server.taken:
        ids.setdefault(letter.recipient, set()).add(letter.message_id)
    with reading() as opened:
        rows = list(opened.query(Message))
    figures.faults = server.faults
    figures.doubts = sum(row.doubtful_at is not None for row in rows)
    figures.states = Counter(row.state for row in rows)
    figures.twice = sum(number > 1 for number in taken.values())
    for row in rows:
        if row.state is MessageState.SENT and not taken[row.recipient]:
            figures.lost += 1
        allowed = 2 if row.doubtful_at is not None else 1
        if taken[row.recipient] > allowed or len(ids.get(row.recipient, ())) > 1:
            figures.twice_unexplained += 1
    return figures


def _is_over(letters: int) -> bool:
    with reading() as opened:
        final = opened.query(Message).filter(Message.state.in_(FINAL)).count()
    return final == letters


def _slots() -> list[tuple[int, float, str]]:

    with reading() as opened:
        return [
            (
                slot := int(row.subject),
                (row.at - slots.due_at(slot)).total_seconds(),
                row.facts["by"],
            )
            for row in opened.query(AuditEntry)
        ]


def _until(holds: Callable[[], bool], moment: float) -> None:
    while not holds() and time.monotonic() < moment:
        time.sleep(0.05)
