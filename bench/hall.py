"""The screen of a hall before 500 viewers, and the button of everybody who scanned it."""

import os
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from bench import load, world
from checkin.hall.services import invite, pair
from checkin.models import Attendance, Grade
from checkin.passes import new_pass
from checkin.posters import poster_code
from core import clock
from core.database import reading, transaction
from events.models import Activity, ActivityState, Counting, Session

VIEWERS = 500
EVERY = 4
"""Seconds after which a screen looks again."""
PRESSES = 60_000


def measured(folder: Path, url: str, say: Callable[[str], None]) -> bool:
    """How many looks a second one process answers, and how many presses; true when all is held."""
    ready = world.made(folder, url, 10)
    number, token = _opened()
    passes = folder / "passes.txt"
    now = clock.now()
    lines = (new_pass(number, now, Grade.STATIC_SELF_SCAN).token for _ in range(PRESSES))
    passes.write_text("\n".join(lines) + "\n")
    say(f"\nScreen of a hall, {url.partition(':')[0]}")
    with load.serving(*load.ours(ready.environment)):
        looked = _looked(token, ready.tickets)
        say(f"  GET /hall/state, {VIEWERS} at once  {looked.line()}")
        say(f"  needed when each looks every {EVERY} s: {VIEWERS // EVERY}/s")
        pressed = _pressed(number, passes)
        say(f"  POST /s/<code>, 32 at once   {pressed.line()}")
    with reading() as session:
        kept = session.scalar(
            sa.select(sa.func.count())
            .select_from(Attendance)
            .where(Attendance.activity_id == number)
        )
    say(f"  attendances kept {kept}, presses answered {pressed.answers}")
    is_whole = kept is not None and kept >= pressed.answers - pressed.errors
    return is_whole and not looked.errors


def _opened() -> tuple[int, str]:
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


def _pressed(number: int, passes: Path) -> load.Result:
    os.environ["BENCH_FORM"] = "pass"
    try:
        return load.wrk(
            method="POST", path=f"/s/{poster_code(number)}", tickets=passes, token="", seconds=5,
            run=0,
        )  # fmt: skip
    finally:
        del os.environ["BENCH_FORM"]
