"""What every page shares when something goes wrong: an answer, a log line, no leak."""

import json

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask

from accounts.models import Unit
from app import create_app
from core import database, sqlite
from core.database import transaction
from core.settings import Settings
from tests.conftest import SECRET
from tests.factories import a_unit

NAME = "Nguyễn Thị Bí Mật"


@pytest.fixture(scope="module")
def breaking_app(tmp_path_factory) -> Flask:
    """The application with addresses that break in known ways."""
    blueprint = Blueprint("breaking", __name__)

    @blueprint.get("/breaks/<secret>")
    def breaks(secret: str) -> str:
        raise ValueError(f"{secret} {NAME}")

    @blueprint.get("/breaks-in-code/<secret>")
    def breaks_in_code(secret: str) -> str:
        return secret.no_such_thing

    @blueprint.get("/surrogate")
    def surrogate() -> str:
        return str("\ud800".encode())

    @blueprint.get("/too-large")
    def too_large() -> str:
        raise OverflowError

    @blueprint.get("/writes")
    def writes() -> str:
        with transaction() as opened:
            opened.add(a_unit(code="halfway"))
            opened.flush()
        return "kept"

    @blueprint.get("/writes-much")
    def writes_much() -> str:
        with transaction() as opened:
            opened.add_all([a_unit(name="x" * 3000) for _ in range(50)])
        return "kept"

    app = create_app(Settings(instance=tmp_path_factory.mktemp("i"), secret_key=SECRET))
    app.register_blueprint(blueprint)
    return app


@pytest.fixture
def visitor(breaking_app, database_url):
    database.configure(database_url)
    return breaking_app.test_client()


def last_line(capsys) -> dict:
    return json.loads(capsys.readouterr().err.strip().splitlines()[-1])


def test_a_fault_is_logged_with_its_way_through_the_code_and_without_people(
    visitor, capsys
) -> None:
    answer = visitor.get(f"/breaks/T1.secret?name={NAME}")

    line = last_line(capsys)
    assert answer.status_code == 500
    assert line["route"] == "/breaks/<secret>"
    assert line["failure"] == "ValueError"
    assert any("test_web.py" in place for place in line["trace"])
    assert line["reference"] in answer.text
    assert "T1.secret" not in json.dumps(line)
    assert "Bí Mật" not in json.dumps(line, ensure_ascii=False)


def test_a_fault_in_the_code_says_what_it_is(visitor, capsys) -> None:
    visitor.get("/breaks-in-code/T1.secret")

    assert last_line(capsys)["says"] == "'str' object has no attribute 'no_such_thing'"


def test_a_good_answer_leaves_no_line_unless_asked(visitor, capsys) -> None:
    visitor.get("/healthz")

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("path", ["/surrogate", "/too-large"])
def test_what_no_database_can_keep_is_the_senders_fault(visitor, path) -> None:
    assert visitor.get(path).status_code == 400


def test_a_locked_database_is_a_503_and_nothing_is_written_halfway(visitor, capsys) -> None:
    here = database.database()
    if not here.is_sqlite:
        pytest.skip("SQLite only: PostgreSQL locks rows")
    sa.event.listen(here.writer, "connect", lambda c, _: c.execute("PRAGMA busy_timeout=100"))
    here.writer.dispose()
    other = sqlite.driver.connect(str(sqlite.path(here.url)), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        answer = visitor.get("/writes")
    finally:
        other.execute("ROLLBACK")
        other.close()

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert last_line(capsys)["failure"].startswith("OperationalError")
    assert "halfway" not in answer.text


def test_a_writer_that_waits_too_long_for_its_turn_is_a_503(visitor, monkeypatch) -> None:
    here = database.database()
    if not here.is_sqlite:
        pytest.skip("SQLite only: PostgreSQL locks rows")
    monkeypatch.setattr(sqlite, "PATIENCE", 0.1)
    elsewhere = sqlite.Turn(here.url)

    with elsewhere:
        assert visitor.get("/writes").status_code == 503
    assert visitor.get("/writes").text == "kept"


def test_a_full_disk_is_a_503_and_nothing_is_written_halfway(visitor, stored) -> None:
    here = database.database()
    if not here.is_sqlite:
        pytest.skip("SQLite only: PostgreSQL's server has the disk")

    def fill(connection, _record) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    sa.event.listen(here.writer, "connect", fill)
    here.writer.dispose()

    assert visitor.get("/writes-much").status_code == 503
    assert stored(Unit) == []


def test_a_database_that_is_gone_still_gets_a_page(visitor, tmp_path) -> None:
    database.configure(f"sqlite:///{tmp_path / 'empty.sqlite3'}")

    answer = visitor.get("/readyz")
    assert answer.status_code == 200

    answer = visitor.get("/")
    assert answer.status_code == 503
    assert "<h1" in answer.text
