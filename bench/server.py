"""A PostgreSQL server of the bench's own, with every write forced to the disk."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database; the server and its folder go when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="th-bench-", dir="/tmp"))
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if prefix:
        shutil.chown(folder, "postgres", "postgres")

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [*prefix, str(programs / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            timeout=120,
            cwd="/",
        )

    data = str(folder / "data")
    options = (
        f"-k {folder} -c listen_addresses='' -c shared_buffers=512MB -c max_wal_size=4GB -c jit=off"
    )
    run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8")
    run("pg_ctl", "-D", data, "-o", options, "-w", "-l", f"{folder}/log", "start")
    try:
        with psycopg.connect(
            host=str(folder), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute("CREATE DATABASE bench")
        yield f"postgresql://postgres@/bench?host={folder}"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
