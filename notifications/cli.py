"""Commands of notifications: one round, the clock alone, a sender alone, where all stands."""

import json
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from core import clock as wall
from core import jobs_worker
from core.commands import one_line
from core.database import reading
from core.settings import Settings
from notifications import handover, jobs, lease, outbox
from notifications.clock import Clock, Worker, presence
from notifications.delivery import Round, Sender
from notifications.lease import LeaseLost
from notifications.models import MessageState
from notifications.presence import Presence

group = AppGroup("notifications", help="Plan and send messages.")

LOOK_AGAIN = 0.2


@group.command("tick")
def tick() -> None:
    """One round of every due job: plan and send until nothing is due."""
    app = _app()
    here = presence(app)
    try:
        with _one_line():
            done = _plan_and_send(app, here)
            while not (done.unreached or done.is_throttled) and _others_are_at_it():
                done = _plan_and_send(app, here)
        if done.unreached:
            click.echo(f"the mail server cannot be reached: {done.unreached}", err=True)
        if done.is_throttled:
            click.echo("the rest waits: the provider takes no more for now", err=True)
    finally:
        here.leave()


@group.command("clock")
def clock() -> None:
    """Tick until stopped; any number of clocks may run, one at a time ticks."""
    app = _app()
    with one_line():
        here = presence(app)
    metronome = Clock(app, here)
    metronome.start()
    _wait_for_the_end()
    metronome.stop()
    here.leave()


@group.command("work")
def work() -> None:
    """Send what is due until stopped; any number of senders may run."""
    app = _app()
    with one_line():
        here = presence(app)
    worker = Worker(app, here.owner("sender"))
    worker.start()
    _wait_for_the_end()
    worker.stop()
    worker.join(timeout=10)
    here.leave()


@group.command("worker")
def worker() -> None:
    """Do what procrastinate carries here, until stopped; any number, on any machine."""
    app = _app()
    engine = app.extensions.get("engine")
    if engine is None:
        raise click.ClickException("set TUANHOC_WORKERS=procrastinate, on PostgreSQL")
    from notifications.workers import worker as workers

    with one_line():
        workers.refuse_without_tables()
        here = presence(app)
    beside = jobs_worker.Companion(app)
    beside.start()
    workers.run(app, engine, here)
    beside.stop()
    here.leave()


@group.command("status")
@click.option("--json", "as_json", is_flag=True, help="Numbers by state, as JSON.")
def status(as_json: bool) -> None:
    """How many messages stand where."""
    with one_line(), reading():
        totals = outbox.totals()
    if as_json:
        click.echo(json.dumps({str(state): number for state, number in totals.items()}))
        return
    for state, number in totals.items():
        click.echo(f"{number:>8}  {state}")


def set_up_workers(app: Flask, settings: Settings) -> None:
    """Choose by the settings alone who carries letters."""
    if settings.workers == "threads":
        handover.configure(None)
        return
    from notifications.workers import engine
    from notifications.workers import jobs as workers_jobs

    app.extensions["engine"] = made = engine.make(settings.database_url)
    deferring = engine.Deferring(made)
    handover.configure(deferring)
    app.extensions["jobs"].append(workers_jobs.hand_over(deferring))


def _plan_and_send(app: Flask, here: Presence) -> Round:
    _plan(app, here)
    settings: Settings = app.extensions["settings"]
    sender = Sender(app, here.owner("tick"), connections=max(1, settings.senders), insists=True)
    return sender.run()


def _plan(app: Flask, here: Presence) -> None:
    occasions = list(app.extensions["occasions"].values())
    patience = time.monotonic() + lease.LENGTH.total_seconds() + 1
    while not jobs.tick(occasions, here, jobs=app.extensions["jobs"]):
        if time.monotonic() > patience:
            raise click.ClickException("another clock is ticking")
        time.sleep(LOOK_AGAIN)


def _others_are_at_it() -> bool:
    """Wait while other senders hold messages, for one lease at most; true if some came back."""
    patience = time.monotonic() + lease.LENGTH.total_seconds()
    while time.monotonic() < patience:
        with reading():
            if outbox.is_due(wall.now()):
                return True
            totals = outbox.totals()
        if not totals[MessageState.CLAIMED] and not totals[MessageState.SENDING]:
            return False
        time.sleep(LOOK_AGAIN)
    return False


@contextmanager
def _one_line() -> Iterator[None]:
    """The same for a clock that was overtaken."""
    try:
        with one_line():
            yield
    except LeaseLost:
        raise click.ClickException("another clock took over") from None


def _wait_for_the_end() -> None:
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app
