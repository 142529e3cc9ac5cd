"""``make bench``: prints the figures of ``docs/measurements.md`` for this machine, now."""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from bench import (
    batch,
    bulk,
    burst,
    growth,
    hall,
    load,
    mail,
    programme,
    scale,
    selfscan,
    server,
    world,
)
from core import database, sqlite
from tools import packages

ROOT = Path(__file__).parent.parent
REDEEM = "/api/v1/checkin/redeem"
BOTH: dict[str, Callable[[Path, str, Callable[[str], None]], bool]] = {
    "batch": batch.measured,
    "mail": mail.measured,
    "hall": hall.measured,
    "selfscan": selfscan.measured,
    "burst": burst.measured,
    "growth": growth.measured,
}
"""Parts that are measured on either database, and say whether what they promise was held."""


def main() -> int:
    """Both databases, beside the floor; 1 when an answer has no row or a row no answer."""
    options = argparse.ArgumentParser(prog="bench", description=__doc__)
    options.add_argument("--seconds", type=int, default=8)
    options.add_argument("--tickets", type=int, default=40_000)
    parts = ["sqlite", "postgresql", *BOTH, "programme", "scale", "bulk"]
    options.add_argument("--only", choices=parts)
    chosen = options.parse_args()
    if not packages.ensure(packages.BENCH):
        return 1
    _say(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.platform()}, {os.cpu_count()} cores,")
    _say(f"Python {platform.python_version()}, seed {world.SEED}; wrk -t1 -c32 on the same cores")
    whole = True
    if chosen.only in {None, "sqlite"}:
        with _folder() as folder:
            whole &= _door(folder, f"sqlite:///{folder}/bench.sqlite3", chosen)
    if chosen.only in {None, "postgresql"}:
        with _folder() as folder, server.postgresql() as url:
            whole &= _door(folder, url, chosen)
    for part, measured in BOTH.items():
        if chosen.only in {None, part}:
            with _folder() as folder:
                whole &= measured(folder, f"sqlite:///{folder}/{part}.sqlite3", _say)
            with _folder() as folder, server.postgresql() as url:
                whole &= measured(folder, url, _say)
    if chosen.only in {None, "programme"}:
        with _folder() as folder:
            programme.measured(folder, _say)
    if chosen.only in {None, "scale"}:
        with _folder() as folder:
            scale.measured(folder, f"sqlite:///{folder}/scale.sqlite3", _say)
        with _folder() as folder, server.postgresql() as url:
            scale.measured(folder, url, _say)
    if chosen.only in {None, "bulk"}:
        with _folder() as folder:
            bulk.measured(folder, f"sqlite:///{folder}/bulk.sqlite3", _say)
        with _folder() as folder, server.postgresql() as url:
            bulk.measured(folder, url, _say)
    return 0 if whole else 1


def _door(folder: Path, url: str, chosen: argparse.Namespace) -> bool:
    ready = world.made(folder, url, chosen.tickets)
    _say(f"\n{_described(url, folder)}")
    common: dict[str, Any] = {"tickets": ready.tickets, "token": ready.token}
    _floor(folder, url, seconds=max(3, chosen.seconds // 2), **common)
    before = _synced(url)
    with load.serving(*load.ours(ready.environment)) as pid:
        _warm(ready)
        spent = load.cpu_seconds(pid)
        door = load.wrk(method="POST", path=REDEEM, seconds=chosen.seconds, run=2, **common)
        spent = load.cpu_seconds(pid) - spent
        _say(f"  redeem, distinct tickets  {door.line()}")
        _say(f"  {1000 * spent / door.answers:.2f} ms of the server's processor for each answer")
        answered = door.answers + WARMED
        after = _synced(url)
        if before is None or after is None:
            _say(f"  {_traced(pid, ready)}")
        else:
            _say(f"  {(after - before) / answered:.2f} WAL syncs for each acknowledged answer")
    return _held(ready, door)


WARMED = 200
TRACED = 4000
"""Tickets from the end of the list, kept for the run that is watched."""


def _warm(ready: world.World) -> None:
    lines = ready.tickets.read_text().splitlines()
    first, rest, last = lines[:WARMED], lines[WARMED:-TRACED], lines[-TRACED:]
    warm = ready.tickets.with_name("warm.txt")
    warm.write_text("\n".join(first) + "\n")
    ready.tickets.with_name("traced.txt").write_text("\n".join(last) + "\n")
    ready.tickets.write_text("\n".join(rest) + "\n")
    load.wrk(
        method="POST", path=REDEEM, tickets=warm, token=ready.token, seconds=5, run=1, clients=8
    )


def _traced(pid: int, ready: world.World) -> str:
    strace = load.syncs_of(pid, 5)
    if strace is None:
        return "strace is not installed: syncs not counted"
    traced = ready.tickets.with_name("traced.txt")
    seen = load.wrk(method="POST", path=REDEEM, tickets=traced, token=ready.token, seconds=3, run=3)
    syncs = load.counted(strace)
    if syncs is None:
        return "strace may not look here: syncs not counted"
    return f"{syncs / seen.answers:.2f} fdatasync for each acknowledged answer (watched by strace)"


def _floor(folder: Path, url: str, *, seconds: int, tickets: Path, token: str) -> None:
    here = url.replace("bench.sqlite3", "bare.sqlite3")
    _bare_table(here)
    common: dict[str, Any] = {
        "tickets": tickets,
        "token": token,
        "seconds": seconds,
        "run": 0,
        "path": "/",
    }
    with load.serving(*load.bare(here)):
        _say(f"  constant, no framework    {load.wrk(method='GET', **common).line()}")
        _say(f"  bare INSERT and commit    {load.wrk(method='POST', **common).line()}")


def _bare_table(url: str) -> None:
    statement = "CREATE TABLE bare (id INTEGER PRIMARY KEY, content TEXT)"
    if url.startswith("sqlite"):
        connection = sqlite._driver().connect(url.removeprefix("sqlite:///"))
        connection.execute(statement)
        connection.close()
        return
    with psycopg.connect(url, autocommit=True) as opened:
        opened.execute(statement.replace("INTEGER", "BIGSERIAL"))


def _held(ready: world.World, door: load.Result) -> bool:
    scans, attended = world.rows(ready)
    database.database().dispose()
    in_flight = 3 * 32
    whole = scans == attended and 0 <= scans - door.answers - WARMED <= in_flight + TRACED
    _say(
        f"  rows afterwards: {scans} scans, {attended} attendances, for {door.answers} answers"
        f" + {WARMED} to warm up + those of the watched run and in flight at its end:"
        f" {'held' if whole else 'NOT HELD'}; {door.errors} errors"
    )
    return whole and door.errors == 0


def _described(url: str, folder: Path) -> str:
    system = subprocess.run(
        ["stat", "-f", "-c", "%T", str(folder)], capture_output=True, text=True, check=True
    ).stdout.strip()
    if not url.startswith("sqlite"):
        with psycopg.connect(url) as opened:
            version, fsync, commit = (
                opened.execute(f"SHOW {name}").fetchone()[0]  # type: ignore[index]
                for name in ("server_version", "fsync", "synchronous_commit")
            )
        return f"PostgreSQL {version} on {system}: fsync {fsync}, synchronous_commit {commit}"
    with database.database().writer.connect() as connection:
        full = connection.execute(sa.text("PRAGMA synchronous")).scalar() == 2
        mode = connection.execute(sa.text("PRAGMA journal_mode")).scalar()
    version = sqlite._driver().sqlite_version
    return f"SQLite {version} on {system}: {mode}, synchronous={'FULL' if full else 'NOT FULL'}"


def _synced(url: str) -> int | None:
    if url.startswith("sqlite"):
        return None
    with psycopg.connect(url, autocommit=True) as opened:
        row = opened.execute("SELECT wal_sync FROM pg_stat_wal").fetchone()
    return int(row[0]) if row else None


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=os.environ.get("BENCH_FOLDER")))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
