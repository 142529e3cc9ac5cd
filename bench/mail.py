"""What sending costs: one process to a server on the same cores, durable marks included."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import flask_mail
import sqlalchemy as sa
from flask import Flask

from accounts.models import Account, Unit
from app import create_app
from bench import world
from core import clock
from core.database import reading, transaction
from core.settings import Settings
from notifications import planning, trial
from notifications.clock import presence
from notifications.delivery import Sender
from notifications.models import Message, MessageState

Say = Callable[[str], None]
LETTERS, OLD, DUE = 10_000, 1_000_000, 100_000
ONE, FOUR = 600, 1_500
"""Letters a second that one process owes, over one connection and over four."""
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
    whole = True
    say(f"\nmail: {LETTERS:,} letters, text and HTML, to a server on the same cores")
    with _sink() as sink:
        app = _office(folder, url, sink.port)
        rate, busy = _timed(lambda: _bare(app), LETTERS)
        say(
            f"  Flask-Mail alone, one connection kept   {rate:8,.0f}/s  {busy:5.2f} ms of processor each"
        )
    for connections, owed in ((1, ONE), (4, FOUR)):
        with _sink() as sink:
            app = _office(folder, url, sink.port)
            _queue_letters(LETTERS)
            sender = Sender(app, presence(app).owner("bench"), connections=connections)
            rate, busy = _timed(lambda s=sender: s.run().sent, LETTERS)
        held = (sink.letters, sink.different) == (LETTERS, LETTERS) and _sent() == LETTERS
        whole &= held
        say(
            f"  ours, marks on disk, {connections} connection{'s' * (connections > 1):1}       "
            f"{rate:8,.0f}/s  {busy:5.2f} ms of processor each, owed {owed:,}/s;"
            f" each came once: {'yes' if held else 'NO'}"
        )
    return whole


def _timed(work: Callable[[], int], letters: int) -> tuple[float, float]:
    spent, begun = time.process_time(), time.perf_counter()
    done = work()
    seconds, busy = time.perf_counter() - begun, time.process_time() - spent
    if done != letters:
        raise SystemExit(f"{done} of {letters} letters were sent")
    return letters / seconds, 1000 * busy / letters


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
