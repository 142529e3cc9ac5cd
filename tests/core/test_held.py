"""Answers that are given once what they tell is durable."""

import json
import threading
from collections.abc import Sequence
from typing import Any
from unittest.mock import Mock

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask, Response
from sqlalchemy.orm import Session
from werkzeug.test import EnvironBuilder

from accounts.models import Unit
from app import create_app
from core import asking, database, sqlite
from core.held import HELD, HOLD, once_durable
from core.settings import Settings
from tests.conftest import SECRET
from tests.factories import a_unit


def _keep(connection: sa.Connection, codes: Sequence[str]) -> list[str]:
    """Keep a unit by its code; one that is called ``spoilt`` spoils the whole COMMIT."""
    if "spoilt" in codes:
        raise ValueError("no person's name belongs here")
    with Session(connection) as opened:
        opened.add_all([a_unit(code=code) for code in codes])
        opened.flush()
    return [f"kept {code}" for code in codes]


def _told(response: Response, outcome: str) -> None:
    response.status_code = 201
    response.set_data(outcome)


@pytest.fixture(scope="module")
def keeping_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with an address that keeps, and a line in the log for each request."""
    blueprint = Blueprint("keeping", __name__, url_prefix="/api")
    folder = tmp_path_factory.mktemp("i")
    app = create_app(Settings(instance=folder, secret_key=SECRET, access_log=True))

    @blueprint.get("/keep/<code>")
    def keep(code: str) -> Response:
        return once_durable(_keep, code, _told)

    @app.get("/keep-page/<code>")
    def keep_page(code: str) -> Response:
        return once_durable(_keep, code, _told)

    @blueprint.get("/mute/<code>")
    def mute(code: str) -> Response:
        return once_durable(_keep, code, lambda _response, outcome: outcome.no_such_thing)

    app.register_blueprint(blueprint)
    return app


class Protocol:
    """The server's side of a question that is held open."""

    def __init__(self) -> None:
        self.answered = threading.Event()
        self.said: list[tuple[int, dict[str, str], bytes]] = []

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """The answer; a second one would be a fault of ours."""
        self.said.append((status, dict(headers), body))
        self.answered.set()


@pytest.fixture
def ask(keeping_app: Flask, database_url: str) -> Any:
    """Ask as the server does that can hold a question open."""
    database.configure(database_url)

    def ask(path: str) -> Protocol:
        protocol = Protocol()
        asking.asked(keeping_app, {})(protocol, EnvironBuilder(path).get_environ())
        assert protocol.answered.wait(20)
        return protocol

    return ask


def line(capsys: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().err.strip().splitlines()[-1])
    return found


def test_a_server_that_holds_questions_open_is_answered_after_the_commit(
    ask: Any, stored: Any, capsys: Any
) -> None:
    (said,) = ask("/api/keep/held").said

    assert (said[0], said[2]) == (201, b"kept held")
    assert said[1]["X-Content-Type-Options"] == "nosniff"
    assert [unit.code for unit in stored(Unit)] == ["held"]
    assert line(capsys)["status"] == 201


def test_the_thread_that_asked_is_free_before_the_commit(
    keeping_app: Flask, database_url: str, stored: Any
) -> None:
    here = database.configure(database_url)
    protocol = Protocol()
    with here.turn if here.is_sqlite else threading.Lock():
        body = keeping_app.wsgi_app(
            {
                **EnvironBuilder("/api/keep/later").get_environ(),
                HOLD: protocol.response_bytes,
            },
            Mock(),
        )
        assert body is HELD
        if here.is_sqlite:
            assert not protocol.answered.wait(0.05)
    assert protocol.answered.wait(20)
    assert [unit.code for unit in stored(Unit)] == ["later"]


def test_any_other_server_waits_and_answers_the_same(
    keeping_app: Flask, database_url: str, stored: Any
) -> None:
    database.configure(database_url)

    answer = keeping_app.test_client().get("/api/keep/waited")

    assert (answer.status_code, answer.text) == (201, "kept waited")
    assert [unit.code for unit in stored(Unit)] == ["waited"]


def test_a_fault_is_answered_and_logged_as_if_the_view_had_met_with_it(
    ask: Any, stored: Any, capsys: Any
) -> None:
    for path in ("/api/keep/spoilt", "/api/mute/half"):
        (said,) = ask(path).said

        assert (said[0], json.loads(said[2])["status"]) == (500, "error")
        told = line(capsys)
        assert told["status"] == 500
        assert told["route"] == f"{path.rpartition('/')[0]}/<code>"
        assert told["failure"] in {"ValueError", "AttributeError"}
    assert [unit.code for unit in stored(Unit)] == ["half"]


def test_one_that_spoils_the_commit_spoils_no_other(ask: Any, stored: Any) -> None:
    there = [threading.Thread(target=ask, args=(f"/api/keep/{n}",)) for n in range(6)]
    for thread in there:
        thread.start()
    (said,) = ask("/api/keep/spoilt").said
    for thread in there:
        thread.join(20)

    assert said[0] == 500
    assert len(stored(Unit)) == 6


def test_a_database_that_cannot_be_written_is_a_503(ask: Any, monkeypatch: Any) -> None:
    here = database.database()
    if not here.is_sqlite:
        pytest.skip("SQLite only: PostgreSQL locks rows")
    monkeypatch.setattr(sqlite, "PATIENCE", 0.1)

    with sqlite.Turn(here.url):
        (said,) = ask("/api/keep/full").said

    assert said[0] == 503
    assert said[1]["Retry-After"] == "2"
    assert ask("/api/keep/full").said[0][0] == 201


def test_a_page_is_refused_as_a_page(ask: Any, monkeypatch: Any) -> None:
    def locked(_connection: sa.Connection, _items: Any) -> Any:
        raise sa.exc.OperationalError("", {}, Exception("database is locked"))

    monkeypatch.setitem(globals(), "_keep", locked)

    ((status, headers, body),) = ask("/keep-page/full").said

    assert status == 503
    assert headers["Retry-After"] == "5"
    assert headers["Content-Security-Policy"]
    assert "Hệ thống đang bận" in body.decode()


def test_whoever_asks_is_answered_though_the_refusal_fails_too(
    ask: Any, keeping_app: Flask, monkeypatch: Any
) -> None:
    monkeypatch.setattr(keeping_app, "handle_exception", Mock(side_effect=RuntimeError))

    ((status, _headers, body),) = ask("/api/keep/spoilt").said

    assert (status, body) == (500, b"")
    assert ask("/api/keep/next").said[0][0] == 201


def test_an_answer_that_cannot_be_given_holds_nobody_up(ask: Any, stored: Any) -> None:
    gone = Mock(side_effect=ConnectionError)

    with database.database().turn:
        database.commit_later(_keep, "gone", gone)
        database.commit_later(_keep, "spoilt", gone)

    assert ask("/api/keep/next").said[0][0] == 201
    assert len(gone.mock_calls) == 2


def test_who_is_left_without_a_word_is_refused_and_nothing_is_kept(ask: Any, stored: Any) -> None:
    def silent(connection: sa.Connection, codes: Sequence[str]) -> list[str]:
        return _keep(connection, codes)[1:]

    with pytest.raises(ValueError, match="shorter"):
        database.commit_together(silent, "unsaid")

    assert ask("/api/keep/next").said[0][0] == 201
    assert [unit.code for unit in stored(Unit)] == ["next"]
