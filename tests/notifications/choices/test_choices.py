"""What recipients choose by the link in a letter, and addresses that take nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import Account, AuditEntry, Role
from core import clock
from core.database import transaction
from notifications import carrying, outbox
from notifications.choices import services
from notifications.choices.links import code_of, number_of
from notifications.choices.models import Preference, Suppression
from notifications.models import Message, MessageState
from notifications.occasions import Kind
from tests.factories import LONG_AGO, a_message, a_unit, an_account, signed_in
from tests.notifications.people import WELCOME, welcoming
from tests.notifications.smtp_server import Fault

NOW = LONG_AGO + timedelta(days=1)
REFUSABLE = replace(WELCOME, kind=Kind.REMINDER)
ALWAYS = replace(WELCOME, kind=Kind.CHANGE)


@pytest.fixture(autouse=True)
def one_day_later(at: Callable[..., None]) -> None:
    at(NOW)


@pytest.fixture
def office(app, monkeypatch):
    monkeypatch.setitem(app.extensions, "occasions", app.extensions["occasions"])
    return welcoming(app)


@pytest.fixture
def letter(given):
    """A letter that was sent to a@example.com."""
    return given(a_message(unit=given(a_unit()), recipient="a@example.com"))


def test_every_refusable_letter_says_how_to_stop_it(welcoming, server, given, plan, send) -> None:
    given(an_account(email="a@example.com"))
    plan(welcoming)
    send(welcoming)

    letter = server.taken[0].message
    address = letter["List-Unsubscribe"].strip("<>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address.endswith("/stop")
    assert number_of(address.split("/")[-2]) == 1
    assert "a@example.com" not in address


def test_a_letter_that_must_come_offers_no_way_to_stop_it(
    welcoming, server, given, plan, send, monkeypatch
) -> None:
    monkeypatch.setitem(welcoming.extensions["occasions"], "welcome", ALWAYS)
    given(an_account(email="a@example.com"))
    plan(welcoming)
    send(welcoming)

    letter = server.taken[0].message
    assert letter["List-Unsubscribe"] is None
    assert "/letters/1-" in server.taken[0].raw.replace(b"=\r\n", b"").decode()


def test_looking_at_the_link_changes_nothing(office, letter, stored) -> None:
    client = office.test_client()
    code = code_of(letter.id)

    pages = [client.get(f"/letters/{code}/stop"), client.get(f"/letters/{code}")]

    assert [page.status_code for page in pages] == [200, 200]
    assert "a@example.com" not in "".join(page.text for page in pages)
    assert "a…@example.com" in pages[0].text
    assert stored(Preference) == []


def test_one_click_of_a_mail_program_stops_the_kind(office, letter, stored) -> None:
    """RFC 8058: a POST without cookie, token or redirect."""
    answer = office.test_client().post(
        f"/letters/{code_of(letter.id)}/stop", data={"List-Unsubscribe": "One-Click"}
    )

    assert answer.status_code == 200
    assert [row.refused for row in stored(Preference)] == [["reminder"]]


def test_what_may_not_be_refused_says_so(office, letter, stored, monkeypatch) -> None:
    monkeypatch.setitem(office.extensions["occasions"], "welcome", ALWAYS)

    page = office.test_client().post(f"/letters/{code_of(letter.id)}/stop").text

    assert "Loại thư này luôn được gửi" in page
    assert stored(Preference) == []


def test_a_form_chooses_kinds_language_and_rhythm(office, letter, stored) -> None:
    facts = {"kinds": [], "locale": "en", "digest": "y"}

    answer = office.test_client().post(f"/letters/{code_of(letter.id)}", data=facts)

    assert answer.status_code == 303
    (row,) = stored(Preference)
    assert (row.refused, row.locale, row.digest) == (["reminder"], "en", True)
    assert "example.com" not in row.address_key


@pytest.mark.parametrize("code", ["1", "1-00", "x-y", "1-" + "0" * 32, "١-" + "0" * 32, "9" * 30])
def test_a_forged_code_is_not_known(office, letter, code) -> None:
    client = office.test_client()

    assert client.get(f"/letters/{code}").status_code == 404
    assert client.post(f"/letters/{code}/stop").status_code == 404


def test_a_kind_that_is_not_wanted_is_not_sent(
    welcoming, server, given, stored, plan, send
) -> None:
    given(an_account(email="A@example.com"))
    plan(welcoming)
    with transaction():
        services.refuse("a@Example.com", Kind.REMINDER, now=NOW)

    send(welcoming)

    assert server.taken == []
    assert [(m.state, m.reason) for m in stored(Message)] == [
        (MessageState.SKIPPED, carrying.DECLINED)
    ]


def test_a_cancellation_comes_whatever_was_refused(
    welcoming, server, given, plan, send, monkeypatch
) -> None:
    monkeypatch.setitem(welcoming.extensions["occasions"], "welcome", ALWAYS)
    given(an_account(email="a@example.com"))
    plan(welcoming)
    with transaction():
        services.choose("a@example.com", refused=list(Kind), locale=None, digest=False, now=NOW)

    send(welcoming)

    assert len(server.taken) == 1


def test_the_chosen_language_is_spoken(welcoming, server, given, plan, send) -> None:
    given(an_account(email="a@example.com", locale="vi"))
    plan(welcoming)
    with transaction():
        services.choose("a@example.com", refused=[], locale="en", digest=False, now=NOW)

    send(welcoming)

    assert server.taken[0].message["Content-Language"] == "en"


def test_what_can_wait_comes_in_the_morning_to_who_wants_it_so(
    welcoming, server, given, stored, plan, send, at
) -> None:
    due = clock.at(clock.local_day(NOW), 20)
    given(an_account(email="a@example.com", created_at=due))
    at(due)
    plan(welcoming)
    with transaction():
        services.choose("a@example.com", refused=[], locale=None, digest=True, now=due)

    send(welcoming)
    at(due + timedelta(hours=10, minutes=59))
    send(welcoming)
    assert server.taken == []
    assert [(m.reason, m.attempts) for m in stored(Message)] == [(outbox.IN_THE_MORNING, 0)]
    at(due + timedelta(hours=11))
    send(welcoming)

    assert len(server.taken) == 1


def test_an_address_refused_for_good_gets_nothing_until_it_is_lifted(
    welcoming, server, given, stored, plan, send, at
) -> None:
    server.fault = lambda _, meeting: Fault.REFUSED if meeting == 1 else Fault.NONE
    account = given(an_account(email="a@example.com"))
    plan(welcoming)
    send(welcoming)
    given(a_message(subject=str(account.id), revision=1, recipient="a@example.com",
                    state=MessageState.QUEUED))  # fmt: skip
    send(welcoming)

    assert server.taken == []
    assert [(m.state, m.reason) for m in stored(Message)] == [
        (MessageState.DEAD, outbox.REFUSED),
        (MessageState.SKIPPED, carrying.SUPPRESSED),
    ]
    assert [(s.address, s.answer) for s in stored(Suppression)] == [
        ("a@example.com", "550 no such person")
    ]

    with transaction() as opened:
        services.lift(opened.query(Suppression).one())
    given(a_message(subject=str(account.id), revision=2, recipient="a@example.com",
                    state=MessageState.QUEUED))  # fmt: skip
    send(welcoming)
    assert len(server.taken) == 1


@pytest.mark.parametrize(("role", "status"), [(Role.ADMIN, 302), (Role.ORGANISER, 404)])
def test_only_an_administrator_of_the_unit_lifts_a_refusal(
    office, given, stored, role, status
) -> None:
    unit = given(a_unit(short_name="Thư viện"))
    account: Account = given(an_account((role, unit)))
    row = given(Suppression(address_key="k", address="gone@example.com", unit_id=unit.id,
                            answer="550 no such person", since=NOW))  # fmt: skip
    client = signed_in(office.test_client(), account)

    page = client.get("/desk/outbox/addresses/").text
    answer = client.post(f"/desk/outbox/addresses/{row.id}/lift")

    assert "gone@example.com" in page
    assert answer.status_code == status
    assert len(stored(Suppression)) == (status == 404)
    assert [e.action for e in stored(AuditEntry)] == ["letters.lifted"] * (status == 302)
