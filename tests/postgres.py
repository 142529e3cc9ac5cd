"""A PostgreSQL server of the tests' own: own folder, a socket, no port, ended by them."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg


class Server:
    """Runs as user postgres when the tests run as root.

    It is in a hurry and would lose what it acknowledged, unless it is ``durable``.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._haste = "" if durable else _HASTE
        self.folder = Path(tempfile.mkdtemp(prefix="th-pg-", dir="/tmp"))
        self._as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self._bin = max(Path("/usr/lib/postgresql").glob("*/bin"))

    def start(self) -> str:
        """Start it; returns the address of its socket folder."""
        if self._as:
            shutil.chown(self.folder, "postgres", "postgres")
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        self._start()
        return str(self.folder)

    def _start(self) -> None:
        options = (
            f"-k {self.folder} -c listen_addresses='' -c max_connections=200 -c jit=off"
            f"{self._haste}"
        )
        data, log = f"{self.folder}/data", f"{self.folder}/log"
        self._run("pg_ctl", "-D", data, "-o", options, "-w", "-l", log, "start")

    def kill_and_restart(self) -> None:
        """``kill -9``, then again from what it had written down."""
        process = int((self.folder / "data/postmaster.pid").read_text().split()[0])
        os.kill(process, signal.SIGKILL)
        until = time.monotonic() + 30
        while True:
            try:
                self._start()
            except subprocess.CalledProcessError:  # its children are still leaving
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return

    def stop(self) -> None:
        """End it and remove its folder."""
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self._as, str(self._bin / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            timeout=120,
            cwd="/",
        )


_HASTE = " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"


def new_database(server: str, name: str) -> str:
    """An empty database on the server; returns its address."""
    with psycopg.connect(host=server, user="postgres", dbname="postgres", autocommit=True) as c:
        c.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        c.execute(f'CREATE DATABASE "{name}"')
    return f"postgresql://postgres@/{name}?host={server}"


def emptied(url: str) -> str:
    """The same database without rows, counting from 1 again."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_EMPTY)
    return url


_EMPTY = """
DO $$
DECLARE name text; filled boolean;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %s)', name) INTO filled;
    IF filled THEN EXECUTE format('DELETE FROM %s', name); END IF;
  END LOOP;
  PERFORM setval(format('%I.%I', schemaname, sequencename), 1, false)
    FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""
"""Deleting the few rows of a test is a hundred times faster than truncating every table."""
