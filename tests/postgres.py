"""A PostgreSQL server of the tests' own: own folder, a socket, no port, ended by them."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
import sqlalchemy as sa

from core.database import Base


class Server:
    """Runs as user postgres when the tests run as root."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="th-pg-", dir="/tmp"))
        self._as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self._bin = max(Path("/usr/lib/postgresql").glob("*/bin"))

    def start(self) -> str:
        """Start it; returns the address of its socket folder."""
        if self._as:
            shutil.chown(self.folder, "postgres", "postgres")
        data = self.folder / "data"
        self._run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        options = (
            f"-k {self.folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off "
            "-c synchronous_commit=off -c max_connections=200 -c jit=off"
        )
        self._run(
            "pg_ctl", "-D", str(data), "-o", options, "-w", "-l", f"{self.folder}/log", "start"
        )
        return str(self.folder)

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


def new_database(server: str, name: str) -> str:
    """An empty database on the server; returns its address."""
    with psycopg.connect(host=server, user="postgres", dbname="postgres", autocommit=True) as c:
        c.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        c.execute(f'CREATE DATABASE "{name}"')
    return f"postgresql://postgres@/{name}?host={server}"


def truncated(url: str) -> str:
    """The same database without rows."""
    engine = sa.create_engine(url)
    names = ", ".join(f'"{t.name}"' for t in Base.metadata.sorted_tables)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
    engine.dispose()
    return url
