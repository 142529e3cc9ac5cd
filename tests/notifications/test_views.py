"""The outbox at the desk: who sees what, and what can be done."""

import re
from datetime import timedelta

import pytest

from accounts.models import Account, AuditEntry, Role
from core import clock
from core.database import transaction
from notifications import folder, outbox
from notifications.models import Message, MessageState, ServerState
from tests.factories import a_message, a_unit, an_account, signed_in
from tests.notifications.people import welcoming


@pytest.fixture
def office(app, monkeypatch):
    """The application with the test's occasion, then without it again."""
    monkeypatch.setitem(app.extensions, "occasions", app.extensions["occasions"])
    return welcoming(app)


@pytest.fixture
def desk(office, given):
    """An organiser of one unit, signed in, and the unit."""
    unit = given(a_unit(short_name="Thư viện"))
    account = given(an_account((Role.ORGANISER, unit), full_name="Lê Văn Tổ"))
    return signed_in(office.test_client(), account), unit, account


def test_the_page_shows_messages_of_the_own_tree_only(desk, given) -> None:
    client, unit, _ = desk
    given(
        a_message(unit=unit, recipient="inside@example.com"),
        a_message(unit=a_unit(parent=None), recipient="outside@example.com"),
    )

    page = client.get("/desk/outbox").text

    assert "inside@example.com" in page
    assert "outside@example.com" not in page
    assert "1 thư đã gửi" in page


def test_what_never_left_this_machine_is_not_said_to_be_sent(desk, given) -> None:
    client, unit, _ = desk
    given(a_message(unit=unit, last_answer=folder.KEPT))

    page = client.get("/desk/outbox").text

    assert "0 thư đã gửi" in page
    assert "1 thư chỉ lưu trên máy này." in page
    assert "Đã gửi" not in page


def test_a_foreign_message_and_a_missing_one_are_answered_alike(desk, given) -> None:
    client, _, _ = desk
    foreign = given(a_message(unit=a_unit(), state=MessageState.DEAD))

    answers = [
        client.get(f"/desk/outbox/{foreign.id}").status_code,
        client.get("/desk/outbox/987654").status_code,
        client.post(f"/desk/outbox/{foreign.id}/retry").status_code,
    ]

    assert answers == [404, 404, 404]


def test_the_page_says_how_the_first_message_comes_about(desk) -> None:
    client, _, _ = desk

    assert "Chưa có thư nào." in client.get("/desk/outbox").text


def test_the_page_narrows_by_state(desk, given) -> None:
    client, unit, _ = desk
    given(
        a_message(unit=unit, recipient="sent@example.com"),
        a_message(unit=unit, recipient="dead@example.com", state=MessageState.DEAD),
    )

    page = client.get("/desk/outbox?state=dead").text

    assert ("dead@example.com" in page, "sent@example.com" in page) == (True, False)
    assert client.get("/desk/outbox?state=nonsense&before=x").status_code == 200


def test_every_message_is_on_exactly_one_page(desk, given) -> None:
    client, unit, _ = desk
    given(*(a_message(unit=unit, recipient=f"p{n:03}@example.com") for n in range(60)))

    first = client.get("/desk/outbox").text
    following = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = client.get(following).text

    on_pages = [[f"p{n:03}@example.com" in page for n in range(60)] for page in (first, second)]
    assert [sum(page) for page in on_pages] == [50, 10]
    assert all(a != b for a, b in zip(*on_pages, strict=True))


def test_a_message_shows_what_it_says(desk, given) -> None:
    client, unit, account = desk
    message = given(a_message(unit=unit, subject=str(account.id), state=MessageState.QUEUED))

    page = client.get(f"/desk/outbox/{message.id}").text

    assert "Kính gửi Lê Văn Tổ," in page
    assert "lich.ics" in page


def test_a_message_whose_subject_is_gone_is_shown_without_its_letter(desk, given) -> None:
    client, unit, _ = desk
    message = given(a_message(unit=unit, subject="987654"))

    assert "Không còn xem được thư này" in client.get(f"/desk/outbox/{message.id}").text


def test_a_kept_letter_is_shown_as_it_was_kept(
    keeping, given, stored, plan, send, tmp_path
) -> None:
    unit = given(a_unit())
    before = clock.now() - timedelta(hours=1)
    account = given(an_account((Role.ORGANISER, unit), full_name="Trần Thị Lan", created_at=before))
    plan(keeping)
    send(keeping)
    keeping.config["WTF_CSRF_ENABLED"] = False
    (message,) = stored(Message)
    with transaction() as opened:
        opened.get_one(Account, account.id).full_name = "Tên Mới"

    page = signed_in(keeping.test_client(), account).get(f"/desk/outbox/{message.id}").text

    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
    assert "Kính gửi Trần Thị Lan," in page
    assert "đã lưu thành tệp" in page


def test_a_refused_message_is_sent_again_by_hand(desk, given, stored) -> None:
    client, unit, account = desk
    message = given(a_message(unit=unit, state=MessageState.DEAD))

    assert client.post(f"/desk/outbox/{message.id}/retry").status_code == 302

    assert [m.state for m in stored(Message)] == [MessageState.RETRY]
    assert [(e.action, e.account_id) for e in stored(AuditEntry)] == [("message.retry", account.id)]


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.QUEUED, MessageState.SKIPPED])
def test_what_is_not_stuck_is_not_sent_again(desk, given, stored, state) -> None:
    client, unit, _ = desk
    message = given(a_message(unit=unit, state=state))

    client.post(f"/desk/outbox/{message.id}/retry")

    assert [m.state for m in stored(Message)] == [state]


def test_what_is_of_no_use_any_more_is_not_sent_again(desk, given, stored) -> None:
    client, unit, _ = desk
    past = clock.now() - timedelta(minutes=1)
    message = given(a_message(unit=unit, state=MessageState.DEAD, useful_until=past))

    client.post(f"/desk/outbox/{message.id}/retry")

    assert [m.state for m in stored(Message)] == [MessageState.DEAD]


def test_a_trial_letter_goes_to_the_one_who_asks(app, given, stored, send) -> None:
    unit = given(a_unit())
    account = given(an_account((Role.ORGANISER, unit), email="to@example.com"))
    client = signed_in(app.test_client(), account)

    page = client.post("/desk/outbox/trial", follow_redirects=True).text
    send(app)

    assert "Một thư thử đang được gửi đến to@example.com." in page
    assert [(m.recipient, m.unit_id, m.state) for m in stored(Message)] == [
        ("to@example.com", unit.id, MessageState.SENT)
    ]


@pytest.mark.parametrize(
    ("deed", "state", "after", "reason"),
    [
        ("hold", MessageState.QUEUED, MessageState.QUEUED, outbox.HELD_BY_HAND),
        ("cancel", MessageState.RETRY, MessageState.SKIPPED, outbox.CALLED_OFF),
        ("cancel", MessageState.AMBIGUOUS, MessageState.SKIPPED, outbox.CALLED_OFF),
        ("release", MessageState.QUEUED, MessageState.QUEUED, ""),
        ("hold", MessageState.SENDING, MessageState.SENDING, ""),
        ("cancel", MessageState.SENT, MessageState.SENT, ""),
    ],
)
def test_a_person_decides_about_what_no_sender_has_in_hand(
    desk, given, stored, deed, state, after, reason
) -> None:
    client, unit, _ = desk
    message = given(a_message(unit=unit, state=state))

    assert client.post(f"/desk/outbox/{message.id}/{deed}").status_code == 302

    assert [(m.state, m.reason) for m in stored(Message)] == [(after, reason)]


def test_what_is_held_waits_for_its_release_and_is_missed_without(
    desk, office, given, stored, send, at
) -> None:
    client, unit, account = desk
    late, freed = given(
        *(a_message(unit=unit, subject=str(account.id), revision=n, state=MessageState.QUEUED)
          for n in range(2))
    )  # fmt: skip
    for row in (late, freed):
        client.post(f"/desk/outbox/{row.id}/hold")
    send(office)
    assert [m.state for m in stored(Message)] == [MessageState.QUEUED] * 2

    client.post(f"/desk/outbox/{freed.id}/release")
    send(office)
    at(late.useful_until + timedelta(minutes=1))
    send(office)

    assert [m.state for m in stored(Message)] == [MessageState.MISSED, MessageState.SENT]


def test_many_are_called_off_at_once_but_not_those_of_others(desk, given, stored) -> None:
    client, unit, _ = desk
    foreign = given(a_message(unit=a_unit(), state=MessageState.QUEUED))
    given(*(a_message(unit=unit, state=MessageState.QUEUED) for _ in range(60)))
    given(a_message(unit=unit, state=MessageState.DEAD))

    client.post("/desk/outbox/many", data={"deed": "cancel", "all": "y", "state": "queued"})

    states = [m.state for m in stored(Message)]
    assert states.count(MessageState.SKIPPED) == 60
    assert states.count(MessageState.DEAD) == 1
    assert {m.state for m in stored(Message) if m.id == foreign.id} == {MessageState.QUEUED}


def test_those_that_are_ticked_are_sent_again(desk, given, stored) -> None:
    client, unit, _ = desk
    rows = given(*(a_message(unit=unit, state=MessageState.DEAD) for _ in range(3)))

    ticked = {"deed": "retry", "messages": [rows[0].id, rows[2].id, "x"]}
    client.post("/desk/outbox/many", data=ticked)

    assert [m.state for m in stored(Message)] == [
        MessageState.RETRY, MessageState.DEAD, MessageState.RETRY,
    ]  # fmt: skip


def test_the_page_of_occasions_counts_and_says_what_becomes_of_doubt(desk, given) -> None:
    client, unit, _ = desk
    given(a_message(unit=unit), a_message(unit=unit, state=MessageState.MISSED))

    page = client.get("/desk/outbox/occasions").text

    assert "gửi lại một lần, cùng Message-ID" in page
    assert "Đã lưu trên máy này" not in page


def test_what_was_only_kept_is_not_counted_as_sent(desk, given) -> None:
    client, unit, _ = desk
    given(a_message(unit=unit, state=MessageState.SENT, last_answer=folder.KEPT))

    page = client.get("/desk/outbox/occasions").text

    counted = dict(re.findall(r'class="number" data-label="([^"]+)">(\d+)<', page))
    assert (counted["Đã gửi"], counted["Đã lưu trên máy này"]) == ("0", "1")


def test_a_server_in_trouble_is_told_on_the_page(desk, given) -> None:
    client, _, _ = desk
    given(ServerState(name="mail", failures=2, broken_since=clock.now(), answer="535 no"))

    assert "535 no" in client.get("/desk/outbox").text


def test_letters_are_found_by_the_beginning_of_their_address(desk, given) -> None:
    client, unit, _ = desk
    given(*(a_message(unit=unit, recipient=f"{who}@example.com") for who in ("lan", "hoa_%")))

    page = client.get("/desk/outbox?recipient=hoa_%25").text

    assert ("hoa_%@example.com" in page, "lan@example.com" in page) == (True, False)
