"""The real server seen from outside: asked over HTTP, killed with -9, its rows read as they lie.

Nothing here uses a model or a rule of the application: what it says is held against raw rows.
"""

import http.client
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from core import migrations
from core.sqlite import driver
from tests.conftest import SECRET
from tests.server_process import FLASK, ROOT, own_environment, wait_for, workers

PATIENCE = 900
"""Seconds after which a question that nobody answers is a fault."""


class Caller:
    """One connection that asks until it is answered, as a scanner does."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self._last = b""
        self.unanswered = 0
        """How often the connection broke, or the server said that it has no database."""

    def ask(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Status, text and where it leads, of the first answer that comes."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                self._connection.request(method, path, body, headers or {})
                answer = self._connection.getresponse()
                said = answer.read().decode()
            except (http.client.HTTPException, OSError):
                self._connection.close()
                self.unanswered += 1
                time.sleep(0.02)
                continue
            if answer.status != 503:
                return answer.status, said, answer.headers.get("Location", "")
            self.unanswered += 1
            time.sleep(0.05)
        raise AssertionError(f"{method} {path}: no answer in {PATIENCE} s")

    def begin(self, path: str, body: str, headers: dict[str, str]) -> None:
        """Post all but the last letter, so that many can be finished in the same instant."""
        self._connection.putrequest("POST", path)
        for name, value in {**headers, "Content-Length": str(len(body.encode()))}.items():
            self._connection.putheader(name, value)
        self._connection.endheaders(body[:-1].encode())
        self._last = body[-1:].encode()

    def finish(self) -> None:
        """The last letter."""
        self._connection.send(self._last)

    def answer(self) -> tuple[int, str]:
        """What was said to that."""
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()

    def close(self) -> None:
        self._connection.close()


def all_at_once(ports: Sequence[int], size: int, work: Callable[[Caller], None]) -> int:
    """Let so many callers work at the same time; how often one of them was not answered."""
    callers = [Caller(ports[number % len(ports)]) for number in range(size)]
    faults: list[BaseException] = []

    def run(caller: Caller) -> None:
        try:
            with closing(caller):
                work(caller)
        except BaseException as fault:  # noqa: BLE001  the test must hear of it
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return sum(caller.unanswered for caller in callers)


@dataclass
class Server:
    """``flask serve``, started again whenever it has ended, as a service manager does."""

    environment: dict[str, str]
    options: tuple[str, ...] = ("--no-clock",)
    killed: dict[str, int] = field(default_factory=lambda: {"worker": 0, "server": 0})
    _ends: threading.Event = field(default_factory=threading.Event)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._process = self._started()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    @property
    def port(self) -> int:
        return int(self.environment["PORT"])

    @property
    def _log(self) -> Path:
        return Path(self.environment["TUANHOC_INSTANCE"]) / "server.log"

    def faults(self) -> list[str]:
        """What brought a process down by itself, each with its trace in the log."""
        with self._log.open() as lines:
            return [line for line in lines if line.startswith("Fatal Python error")]

    def kill_worker(self, chance: random.Random) -> bool:
        """``kill -9`` one of the processes that answer; false while they are being replaced."""
        with self._guard:
            alive = workers(self._process)
            if not alive:
                return False
            os.kill(chance.choice(alive), signal.SIGKILL)
        self.killed["worker"] += 1
        return True

    def kill(self, chance: random.Random) -> bool:
        """``kill -9`` the parent, or everything at once; false while it is being started."""
        with self._guard:
            if self._process.poll() is not None or not workers(self._process):
                return False
            whole = chance.random() < 0.5
            (os.killpg if whole else os.kill)(self._process.pid, signal.SIGKILL)
        self.killed["server"] += 1
        return True

    def end(self) -> None:
        self._ends.set()
        self._keeper.join()
        with self._guard:
            _kill_group(self._process)

    def _keep(self) -> None:
        while not self._ends.wait(0.05):
            if self._process.poll() is not None:
                with self._guard:
                    self._process = self._started()

    def _started(self) -> "subprocess.Popen[str]":
        with self._log.open("a") as output:
            return subprocess.Popen(
                [*FLASK, "serve", *self.options],
                cwd=ROOT,
                env=self.environment | {"PYTHONFAULTHANDLER": "1"},
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )


@contextmanager
def serving(environment: dict[str, str], *options: str) -> Iterator[Server]:
    """A server that answers, and nothing of it afterwards."""
    server = Server(environment, ("--no-clock", *options))
    try:
        wait_for(environment)
        yield server
    finally:
        server.end()
    assert server.faults() == []


def _kill_group(process: "subprocess.Popen[str]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def rows(url: str, statement: str) -> list[tuple]:
    """What lies in the database, by a connection of our own.

    By the same library as the application's: two of them in one process undo each other's locks.
    """
    if url.startswith("sqlite"):
        with closing(driver.connect(url.removeprefix("sqlite:///"))) as connection:
            return connection.execute(statement).fetchall()
    with psycopg.connect(url) as connection:
        return connection.execute(statement).fetchall()


def is_whole(url: str) -> bool:
    """Whether the file of a database that was killed has no crack; PostgreSQL has started again."""
    if not url.startswith("sqlite"):
        return rows(url, "SELECT 1") == [(1,)]
    return rows(url, "PRAGMA integrity_check") == [("ok",)] and not rows(
        url, "PRAGMA foreign_key_check"
    )


def installed(url: str, folder: Path) -> dict[str, str]:
    """The environment of a server on a database of the tests, which has every table already."""
    _write(url, "CREATE TABLE IF NOT EXISTS alembic_version (version_num TEXT)")
    _write(url, f"INSERT INTO alembic_version VALUES ('{migrations.scripts().get_current_head()}')")
    return beside(url, folder)


def beside(url: str, folder: Path) -> dict[str, str]:
    """The environment of one more server on the same database."""
    return own_environment(folder, TUANHOC_DATABASE_URL=url, TUANHOC_SECRET_KEY=SECRET)


def _write(url: str, statement: str) -> None:
    if url.startswith("sqlite"):
        with closing(driver.connect(url.removeprefix("sqlite:///"))) as file, file:
            file.execute(statement)
    else:
        with psycopg.connect(url) as connection:
            connection.execute(statement)
