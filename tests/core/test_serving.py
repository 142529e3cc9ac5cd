"""The real server as a process of its own: it starts, survives, refuses and stops."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from core import clock, migrations
from core.database import Database

ROOT = Path(__file__).parent.parent.parent
FLASK = [sys.executable, "-m", "flask"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An installation of its own on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {n: v for n, v in os.environ.items() if not n.startswith("TUANHOC_")}
    return kept | {"TUANHOC_INSTANCE": str(tmp_path / "instance"), "PORT": str(port)}


@pytest.fixture
def serving(environment):
    """A server that answers; whatever it became, nothing of it stays."""
    with_tables(environment)
    process = subprocess.Popen(
        [*FLASK, "serve"], cwd=ROOT, env=environment, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    wait_for(environment)
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def with_tables(environment: dict[str, str]) -> Path:
    """What ``flask db upgrade`` leaves, made in this process because it is quicker."""
    instance = Path(environment["TUANHOC_INSTANCE"])
    here = Database(f"sqlite:///{instance / 'tuanhoc.sqlite3'}")
    migrations.upgrade(here, backups=instance, now=clock.now())
    here.dispose()
    return instance / "tuanhoc.sqlite3"


def flask(*arguments: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*FLASK, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )


def ask(environment: dict[str, str], path: str = "/readyz") -> int:
    address = f"http://127.0.0.1:{environment['PORT']}{path}"
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.status


def wait_for(environment: dict[str, str]) -> None:
    until = time.monotonic() + 40
    while time.monotonic() < until:
        try:
            ask(environment)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not come up")


def children(process: "subprocess.Popen[str]") -> list[int]:
    """Every process that still belongs to the server's group, itself left out."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if (
            int(fields[2]) == process.pid
            and fields[0] != "Z"
            and status.parent.name != str(process.pid)
        ):
            found.append(int(status.parent.name))
    return found


def worker(process: "subprocess.Popen[str]") -> int:
    for pid in children(process):
        if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return pid
    raise AssertionError("no worker")


def gone(pids: list[int]) -> bool:
    until = time.monotonic() + 15
    while time.monotonic() < until:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.1)
    return False


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
