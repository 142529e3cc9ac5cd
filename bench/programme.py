"""The programme page with five thousand activities."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import load, world

ACTIVITIES = 5_000


def measured(folder: Path, say: Callable[[str], None]) -> None:
    """How long a visitor waits for the page, alone and among eight."""
    url = f"sqlite:///{folder}/programme.sqlite3"
    ready = world.made(folder, url, 10, activities=ACTIVITIES)
    say(f"\nProgramme of {ACTIVITIES} activities, SQLite")
    common: dict[str, Any] = {
        "method": "GET",
        "path": "/",
        "tickets": ready.tickets,
        "token": "-",
        "run": 0,
    }
    with load.serving(*load.ours(ready.environment)):
        load.wrk(seconds=2, clients=1, **common)
        for clients in (1, 8):
            found = load.wrk(seconds=5, clients=clients, **common)
            say(f"  GET /, {clients} at once  {found.line()}")
