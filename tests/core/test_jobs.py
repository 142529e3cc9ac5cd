"""Long work is done once, told on the way, taken up again, and its files do not stay."""

import subprocess
import sys
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock, jobs, jobs_worker
from core.database import database, reading, session, transaction
from core.errors import DomainError
from core.jobs import Job, JobState, Run, Work
from core.sqlite import path
from tests.factories import DURING


def asked(kind: str = "count", **facts) -> int:
    with transaction():
        return jobs.ask(
            kind, asked_by=7, facts=facts, now=clock.now(), file=b"a list", file_name="a.csv"
        ).id


def row(number: int) -> Job:
    with reading():
        found = jobs.with_files(sa.select(Job).where(Job.id == number))
        return session().scalars(found).one()


def worker(run, kind: str = "count") -> jobs_worker.Worker:
    return jobs_worker.Worker([Work(kind, run)])


def counts(run: Run) -> None:
    run.tell("Counting", 3, 6, now=True)
    with transaction():
        run.settle({"letters": len(run.file)})


def test_work_is_done_and_its_file_erased(app) -> None:
    number = asked()

    assert worker(counts).run_all() == 1

    job = row(number)
    assert (job.state, job.outcome, job.file) == (JobState.DONE, {"letters": 6}, None)
    assert worker(counts).run_all() == 0


def test_progress_is_told_to_others_while_it_runs(app) -> None:
    number, seen = asked(), []

    def looks(run: Run) -> None:
        run.tell("Reading", 1, 4)
        run.tell("Reading", 2, 4)
        job = row(number)
        seen.append((job.state, job.step, job.done, job.total))
        with transaction():
            run.settle({})

    worker(looks).run_all()

    assert seen == [(JobState.RUNNING, "Reading", 1, 4)]


def test_a_refusal_is_kept_in_words_and_nothing_else(app) -> None:
    class NotToday(DomainError):
        sentence = "Not on %(day)s."

    def refuses(run: Run) -> None:
        raise NotToday(day="Monday")

    number = asked()
    worker(refuses).run_all()

    job = row(number)
    assert job.state is JobState.FAILED
    assert job.outcome == {"sentence": "Not on %(day)s.", "facts": {"day": "Monday"}}
    assert job.file is None


def test_a_fault_is_told_without_its_inside(app) -> None:
    number = asked()

    worker(lambda run: 1 / 0).run_all()

    assert row(number).state is JobState.FAILED
    assert "ZeroDivision" not in str(row(number).outcome)


def test_a_work_that_forgets_to_settle_has_failed(app) -> None:
    number = asked()

    worker(lambda run: None).run_all()

    assert row(number).state is JobState.FAILED


def test_a_job_whose_process_died_is_taken_up_again(app, at) -> None:
    number = asked()
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                           capture_output=True, text=True, check=True)  # fmt: skip
    host = jobs.new_owner().partition("/")[0]
    with transaction():
        assert jobs.claim(f"{host}/{ended.stdout.strip()}/x", ["count"], clock.now())

    worker(counts).run_all()

    assert row(number).state is JobState.DONE


def test_a_job_held_elsewhere_is_left_alone_until_its_time_is_over(app, at) -> None:
    at(DURING)
    number = asked()
    with transaction():
        jobs.claim("another-node/1/x", ["count"], clock.now())

    assert worker(counts).run_all() == 0
    at(DURING + jobs.HOLD + timedelta(seconds=1))
    assert worker(counts).run_all() == 1

    assert row(number).state is JobState.DONE


def test_who_lost_a_job_keeps_nothing_of_it(app, at) -> None:
    at(DURING)
    number = asked()
    with transaction():
        slow = jobs.claim("another-node/1/x", ["count"], clock.now())
    at(DURING + jobs.HOLD + timedelta(seconds=1))
    worker(counts).run_all()

    with pytest.raises(jobs.JobTaken), transaction():
        slow.settle({"letters": -1})

    assert row(number).outcome == {"letters": 6}


def test_a_job_that_brings_its_worker_down_is_given_up(app, at) -> None:
    number = asked()
    for n in range(jobs.TRIES + 1):
        at(DURING + n * (jobs.HOLD + timedelta(seconds=1)))
        with transaction():
            jobs.claim(f"node-{n}/1/x", ["count"], clock.now())

    job = row(number)
    assert (job.state, job.file) == (JobState.FAILED, None)
    assert job.outcome["sentence"] == jobs.WorkStopped.sentence


def test_files_that_nobody_came_back_to_are_erased(app, at) -> None:
    at(DURING)
    number = asked()
    at(DURING + jobs.FILES_KEPT + timedelta(minutes=1))

    with transaction():
        jobs.forget(clock.now())

    job = row(number)
    assert (job.state, job.file, job.result) == (JobState.DROPPED, None, None)


def test_rows_that_nobody_needs_are_erased(app, at, stored) -> None:
    at(DURING)
    asked()
    at(DURING + jobs.ROWS_KEPT + timedelta(minutes=1))

    with transaction():
        jobs.forget(clock.now())

    assert stored(Job) == []


def test_what_was_dropped_is_not_worked_on(app) -> None:
    number = asked()
    with transaction():
        jobs.drop(session().get_one(Job, number), now=clock.now())

    assert worker(counts).run_all() == 0
    assert row(number).file is None


def test_erased_bytes_are_not_in_the_database_any_more(app, request) -> None:
    if request.config.getoption("--database") != "sqlite":
        pytest.skip("about the file of SQLite")
    with transaction():
        jobs.ask("count", asked_by=7, facts={}, now=clock.now(), file=b"Tran Thi Bi Mat" * 999)

    worker(counts).run_all()

    with database().writer.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    assert b"Tran Thi Bi Mat" not in path(database().url).read_bytes()


def test_the_command_does_what_waits(app: Flask) -> None:
    app.extensions["works"], before = [Work("count", counts)], app.extensions["works"]
    number = asked()

    said = app.test_cli_runner().invoke(args=["jobs", "work", "--once"])

    app.extensions["works"] = before
    assert (said.exit_code, said.output) == (0, "1 done\n")
    assert row(number).state is JobState.DONE


def test_the_companion_works_beside_the_web_and_ends(app: Flask) -> None:
    app.extensions["works"], before = [Work("count", counts)], app.extensions["works"]
    number = asked()
    companion = jobs_worker.Companion(app)

    companion.start()
    for _ in range(100):
        if row(number).state is JobState.DONE:
            break
        time.sleep(0.05)
    companion.stop()

    app.extensions["works"] = before
    assert row(number).state is JobState.DONE
