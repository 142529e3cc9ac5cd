"""How fast this machine is without us: a constant, and one bare INSERT and commit, no framework."""

import os
import threading
from typing import Any

URL = os.environ["BENCH_DATABASE"]
HEADERS = [("Content-Type", "application/json")]
INSERT = "INSERT INTO bare (content) VALUES (?)"
LOCAL, TURN = threading.local(), threading.Lock()


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """GET answers a constant; POST answers after its row is committed."""
    if environ["REQUEST_METHOD"] == "POST":
        keep(environ["wsgi.input"].read())
    start_response("201 Created", HEADERS)
    return [b'{"status":"ok"}']


def keep(content: bytes) -> None:
    """One row, one commit, durable before the answer."""
    if not hasattr(LOCAL, "connection"):
        LOCAL.connection = connect()
    if URL.startswith("sqlite"):
        with TURN:
            LOCAL.connection.execute(INSERT, (content.decode(),))
    else:
        LOCAL.connection.execute(INSERT.replace("?", "%s"), (content.decode(),))


def connect() -> Any:
    """A connection that commits each statement."""
    if URL.startswith("sqlite"):
        from core.sqlite import driver

        connection = driver.connect(URL.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection
    import psycopg

    return psycopg.connect(URL, autocommit=True, prepare_threshold=0)
