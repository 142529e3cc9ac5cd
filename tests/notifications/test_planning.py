"""Who should hear something gets into the outbox, once, and on time."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from accounts.models import Account, Role
from core.database import reading, transaction
from notifications import jobs, planning
from notifications.models import JobRun, Message, MessageState
from notifications.occasions import Occasion
from tests.factories import LONG_AGO, a_unit, an_account
from tests.notifications.people import WELCOME

NOW = LONG_AGO + timedelta(days=1)


@pytest.fixture(autouse=True)
def one_day_later(at) -> None:
    at(NOW)


def test_a_message_carries_what_the_occasion_said(given, stored, keeping, plan) -> None:
    unit = given(a_unit())
    account = given(an_account((Role.ORGANISER, unit), email="lan@example.com", locale="en"))

    plan(keeping)

    (message,) = stored(Message)
    assert (message.occasion, message.subject, message.recipient) == (
        "welcome",
        str(account.id),
        "lan@example.com",
    )
    assert (message.unit_id, message.locale, message.due_at) == (unit.id, "en", LONG_AGO)
    assert (message.state, message.created_at) == (MessageState.QUEUED, NOW)


def test_nothing_is_planned_before_it_is_due(given, stored, keeping, plan, at) -> None:
    given(an_account(created_at=NOW + timedelta(minutes=5)))

    plan(keeping)
    assert stored(Message) == []
    at(NOW + timedelta(minutes=5))
    plan(keeping)

    assert len(stored(Message)) == 1


def test_what_was_kept_late_is_found_by_the_overlap(given, stored, keeping, plan, at) -> None:
    """Its moment lies before the last look, its commit after it."""
    plan(keeping)
    given(an_account(created_at=NOW - planning.OVERLAP / 2))
    at(NOW + timedelta(seconds=3))

    plan(keeping)

    assert len(stored(Message)) == 1


def test_the_full_look_at_night_finds_what_the_others_passed_by(
    given, stored, keeping, plan, at
) -> None:
    plan(keeping)
    given(an_account(created_at=NOW - timedelta(hours=12)))

    at(NOW + timedelta(minutes=1))
    plan(keeping)
    assert stored(Message) == []
    at(NOW + timedelta(days=1))
    plan(keeping)

    assert len(stored(Message)) == 1


def test_after_a_day_of_silence_what_is_too_late_is_recorded_and_not_sent(
    given, stored, keeping, plan, send, at, tmp_path
) -> None:
    plan(keeping)
    given(
        an_account(email="late@example.com", closed_at=NOW + timedelta(hours=25), created_at=NOW),
        an_account(email="still@example.com", created_at=NOW),
    )
    at(NOW + timedelta(hours=26))

    plan(keeping)
    with transaction() as opened:
        opened.execute(sa.update(Account).values(closed_at=None))
    send(keeping)

    states = {m.recipient: m.state for m in stored(Message)}
    assert states == {
        "late@example.com": MessageState.MISSED,
        "still@example.com": MessageState.SENT,
    }
    assert len(list((tmp_path / "mail").iterdir())) == 1


def test_what_was_over_long_ago_is_history(given, stored, keeping, plan) -> None:
    over = NOW - planning.HISTORY
    given(an_account(created_at=over - timedelta(days=1), closed_at=over))

    plan(keeping)

    assert stored(Message) == []


def test_someone_without_an_address_is_not_written_to(given, stored, keeping, plan) -> None:
    given(an_account(email=""))

    plan(keeping)

    assert stored(Message) == []


def test_two_clocks_that_saw_the_same_put_it_in_once(given, stored, keeping) -> None:
    given(an_account())

    with reading():
        seen = planning.unheard(WELCOME, planning.BEGINNING, NOW)
    for _ in range(2):
        with transaction():
            planning.queue(seen)

    assert len(stored(Message)) == 1


def test_a_later_revision_is_said_again(given, stored, keeping) -> None:
    given(an_account())

    with reading():
        seen = planning.unheard(WELCOME, planning.BEGINNING, NOW)
    with transaction():
        planning.queue([*seen, {**seen[0], "revision": 1}])

    assert [m.revision for m in stored(Message)] == [0, 1]


def test_an_occasion_that_fails_does_not_keep_the_others_from_being_planned(
    given, stored, keeping, presence
) -> None:
    given(an_account())

    def fail(since, now):
        raise KeyError("table")

    broken = Occasion("broken", fail, WELCOME.still_due, WELCOME.compose, WELCOME.link)
    jobs.tick([broken, WELCOME], presence)

    runs = {run.job: run for run in stored(JobRun)}
    assert len(stored(Message)) == 1
    assert runs["plan"].outcome == "1 queued; failed: broken: KeyError"
    assert "plan:broken" not in runs
    assert runs["plan:welcome"].looked_until == NOW


def test_many_are_planned_in_short_transactions(given, stored, keeping, plan, monkeypatch) -> None:
    monkeypatch.setattr(planning, "BATCH", 7)
    monkeypatch.setattr(planning, "LOOK", 10)
    given(*(an_account() for _ in range(20)))

    plan(keeping)

    assert len(stored(Message)) == 20


GROWS = {"registration", "participant", "message", "activity", "plan", "handout", "digest"}


def test_a_look_without_anything_due_reads_no_table_that_grows(app, database_url) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL plans by how much there is; the bench asks it")
    read = {
        name: GROWS & _read_whole(occasion)
        for name, occasion in app.extensions["occasions"].items()
    }
    assert {name: tables for name, tables in read.items() if tables} == {}


def _read_whole(occasion: Occasion) -> set[str]:
    """The tables that SQLite would read from end to end."""
    with reading() as opened:
        asked = occasion.audience(NOW - planning.OVERLAP, NOW)
        if asked is None:
            return set()
        connection = opened.connection()
        statement = str(asked.compile(connection, compile_kwargs={"literal_binds": True}))
        told = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
    return {step.split()[1] for step in told if step.startswith("SCAN ")}
