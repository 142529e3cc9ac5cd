"""The button of everybody who scanned it, beside tickets at the door, by the same server."""

import os
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench import load, world
from bench.hall import opened
from checkin.models import Attendance, Grade
from checkin.passes import new_pass
from checkin.posters import poster_code
from core import clock, database
from core.database import reading

REDEEM = "/api/v1/checkin/redeem"
ROUNDS, SECONDS, EACH = 3, 4, 12_000
GOAL = 0.5
"""So much of the rate at which tickets are redeemed."""


def measured(folder: Path, url: str, say: Callable[[str], None]) -> bool:
    """Tickets and presses by turns, 32 clients; true when every answer has its row."""
    ready = world.made(folder, url, EACH * (ROUNDS + 1))
    number, _token = opened()
    say(f"\nSelf-scan beside the door, {url.partition(':')[0]}")
    doors, presses = [], []
    with load.serving(*load.ours(ready.environment)) as pid:
        tickets = ready.tickets.read_text().splitlines()
        for turn in range(ROUNDS + 1):
            doors.append(_redeemed(folder, ready, tickets[turn * EACH : (turn + 1) * EACH], turn))
            spent = load.cpu_seconds(pid)
            presses.append(pressed(folder, number))
            spent = load.cpu_seconds(pid) - spent
            if turn:
                say(f"  redeem          {doors[-1].line()}")
                say(f"  POST /s/<code>  {presses[-1].line()}")
                say(f"  {1000 * spent / presses[-1].answers:.2f} ms of the processor for a press")
        opening = load.wrk(
            method="GET", path=f"/s/{poster_code(number)}", tickets=ready.tickets, token="",
            seconds=SECONDS, run=0,
        )  # fmt: skip
        say(f"  GET /s/<code>   {opening.line()}")
    ratio = statistics.median(p.rate / d.rate for p, d in zip(presses[1:], doors[1:], strict=True))
    say(f"  a press against a ticket: {ratio:.2f} (median of {ROUNDS}; goal {GOAL})")
    answered = sum(one.answers for one in presses)
    kept = attended(number)
    database.database().dispose()
    say(f"  attendances kept {kept}, presses answered {answered}")
    errors = sum(one.errors for one in (*doors, *presses, opening))
    return answered <= kept <= answered + 32 * len(presses) and not errors


def pressed(folder: Path, number: int) -> load.Result:
    """Press with a new pass each time, as phones do that keep what they are given."""
    passes = folder / "passes.txt"
    now = clock.now()
    lines = (new_pass(number, now, Grade.STATIC_SELF_SCAN).token for _ in range(EACH))
    passes.write_text("\n".join(lines) + "\n")
    told = {"BENCH_FORM": "name=&unit=&ticket=&pass", "BENCH_COOKIE": f"scan-{number}="}
    os.environ.update(told)
    try:
        return load.wrk(
            method="POST", path=f"/s/{poster_code(number)}", tickets=passes, token="",
            seconds=SECONDS, run=0,
        )  # fmt: skip
    finally:
        for name in told:
            del os.environ[name]


def attended(number: int) -> int:
    """Attendances of an activity that came by a pass."""
    counted = sa.select(sa.func.count(Attendance.id)).where(
        Attendance.activity_id == number, Attendance.pass_id.is_not(None)
    )
    with reading() as session:
        return session.scalar(counted) or 0


def _redeemed(folder: Path, ready: world.World, tickets: list[str], turn: int) -> load.Result:
    some = folder / "some.txt"
    some.write_text("\n".join(tickets) + "\n")
    common: dict[str, Any] = {"tickets": some, "token": ready.token, "seconds": SECONDS}
    return load.wrk(method="POST", path=REDEEM, run=10 + turn, **common)
