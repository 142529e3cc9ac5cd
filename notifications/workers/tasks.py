"""The tasks that a worker can do: send what is due, and take up again what dead workers left."""

import time
from functools import partial
from typing import Any, Protocol

import structlog
from procrastinate import Blueprint, JobContext
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status

log = structlog.get_logger()

LETTERS = "letters"
"""The queue."""
SEND = f"{LETTERS}:send"
SENDING = "sending"
"""Under which name the worker finds what sends."""
SPELL = 10.0
"""Seconds after which a job ends though more is due: the worker looks after others, too."""
OFTEN = "* * * * * */20"
"""When dead workers' jobs are looked for: every twenty seconds."""
HEARTBEAT = 5.0
"""Seconds between two signs of life of a worker."""
HEARTBEAT_LOST = 20.0
"""Seconds of silence after which a worker counts as dead."""


def blueprint() -> Blueprint:
    """The tasks for one engine; made anew for each, because an engine renames what it takes."""
    made = Blueprint()
    task: Any = partial(made.task, queue=LETTERS, pass_context=True)
    task(name="send")(send)
    made.periodic(cron=OFTEN)(task(name="rescue", queueing_lock="rescue", priority=10)(rescue))
    return made


class Sending(Protocol):
    """What the tasks need of the program."""

    def waits(self, number: int) -> bool:
        """Whether a letter is due and in nobody's hands."""

    def send(self, until: "Until") -> None:
        """Send what is due until nothing is, or it is time to stop."""


class Until:
    """Whether it is time to stop: the worker ends, or the spell is over."""

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._ending = time.monotonic() + SPELL

    def __call__(self) -> bool:
        """Asked again and again by what sends."""
        return self._context.should_abort() or time.monotonic() > self._ending


def send(context: JobContext, number: int) -> None:
    """Send a letter, and with it whatever else is due; nothing when it is in other hands."""
    sending: Sending = context.additional_context[SENDING]
    if sending.waits(number):
        sending.send(Until(context))


async def rescue(context: JobContext, timestamp: int) -> None:
    """Let jobs run again whose worker has died; nothing of the engine's own does that."""
    stalled = await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=HEARTBEAT_LOST)
    for job in stalled:
        await _rescue(context, job)


async def _rescue(context: JobContext, job: Job) -> None:
    """Retry it; where another job waits for the same letter by now, this one is done with."""
    manager = context.app.job_manager
    try:
        await manager.retry_job(job)
    except UniqueViolation:
        await manager.finish_job(job, Status.FAILED, delete_job=True)
    log.info("job rescued", job=job.id, task=job.task_name)
