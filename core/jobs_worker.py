"""Who does the long work: one thread beside the clock, or a process of its own."""

import threading
import time
from collections.abc import Sequence

import click
import sqlalchemy as sa
import structlog
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as LineTooLong

from core import clock, jobs
from core.database import reading, session, transaction
from core.errors import DomainError
from core.jobs import Job, JobTaken, Run, Work, WorkFailed
from core.logs import told

log = structlog.get_logger()

IDLE = 0.5
"""Seconds after which a worker without work looks again."""

group = AppGroup("jobs", help="Long imports and exports.")


@group.command("work")
@click.option("--once", is_flag=True, help="End when nothing is left to do.")
@with_appcontext
def work_command(once: bool) -> None:
    """Do the long work that people ask for, until Ctrl-C; for machines without a clock."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    worker = Worker(app.extensions["works"])
    try:
        done = worker.run_all()
        while not once:
            time.sleep(IDLE)
            done += worker.run_all()
    except KeyboardInterrupt:
        return
    click.echo(f"{done} done")


class Worker:
    """Takes one job after the other."""

    def __init__(self, works: Sequence[Work]) -> None:
        self._works = {work.kind: work for work in works}
        self._owner = jobs.new_owner()

    def run_all(self, stop: threading.Event | None = None) -> int:
        """Do what waits; returns how many jobs it was."""
        count = 0
        while (stop is None or not stop.is_set()) and (run := self._next()) is not None:
            self._do(run)
            count += 1
        return count

    def _next(self) -> Run | None:
        """The next job; looks without a writer's turn first."""
        with reading():
            if (
                session().scalar(sa.select(Job.id).where(Job.state.in_(jobs.UNDER_WAY)).limit(1))
                is None
            ):
                return None
        with transaction():
            return jobs.claim(self._owner, list(self._works), clock.now())

    def _do(self, run: Run) -> None:
        with reading():
            kind = session().get_one(Job, run.number).kind
        try:
            self._works[kind].run(run)
            if not run.settled:
                raise RuntimeError(f"the work {kind} did not settle")
        except JobTaken:
            log.warning("job taken by another worker", job=run.number)
        except DomainError as refusal:
            self._give_up(run, refusal)
        except (OperationalError, LineTooLong) as fault:
            log.warning("job handed back", job=run.number, **told(fault))
            time.sleep(IDLE)
            with transaction():
                jobs.hand_back(run, clock.now())
        except Exception as fault:  # noqa: BLE001  logged and told to who asked
            log.error("job failed", job=run.number, kind=kind, **told(fault))
            self._give_up(run, WorkFailed())

    def _give_up(self, run: Run, fault: DomainError) -> None:
        with transaction():
            job = session().get(Job, run.number)
            if job is not None and job.owner == run.owner:
                jobs.fail(job, fault, clock.now())


class Companion:
    """One worker thread beside the web, started and stopped with it."""

    def __init__(self, app: Flask) -> None:
        self._works: Sequence[Work] = app.extensions["works"]
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look for work."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Let the job at hand come to its end; one that does not is taken up at the next start."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout)
            self._thread = None

    def _work(self) -> None:
        worker = Worker(self._works)
        while not self._stop.is_set():
            try:
                worker.run_all(self._stop)
            except Exception as fault:  # noqa: BLE001  logged; it looks again
                log.error("jobs failed", **told(fault))
                self._stop.wait(10)
            self._stop.wait(IDLE)
