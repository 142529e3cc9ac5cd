"""One clock ticks at a time, and one that was away writes nothing."""

import signal
import subprocess
import sys
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from accounts.models import AuditEntry
from core import clock
from core.database import database, session, transaction
from notifications import jobs, lease
from notifications.jobs import Job
from notifications.lease import LeaseLost
from notifications.models import JobRun, Lease
from notifications.presence import Presence

SHORT = timedelta(seconds=0)


def take(owner: str, **facts):
    with transaction():
        return lease.take(owner, **facts)


def test_a_second_clock_waits_for_the_first(database_url) -> None:
    assert take("one") is not None
    assert take("two") is None


def test_a_lease_that_was_given_back_is_free_at_once(database_url) -> None:
    term = take("one")
    with transaction():
        lease.give_back(term)

    assert take("two").epoch == term.epoch + 1


def test_a_lease_that_ran_out_is_free(database_url) -> None:
    take("one", length=SHORT)

    assert take("two") is not None


def test_a_lease_of_a_dead_owner_is_free_at_once(database_url) -> None:
    take("one")

    assert take("two", is_gone=lambda owner: owner == "one") is not None


def test_a_clock_whose_term_was_taken_over_keeps_nothing(database_url, stored) -> None:
    frozen = take("one", length=SHORT)
    take("two")

    with pytest.raises(LeaseLost), lease.fenced(frozen):
        session().add(AuditEntry(at=clock.now(), action="late", subject="", facts={}))

    assert stored(AuditEntry) == []


def test_a_clock_whose_term_ran_out_keeps_nothing_even_when_nobody_took_over(
    database_url,
) -> None:
    late = take("one", length=SHORT)

    with pytest.raises(LeaseLost), lease.fenced(late):
        pass


def test_holding_prolongs_the_lease(database_url, stored) -> None:
    term = take("one")
    first = stored(Lease)[0].expires_at
    with lease.fenced(term):
        pass

    assert stored(Lease)[0].expires_at > first


def test_a_tick_gives_the_lease_back_and_writes_down_how_it_went(
    database_url, presence, stored
) -> None:
    assert jobs.tick([], presence, jobs=[Job("look", lambda _: "3 found")])

    assert [(run.job, run.outcome) for run in stored(JobRun)] == [("look", "3 found")]
    assert stored(Lease)[0].owner == ""


def test_a_job_that_fails_is_written_down_and_the_next_one_runs(
    database_url, presence, stored
) -> None:
    def fail(_):
        raise ZeroDivisionError("by nothing")

    jobs.tick([], presence, jobs=[Job("a", fail), Job("b", lambda _: "done")])

    assert {run.job: run.outcome for run in stored(JobRun)} == {
        "a": "failed: ZeroDivisionError: by nothing",
        "b": "done",
    }


def test_a_daily_job_runs_once_a_day_from_its_hour_on() -> None:
    job = Job("night", lambda _: "", daily_at=2)
    day = date(2027, 10, 2)

    assert job.is_due(None, clock.at(day, 1))
    assert not job.is_due(clock.at(date(2027, 10, 1), 3), clock.at(day, 1, 59))
    assert job.is_due(clock.at(date(2027, 10, 1), 3), clock.at(day, 2))
    assert not job.is_due(clock.at(day, 2), clock.at(day, 23))


def test_a_killed_process_is_known_to_be_gone_and_a_living_one_is_not(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; "
        "from notifications.presence import Presence; "
        "here = Presence(Path(sys.argv[1])); print(here.owner('sender'), flush=True); "
        "time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    here = Presence(tmp_path)
    assert process.stdout is not None
    owner = process.stdout.readline().strip()

    assert not here.is_gone(owner)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert here.is_gone(owner)
    assert here.gone() == [owner.partition(".")[0]]
    here.forget(owner)
    assert not here.is_gone(owner)
    assert not here.is_gone("elsewhere.sender")
    here.leave()


def test_of_a_process_on_another_machine_nothing_is_known_though_its_lock_seems_free(
    tmp_path: Path,
) -> None:
    here = Presence(tmp_path)
    (tmp_path / "7-ab@elsewhere").touch()
    (tmp_path / "8-ab").touch()

    assert not here.is_gone("7-ab@elsewhere.sender")
    assert here.is_gone("8-ab.sender")
    here.leave()


def freeze_while_another_waits(term) -> None:
    with lease.fenced(term):
        session().flush()
        following = threading.Thread(target=take, args=("two",))
        following.start()
        following.join(timeout=5)
        assert not following.is_alive()
        session().scalar(sa.text("SELECT 1"))


def test_a_clock_that_freezes_inside_its_transaction_stops_nobody_for_longer_than_its_term(
    database_url,
) -> None:
    if database().is_sqlite:
        pytest.skip("one writer at a time: whoever freezes while it writes stops all")
    frozen = take("one", length=timedelta(seconds=0.5))

    with pytest.raises(DBAPIError, match="idle-in-transaction"):
        freeze_while_another_waits(frozen)

    assert take("three") is None
