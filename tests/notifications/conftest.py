"""An office that writes to its accounts, and a mail server on loopback."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from notifications import jobs
from notifications.delivery import Round, Sender
from notifications.presence import Presence
from tests.notifications.people import office
from tests.notifications.smtp_server import Server


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as listening:
        yield listening


@pytest.fixture
def presence(tmp_path: Path) -> Iterator[Presence]:
    here = Presence(tmp_path / "alive")
    yield here
    here.leave()


@pytest.fixture
def welcoming(database_url: str, server: Server, tmp_path: Path) -> Flask:
    """The application whose only occasion welcomes accounts, over the mail server."""
    return office(database_url, tmp_path, port=server.port, mail_timeout=2.0)


@pytest.fixture
def keeping(database_url: str, tmp_path: Path) -> Flask:
    """The same without a mail server: letters are kept as files."""
    return office(database_url, tmp_path)


@pytest.fixture
def plan(presence: Presence) -> Callable[[Flask], bool]:
    """One round of the clock."""
    return lambda app: jobs.tick(list(app.extensions["occasions"].values()), presence)


@pytest.fixture
def send(presence: Presence) -> Callable[..., Round]:
    """One round of a sender."""

    def run(app: Flask, owner: str = "sender", **facts: Any) -> Round:
        return Sender(app, presence.owner(owner), **facts).run()

    return run
