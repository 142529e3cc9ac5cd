"""One application and one clean database for every test; nothing leaves the machine."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from flask import Flask, has_app_context
from flask.testing import FlaskClient

from app import create_app
from core import clock, database, keys
from core.database import Base, reading, transaction
from core.settings import Settings
from core.translations import main as merge_translations
from tests import postgres

T = TypeVar("T", bound=Base)

SECRET = "a-secret-for-tests-that-is-long-enough"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    merge_translations()
    if config.getoption("--database") == "postgresql":
        config.stash[_SERVER] = server = postgres.Server()
        os.environ["TUANHOC_TEST_SERVER"] = server.start()


_SERVER = pytest.StashKey[postgres.Server]()


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.stash.get(_SERVER, None)
    if server is not None:
        server.stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what touches the database is worth a second run."""
    if config.getoption("--database") == "sqlite":
        return
    touching = [i for i in items if "database_url" in getattr(i, "fixturenames", ())]
    others = [i for i in items if i not in touching]
    items[:] = touching
    config.hook.pytest_deselected(items=others)


@pytest.fixture(scope="session")
def empty_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], str]]:
    """Gives the address of a database with all tables and no rows, again and again."""
    if request.config.getoption("--database") == "postgresql":
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        url = postgres.new_database(os.environ["TUANHOC_TEST_SERVER"], f"tests_{worker}")
        _create_tables(url)
        yield lambda: postgres.emptied(url)
        database.database().dispose()
        return
    folder = tmp_path_factory.mktemp("database")
    template = folder / "template.sqlite3"
    _create_tables(f"sqlite:///{template}")
    database.database().dispose()
    yield lambda: _fresh_copy(template, folder / "test.sqlite3")
    database.database().dispose()


@pytest.fixture
def database_url(empty_database: Callable[[], str]) -> str:
    """A clean database, and this process pointed at it."""
    if database._database is not None:
        database._database.dispose()
    url = empty_database()
    database.configure(url)
    return url


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(instance=tmp_path_factory.mktemp("instance"), secret_key=SECRET)


@pytest.fixture(scope="session")
def one_app(settings: Settings) -> Flask:
    app = create_app(settings)
    app.config["TESTING"] = True
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def app(one_app: Flask, database_url: str) -> Flask:
    """The application on a clean database."""
    database.configure(database_url)
    return one_app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor. No application context may be open, or a missing commit would hide."""
    assert not has_app_context()
    return app.test_client()


@pytest.fixture
def session(database_url: str) -> Iterator[sa.orm.Session]:
    """One open transaction, for rules without pages; never together with ``client``."""
    keys.configure(SECRET)
    with transaction() as opened:
        yield opened


@pytest.fixture
def given(database_url: str) -> Callable[..., Any]:
    """Commit rows before the act."""
    keys.configure(SECRET)

    def commit(*rows: Any) -> Any:
        with transaction() as opened:
            opened.add_all(rows)
        return rows[0] if len(rows) == 1 else rows

    return commit


@pytest.fixture
def stored(database_url: str) -> Iterator[Callable[[type[T]], list[T]]]:
    """Read back what was committed, in the order of ids; rows stay usable in the test."""
    stack = ExitStack()

    def look(model: type[T]) -> list[T]:
        opened = stack.enter_context(reading())
        return list(opened.scalars(sa.select(model).order_by(*sa.inspect(model).primary_key)))

    yield look
    stack.close()


@pytest.fixture
def asked(database_url: str) -> Callable[[Callable[[], Any]], int]:
    """How many statements something sends to the database."""

    def count(work: Callable[[], Any]) -> int:
        seen: list[str] = []

        def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        engine = database.database().reader
        sa.event.listen(engine, "before_cursor_execute", hear)
        try:
            assert work().status_code == 200
        finally:
            sa.event.remove(engine, "before_cursor_execute", hear)
        return len(seen)

    return count


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the clock on the wall."""

    def stop(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return stop


def _create_tables(url: str) -> None:
    database.configure(url)
    with transaction() as opened:
        Base.metadata.create_all(opened.connection())


def _fresh_copy(template: Path, target: Path) -> str:
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(template, target)
    return f"sqlite:///{target}"
