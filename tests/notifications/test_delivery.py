"""From due to sent, over a real mail server on loopback."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.database import transaction
from notifications import outbox
from notifications.delivery import Sender
from notifications.mailer import Mailer
from notifications.models import Message, MessageState
from notifications.occasions import Doubt
from tests.factories import LONG_AGO, an_account
from tests.notifications.people import WELCOME, office
from tests.notifications.smtp_server import Fault, Server

NOW = LONG_AGO + timedelta(days=1)


@pytest.fixture(autouse=True)
def one_day_later(at: Callable[..., None]) -> None:
    at(NOW)


def misbehave(server: Server, *faults: Fault) -> None:
    """The first meetings with anyone go wrong in this order, the later ones well."""
    server.fault = lambda _, meeting: faults[meeting - 1] if meeting <= len(faults) else Fault.NONE


def test_a_due_message_arrives_once(welcoming, server, given, stored, plan, send) -> None:
    given(an_account(email="lan@example.com", full_name="Trần Thị Lan"))

    plan(welcoming)
    plan(welcoming)
    send(welcoming)
    send(welcoming)

    assert [taken.recipient for taken in server.taken] == ["lan@example.com"]
    assert [(m.state, m.reason, m.attempts) for m in stored(Message)] == [
        (MessageState.SENT, "", 1)
    ]
    assert stored(Message)[0].last_answer == "250 taken as number 1"


def test_a_letter_is_complete_in_both_parts(welcoming, server, given, plan, send) -> None:
    given(an_account(email="lan@example.com", full_name="Trần Thị Lan"))

    plan(welcoming)
    send(welcoming)

    letter = server.taken[0].message
    parts = {p.get_content_type(): p for p in letter.walk() if not p.is_multipart()}
    text = parts["text/plain"].get_payload(decode=True).decode()
    html = parts["text/html"].get_payload(decode=True).decode()
    assert "Kính gửi Trần Thị Lan," in text
    assert "\n.một dòng bắt đầu bằng dấu chấm" in text.replace("\r\n", "\n")
    assert "Trần Thị Lan</h1>" in html
    assert parts["text/calendar"].get_filename() == "lich.ics"
    assert letter["To"] == "lan@example.com"
    assert server.taken[0].sender == "tuan-le@example.com"
    assert server.taken[0].raw.isascii()


def test_each_letter_is_in_the_language_of_its_recipient(
    welcoming, server, given, plan, send
) -> None:
    given(
        an_account(email="a@example.com", locale="vi"),
        an_account(email="b@example.com", locale="en"),
        an_account(email="c@example.com", locale="vi"),
    )

    plan(welcoming)
    send(welcoming)

    languages = {t.recipient: t.message["Content-Language"] for t in server.taken}
    bodies = {
        t.recipient: t.message.get_payload()[0].get_payload()[0].get_payload(decode=True).decode()
        for t in server.taken
    }
    assert languages == {"a@example.com": "vi", "b@example.com": "en", "c@example.com": "vi"}
    assert ["Please do not answer" in bodies[f"{who}@example.com"] for who in "abc"] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("fault", "state", "reason"),
    [
        (Fault.PUT_OFF, MessageState.RETRY, outbox.PUT_OFF),
        (Fault.FULL_AFTER_DOT, MessageState.RETRY, outbox.PUT_OFF),
        (Fault.DROP_BEFORE_DATA, MessageState.RETRY, outbox.PUT_OFF),
        (Fault.BUSY, MessageState.RETRY, outbox.UNREACHED),
        (Fault.REFUSED, MessageState.DEAD, outbox.REFUSED),
        (Fault.LOST_AFTER_DOT, MessageState.RETRY, outbox.CANNOT_TELL),
        (Fault.TAKEN_REPLY_LOST, MessageState.RETRY, outbox.CANNOT_TELL),
    ],
)
def test_each_failure_has_its_own_consequence(
    welcoming, server, given, stored, plan, send, fault, state, reason
) -> None:
    misbehave(server, fault)
    given(an_account())

    plan(welcoming)
    send(welcoming)

    (message,) = stored(Message)
    assert (message.state, message.reason) == (state, reason)
    assert (message.doubtful_at is not None) == (reason == outbox.CANNOT_TELL)


def test_a_letter_that_was_put_off_is_sent_after_its_pause(
    welcoming, server, given, stored, plan, send, at
) -> None:
    misbehave(server, Fault.PUT_OFF)
    given(an_account())
    plan(welcoming)

    send(welcoming)
    send(welcoming)
    assert server.taken == []
    at(NOW + outbox.PAUSES[0])
    send(welcoming)

    assert len(server.taken) == 1
    assert [(m.state, m.attempts) for m in stored(Message)] == [(MessageState.SENT, 2)]


def test_doubt_is_resolved_by_one_copy_with_the_same_message_id(
    welcoming, server, given, stored, plan, send, at
) -> None:
    misbehave(server, Fault.TAKEN_REPLY_LOST)
    given(an_account())
    plan(welcoming)

    send(welcoming)
    at(NOW + outbox.PAUSES[0])
    send(welcoming)

    first, second = (taken.message_id for taken in server.taken)
    assert first == second == stored(Message)[0].message_id
    assert stored(Message)[0].state is MessageState.SENT


def test_doubt_twice_is_left_to_a_person(welcoming, server, given, stored, plan, send, at) -> None:
    misbehave(server, Fault.TAKEN_REPLY_LOST, Fault.LOST_AFTER_DOT)
    given(an_account())
    plan(welcoming)

    for minutes in range(3):
        at(NOW + timedelta(minutes=minutes))
        send(welcoming)

    assert len(server.taken) == 1
    assert [(m.state, m.reason) for m in stored(Message)] == [
        (MessageState.AMBIGUOUS, outbox.ASK_A_PERSON)
    ]


def test_a_letter_that_must_not_come_twice_is_held_at_the_first_doubt(
    welcoming, server, given, stored, plan, send, at, monkeypatch
) -> None:
    misbehave(server, Fault.TAKEN_REPLY_LOST)
    careful = replace(WELCOME, in_doubt=Doubt.HOLD)
    monkeypatch.setitem(welcoming.extensions["occasions"], "welcome", careful)
    given(an_account())
    plan(welcoming)

    for minutes in range(3):
        at(NOW + timedelta(minutes=minutes))
        send(welcoming)

    assert len(server.taken) == 1
    assert [(m.state, m.reason) for m in stored(Message)] == [
        (MessageState.AMBIGUOUS, outbox.ASK_A_PERSON)
    ]
    assert stored(Message)[0].last_answer.startswith("no answer after the letter")


def test_a_message_whose_reason_is_gone_is_skipped(
    welcoming, server, given, stored, plan, send
) -> None:
    account = given(an_account())
    plan(welcoming)
    with transaction() as opened:
        opened.get_one(type(account), account.id).closed_at = NOW

    send(welcoming)

    assert server.taken == []
    assert [(m.state, m.reason) for m in stored(Message)] == [
        (MessageState.SKIPPED, outbox.NO_LONGER_DUE)
    ]


def test_a_reason_that_goes_between_claim_and_sending_stops_the_letter(
    welcoming, server, given, stored, plan, send
) -> None:
    """The second of a portion is called off while the first is being handed over."""
    _, second = given(an_account(email="a@example.com"), an_account(email="b@example.com"))
    plan(welcoming)

    def call_off(_recipient: str, _meeting: int) -> Fault:
        with transaction() as opened:
            opened.get_one(type(second), second.id).closed_at = NOW
        return Fault.NONE

    server.fault = call_off
    send(welcoming)

    assert [taken.recipient for taken in server.taken] == ["a@example.com"]
    assert [(m.state, m.attempts) for m in stored(Message)] == [
        (MessageState.SENT, 1),
        (MessageState.SKIPPED, 1),
    ]


def test_a_message_is_never_sent_after_its_moment(
    welcoming, server, given, stored, plan, send, at
) -> None:
    given(an_account(closed_at=NOW + timedelta(hours=1)))
    plan(welcoming)

    at(NOW + timedelta(hours=1))
    send(welcoming)

    assert server.taken == []
    assert [(m.state, m.reason) for m in stored(Message)] == [
        (MessageState.MISSED, outbox.TOO_LATE)
    ]


def test_a_letter_that_cannot_be_written_does_not_hold_up_the_others(
    welcoming, server, given, stored, plan, send, monkeypatch
) -> None:
    accounts = given(an_account(email="a@example.com"), an_account(email="b@example.com"))
    occasion = welcoming.extensions["occasions"]["welcome"]
    plan(welcoming)

    def fail_for_the_first(subject: str, locale: str) -> Any:
        if subject == str(accounts[0].id):
            raise KeyError("venue")
        return occasion.compose(subject, locale)

    broken = type(occasion)(**(vars(occasion) | {"compose": fail_for_the_first}))
    monkeypatch.setitem(welcoming.extensions["occasions"], "welcome", broken)
    send(welcoming)

    assert [taken.recipient for taken in server.taken] == ["b@example.com"]
    first = stored(Message)[0]
    assert (first.state, first.last_answer) == (MessageState.RETRY, "KeyError")


def test_a_server_that_is_gone_is_tried_three_times_not_for_everyone(
    welcoming, server, given, stored, plan, send
) -> None:
    given(*(an_account() for _ in range(10)))
    plan(welcoming)
    server.stop()

    done = send(welcoming)

    states = [m.state for m in stored(Message)]
    assert done.unreached
    assert states.count(MessageState.RETRY) == 3
    assert states.count(MessageState.QUEUED) == 7
    assert {m.claimed_by for m in stored(Message)} == {None}


def test_one_connection_carries_a_hundred_letters(welcoming, server, given, plan, send) -> None:
    given(*(an_account() for _ in range(101)))

    plan(welcoming)
    send(welcoming)

    assert len(server.taken) == 101
    assert server.connections == 2


def test_two_senders_never_take_the_same_message(database_url, given, welcoming, plan) -> None:
    given(*(an_account() for _ in range(30)))
    plan(welcoming)

    with transaction():
        first = outbox.take("a.one", now=clock.now(), limit=20)
    with transaction():
        second = outbox.take("a.two", now=clock.now(), limit=20)

    assert (len(first), len(second)) == (20, 10)
    assert not {row.id for row in first} & {row.id for row in second}


def test_a_sender_that_was_given_up_does_not_overwrite_what_became_of_it(
    welcoming, server, given, stored, plan, presence, monkeypatch
) -> None:
    """It was frozen after its letter had been taken: the letter is not sent a second time."""
    given(an_account())
    plan(welcoming)
    deliver = Mailer.send

    def freeze(mailer: Mailer, mail: Any) -> Any:
        outcome = deliver(mailer, mail)
        with transaction():
            outbox.reap(NOW + timedelta(hours=1), is_gone=lambda _: False)
        return outcome

    monkeypatch.setattr(Mailer, "send", freeze)
    Sender(welcoming, presence.owner("frozen")).run()

    assert len(server.taken) == 1
    assert [m.state for m in stored(Message)] == [MessageState.SENT]


def test_what_a_dead_sender_held_is_freed(given, stored, welcoming, plan, presence) -> None:
    given(an_account(), an_account())
    plan(welcoming)
    with transaction():
        first, second = outbox.take("dead.sender", now=NOW, limit=2)
        outbox.begin(second, now=NOW, message_id="<x@y>")

    with transaction():
        outbox.reap(NOW, is_gone=lambda owner: owner == "dead.sender")

    by_id = {m.id: (m.state, m.reason, m.claimed_by) for m in stored(Message)}
    assert by_id == {
        first.id: (MessageState.QUEUED, "", None),
        second.id: (MessageState.RETRY, outbox.CANNOT_TELL, None),
    }


def test_a_server_that_says_nothing_costs_no_more_than_the_time_limit(
    database_url, given, stored, plan, send, tmp_path, presence
) -> None:
    with Server(silent=True) as silent:
        app: Flask = office(database_url, tmp_path, port=silent.port, mail_timeout=0.2)
        given(an_account())
        plan(app)
        begun = time.monotonic()
        send(app)

    assert time.monotonic() - begun < 10
    assert [m.reason for m in stored(Message)] == [outbox.UNREACHED]


def test_no_answer_to_a_whole_letter_is_doubt(welcoming, server, given, stored, plan, send) -> None:
    misbehave(server, Fault.SLOW)
    given(an_account())
    plan(welcoming)

    send(welcoming, to=Mailer(welcoming, name="Tuần lễ", after_the_dot=0.1))

    assert [m.reason for m in stored(Message)] == [outbox.CANNOT_TELL]
