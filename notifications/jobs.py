"""What the clock does: a table of jobs, each of which does no harm when done twice.

One round takes the lease, runs the jobs whose time has come, writes down when
and how they went, and gives the lease back. Sending needs no lease: the claim
on each message decides.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql, sqlite

from accounts.tree import changes
from core import clock
from core.database import reading, session, transaction
from core.logs import told
from notifications import lease, outbox, planning
from notifications.lease import LeaseLost, Term
from notifications.models import JobRun
from notifications.occasions import Occasion
from notifications.presence import Presence

log = structlog.get_logger()

OUTCOME_LENGTH = 200


@dataclass
class Turn:
    """One round of the clock: who may write, when, and what there is to look for."""

    term: Term
    now: datetime
    occasions: Sequence[Occasion]
    presence: Presence
    runs: dict[str, JobRun]
    """How each job last went, when the round began."""
    looked: list[str] = field(default_factory=list)
    """Jobs that have now looked at everything until ``now``."""

    _held_at: float = field(default_factory=time.monotonic)

    def fenced(self) -> AbstractContextManager[None]:
        """A transaction that keeps nothing once the lease is lost."""
        self._held_at = time.monotonic()
        return lease.fenced(self.term)

    def hold(self) -> None:
        """Prolong the lease when a third of it has gone by in reading. Raises ``LeaseLost``."""
        if time.monotonic() - self._held_at > self.term.length.total_seconds() / 3:
            with self.fenced():
                pass

    def hold_while(self, work: Callable[[], str]) -> str:
        """Do long work that needs no transaction, and keep the lease meanwhile."""
        with ThreadPoolExecutor(1, "long work") as beside:
            doing = beside.submit(work)
            while not wait([doing], timeout=self.term.length.total_seconds() / 6).done:
                self.hold()
        return doing.result()

    def looked_until(self, job: str) -> datetime | None:
        """Up to which moment a job has looked."""
        run = self.runs.get(job)
        return run.looked_until if run else None


@dataclass(frozen=True)
class Job:
    """One thing the clock does: at every tick, every so often, or daily from an hour on."""

    name: str
    run: Callable[[Turn], str]
    daily_at: int | None = None
    """An hour in Vietnam."""
    every: timedelta = timedelta(0)

    def is_due(self, last: datetime | None, now: datetime) -> bool:
        """Whether its time has come; a clock that was set back does not stop it."""
        if self.daily_at is None:
            return last is None or not last <= now < last + self.every
        latest = clock.at(clock.local_day(now), self.daily_at)
        if latest > now:
            latest -= timedelta(days=1)
        return last is None or last < latest


def reap(turn: Turn) -> str:
    """Free the messages of senders that died."""
    with reading():
        if not outbox.owners():
            return ""
    with turn.fenced():
        freed = outbox.reap(turn.now, is_gone=turn.presence.is_gone, noted=turn.presence.noted)
    return f"{freed} freed" if freed else ""


def plan(turn: Turn) -> str:
    """Ask each occasion who should have heard of it since the last look."""
    return _look(turn, everything=False)


def plan_fully(turn: Turn) -> str:
    """Ask each occasion for everyone, however long ago."""
    return _look(turn, everything=True)


def sweep(turn: Turn) -> str:
    """Remove what processes that died left behind."""
    with reading():
        held = {owner.partition(".")[0] for owner in outbox.owners()}
    for name in set(turn.presence.gone()) - held:
        turn.presence.forget(name)
    return ""


def change_tree(turn: Turn) -> str:
    """Carry out the changes of the tree whose day has come, in Vietnam, however late it is."""
    today = clock.local_day(turn.now)
    outcomes: Counter[str] = Counter()
    with reading():
        waiting = changes.due(today)
    for number in waiting:
        try:
            with turn.fenced():
                state = changes.carry_out_planned(number, today=today, now=turn.now)
            outcomes.update([state] if state else [])
        except LeaseLost:
            raise
        except Exception as fault:  # noqa: BLE001  it waits for the next beat; the others go on
            log.error("planned change failed", change=number, **told(fault))
            outcomes.update([type(fault).__name__])
    return ", ".join(f"{number} {outcome}" for outcome, number in outcomes.items())


JOBS = [
    Job("change_tree", change_tree),
    Job("reap", reap),
    Job("plan", plan),
    Job("plan_fully", plan_fully, daily_at=2),
    Job("sweep", sweep, daily_at=3),
]
"""All that the clock does, in this order."""


def tick(
    occasions: Sequence[Occasion],
    presence: Presence,
    *,
    jobs: Sequence[Job] = JOBS,
    length: timedelta = lease.LENGTH,
) -> bool:
    """One round of every due job; false when another clock holds the lease."""
    owner = presence.owner("clock")
    with transaction():
        term = lease.take(owner, length=length, is_gone=presence.is_gone)
    if term is None:
        return False
    now = clock.now()
    with reading():
        runs = {run.job: run for run in session().scalars(sa.select(JobRun))}
    turn = Turn(term, now, occasions, presence, runs)
    outcomes = {}
    for job in jobs:
        last = runs.get(job.name)
        if job.is_due(last.started_at if last else None, now):
            turn.hold()
            outcomes[job.name] = _run(job, turn)
    with transaction():
        lease.give_back(term)
        _write_down(turn, outcomes)
    return True


def _run(job: Job, turn: Turn) -> str:
    """One job; its fault is written down and does not keep the others from running."""
    try:
        return job.run(turn)
    except LeaseLost:
        raise
    except Exception as fault:  # noqa: BLE001  written down with the job
        log.error("job failed", job=job.name, **told(fault))
        return f"failed: {type(fault).__name__}: {fault}"


def _look(turn: Turn, *, everything: bool) -> str:
    queued, faults = 0, []
    with reading():
        due = [_due(turn, occasion, everything=everything) for occasion in turn.occasions]
    for occasion, since in zip(turn.occasions, due, strict=True):
        try:
            if isinstance(since, Exception):
                raise since
            queued += _queue_all(turn, occasion, since) if since else 0
        except LeaseLost:
            raise
        except Exception as fault:  # noqa: BLE001  written down with the job
            log.error("audience failed", occasion=occasion.name, **told(fault))
            faults.append(f"{occasion.name}: {type(fault).__name__}")
            continue
        turn.looked.append(f"plan:{occasion.name}")
    return "; ".join([f"{queued} queued"] * bool(queued) + [f"failed: {f}" for f in faults])


def _due(turn: Turn, occasion: Occasion, *, everything: bool) -> datetime | Exception | None:
    """Since when somebody should have heard of it, if anybody, or what kept us from asking."""
    until = turn.looked_until(f"plan:{occasion.name}")
    since = planning.BEGINNING if everything or until is None else until - planning.OVERLAP
    try:
        return since if planning.is_due(occasion, since, turn.now) else None
    except Exception as fault:  # noqa: BLE001  told where the others are
        return fault


def _queue_all(turn: Turn, occasion: Occasion, since: datetime) -> int:
    queued = 0
    while True:
        turn.hold()
        with reading():
            messages = planning.unheard(occasion, since, turn.now)
        for portion in planning.batches(messages):
            with turn.fenced():
                planning.queue(portion)
        queued += len(messages)
        if len(messages) < planning.LOOK:
            return queued


def _write_down(turn: Turn, outcomes: dict[str, str]) -> None:
    """How each job went, all of them in one statement."""
    finished = clock.now()
    rows = [
        {
            "job": name,
            "started_at": turn.now,
            "finished_at": finished,
            "outcome": outcomes.get(name, "")[:OUTCOME_LENGTH],
            "looked_until": turn.now if name in turn.looked else turn.looked_until(name),
        }
        for name in dict.fromkeys([*outcomes, *turn.looked])
    ]
    if not rows:
        return
    is_sqlite = session().get_bind().dialect.name == "sqlite"
    written = (sqlite.insert if is_sqlite else postgresql.insert)(JobRun)
    values = {name: written.excluded[name] for name in rows[0] if name != "job"}
    session().execute(written.on_conflict_do_update(index_elements=["job"], set_=values), rows)
