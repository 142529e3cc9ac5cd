"""The metronome: ticks every few seconds, with senders beside it.

APScheduler only says *now*; what there is to do stands in our tables, so a
beat that was late or lost is made up by the next one.
"""

import threading
from datetime import UTC

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from core.logs import told
from core.settings import Settings
from notifications import jobs
from notifications.delivery import Sender
from notifications.lease import LeaseLost
from notifications.presence import Presence

log = structlog.get_logger()

BEAT = 3.0
"""Seconds between two ticks."""
IDLE = 2.0
"""Seconds after which a sender without work looks again."""
LONGEST_PAUSE = 60.0
"""Seconds after which a sender tries a server again that cannot be reached."""


def presence(app: Flask) -> Presence:
    """The sign of life of this process, in the instance folder."""
    settings: Settings = app.extensions["settings"]
    return Presence(settings.instance / "alive")


class Clock:
    """Ticks on a beat until it is stopped; starts nothing before ``start``."""

    def __init__(self, app: Flask, here: Presence, *, beat: float = BEAT) -> None:
        self._occasions = list(app.extensions["occasions"].values())
        self._jobs = app.extensions["jobs"]
        self._presence = here
        self._beat = beat
        self._scheduler: BackgroundScheduler | None = None

    def start(self) -> None:
        """Begin to tick, the first time at once."""
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._scheduler.add_job(self.tick, "interval", seconds=self._beat, id="tick")
        self._scheduler.add_job(self.tick, id="first tick")
        self._scheduler.start()

    def stop(self) -> None:
        """Let a round that runs come to its end, then no more."""
        if self._scheduler is not None:
            self._scheduler.remove_all_jobs()
            self._scheduler.shutdown(wait=True)
            self._scheduler = None

    def tick(self) -> None:
        """One beat; a failure is logged and the next beat makes up for it."""
        try:
            jobs.tick(self._occasions, self._presence, jobs=self._jobs)
        except LeaseLost as fault:
            log.warning("lease lost", fault=str(fault))
        except Exception as fault:  # noqa: BLE001  logged; the others go on
            log.error("tick failed", **told(fault))


class Worker:
    """One sender thread that works until it is stopped."""

    def __init__(self, app: Flask, owner: str) -> None:
        self._app = app
        self._owner = owner
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name=owner, daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the letter at hand, hand back the rest."""
        self._stop.set()

    def join(self, timeout: float) -> None:
        """Wait for the end."""
        self._thread.join(timeout)

    def _work(self) -> None:
        settings: Settings = self._app.extensions["settings"]
        sender = Sender(self._app, self._owner, connections=max(1, settings.senders))
        pause = IDLE
        while not self._stop.is_set():
            try:
                done = sender.run(until=self._stop.is_set)
                pause = min(pause * 2, LONGEST_PAUSE) if done.unreached else IDLE
            except Exception as fault:  # noqa: BLE001  logged; the others go on
                log.error("sender failed", **told(fault))
                pause = LONGEST_PAUSE
            self._stop.wait(pause)


class Companion:
    """The clock and the senders of one machine, started and stopped with its server."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._presence: Presence | None = None
        self._clock: Clock | None = None
        self._workers: list[Worker] = []

    def start(self) -> None:
        """Start the clock, then as many senders as the settings say."""
        settings: Settings = self._app.extensions["settings"]
        self._presence = here = presence(self._app)
        self._clock = Clock(self._app, here)
        sends = settings.senders and settings.workers == "threads"
        self._workers = [Worker(self._app, here.owner("sender"))] if sends else []
        self._clock.start()
        for worker in self._workers:
            worker.start()

    def stop(self, timeout: float = 5.0) -> None:
        """End everything within seconds; what is left undone is found by the next start."""
        for worker in self._workers:
            worker.stop()
        if self._clock is not None:
            self._clock.stop()
        for worker in self._workers:
            worker.join(timeout)
        if self._presence is not None:
            self._presence.leave()
