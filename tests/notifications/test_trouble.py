"""A mail server in trouble, a provider that takes no more, several connections, killed senders."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.database import transaction
from notifications import breaker, notes, outbox
from notifications.models import Message, MessageState, ServerState
from tests.factories import LONG_AGO, an_account
from tests.notifications.people import office

NOW = LONG_AGO + timedelta(days=1)


@pytest.fixture(autouse=True)
def one_day_later(at: Callable[..., None]) -> None:
    at(NOW)


def test_a_server_in_trouble_raises_one_alarm_and_is_knocked_at_by_one_letter(
    welcoming, server, given, stored, plan, send, at
) -> None:
    given(*(an_account() for _ in range(10)))
    plan(welcoming)
    server.stop()

    send(welcoming)
    send(welcoming)
    tried_at_once = sum(m.attempts for m in stored(Message))
    at(NOW + breaker.PAUSES[0])
    send(welcoming)

    assert tried_at_once == 3
    assert sum(m.attempts for m in stored(Message)) == 4
    (trouble,) = stored(ServerState)
    assert (trouble.failures, trouble.broken_since) == (2, NOW)
    assert "ConnectionRefused" in trouble.answer


def test_a_server_that_is_back_gets_everything(
    welcoming, server, given, stored, plan, send, at
) -> None:
    given(*(an_account() for _ in range(5)))
    plan(welcoming)
    server.stop()
    send(welcoming)
    server.start()

    at(NOW + breaker.PAUSES[0])
    send(welcoming)

    assert len(server.taken) == 5
    assert [t.failures for t in stored(ServerState)] == [0]


def test_a_provider_gets_no_more_in_a_minute_and_a_day_than_it_takes(
    database_url, server, given, plan, send, at, tmp_path
) -> None:
    app = office(database_url, tmp_path, port=server.port, mail_per_minute=4, mail_per_day=7)
    given(*(an_account() for _ in range(10)))
    plan(app)

    arrived = []
    for minutes in (0, 0, 2, 3, 60 * 24 + 4):
        at(NOW + timedelta(minutes=minutes))
        arrived.append((send(app).is_throttled, len(server.taken)))

    assert arrived == [(True, 4), (True, 4), (True, 7), (True, 7), (False, 10)]


def test_a_refused_sender_is_no_fault_of_the_letter(
    welcoming, server, given, stored, plan, send
) -> None:
    server.refuses_sender = True
    given(an_account())
    plan(welcoming)

    send(welcoming)

    assert [(m.state, m.reason) for m in stored(Message)] == [
        (MessageState.RETRY, outbox.UNREACHED)
    ]


def test_four_connections_carry_each_letter_once(
    welcoming, server, given, stored, plan, send
) -> None:
    given(*(an_account(email=f"p{n}@example.com") for n in range(90)))
    plan(welcoming)

    send(welcoming, connections=4)

    assert sorted(t.recipient for t in server.taken) == sorted(
        f"p{n}@example.com" for n in range(90)
    )
    assert server.connections == 4
    assert {m.state for m in stored(Message)} == {MessageState.SENT}


def test_what_a_killed_sender_had_noted_is_believed(
    welcoming, given, stored, plan, presence
) -> None:
    """Not begun goes back, answered is settled, begun without an answer is in doubt."""
    given(*(an_account() for _ in range(3)))
    plan(welcoming)
    with transaction():
        rows = outbox.take("dead.sender", now=NOW, limit=3)
        for row in rows:
            outbox.begin(row, now=NOW, message_id=f"<{row.id}@x>")
    first, second, third = (row.id for row in rows)
    said = {first: outbox.Accepted("250 taken"), second: None}

    with transaction():
        outbox.reap(NOW, is_gone=lambda _: True, noted=lambda _: said)

    assert {m.id: (m.state, m.attempts, m.last_answer) for m in stored(Message)} == {
        first: (MessageState.SENT, 1, "250 taken"),
        second: (MessageState.RETRY, 1, outbox.ENDED),
        third: (MessageState.QUEUED, 0, ""),
    }


def test_notes_outlive_their_writer_within_one_start_of_the_machine(tmp_path, monkeypatch) -> None:
    written = notes.Notes(tmp_path, "a.sender")
    written.begin(1)
    written.end(1, outbox.Refused("550 no", is_address=True))
    written.begin(2)

    assert notes.read(tmp_path, "a.sender") == {
        1: outbox.Refused("550 no", is_address=True),
        2: None,
    }
    monkeypatch.setattr(notes, "BOOT", tmp_path / "another")
    assert notes.read(tmp_path, "a.sender") is None
