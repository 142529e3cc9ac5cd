"""The real server as a process of its own: it starts, survives, refuses and stops."""

import os
import signal
import socket
import sqlite3
from pathlib import Path

import pytest

from core import clock, migrations
from core import serving as serving_module
from core.database import Database
from tests.server_process import (
    ask,
    children,
    ended,
    flask,
    gone,
    own_environment,
    started,
    worker,
)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An installation of its own on a free port."""
    return own_environment(tmp_path / "instance")


@pytest.fixture
def serving(environment):
    """A server that answers; whatever it became, nothing of it stays."""
    with_tables(environment)
    process = started(environment)
    yield process
    ended(process)


def with_tables(environment: dict[str, str]) -> Path:
    """What ``flask db upgrade`` leaves, made in this process because it is quicker."""
    instance = Path(environment["TUANHOC_INSTANCE"])
    here = Database(f"sqlite:///{instance / 'tuanhoc.sqlite3'}")
    migrations.upgrade(here, backups=instance, now=clock.now())
    here.dispose()
    return instance / "tuanhoc.sqlite3"


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_serve_stops_cleanly_and_leaves_nothing(serving, environment, ending) -> None:
    left = children(serving)

    os.killpg(serving.pid, ending)
    said, _ = serving.communicate(timeout=25)

    assert serving.returncode == 0
    assert "Traceback" not in said
    assert "Unexpected exit" not in said
    assert f"Serving on http://127.0.0.1:{environment['PORT']}" in said
    assert gone(left)
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", int(environment["PORT"])))


def test_an_answer_leaves_at_once_and_does_not_wait_for_the_last_one_to_be_acknowledged() -> None:
    with serving_module._listening("127.0.0.1", 0) as listener:
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_callers_wait_instead_of_being_refused_while_a_dead_worker_is_replaced(
    serving, environment
) -> None:
    for _ in range(3):
        dead = worker(serving)
        os.kill(dead, signal.SIGKILL)

        assert ask(environment) == 200
        assert worker(serving) != dead


def test_the_worker_does_not_outlive_its_parent(serving) -> None:
    left = children(serving)

    serving.kill()

    assert gone(left)


def test_serve_names_a_busy_port_in_one_line(serving, environment) -> None:
    done = flask("serve", environment=environment)

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"127.0.0.1:{environment['PORT']}: is used by another program" in done.stderr


def test_serve_refuses_a_database_without_tables_with_a_hint(environment) -> None:
    done = flask("serve", environment=environment)

    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "run `flask db upgrade` first" in done.stderr


def test_serve_refuses_a_database_that_is_newer_with_a_hint(environment) -> None:
    database = with_tables(environment)
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    for command in (["serve"], ["db", "upgrade"]):
        done = flask(*command, environment=environment)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "newer than this program: install the later version" in done.stderr


def test_serve_names_a_database_that_cannot_be_reached_in_one_line(environment) -> None:
    environment["TUANHOC_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"

    done = flask("serve", environment=environment)

    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "the database cannot be opened" in done.stderr


def test_wrong_settings_are_named_all_at_once(environment) -> None:
    environment |= {
        "PORT": "abc", "TUANHOC_MAIL_PORT": "99999", "TUANHOC_DATABASE_URL": "mysql://x",
        "TUANHOC_PUBLIC_URL": "ftp://x", "TUANHOC_SECRET_KEY": "short",
        "TUANHOC_INSTANCE": "/proc/nowhere",
    }  # fmt: skip

    done = flask("serve", environment=environment)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert sorted(line.partition(":")[0] for line in done.stderr.splitlines()) == [
        "PORT", "TUANHOC_DATABASE_URL", "TUANHOC_INSTANCE", "TUANHOC_MAIL_PORT",
        "TUANHOC_PUBLIC_URL", "TUANHOC_SECRET_KEY",
    ]  # fmt: skip
