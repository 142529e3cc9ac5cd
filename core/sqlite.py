"""How SQLite is opened: durable, one writer at a time, readers never wait."""

import fcntl
import threading
import time
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

import sqlalchemy as sa

from core.text import folded

try:
    from pysqlite3 import dbapi2 as driver
except ImportError:
    import sqlite3 as driver  # type: ignore[no-redef]

FIXED = (3, 51, 3)
"""The first release without the WAL-reset bug of 3.7.0 to 3.51.2."""

PATIENCE = 8.0
"""Seconds that a writer stands in line before it is told to come back."""

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "temp_store=MEMORY",
    "cache_size=-65536",
    "mmap_size=268435456",
)


def engines(url: str) -> tuple[sa.Engine, sa.Engine]:
    """A reader that cannot write, and a writer that begins ``IMMEDIATE``."""
    path(url).parent.mkdir(parents=True, exist_ok=True)
    reader = _engine(url, pool_size=20)
    writer = _engine(url, pool_size=4)
    sa.event.listen(reader, "connect", _read_only)
    sa.event.listen(reader, "begin", _begin_deferred)
    sa.event.listen(writer, "begin", _begin_immediate)
    return reader, writer


def migrator(url: str) -> sa.Engine:
    """A writer that leaves foreign keys alone while tables are rebuilt."""
    engine = _engine(url, pool_size=1)
    sa.event.listen(engine, "connect", _without_foreign_keys)
    sa.event.listen(engine, "begin", _begin_immediate)
    return engine


def path(url: str) -> Path:
    """The file that the address names."""
    return Path(url.removeprefix("sqlite:///"))


def has_reset_bug() -> bool:
    """Whether the loaded SQLite may corrupt a WAL database."""
    return tuple(_driver().sqlite_version_info) < FIXED


class Turn:
    """A writer's turn: a lock between threads and a lock file between processes.

    Nobody waits for ever: after ``PATIENCE`` seconds the turn is refused with
    SQLAlchemy's ``TimeoutError``, which a page answers with 503.
    """

    def __init__(self, url: str) -> None:
        self._threads = threading.Lock()
        self._path = path(url).with_suffix(".lock")
        self._file: Any = None

    def __enter__(self) -> None:
        until = time.monotonic() + PATIENCE
        if not self._threads.acquire(timeout=PATIENCE):
            raise sa.exc.TimeoutError("the line of writers is too long")
        try:
            self._file = self._opened()
            self._take(until)
        except BaseException:
            self._threads.release()
            raise

    def _opened(self) -> Any:
        try:
            return self._path.open("a")
        except OSError as fault:
            raise sa.exc.TimeoutError(f"the lock file cannot be opened: {fault.strerror}") from None

    def _take(self, until: float) -> None:
        """The lock between processes; they hold it for milliseconds, so asking again is cheap."""
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    self._file.close()
                    raise sa.exc.TimeoutError("another process writes for too long") from None
                time.sleep(0.001)
            else:
                return

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self._threads.release()


def _engine(url: str, pool_size: int) -> sa.Engine:
    engine = sa.create_engine(
        url,
        module=_driver(),
        pool_size=pool_size,
        max_overflow=40,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )
    sa.event.listen(engine, "connect", _prepare)
    return engine


def _driver() -> ModuleType:
    return driver


def _prepare(connection: Any, _record: object) -> None:
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("folded", 1, lambda text: text and folded(text), deterministic=True)


def _read_only(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA query_only=ON")


def _without_foreign_keys(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")


def _begin_immediate(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")
