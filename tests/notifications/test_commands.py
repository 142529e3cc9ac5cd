"""``flask notifications`` and the companion of the server."""

import json
import threading
import time
from datetime import timedelta
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest

from core import clock
from core.database import transaction
from notifications import lease
from notifications.clock import Companion
from notifications.models import Lease, Message, MessageState
from tests.factories import an_account


@pytest.fixture
def run(welcoming):
    return lambda *words: welcoming.test_cli_runner().invoke(args=["notifications", *words])


def test_tick_plans_and_sends_until_nothing_is_due(run, given, server) -> None:
    given(*(an_account(created_at=clock.now()) for _ in range(25)))

    answer = run("tick")

    assert (answer.exit_code, answer.output) == (0, "")
    assert len(server.taken) == 25


def test_status_names_every_state_as_a_number(run, given) -> None:
    given(an_account(created_at=clock.now()))
    run("tick")

    found = json.loads(run("status", "--json").output)

    assert found == dict.fromkeys(map(str, MessageState), 0) | {"sent": 1}
    assert "sent" in run("status").output


def test_tick_takes_over_at_once_from_a_clock_that_was_killed(
    run, given, server, welcoming, tmp_path
) -> None:
    """Its file is here and nobody holds a lock on it."""
    (tmp_path / "alive").mkdir(exist_ok=True)
    (tmp_path / "alive" / "1-dead").touch()
    with transaction():
        lease.take("1-dead.clock")
    given(an_account(created_at=clock.now()))

    begun = time.monotonic()
    answer = run("tick")

    assert answer.exit_code == 0
    assert len(server.taken) == 1
    assert time.monotonic() - begun < 10


def test_tick_gives_up_after_one_lease_of_another_clock(run, given, monkeypatch) -> None:
    with transaction():
        lease.take("elsewhere.clock")
    monkeypatch.setattr(lease, "LENGTH", timedelta(seconds=-0.5))

    answer = run("tick")

    assert answer.exit_code == 1
    assert answer.output == "Error: another clock is ticking\n"


def test_tick_says_when_no_server_can_be_reached(run, given, server) -> None:
    given(*(an_account(created_at=clock.now()) for _ in range(3)))
    server.stop()

    answer = run("tick")

    assert answer.exit_code == 0
    assert "\nthe mail server cannot be reached: ConnectionRefusedError" in answer.output


def test_a_database_that_cannot_be_used_is_told_in_one_line(run, database_url) -> None:
    with transaction() as opened:
        opened.connection().exec_driver_sql("ALTER TABLE message RENAME TO hidden")
    try:
        answer = run("status")
    finally:
        with transaction() as opened:
            opened.connection().exec_driver_sql("ALTER TABLE hidden RENAME TO message")

    assert answer.exit_code == 1
    assert answer.output.count("\n") == 1
    assert answer.output.startswith("Error: the database cannot be used:")


def test_the_companion_sends_what_falls_due_and_stops_within_seconds(
    welcoming, given, server, stored, tmp_path
) -> None:
    companion = Companion(welcoming)
    companion.start()
    try:
        given(an_account(created_at=clock.now()))
        _until(lambda: bool(server.taken))
    finally:
        begun = time.monotonic()
        companion.stop()

    assert len(server.taken) == 1
    assert time.monotonic() - begun < 10
    assert [m.state for m in stored(Message)] == [MessageState.SENT]
    assert stored(Lease)[0].owner == ""
    assert list((tmp_path / "alive").iterdir()) == []
    assert [t.name for t in threading.enumerate() if "sender" in t.name] == []


def test_a_letter_in_the_works_is_finished_before_the_companion_stops(
    welcoming, given, server, stored
) -> None:
    server.delay = 0.3
    given(*(an_account(created_at=clock.now()) for _ in range(40)))
    companion = Companion(welcoming)
    companion.start()
    _until(lambda: bool(server.taken))
    companion.stop()

    states = [m.state for m in stored(Message)]
    assert set(states) == {MessageState.SENT, MessageState.QUEUED}
    assert states.count(MessageState.SENT) == len(server.taken)


def test_the_name_of_the_sender_is_the_week(welcoming, given, server, run) -> None:
    given(an_account(created_at=clock.now()))
    run("tick")

    name, address = parseaddr(str(make_header(decode_header(server.taken[0].message["From"]))))
    assert (name, address) == ("Tuần lễ học tập suốt đời", "tuan-le@example.com")


def _until(holds, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
