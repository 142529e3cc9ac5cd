"""Work that takes longer than a page may: an import, a large export.

A ``Job`` is a row that says who asked for what, how far it is and what came of
it; its files stand in the row, so that any node may work on it and nothing is
left behind on a disk. One worker at a time holds a job; when its process dies,
the next one takes the job up again, or gives up after a few tries. What a work
keeps and that it is done are committed together, so doing it twice is harmless.
"""

import os
import secrets
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, undefer

from core import clock
from core.database import Base, Id, database, session
from core.errors import DomainError
from core.i18n import N_

HOLD = timedelta(seconds=60)
"""How long a silent worker keeps its job before another takes it up."""
TRIES = 3
FILES_KEPT = timedelta(hours=24)
"""A file that nobody came back to is erased after this, whatever it holds."""
ROWS_KEPT = timedelta(days=30)
STEP = timedelta(seconds=0.3)
"""How often a work writes down how far it is."""


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"


UNDER_WAY = (JobState.WAITING, JobState.RUNNING)


class Job(Base):
    """One long piece of work that a person asked for."""

    __tablename__ = "job"
    __table_args__ = (sa.Index("ix_job_state_asked_at", "state", "asked_at"),)

    id: Mapped[Id]
    kind: Mapped[str]
    state: Mapped[JobState] = mapped_column(default=JobState.WAITING)
    asked_by: Mapped[int] = mapped_column(sa.BigInteger, index=True)
    """The account, which only the floor above knows."""
    asked_at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]
    """What was asked for."""
    step: Mapped[str] = mapped_column(default="")
    """What is being done, as a sentence to translate."""
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[dict[str, Any]]
    """What came of it; of a failure ``sentence`` and ``facts``."""
    file_name: Mapped[str] = mapped_column(default="")
    file: Mapped[bytes | None] = deferred(mapped_column(sa.LargeBinary))
    """What was uploaded; erased when it was used, dropped, or nobody came back."""
    result: Mapped[bytes | None] = deferred(mapped_column(sa.LargeBinary))
    """What was made; erased with time."""
    past: Mapped[bytes | None] = deferred(mapped_column(sa.LargeBinary))
    """What undoes it, as long as it may be undone."""
    owner: Mapped[str] = mapped_column(default="")
    held_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]

    @property
    def is_under_way(self) -> bool:
        """Whether somebody works on it, or will."""
        return self.state in UNDER_WAY


class JobTaken(Exception):
    """Another worker took the job up in the meantime: nothing of ours is kept."""


class WorkStopped(DomainError):
    """The machine went down while it worked, again and again."""

    sentence = N_("The work was interrupted several times and was given up. Nothing was changed.")


class WorkFailed(DomainError):
    """A fault of the program."""

    sentence = N_("The work could not be finished because of a fault. Nothing was changed.")


@dataclass(frozen=True)
class Work:
    """One kind of job, and how it is done."""

    kind: str
    run: Callable[["Run"], None]
    """Ends with ``run.settle(…)`` inside the transaction that keeps what it did."""


@dataclass
class Run:
    """A job in the hands of a worker."""

    number: int
    owner: str
    asked_by: int
    facts: Mapping[str, Any]
    file_name: str
    file: bytes
    past: bytes = b""
    settled: bool = False
    _told_at: datetime | None = field(default=None)

    def tell(self, step: str, done: int = 0, total: int = 0, *, now: bool = False) -> None:
        """Write down how far it is, unless that was just done, on a connection of its own.

        Inside a writing transaction of SQLite nothing can be told: there is one writer.
        """
        if _is_writing() and database().is_sqlite:
            return
        moment = clock.now()
        if not now and self._told_at is not None and moment < self._told_at + STEP:
            return
        self._told_at = moment
        told = self._mine().values(step=step, done=done, total=total, held_until=moment + HOLD)
        with database().turn, database().writer.begin() as beside:
            _overwrite_what_is_freed(beside)
            beside.execute(told)

    def settle(
        self,
        outcome: Mapping[str, Any],
        *,
        result: bytes | None = None,
        file: bytes | None = None,
        past: bytes | None = None,
    ) -> None:
        """Say that it is done, in the transaction that keeps it; what is not given is erased.

        Raises ``JobTaken``.
        """
        facts: dict[str, Any] = {
            "state": JobState.DONE,
            "outcome": dict(outcome),
            "file": file,
            "result": result,
            "past": past,
            "owner": "",
            "held_until": None,
            "finished_at": clock.now(),
        }
        erase_thoroughly()
        settled = session().execute(self._mine().values(**facts))
        if not settled.rowcount:  # type: ignore[attr-defined]
            raise JobTaken
        self.settled = True

    def _mine(self) -> sa.Update:
        return (
            sa.update(Job)
            .where(Job.id == self.number, Job.owner == self.owner)
            .where(Job.state == JobState.RUNNING)
            .execution_options(synchronize_session=False)
        )


def new_owner() -> str:
    """A name for a worker of this process, by which others see whether it still lives."""
    return f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"


def ask(
    kind: str,
    *,
    asked_by: int,
    facts: Mapping[str, Any],
    now: datetime,
    file: bytes | None = None,
    file_name: str = "",
) -> Job:
    """Put work in line."""
    job = Job(
        kind=kind, asked_by=asked_by, asked_at=now, facts=dict(facts), outcome={},
        state=JobState.WAITING, file=file, file_name=file_name,
    )  # fmt: skip
    session().add(job)
    session().flush()
    return job


def go_on(job: Job, kind: str, facts: Mapping[str, Any], *, now: datetime) -> None:
    """Put a job in line once more, for its next part."""
    job.kind, job.facts = kind, {**job.facts, **facts}
    job.state, job.asked_at, job.tries = JobState.WAITING, now, 0
    job.step, job.done, job.total, job.finished_at = "", 0, 0, None


def drop(job: Job, *, now: datetime) -> None:
    """Give up what is in line or waits for an answer, and erase its files."""
    erase_thoroughly()
    job.state, job.finished_at, job.owner = JobState.DROPPED, now, ""
    job.file = job.result = job.past = None


def latest() -> sa.Select[Job]:
    """All jobs, the latest first."""
    return sa.select(Job).order_by(Job.id.desc())


def of(asked_by: int) -> sa.Select[Job]:
    """The jobs of one person, the latest first."""
    return latest().where(Job.asked_by == asked_by)


def with_files(found: sa.Select[Job]) -> sa.Select[Job]:
    """The same with what was uploaded, what was made, and what undoes it."""
    return found.options(undefer(Job.file), undefer(Job.result), undefer(Job.past))


def claim(owner: str, kinds: list[str], now: datetime) -> Run | None:
    """Take the next job that waits, or whose worker is gone."""
    erase_thoroughly()
    left = sa.or_(Job.held_until < now, Job.owner.in_(_gone_owners(owner)))
    found = session().scalar(
        with_files(sa.select(Job))
        .where(Job.kind.in_(kinds))
        .where(
            sa.or_(
                Job.state == JobState.WAITING,
                sa.and_(Job.state == JobState.RUNNING, left),
            )
        )
        .order_by(Job.asked_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if found is None:
        return None
    if found.tries >= TRIES:
        fail(found, WorkStopped(), now)
        return None
    found.state, found.owner = JobState.RUNNING, owner
    found.held_until, found.tries = now + HOLD, found.tries + 1
    return Run(
        found.id, owner, found.asked_by, dict(found.facts), found.file_name,
        found.file or b"", found.past or b"",
    )  # fmt: skip


def fail(job: Job, fault: DomainError, now: datetime) -> None:
    """Give a job up, say why, and erase its files."""
    erase_thoroughly()
    job.state, job.finished_at = JobState.FAILED, now
    job.owner, job.held_until = "", None
    job.outcome = {"sentence": fault.sentence, "facts": {k: str(v) for k, v in fault.facts.items()}}
    job.file = job.result = job.past = None


def hand_back(run: Run, now: datetime) -> None:
    """Let another try, as when the database was busy."""
    job = session().get(Job, run.number)
    if job is not None and job.owner == run.owner:
        job.state, job.owner, job.held_until = JobState.WAITING, "", None
        job.asked_at = now


def forget(now: datetime) -> int:
    """Erase files that nobody came back to, and rows that nobody needs; says how many."""
    erase_thoroughly()
    files = session().execute(
        sa.update(Job)
        .where(Job.asked_at < now - FILES_KEPT)
        .where(sa.or_(*(kept.is_not(None) for kept in (Job.file, Job.result, Job.past))))
        .values(
            file=None,
            result=None,
            past=None,
            owner="",
            state=sa.case((Job.state == JobState.FAILED, JobState.FAILED.value),
                          (Job.state == JobState.DONE, JobState.DONE.value),
                          else_=JobState.DROPPED.value),
        )
    )  # fmt: skip
    rows = session().execute(sa.delete(Job).where(Job.asked_at < now - ROWS_KEPT))
    return int(files.rowcount + rows.rowcount)  # type: ignore[attr-defined]


def erase_thoroughly() -> None:
    """Let SQLite overwrite what this session frees, instead of only forgetting where it is.

    A row that is written anew leaves its old place, so whoever touches one with a file says so.
    """
    _overwrite_what_is_freed(session().connection())


def _overwrite_what_is_freed(connection: sa.Connection) -> None:
    if database().is_sqlite:
        connection.exec_driver_sql("PRAGMA secure_delete=ON")


def _gone_owners(mine: str) -> list[str]:
    """Workers of this machine whose process has ended."""
    running = sa.select(Job.owner).where(Job.state == JobState.RUNNING).distinct()
    return [owner for owner in session().scalars(running) if owner != mine and _is_gone(owner)]


def _is_gone(owner: str) -> bool:
    host, _, rest = owner.partition("/")
    number = rest.partition("/")[0]
    if host != socket.gethostname() or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _is_writing() -> bool:
    try:
        return bool(session().info.get("writes"))
    except RuntimeError:
        return False
