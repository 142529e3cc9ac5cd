"""Signing in and out, and one's own password."""

import re
from datetime import timedelta
from functools import cache

import pytest

from accounts import passwords
from accounts.models import Account, AuditEntry, Role
from core.settings import Settings
from tests.conftest import SECRET
from tests.factories import DURING, LONG_AGO, a_unit, an_account, signed_in

PASSWORD = "hoa sen đỏ rực"
ANOTHER = "lúa chín vàng đồng"


@cache
def kept() -> str:
    return passwords.hashed(PASSWORD)


def sign_in(client, email: str = "lan@example.com", password: str = PASSWORD, **more: str):
    return client.post("/sign-in", data={"email": email, "password": password, **more})


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.ADMIN, "/desk/"),
        (Role.ORGANISER, "/desk/"),
        (Role.REPORTER, "/office/"),
        (Role.STEWARD, "/door/"),
        (Role.OBSERVER, "/desk/duties"),
    ],
)
def test_sign_in_leads_to_the_workplace_of_the_role(client, given, role: Role, place: str) -> None:
    given(an_account((role, a_unit()), email="lan@example.com", password_hash=kept()))

    response = sign_in(client)

    assert (response.status_code, response.location) == (302, place)
    assert client.get("/account").status_code == 200


def test_sign_in_leads_back_to_the_page_that_was_asked_for(client, given) -> None:
    given(an_account((Role.ADMIN, a_unit()), email="lan@example.com", password_hash=kept()))

    asked = client.get("/desk/accounts?q=an")
    form = client.get(asked.location).text

    assert 'value="/desk/accounts?q=an"' in form
    assert sign_in(client, next="/desk/accounts?q=an").location == "/desk/accounts?q=an"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\t/evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "///evil.example",
        "http:/evil.example",
        "%2f%2fevil.example",
    ],
)
def test_sign_in_leads_nowhere_else(client, given, target: str) -> None:
    given(an_account((Role.ADMIN, a_unit()), email="lan@example.com", password_hash=kept()))

    location = sign_in(client, next=target).location

    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


def test_sign_in_answers_unknown_closed_and_wrong_alike(client, given) -> None:
    unit = a_unit()
    given(
        an_account((Role.ADMIN, unit), email="lan@example.com", password_hash=kept()),
        an_account(
            (Role.ADMIN, unit), email="gone@example.com", password_hash=kept(), closed_at=LONG_AGO
        ),
    )

    answers = [
        sign_in(client, "lan@example.com", "sai mật khẩu"),
        sign_in(client, "gone@example.com"),
        sign_in(client, "nobody@example.com"),
    ]

    texts = {re.sub(r"csrf_token[^>]*>|(gone|nobody|lan)@", "", a.text) for a in answers}
    assert [a.status_code for a in answers] == [400] * 3
    assert len(texts) == 1
    assert "Địa chỉ thư điện tử hoặc mật khẩu không đúng." in texts.pop()


def test_sign_in_keeps_nothing_of_the_session_before(client, given) -> None:
    given(an_account((Role.ADMIN, a_unit()), email="lan@example.com", password_hash=kept()))
    with client.session_transaction() as cookie:
        cookie["planted"] = "by a stranger"

    sign_in(client)

    with client.session_transaction() as cookie:
        assert "planted" not in cookie


def test_sign_in_keeps_the_address_and_never_the_password(client) -> None:
    answer = sign_in(client, "an@example.com", "mật khẩu đã gõ")

    assert 'value="an@example.com"' in answer.text
    assert "mật khẩu đã gõ" not in answer.text


@pytest.mark.parametrize("typed", ["\x00", "a\ud800b", "x" * 5000, "", "\u202e\x07"])
def test_sign_in_refuses_what_no_database_can_keep(client, typed: str) -> None:
    data = {
        "email": typed.encode("utf-8", "surrogatepass"),
        "password": typed.encode("utf-8", "surrogatepass"),
    }

    assert client.post("/sign-in", data=data).status_code == 400


def test_sign_in_waits_after_five_tries_when_throttles_are_on(
    client, given, monkeypatch, at, tmp_path
) -> None:
    given(an_account((Role.ADMIN, a_unit()), email="lan@example.com", password_hash=kept()))
    slow = Settings(instance=tmp_path, secret_key=SECRET, throttle=True)
    monkeypatch.setitem(client.application.extensions, "settings", slow)
    at(DURING)

    answers = [sign_in(client, password="sai").status_code for _ in range(6)]

    assert answers == [400] * 5 + [429]
    assert sign_in(client).status_code == 429
    at(DURING + timedelta(minutes=16))
    assert sign_in(client).status_code == 302


def test_a_session_ends_after_a_week(client, given, at) -> None:
    given(an_account((Role.ADMIN, a_unit()), email="lan@example.com", password_hash=kept()))
    at(DURING)
    sign_in(client)

    at(DURING + timedelta(days=6))
    assert client.get("/account").status_code == 200
    at(DURING + timedelta(days=8))
    assert client.get("/account").status_code == 302


def test_own_pages_stay_in_no_cache(client, given) -> None:
    signed_in(client, given(an_account((Role.ADMIN, a_unit()))))

    assert client.get("/account").headers["Cache-Control"] == "no-store"


def test_sign_out_ends_the_session(client, given) -> None:
    signed_in(client, given(an_account((Role.ADMIN, a_unit()))))

    client.post("/sign-out")

    assert client.get("/account").status_code == 302


def test_a_closed_account_is_out_at_once(client, given) -> None:
    account = given(an_account((Role.ADMIN, a_unit())))
    signed_in(client, account)
    account.closed_at = LONG_AGO
    given(account)

    assert client.get("/account").status_code == 302


@pytest.mark.parametrize(
    "token", ["", "x", "1", "1.", ".", "1e3.stamp", "٣.stamp", "9" * 30 + ".s"]
)
def test_a_session_that_names_no_account_is_a_stranger_s(client, token: str) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token

    assert client.get("/account").status_code == 302


def test_change_password_ends_other_sessions_and_keeps_this_one(client, app, given, stored) -> None:
    account = given(an_account((Role.ADMIN, a_unit()), password_hash=kept()))
    signed_in(client, account)
    elsewhere = signed_in(app.test_client(), account)

    answer = client.post(
        "/account/password", data={"present": PASSWORD, "new": ANOTHER, "again": ANOTHER}
    )

    assert answer.location == "/account"
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert passwords.matches(stored(Account)[0].password_hash, ANOTHER)
    assert [entry.action for entry in stored(AuditEntry)] == ["account.password_changed"]


@pytest.mark.parametrize(
    ("present", "new", "again", "sentence"),
    [
        ("sai", ANOTHER, ANOTHER, "Mật khẩu hiện tại không đúng."),
        (PASSWORD, "ngắn", "ngắn", "Mật khẩu cần có ít nhất 10 ký tự và không được dễ đoán."),
        (PASSWORD, ANOTHER, "khác đi", "Hai lần nhập mật khẩu mới không giống nhau."),
        ("", "", "", "Xin nhập mật khẩu hiện tại."),
    ],
)
def test_change_password_says_what_is_wrong_and_changes_nothing(
    client, given, stored, present: str, new: str, again: str, sentence: str
) -> None:
    signed_in(client, given(an_account((Role.ADMIN, a_unit()), password_hash=kept())))

    answer = client.post("/account/password", data={"present": present, "new": new, "again": again})

    assert answer.status_code == 400
    assert sentence in answer.text
    assert stored(Account)[0].password_hash == kept()


def test_end_sessions_signs_out_other_browsers(client, app, given) -> None:
    account = given(an_account((Role.ADMIN, a_unit())))
    signed_in(client, account)
    elsewhere = signed_in(app.test_client(), account)

    client.post("/account/end-sessions")

    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_a_password_that_was_handed_over_is_to_be_replaced_first(client, given, stored) -> None:
    given(
        an_account(
            (Role.ADMIN, a_unit()),
            email="lan@example.com",
            password_hash=kept(),
            password_is_given=True,
        )
    )

    assert sign_in(client).location == "/account/password"
    client.post("/account/password", data={"present": PASSWORD, "new": ANOTHER, "again": ANOTHER})

    assert not stored(Account)[0].password_is_given
