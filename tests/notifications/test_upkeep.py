"""What the clock does for the installation, what it makes up for after a day, what it says."""

import random
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from core import clock, jobs
from core.database import database, transaction
from core.throttle import ThrottleBucket
from notifications import doctor, lease, upkeep
from notifications.jobs import Turn, tick
from notifications.lease import LeaseLost
from notifications.models import JobRun, Message, MessageState
from tests.factories import an_account
from tests.notifications.people import WELCOME

DAY = timedelta(hours=26)


def a_turn(presence, now) -> Turn:
    with transaction():
        term = lease.take(presence.owner("clock"))
    assert term is not None
    return Turn(term, now, [], presence, {})


def run(presence, tmp_path, name: str, now) -> str:
    found = {job.name: job for job in upkeep.upkeep(tmp_path / "backups")}
    turn = a_turn(presence, now)
    outcome = found[name].run(turn)
    with transaction():
        lease.give_back(turn.term)
    return outcome


def test_each_night_leaves_a_copy_and_only_the_last_ones_are_kept(
    database_url, presence, tmp_path
) -> None:
    begun = clock.now()
    outcomes = [run(presence, tmp_path, "backup", begun + timedelta(days=n)) for n in range(7)]

    copies = sorted(path.name for path in (tmp_path / "backups").glob("*"))
    if not database().is_sqlite:
        assert (outcomes, copies) == ([""] * 7, [])
        return
    assert len(copies) == 5
    assert all(name.startswith("daily-") and name.endswith(".sqlite3") for name in copies)
    assert outcomes[-1].startswith(copies[-1])


def test_long_work_and_long_looks_keep_the_lease_until_it_is_lost(database_url, presence) -> None:
    now = clock.now()
    with transaction():
        term = lease.take(presence.owner("clock"), length=timedelta(seconds=0.4))
    assert term is not None
    turn = Turn(term, now, [], presence, {})
    begun = time.monotonic()

    def work() -> str:
        while time.monotonic() < begun + 0.9:
            pass
        return "done"

    def slow() -> str:
        time.sleep(0.3)
        return "done"

    assert turn.hold_while(work) == "done"
    with transaction():
        lease.take("another", is_gone=lambda _: True)
    with pytest.raises(LeaseLost):
        turn.hold_while(slow)


def test_what_is_too_old_is_erased(given, presence, tmp_path, stored) -> None:
    now = clock.now()
    given(
        ThrottleBucket(key="used up", full_at=now + timedelta(minutes=1)),
        ThrottleBucket(key="long ago", full_at=now - timedelta(minutes=1)),
    )
    with transaction():
        jobs.ask("kept", asked_by=1, facts={}, now=now)
        jobs.ask("old", asked_by=1, facts={}, now=now - jobs.ROWS_KEPT * 2)

    assert run(presence, tmp_path, "purge", now) == "2 erased"
    assert run(presence, tmp_path, "purge", now) == ""
    assert [job.kind for job in stored(jobs.Job)] == ["kept"]
    assert [bucket.key for bucket in stored(ThrottleBucket)] == ["used up"]


@pytest.fixture
def welcoming_again(welcoming):
    """Due even to accounts that will be closed: the letter loses its use then."""
    lasting = replace(WELCOME, still_due=lambda *_: True)
    welcoming.extensions["occasions"] = {"welcome": lasting}
    return welcoming


def test_after_a_day_without_power_each_letter_is_sent_or_missed(
    welcoming_again, given, presence, send, server, stored, at, capsys
) -> None:
    chance, begun = random.Random(26), clock.now() - DAY
    occasions = list(welcoming_again.extensions["occasions"].values())
    at(begun)
    tick(occasions, presence)
    due = [begun + DAY * chance.random() for _ in range(200)]
    given(*(
        an_account(created_at=moment, closed_at=moment + DAY * chance.choice([0.05, 0.3, 1.5]))
        for moment in due
    ))  # fmt: skip

    now = begun + DAY
    at(now)
    tick(occasions, presence)
    done = send(welcoming_again)

    rows = stored(Message)
    useful = {row.recipient for row in rows if row.useful_until > now}
    missed = [row for row in rows if row.state is MessageState.MISSED]
    with capsys.disabled():
        print(f"\ndown 26 h: {len(rows)} of 200 due, {done.sent} sent, {len(missed)} missed")
    assert len(rows) == 200
    assert sorted(taken.recipient for taken in server.taken) == sorted(useful)
    assert {row.recipient for row in missed} == {row.recipient for row in rows} - useful
    assert missed
    assert all(row.reason for row in missed)


def test_doctor_says_of_each_job_when_it_ran_how_late_it_is_and_when_it_runs_next(
    app, given
) -> None:
    now = clock.now()
    given(
        JobRun(job="plan", started_at=now),
        JobRun(job="purge", started_at=now - timedelta(minutes=15)),
        JobRun(job="promote_waiting", started_at=now - timedelta(seconds=30)),
    )

    told = {f.facts.get("job"): f for f in doctor.check(app) if f.about == doctor.CLOCK}

    assert {job.name for job in app.extensions["jobs"]} == set(told)
    assert told["plan"].facts["late"] == 0
    assert 295 <= told["purge"].facts["late"] <= 330
    assert told["promote_waiting"].facts["late"] == 0
    assert told["backup"].sentence.endswith("has not run yet.")
