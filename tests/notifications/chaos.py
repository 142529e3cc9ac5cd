"""Senders and clocks that are killed from outside, and the figures afterwards."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from accounts.models import AuditEntry
from core import clock
from core.database import reading, transaction
from notifications.models import Message, MessageState
from notifications.occasions import Doubt
from tests.factories import an_account
from tests.notifications import slots
from tests.notifications.smtp_server import Fault, Server, seeded

SHARES = {
    Fault.BUSY: 0.01,
    Fault.BUSY_AT_MAIL: 0.01,
    Fault.GREY: 0.05,
    Fault.PUT_OFF: 0.02,
    Fault.REFUSED: 0.005,
    Fault.DROP_BEFORE_DATA: 0.005,
    Fault.LOST_AFTER_DOT: 0.006,
    Fault.FULL_AFTER_DOT: 0.002,
    Fault.TAKEN_REPLY_LOST: 0.008,
    Fault.TAKEN_TOO_LATE: 0.0003,
}
"""The weather of a bad provider."""
TURNED_AWAY = 0.02
"""The share of connections that are not even greeted."""
DOUBTFUL = (Fault.LOST_AFTER_DOT, Fault.TAKEN_REPLY_LOST, Fault.TAKEN_TOO_LATE)
"""After these nobody can tell."""
FINAL = {MessageState.SENT, MessageState.DEAD, MessageState.AMBIGUOUS}


class Crowd:
    """Processes of one part, each started again when it was killed."""

    def __init__(self, part: str, size: int, url: str, instance: Path, port: int) -> None:
        self._part = part
        self._mother = subprocess.Popen(
            [sys.executable, "-m", "tests.notifications.sender_process",
             url, str(instance), str(port)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self._numbers = [self._start() for _ in range(size)]
        self.kills = 0

    def place_of(self, owner: str) -> int | None:
        """Which of them has this name among the owners of leases and letters."""
        number = int(owner.partition("-")[0])
        return self._numbers.index(number) if number in self._numbers else None

    def kill_one(self, random_one: random.Random, place: int | None = None) -> None:
        """``kill -9``, and another one in its place."""
        place = random_one.randrange(len(self._numbers)) if place is None else place
        os.kill(self._numbers[place], signal.SIGKILL)
        self.kills += 1
        self._numbers[place] = self._start()

    def freeze(self, place: int, seconds: float) -> None:
        """Stop a process for a while without its knowing."""
        os.kill(self._numbers[place], signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(self._numbers[place], signal.SIGCONT)

    def stand(self) -> None:
        """Fail when one fell by itself: nobody would put another in its place."""
        fallen = [number for number in self._numbers if not Path(f"/proc/{number}").exists()]
        if fallen:
            raise AssertionError(f"processes ended by themselves: {fallen}")

    def end(self) -> None:
        for number in self._numbers:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self._mother.communicate()

    def _start(self) -> int:
        assert self._mother.stdin
        assert self._mother.stdout
        self._mother.stdin.write(f"{self._part}\n")
        self._mother.stdin.flush()
        return int(self._mother.stdout.readline())


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
    twice_held: int = 0
    """Letters to hold that were taken more than once."""
    twice: int = 0
    """Letters to resend that were taken more than once."""
    unexplained: int = 0
    """Taken more often than doubts allow, or with another Message-ID."""
    ambiguous: int = 0
    unlisted: int = 0
    """Ambiguous without the server's last words, or ours."""
    faults: Counter[Fault] = field(default_factory=Counter)

    @property
    def causes(self) -> int:
        """What can leave a letter in doubt: lost answers, and a killed sender, one letter each."""
        return sum(self.faults[fault] for fault in DOUBTFUL) + self.kills

    def __str__(self) -> str:
        states = ", ".join(f"{number} {state}" for state, number in sorted(self.states.items()))
        return (
            f"mail chaos: seed {self.seed}, {self.letters} letters, {self.kills} kills, "
            f"{self.seconds:.1f} s, {self.letters / self.seconds:.0f}/s; {states}; "
            f"sent but never taken {self.lost}; held ones taken twice {self.twice_held}; "
            f"resent ones taken twice {self.twice}, all with the same Message-ID; "
            f"unexplained {self.unexplained}; "
            f"ambiguous {self.ambiguous} of at most {self.causes} causes, unlisted {self.unlisted}"
        )


def mail(
    url: str, folder: Path, *, letters: int, kills: int, seed: int, limit: float, senders: int = 3
) -> MailFigures:
    """Send to so many people with so many senders killed on the way, all along it."""
    pace = max(0.25, letters / 300 / max(kills, 1) * 0.8)
    with transaction() as opened:
        opened.add_all(
            an_account(email=f"p{n}@example.com", created_at=clock.now()) for n in range(letters)
        )
    chance = random.Random(seed)
    begun = time.monotonic()
    turned = random.Random(seed + 1)
    weather = Server(
        fault=seeded(seed, SHARES),
        turns_away=lambda _: turned.random() < TURNED_AWAY,
        delay=0.002,
    )
    with weather as server:
        crowd = Crowd("send", senders, url, folder, server.port)
        try:
            _until(lambda: len(server.taken) > 5, begun + limit)
            while not _is_over(letters) and time.monotonic() < begun + limit:
                time.sleep(chance.uniform(0.4, 1.6) * pace)
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
    allowed: float
    """The lease, two seconds, and for how long this machine let nobody run at worst."""

    def __str__(self) -> str:
        return (
            f"clock chaos: seed {self.seed}, leader killed {self.kills} times, frozen "
            f"{self.freezes} times; {self.slots} slots by {self.clocks} clocks, "
            f"missing {self.missing}, doubled {self.doubled}, "
            f"worst lateness {self.worst:.1f} s of {self.allowed:.1f} s allowed"
        )


class Stalls(threading.Thread):
    """How long this machine lets a process that wants to run wait, at worst."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.worst = 0.0
        self._over = threading.Event()

    def run(self) -> None:
        while True:
            begun = time.monotonic()
            if self._over.wait(0.05):
                return
            self.worst = max(self.worst, time.monotonic() - begun - 0.05)

    def end(self) -> float:
        self._over.set()
        self.join()
        return self.worst


def clocks(
    url: str,
    folder: Path,
    *,
    blows: int,
    seed: int,
    lease: float,
    size: int = 3,
    pause: tuple[float, float] = (0.2, 1.0),
) -> ClockFigures:
    """Let several clocks tick; kill or freeze the one that ticked last, again and again."""
    chance = random.Random(seed)
    stalls = Stalls()
    stalls.start()
    crowd = Crowd("tick", size, url, folder, 1)
    freezes = 0
    try:
        for _ in range(blows):
            seen = len(_slots())
            _until(lambda seen=seen: len(_slots()) > seen, time.monotonic() + 60)  # type: ignore[misc]
            time.sleep(chance.uniform(*pause))
            leader = crowd.place_of(_slots()[-1][2]) or 0
            if chance.random() < 0.4:
                crowd.freeze(leader, lease * 1.5)
                freezes += 1
            else:
                crowd.kill_one(random_one=chance, place=leader)
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
        allowed=lease + 2 + stalls.end(),
    )


def _judge(server: Server, figures: MailFigures) -> MailFigures:
    taken = Counter(letter.recipient for letter in server.taken)
    ids: dict[str, set[str]] = {}
    for letter in server.taken:
        ids.setdefault(letter.recipient, set()).add(letter.message_id)
    with reading() as opened:
        rows = list(opened.query(Message))
    figures.faults = server.faults
    figures.states = Counter(row.state for row in rows)
    for row in rows:
        times, holds = taken[row.recipient], row.in_doubt is Doubt.HOLD
        figures.lost += row.state is MessageState.SENT and not times
        figures.twice_held += holds and times > 1
        figures.twice += not holds and times > 1
        allowed = 2 if row.doubtful_at is not None and not holds else 1
        figures.unexplained += times > allowed or len(ids.get(row.recipient, ())) > 1
        if row.state is MessageState.AMBIGUOUS:
            figures.ambiguous += 1
            figures.unlisted += not (row.last_answer and row.reason)
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
