"""A job for each letter in the letter's transaction; the claim on the row decides who sends."""

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
import sqlalchemy as sa
from flask import Flask
from procrastinate import JobContext
from procrastinate.schema import SchemaManager
from pydantic import ValidationError

from core import clock, engine_tables, migrations
from core.database import database, reading, transaction
from core.doctor import Grade
from core.settings import Settings
from notifications import jobs, planning
from notifications.models import Message, MessageState
from notifications.workers import doctor, tasks, worker
from notifications.workers import jobs as workers_jobs
from notifications.workers.tasks import LETTERS, SENDING
from tests.checkin.outside import rows
from tests.factories import a_message, an_account

WAITING = {"state": MessageState.QUEUED, "attempts": 0}


def planned(app, size: int) -> list[dict]:
    occasion = next(iter(app.extensions["occasions"].values()))
    with reading():
        found = planning.unheard(occasion, planning.BEGINNING, clock.now())
    assert len(found) == size
    return found


def waiting(url: str) -> list[str]:
    found = rows(url, "SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'todo'")
    return sorted(row[0] for row in found)


def work(app, deferring, presence) -> None:
    """One worker until nothing waits."""
    deferring._engine.run_worker(
        queues=[LETTERS],
        wait=False,
        delete_jobs="successful",
        additional_context={SENDING: worker.Letters(app, presence)},
    )


def fail_after_writing(letters: list[dict]) -> None:
    with transaction():
        planning.queue(letters)
        raise ZeroDivisionError


def test_letters_and_their_jobs_are_written_together_or_not_at_all(
    welcoming, deferring, given, workers_url, stored
) -> None:
    given(*(an_account(created_at=clock.now()) for _ in range(3)))
    letters = planned(welcoming, 3)

    with pytest.raises(ZeroDivisionError):
        fail_after_writing(letters)
    assert (waiting(workers_url), stored(Message)) == ([], [])

    for _ in range(2):
        with transaction():
            planning.queue(letters)
    assert waiting(workers_url) == sorted(f"letter:{m.id}" for m in stored(Message))


def test_a_worker_sends_each_letter_once_however_many_jobs_say_so(
    welcoming, deferring, given, server, presence, plan, workers_url, stored
) -> None:
    given(*(an_account(created_at=clock.now()) for _ in range(30)))
    plan(welcoming)
    numbers = [m.id for m in stored(Message)]
    assert len(waiting(workers_url)) == 30

    work(welcoming, deferring, presence)
    with transaction():
        deferring(numbers)
    work(welcoming, deferring, presence)

    assert len(server.taken) == len({letter.recipient for letter in server.taken}) == 30
    assert {m.state for m in stored(Message)} == {MessageState.SENT}
    assert rows(workers_url, "SELECT * FROM procrastinate_jobs") == []


def test_the_clock_hands_over_what_is_due_and_has_no_job(
    deferring, given, presence, workers_url
) -> None:
    now = clock.now()
    due, told, later = given(
        a_message(**WAITING),
        a_message(**WAITING),
        a_message(**WAITING),
    )
    with transaction() as opened:
        opened.get(Message, later.id).next_attempt_at = now + timedelta(hours=1)
        deferring([told.id])

    for _ in range(2):
        assert jobs.tick([], presence, jobs=[workers_jobs.hand_over(deferring)])
    with transaction():
        assert deferring.once_more([due.id]) == 0

    assert waiting(workers_url) == sorted(f"letter:{row.id}" for row in (due, told))


def test_a_job_whose_worker_died_runs_again_and_one_too_many_is_dropped(
    deferring, workers_url
) -> None:
    with transaction() as opened:
        deferring([1, 2])
        connection = opened.connection()
        connection.exec_driver_sql(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
        )
        connection.exec_driver_sql(
            "UPDATE procrastinate_jobs SET status = 'doing',"
            " worker_id = (SELECT max(id) FROM procrastinate_workers)"
        )
        deferring([2])

    asyncio.run(_rescue(deferring._engine))

    assert waiting(workers_url) == ["letter:1", "letter:2"]
    assert rows(workers_url, "SELECT count(*) FROM procrastinate_jobs") == [(2,)]


async def _rescue(engine) -> None:
    async with engine.open_async():
        await tasks.rescue(cast(JobContext, SimpleNamespace(app=engine)), timestamp=0)


def test_the_tables_of_workers_come_once_and_grow_with_the_engine(
    workers_url, tmp_path, monkeypatch
) -> None:
    steps = Path(SchemaManager.get_migrations_path())
    shutil.copytree(steps, tmp_path / "steps")
    (tmp_path / "steps" / "99.00.00_01_more.sql").write_text("CREATE TABLE procrastinate_more ()")
    monkeypatch.setattr(
        SchemaManager, "get_migrations_path", staticmethod(lambda: str(tmp_path / "steps"))
    )

    with database().writer.connect() as connection:
        for _ in range(2):
            assert engine_tables.bring_up(connection)
        assert connection.scalar(sa.select(sa.func.to_regclass("procrastinate_more")))
        assert migrations.differences(connection) == []


def test_doctor_counts_workers_and_what_waits(deferring, workers_url) -> None:
    app = Flask(__name__)
    assert list(doctor.check(app)) == []
    app.extensions["engine"] = deferring
    with transaction():
        deferring([1, 2])
    (idle,) = doctor.check(app)
    with transaction() as opened:
        opened.connection().exec_driver_sql("INSERT INTO procrastinate_workers DEFAULT VALUES")
    (alive,) = doctor.check(app)

    assert (idle.grade, idle.facts["waiting"]) == (Grade.ADVICE, 2)
    assert (alive.grade, alive.facts["alive"]) == (Grade.FINE, 1)


def test_workers_are_chosen_by_a_setting_that_needs_postgresql(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("TUANHOC_WORKERS", "procrastinate")

    with pytest.raises(ValidationError, match="needs PostgreSQL"):
        Settings(instance=tmp_path)


def test_a_worker_on_one_machine_says_what_to_set(welcoming) -> None:
    answer = welcoming.test_cli_runner().invoke(args=["notifications", "worker"])

    assert answer.exit_code == 1
    assert "set TUANHOC_WORKERS=procrastinate" in answer.output
