"""Web on one machine: granian in front, and beside it what must tick.

The parent process holds the listening socket, so that callers wait instead of
being refused while a dead worker is replaced, and runs the companions (clock
and senders). The worker dies with its parent: no orphan keeps the port.
"""

import ctypes
import gc
import logging
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Protocol

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer, mp
from sqlalchemy.exc import OperationalError

from core import asking, database, logs, migrations
from core.migrations import Standing
from core.settings import Settings

GRACE = 10
"""Seconds for requests under way after a stop was asked for."""

_HINTS = {
    Standing.EMPTY: "the database has no tables yet: run `flask db upgrade` first",
    Standing.BEHIND: "the database is older than this program: run `flask db upgrade` first",
    Standing.NEWER: str(migrations.DatabaseIsNewer()),
}


class Companion(Protocol):
    """What runs beside the web on one machine, started and stopped with it."""

    def start(self) -> None:
        """Begin; returns at once."""

    def stop(self) -> None:
        """End, and return when nothing runs any more."""


class CannotServe(click.ClickException):
    """Why the server does not start, in one line."""


def command(companions: Sequence[Callable[[Flask], Companion]]) -> click.Command:
    """The command ``flask serve`` with what ``app.py`` puts beside the web."""

    @click.command("serve")
    @click.option("--workers", type=int, help="Processes that answer.")
    @click.option("--threads", type=int, help="Of each.")
    @click.option("--clock/--no-clock", default=True, help="Run the clock and senders beside it.")
    @with_appcontext
    def serve(workers: int | None, threads: int | None, clock: bool) -> None:
        """Serve on HOST and PORT, with the clock and the senders, until Ctrl-C."""
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        usual = usual_size(is_sqlite=database.database().is_sqlite)
        beside = [make(app) for make in companions] if clock else []
        run(app, beside, workers or usual[0], threads or usual[1])

    return serve


def usual_size(*, is_sqlite: bool) -> tuple[int, int]:
    """Processes that answer, and threads of each; who waits for a shared COMMIT needs no thread.

    SQLite has one writer, and threads wait behind it. PostgreSQL has half of the cores for
    itself, and more threads than these only fight for the interpreter.
    """
    return (1, 16) if is_sqlite else (max(1, (os.cpu_count() or 2) // 2), 4)


def run(app: Flask, companions: Sequence[Companion], workers: int, threads: int) -> None:
    """Serve until a signal. Raises ``CannotServe``."""
    settings: Settings = app.extensions["settings"]
    refuse_unfit_database()
    with _listening(settings.host, settings.port) as listener:
        server = _Granian(listener, settings, workers, threads)
        server.on_startup(_starter(companions, settings))
        try:
            server.serve(target_loader=_load_worker)
        finally:
            for companion in companions:
                companion.stop()


def refuse_unfit_database() -> None:
    """Raise ``CannotServe`` when the database is missing, unreachable, behind or newer."""
    try:
        standing = migrations.standing(database.database())
    except OperationalError as fault:
        reason = str(fault.orig).splitlines()[0]
        raise CannotServe(f"the database cannot be opened: {reason}") from None
    if standing is not Standing.CURRENT:
        raise CannotServe(_HINTS[standing])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as fault:
        listener.close()
        reason = "is used by another program" if fault.errno == 98 else f"{fault.strerror}"
        raise CannotServe(f"{host}:{port}: {reason}; choose another with PORT=") from None
    return listener


def _starter(companions: Sequence[Companion], settings: Settings) -> Callable[[], None]:
    def start() -> None:
        logs.speak_json()
        for companion in companions:
            companion.start()
        click.echo(f"Serving on http://{settings.host}:{settings.port}  (Ctrl-C stops it)")
        if settings.public_url != f"http://{settings.host}:{settings.port}":
            click.echo(f"Visitors come through {settings.public_url}")

    return start


class _Granian(MPServer):
    """Granian on a socket that the parent holds, which never gives up on its worker."""

    def __init__(
        self, listener: socket.socket, settings: Settings, workers: int, threads: int
    ) -> None:
        multiprocessing.set_start_method("spawn", force=True)
        super().__init__(
            "app:create_app",
            address=settings.host,
            port=settings.port,
            factory=True,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=15_000),
            websockets=False,
            respawn_failed_workers=True,
            respawn_interval=0.2,
            workers_kill_timeout=GRACE,
            log_level=LogLevels.error,
            log_dictconfig=_LOGGING,
        )
        self._listener = listener

    def _init_shared_socket(self) -> None:
        self._listener.set_inheritable(True)
        self._ssp = None
        self._sso = self._listener
        self._shd = _held(self._listener, self.backlog)

    def _respawn_workers(self, workers: Any, *rest: Any, **options: Any) -> None:
        """A new worker at once; after one that fell at its birth a little later."""
        if any(time.monotonic() - self.wrks[i].birth < 1 for i in workers):
            time.sleep(0.3)
        super()._respawn_workers(workers, *rest, **options)
        self.respawned_wrks.clear()

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        """Ctrl-C reaches the workers too: that they leave by themselves is no fault then."""
        for worker in self.wrks:
            worker.interrupt_by_parent = True
        super().signal_handler_interrupt(*args, **kwargs)  # type: ignore[no-untyped-call]

    def _stop_workers(self) -> None:
        """Ask, ask again (one that is just being born may have missed it), then end it."""
        until = time.monotonic() + GRACE
        for worker in self.wrks:
            worker.terminate()
        for worker in self.wrks:
            worker.join(0.5)
            while worker.inner.exitcode is None and time.monotonic() < until:
                worker.terminate()
                worker.join(0.5)
            if worker.inner.exitcode is None:
                worker.kill()
        self.wrks.clear()

    def shutdown(self, exit_code: int = 0) -> None:
        """A stop that was asked for is a success, whatever happened to workers before."""
        if self.interrupt_signal:
            self.interrupt_children.clear()
        super().shutdown(exit_code)  # type: ignore[no-untyped-call]


def _held(listener: socket.socket, backlog: int) -> Any:
    holder: Any = SocketHolder
    return holder(listener.fileno(), False, backlog)


_LOGGING = {
    "formatters": {"generic": {"format": "%(levelname)s %(message)s"}},
    "handlers": {"console": {"formatter": "generic", "class": "logging.StreamHandler"}},
    "loggers": {"_granian": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}


def _load_worker(target: str) -> Callable[..., Any]:
    """The application in a worker, which ends when its parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    mp._wsgi_call_wrap = asking.asked  # type: ignore[assignment,attr-defined]
    _die_with_parent()
    logs.speak_json()
    logging.captureWarnings(True)
    module, _, factory = target.partition(":")
    app: Callable[..., Any] = getattr(import_module(module), factory)()
    gc.collect()
    gc.freeze()
    return app


def _die_with_parent() -> None:
    """Linux: the kernel ends the worker when the parent is gone, even by kill -9."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGTERM)
    if os.getppid() == 1:
        sys.exit(1)
