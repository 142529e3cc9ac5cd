"""One worker: takes jobs from procrastinate and sends, beside it the long work of people."""

import time

import click
import structlog
from flask import Flask
from procrastinate import App

from core import clock, engine_tables
from core.database import reading, session
from core.logs import told
from core.settings import Settings
from notifications import outbox
from notifications.delivery import Sender
from notifications.models import Message
from notifications.presence import Presence
from notifications.workers.tasks import HEARTBEAT, HEARTBEAT_LOST, LETTERS, SENDING, Until

log = structlog.get_logger()

AGAIN = 2.0
"""Seconds after which a worker whose database went away looks for it again."""
GRACE = 1.0
"""Seconds for a job at hand before it is asked to end, when the worker is stopped."""


class Letters:
    """What the tasks need of the program: the sender of this process."""

    def __init__(self, app: Flask, here: Presence) -> None:
        settings: Settings = app.extensions["settings"]
        self._sender = Sender(app, here.owner("sender"), connections=max(1, settings.senders))

    def waits(self, number: int) -> bool:
        """Whether a letter is due and in nobody's hands."""
        with reading():
            row = session().get(Message, number)
        return (
            row is not None and row.state in outbox.WAITING and row.next_attempt_at <= clock.now()
        )

    def send(self, until: Until) -> None:
        """Send what is due until nothing is, or it is time to stop."""
        self._sender.run(until=until)


def refuse_without_tables() -> None:
    """Raise ``ClickException`` while the engine's tables are missing."""
    with reading():
        if not engine_tables.are_there(session().connection()):
            raise click.ClickException("run `flask db upgrade` first: the workers have no tables")


def run(app: Flask, engine: App, here: Presence) -> None:
    """Work until SIGTERM or SIGINT; a database that goes away is waited for."""
    letters = Letters(app, here)
    while True:
        try:
            engine.run_worker(
                queues=[LETTERS],
                name=here.name,
                concurrency=1,
                delete_jobs="successful",
                additional_context={SENDING: letters},
                shutdown_graceful_timeout=GRACE,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=HEARTBEAT_LOST,
            )
        except Exception as fault:  # noqa: BLE001  logged; it looks again
            log.error("worker failed", **told(fault))
            time.sleep(AGAIN)
        else:
            return
