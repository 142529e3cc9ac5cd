"""The first administrator, from the command line."""

import pytest

from accounts import passwords
from accounts.models import Account, Role, Unit
from tests.factories import a_unit, an_account

PASSWORD = "hoa sen đỏ rực"


@pytest.fixture
def run(app):
    def create_admin(*arguments: str, password: str = PASSWORD):
        called = [
            "accounts",
            "create-admin",
            "--password-stdin",
            "--name",
            "Nguyễn Thị Đầu",
            *arguments,
        ]
        return app.test_cli_runner().invoke(args=called, input=f"{password}\n")

    return create_admin


def test_create_admin_makes_the_first_unit_and_its_administrator(run, stored) -> None:
    result = run("--email", "Dau@example.com", "--unit-code", "tinh", "--unit-name", "Tỉnh")

    (unit,), (account,) = stored(Unit), stored(Account)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (unit.code, unit.name, unit.path) == ("tinh", "Tỉnh", f"/{unit.id}/")
    assert account.email == "dau@example.com"
    assert passwords.matches(account.password_hash, PASSWORD)


def test_create_admin_takes_a_unit_that_is_there(run, given, stored) -> None:
    given(a_unit(code="tinh"))

    assert run("--email", "dau@example.com", "--unit-code", "tinh").exit_code == 0
    assert len(stored(Unit)) == 1


@pytest.mark.parametrize(
    ("email", "code", "password", "sentence"),
    [
        ("dau@example.com", "khac", PASSWORD, "There is no unit with the code khac."),
        ("co@example.com", "tinh", PASSWORD, "An account with the address co@example.com exists"),
        ("dau@", "tinh", PASSWORD, "dau@ is not a complete e-mail address"),
        ("dau@example.com", "tinh", "ngắn", "The password needs at least 10 characters"),
        ("dau@example.com", "tinh", "", "The password needs at least 10 characters"),
    ],
)
def test_create_admin_refuses_in_one_line(
    run, given, stored, email: str, code: str, password: str, sentence: str
) -> None:
    given(an_account((Role.ADMIN, a_unit(code="tinh")), email="co@example.com"))

    result = run("--email", email, "--unit-code", code, password=password)

    assert result.exit_code == 1
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert len(stored(Account)) == 1


def test_create_admin_takes_the_password_from_the_environment(app, stored, monkeypatch) -> None:
    monkeypatch.setenv("TUANHOC_ADMIN_PASSWORD", PASSWORD)

    called = [
        "accounts",
        "create-admin",
        "--name",
        "A",
        "--email",
        "a@example.com",
        "--unit-code",
        "t",
    ]
    result = app.test_cli_runner().invoke(args=called)

    assert result.exit_code == 0
    assert len(stored(Account)) == 1


def test_help_says_in_whole_sentences_what_each_command_does(app) -> None:
    run = app.test_cli_runner().invoke

    listed = run(args=["accounts", "--help"]).output
    told = {
        name: run(args=["accounts", name, "--help"]).output
        for name in app.cli.commands["accounts"].commands
    }

    assert "..." not in listed.partition("Commands:")[2]
    assert "Let a person administer a unit." in listed
    assert "TUANHOC_ADMIN_PASSWORD" in told["create-admin"]
    assert "--unit-name" in told["create-admin"].partition("Options:")[0]
    assert "adds nothing" in told["load-provinces"]


def test_an_empty_name_is_refused_before_a_password_is_asked_for(app, database_url) -> None:
    called = [
        "accounts",
        "create-admin",
        "--email",
        "a@example.vn",
        "--name",
        " ",
        "--unit-code",
        "t",
    ]

    result = app.test_cli_runner().invoke(args=called)

    assert (result.exit_code, "Password" in result.output) == (1, False)
    assert result.stderr == "Error: The name is empty or has characters that cannot be kept.\n"


def test_load_provinces_asks_under_which_unit(app, database_url) -> None:
    result = app.test_cli_runner().invoke(args=["accounts", "load-provinces"])

    assert result.exit_code == 2
    assert "Missing option '--under'" in result.stderr
