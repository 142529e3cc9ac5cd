"""What ``flask doctor`` says of workers: how many are alive, what waits for them."""

from collections.abc import Iterator

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from core.database import reading, session
from core.doctor import Finding, Grade
from core.i18n import N_

WORKERS = N_("Workers")
ALIVE = 20
"""Seconds since the last sign of life."""

_WORKERS = sa.table("procrastinate_workers", sa.column("last_heartbeat"))
_JOBS = sa.table("procrastinate_jobs", sa.column("status"))


def check(app: Flask) -> Iterator[Finding]:
    """Only where workers on other machines were chosen."""
    if "engine" not in app.extensions:
        return
    try:
        with reading():
            facts = {"alive": _alive(), "waiting": _number("todo"), "doing": _number("doing")}
    except SQLAlchemyError:
        said = N_("The tables of the workers are missing.")
        yield Finding(WORKERS, Grade.WRONG, said, {}, N_("Run `flask db upgrade`."))
        return
    said = N_("%(alive)s workers are alive; %(waiting)s jobs wait, %(doing)s are being done.")
    grade = Grade.FINE if facts["alive"] else Grade.ADVICE
    advice = "" if facts["alive"] else N_("Start `flask notifications worker` on some machine.")
    yield Finding(WORKERS, grade, said, facts, advice)


def _alive() -> int:
    since = sa.func.now() - sa.func.make_interval(0, 0, 0, 0, 0, 0, ALIVE)
    chosen = sa.select(sa.func.count()).select_from(_WORKERS)
    return session().scalar(chosen.where(_WORKERS.c.last_heartbeat > since)) or 0


def _number(status: str) -> int:
    chosen = sa.select(sa.func.count()).select_from(_JOBS)
    return session().scalar(chosen.where(sa.cast(_JOBS.c.status, sa.Text) == status)) or 0
