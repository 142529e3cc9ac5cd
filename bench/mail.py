"""What sending costs: one process to a server on the same cores, durable marks included."""

import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, cast

import flask_mail
import sqlalchemy as sa
from flask import Flask

from accounts.models import Account, Unit
from app import create_app
from bench import world
from checkin.models import Participant, Registration
from core import clock
from core.database import reading, transaction
from core.settings import Settings
from notifications import jobs, planning, trial
from notifications.clock import presence
from notifications.delivery import Sender
from notifications.models import JobRun, Message, MessageState

Say = Callable[[str], None]
LETTERS, OLD, DUE = 10_000, 1_000_000, 100_000
TICKETS = 4_000
"""Letters with a ticket and an invitation, sent by processes of their own."""
OWED = {1: 600, 4: 1_500}
"""Letters a second that one process owes, over so many connections."""
TICK, PLAN = 20, 30
"""Milliseconds of a tick without work, seconds of a plan for ``DUE`` people."""


@dataclass
class Taken:
    """What the server saw, told when it has ended."""

    port: int
    letters: int = 0
    different: int = 0
    connections: int = 0


def measured(folder: Path, url: str, say: Say) -> bool:
    """Print the rates; false when a letter was lost or came twice."""
    world.made(folder, url, DUE)
    say(f"\nmail: {LETTERS:,} letters, text and HTML, to a server on the same cores")
    with _sink() as sink:
        app = _office(folder, url, sink.port)
        say(f"  Flask-Mail alone, one connection       {_timed(lambda: _bare(app), LETTERS)}")
    one, four = (_sending(folder, url, connections, say) for connections in OWED)
    whole = one and four
    _planning(app, say)
    for processes in OWED:
        whole &= _tickets(folder, url, processes, say)
    _ticking(app, say)
    return whole


def _tickets(folder: Path, url: str, processes: int, say: Say) -> bool:
    """Letters as they really are, by so many processes; whether each came once."""
    with transaction() as opened:
        opened.execute(sa.update(Message).values(state=MessageState.SENT))
        some = (
            sa.select(Message.id)
            .where(Message.occasion == "seat_confirmed")
            .where(Message.useful_until > clock.now() + timedelta(minutes=30))
            .limit(TICKETS)
        )
        again = {"state": MessageState.QUEUED, "attempts": 0, "doubtful_at": None}
        opened.execute(sa.update(Message).where(Message.id.in_(some)).values(**again))
    with _sink() as sink:
        senders = [_sender(folder, url, sink.port) for _ in range(processes)]
        begun = time.perf_counter()
        said = [sender.communicate()[0].split() for sender in _told(senders)]
        rate = TICKETS / (time.perf_counter() - begun)
        sent, spent = sum(int(one) for one, _ in said), sum(float(one) for _, one in said)
    held = (sink.letters, sink.different, sent) == (TICKETS,) * 3
    say(
        f"  ours, tickets with QR and calendar, {processes} process{'es' * (processes > 1):2}"
        f" {rate:8,.0f}/s  {1000 * spent / TICKETS:5.2f} ms of processor each,"
        f" owed {OWED[processes]:,}/s; each came once: {'yes' if held else f'NO, {sent}'}"
    )
    return held


def _told(senders: list["subprocess.Popen[str]"]) -> list["subprocess.Popen[str]"]:
    """All of them, told to begin at once."""
    for sender in senders:
        cast(IO[str], sender.stdin).write("go\n")
        cast(IO[str], sender.stdin).flush()
    return senders


def _sender(folder: Path, url: str, port: int) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.sender", str(folder), url, str(port)],
        cwd=world.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    cast(IO[str], process.stdout).readline()
    return process


def _sending(folder: Path, url: str, connections: int, say: Say) -> bool:
    """From the outbox, with all its marks; whether each letter came once and is marked sent."""
    with _sink() as sink:
        app = _office(folder, url, sink.port)
        _queue_letters(LETTERS)
        here = presence(app)
        sender = Sender(app, here.owner("bench"), connections=connections)
        said = _timed(lambda: sender.run().sent, LETTERS)
        here.leave()
    held = (sink.letters, sink.different) == (LETTERS, LETTERS) and _sent() == LETTERS
    owed = f"owed {OWED[connections]:,}/s; each came once: {'yes' if held else 'NO'}"
    say(f"  ours, marks on disk, {connections} at a time       {said}, {owed}")
    return held


def _planning(app: Flask, say: Say) -> None:
    """Everybody with a seat is due in the same minute: every fifth of them, then all."""
    for one_of in (5, 1):
        _plan(app, one_of, say)


def _plan(app: Flask, one_of: int, say: Say) -> None:
    with transaction() as opened:
        opened.execute(sa.delete(Message))
        opened.execute(sa.delete(JobRun).where(JobRun.job == "plan:seat_confirmed"))
        address = sa.literal("p") + sa.cast(Participant.id, sa.Text) + "@example.com"
        asks = (Participant.id % one_of == 0, address)
        opened.execute(sa.update(Participant).values(email=sa.case(asks, else_=None)))
    memory = Memory()
    begun = time.perf_counter()
    _tick(app)
    seconds = time.perf_counter() - begun
    with reading() as opened:
        queued = opened.scalar(sa.select(sa.func.count(Message.id))) or 0
    say(
        f"  planning {queued:,} due in the same minute  {seconds:6.1f} s, at most {PLAN} s owed;"
        f" memory grew by {memory.grown()} MB, for portions of {planning.LOOK:,}"
    )


def _ticking(app: Flask, say: Say) -> None:
    """Nothing is due, and the outbox is full of what was."""
    table = cast(sa.Table, Message.__table__)
    columns = [c for c in table.c if c.name != "id"]
    with transaction() as opened:
        opened.execute(sa.update(Message).values(state=MessageState.SENT))
        yesterday = clock.now() - timedelta(days=1)
        opened.execute(sa.update(Registration).values(registered_at=yesterday))
        first = opened.scalar(sa.select(sa.func.count(Message.id))) or 1
        for copy in range(1, -(-OLD // first)):
            shifted = [c + copy * 10**10 if c.name == "revision" else c for c in columns]
            names = [c.name for c in columns]
            originals = sa.select(*shifted).where(table.c.revision < 10**10)
            opened.execute(sa.insert(table).from_select(names, originals))
    _tick(app)
    taken = sorted(_took(app) for _ in range(15))
    with reading() as opened:
        rows = opened.scalar(sa.select(sa.func.count(Message.id))) or 0
    say(
        f"  a tick with nothing due, {rows:,} old messages  {1000 * taken[7]:6.1f} ms,"
        f" at most {TICK} ms owed"
    )


def _took(app: Flask) -> float:
    begun = time.perf_counter()
    _tick(app)
    return time.perf_counter() - begun


def _tick(app: Flask) -> None:
    here = presence(app)
    jobs.tick(list(app.extensions["occasions"].values()), here, jobs=app.extensions["jobs"])
    here.leave()


class Memory:
    """How much more a process holds than at the start, at its height."""

    def __init__(self) -> None:
        self._least = self._most = self._now()
        self._ended = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def grown(self) -> int:
        """In megabytes; the end of watching."""
        self._ended.set()
        return (self._most - self._least) * resource.getpagesize() // 2**20

    def _watch(self) -> None:
        while not self._ended.wait(0.02):
            self._most = max(self._most, self._now())

    @staticmethod
    def _now() -> int:
        """Pages of its own, without those of files that it only looks at."""
        resident, shared = Path("/proc/self/statm").read_text().split()[1:3]
        return int(resident) - int(shared)


def _timed(work: Callable[[], int], letters: int) -> str:
    spent, begun = time.process_time(), time.perf_counter()
    done = work()
    seconds, busy = time.perf_counter() - begun, time.process_time() - spent
    if done != letters:
        raise SystemExit(f"{done} of {letters} letters were sent")
    return f"{letters / seconds:8,.0f}/s  {1000 * busy / letters:5.2f} ms of processor each"


def _bare(app: Flask) -> int:
    """The library by itself: one connection, letters of the same size, no database."""
    mail, text = app.extensions["mail"], "x" * 780
    with app.app_context(), mail.connect() as line:
        line.host.local_hostname = "localhost"
        for number in range(LETTERS):
            message = flask_mail.Message(
                subject=f"Letter {number}",
                recipients=[f"p{number}@example.com"],
                body=text,
                html=f"<p>{text}</p>",
                sender="tuan-le@example.com",
            )
            line.send(message)
    return LETTERS


def _office(folder: Path, url: str, port: int) -> Flask:
    return create_app(
        Settings(
            instance=folder,
            database_url=url,
            secret_key=world.SECRET,
            mail_server="127.0.0.1",
            mail_port=port,
            mail_use_tls=False,
        )
    )


def _queue_letters(number: int) -> None:
    """Letters to oneself, all due now, from a thousand accounts."""
    now = clock.now()
    with transaction() as opened:
        opened.execute(sa.delete(Message))
        unit = opened.scalars(sa.select(Unit).limit(1)).one()
        account = opened.scalars(sa.select(Account).limit(1)).one()
        rows = [
            trial.asked_for(account, unit, now) | {"revision": n, "recipient": f"p{n}@example.com"}
            for n in range(number)
        ]
        for portion in planning.batches(rows):
            planning.queue(portion)


def _sent() -> int:
    with reading() as opened:
        chosen = sa.select(sa.func.count(Message.id)).where(Message.state == MessageState.SENT)
        return opened.scalar(chosen) or 0


@contextmanager
def _sink() -> Iterator[Taken]:
    with subprocess.Popen(
        [sys.executable, "-m", "bench.sink"],
        cwd=world.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        taken = Taken(int(cast(IO[str], process.stdout).readline()))
        yield taken
        said, _ = process.communicate()
        taken.letters, taken.different, taken.connections = map(int, said.split())
