"""The screen of a hall before 500 viewers, served by one process."""

import os
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from bench import load, world
from checkin.hall.services import invite, pair
from core import clock, database
from core.database import transaction
from events.models import Activity, ActivityState, Counting, Session

VIEWERS = 500
EVERY = 2
"""Seconds after which a screen looks again."""


def measured(folder: Path, url: str, say: Callable[[str], None]) -> bool:
    """How many looks a second one process answers; true when none fails and all are in time."""
    ready = world.made(folder, url, 10)
    _number, token = opened()
    say(f"\nScreen of a hall, {url.partition(':')[0]}")
    command, environment, path = load.ours(ready.environment)
    with load.serving([*command, "--workers", "1"], environment, path):
        looked = _looked(token, ready.tickets)
    say(f"  GET /hall/state, {VIEWERS} at once  {looked.line()}")
    say(f"  needed when each looks every {EVERY} s: {VIEWERS // EVERY}/s")
    database.database().dispose()
    return looked.rate >= VIEWERS / EVERY and not looked.errors


def opened() -> tuple[int, str]:
    """An activity whose doors are open for two hours, and the token of its screen."""
    with transaction() as session:
        found = sa.select(Activity).where(
            Activity.state == ActivityState.RELEASED, Activity.counting == Counting.TICKETS
        )
        activity = session.scalars(found.order_by(Activity.id).limit(1)).one()
        now = clock.now()
        activity.counting = Counting.SELF_SCAN
        sitting = session.scalars(
            sa.select(Session).where(Session.activity_id == activity.id).limit(1)
        ).one()
        sitting.starts_at, sitting.ends_at = now, now + 2 * (sitting.ends_at - sitting.starts_at)
        _screen, code = invite(activity, actor=None, now=now)
        return activity.id, pair(code, now=now)[1]


def _looked(token: str, tickets: Path) -> load.Result:
    os.environ["BENCH_COOKIE"] = f"hall={token}"
    try:
        return load.wrk(
            method="GET", path="/hall/state", tickets=tickets, token="", seconds=5, run=0,
            clients=VIEWERS,
        )  # fmt: skip
    finally:
        del os.environ["BENCH_COOKIE"]
