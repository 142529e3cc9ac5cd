"""What procrastinate carries: a job for each letter, deferred in the transaction that writes it.

A job only says that there is something to send; the claim on the row decides who sends it.
A job that is lost, comes twice or comes late can therefore do no harm, and the clock hands
over once more what is due and has none (``jobs``).
"""

from collections.abc import Sequence
from contextlib import suppress

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued

from core.database import session
from notifications.workers.tasks import LETTERS, SEND, blueprint

WORDS = "letter:"
"""The dedupe key is this and the number: one waiting job for a letter."""


def make(url: str) -> App:
    """The engine on a database; it connects when a worker opens it."""
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    app = App(connector=PsycopgConnector(conninfo=plain, min_size=1, max_size=4))
    app.add_tasks_from(blueprint(), namespace=LETTERS)
    return app


class Deferring:
    """Defers jobs on the connection of the open transaction."""

    def __init__(self, engine: App) -> None:
        self._engine = engine

    def __call__(self, letters: Sequence[int]) -> None:
        """A job for each letter, kept or undone with the transaction."""
        connection = session().connection().connection.driver_connection
        jobs = [
            self._engine.configure_task(
                SEND,
                queue=LETTERS,
                queueing_lock=f"{WORDS}{number}",
                task_kwargs={"number": number},
            ).job
            for number in letters
        ]
        self._engine.job_manager.batch_defer_jobs(jobs, connection=connection)

    def once_more(self, letters: Sequence[int]) -> int:
        """The same for letters that may have a job since; says how many were handed over."""
        handed_over = 0
        for number in letters:
            with suppress(AlreadyEnqueued), session().begin_nested():
                self([number])
                handed_over += 1
        return handed_over
