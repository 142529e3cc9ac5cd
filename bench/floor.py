"""The machine without us: GET answers a constant, POST after one bare INSERT and commit."""
# ruff: noqa: D103

import os
import threading
from importlib import import_module
from typing import Any

URL = os.environ["BENCH_DATABASE"]
INSERT = "INSERT INTO bare (content) VALUES (?)"
LOCAL, TURN = threading.local(), threading.Lock()


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    if environ["REQUEST_METHOD"] == "POST":
        keep(environ["wsgi.input"].read())
    start_response("201 Created", [("Content-Type", "application/json")])
    return [b'{"status":"ok"}']


def keep(content: bytes) -> None:
    if not hasattr(LOCAL, "connection"):
        LOCAL.connection = connect()
    if URL.startswith("sqlite"):
        with TURN:
            LOCAL.connection.execute(INSERT, (content.decode(),))
    else:
        LOCAL.connection.execute(INSERT.replace("?", "%s"), (content.decode(),))


def connect() -> Any:
    if URL.startswith("sqlite"):
        dbapi2: Any = import_module("pysqlite3.dbapi2")
        connection = dbapi2.connect(URL.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection
    return import_module("psycopg").connect(URL, autocommit=True, prepare_threshold=0)
