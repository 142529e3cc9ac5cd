"""What ``flask doctor`` looks at on this floor: the clock's jobs and letters that are stuck."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from core import clock
from core.database import reading, session
from core.doctor import Finding, Grade
from core.i18n import N_
from notifications import breaker
from notifications.clock import BEAT
from notifications.jobs import Job
from notifications.models import JobRun, Message, MessageState

CLOCK = N_("Clock")
OUTBOX = N_("Outbox")
LATE = 120
"""Seconds after which a job that should have run is called late."""


def check(app: Flask) -> Iterator[Finding]:
    """When each job last ran, when it runs next, and what waits in the outbox."""
    try:
        with reading():
            yield from _jobs(app.extensions["jobs"])
            yield from _server()
            yield from _stuck()
    except SQLAlchemyError:
        return


def _jobs(jobs: Sequence[Job]) -> Iterator[Finding]:
    runs = {run.job: run for run in session().scalars(sa.select(JobRun))}
    for job in jobs:
        run = runs.get(job.name)
        if run is None:
            said = N_("%(job)s has not run yet.")
            yield Finding(CLOCK, Grade.ADVICE, said, {"job": job.name}, _START)
            continue
        due = _next(job, run.started_at)
        late = (clock.now() - due).total_seconds()
        facts = {
            "job": job.name,
            "last": f"{clock.local(run.started_at):%d/%m/%Y %H:%M:%S}",
            "next": f"{clock.local(due):%d/%m/%Y %H:%M:%S}",
            "late": max(0, round(late)),
        }
        if late > LATE:
            said = N_("%(job)s last ran %(last)s; it is %(late)s seconds late.")
            yield Finding(CLOCK, Grade.ADVICE, said, facts, _START)
        else:
            said = N_("%(job)s last ran %(last)s, next %(next)s.")
            yield Finding(CLOCK, Grade.FINE, said, facts)


def _next(job: Job, last: datetime) -> datetime:
    if job.daily_at is None:
        return last + max(job.every, timedelta(seconds=BEAT))
    today = clock.at(clock.local_day(last), job.daily_at)
    return today if today > last else today + timedelta(days=1)


_START = N_("Start `flask serve`, or `flask notifications clock` where the web runs elsewhere.")


def _server() -> Iterator[Finding]:
    trouble = breaker.standing()
    if trouble is not None and trouble.broken_since is not None:
        said = N_("The mail server has not been reached since %(since)s: %(answer)s")
        since = f"{clock.local(trouble.broken_since):%d/%m/%Y %H:%M}"
        facts = {"since": since, "answer": trouble.answer}
        yield Finding(OUTBOX, Grade.ADVICE, said, facts, N_("Look at the settings of mail."))


def _stuck() -> Iterator[Finding]:
    for state in (MessageState.DEAD, MessageState.AMBIGUOUS):
        chosen = sa.select(sa.func.count(Message.id)).where(Message.state == state)
        number = session().scalar(chosen) or 0
        if number:
            said = N_("%(number)s letters are %(state)s.")
            facts = {"number": number, "state": state.value}
            yield Finding(OUTBOX, Grade.ADVICE, said, facts, N_("Look at them in the outbox."))
