"""500 and 1,000 people who scan in the same instant: until the last one is answered."""

import gzip
import json
import re
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from bench import load, world
from bench.crowd import Answer, Ask, Crowd, rush
from bench.hall import opened
from bench.selfscan import attended
from checkin.passes import new_pass
from checkin.posters import poster_code
from core import clock, database

GOALS = {500: 500, 1000: 1000}
"""How many at once, and within how many milliseconds all should be answered."""
TIMES = 3
_PASS = re.compile(rb'name="pass" value="([^"]+)"')


def measured(folder: Path, url: str, say: Callable[[str], None]) -> bool:
    """The door, the page behind the code, its button, and both after each other; one process."""
    ready = world.made(folder, url, (TIMES + 1) * sum(GOALS))
    tickets = iter(ready.tickets.read_text().splitlines())
    number, _token = opened()
    path = f"/s/{poster_code(number)}"
    makers: dict[str, Callable[[], Ask]] = {
        "POST redeem, the door": lambda: partial(_redeem, ready.token, next(tickets)),
        "GET /s/<code>": lambda: partial(_open, path),
        "POST /s/<code>": lambda: partial(_press, path, new_pass(number, clock.now()).token),
        "GET, then POST": lambda: partial(_open_and_press, path),
    }
    say(f"\nAll in the same instant, {url.partition(':')[0]}, one process; each a new connection")
    command, environment, health = load.ours(ready.environment)
    whole = True
    with load.serving([*command, "--workers", "1"], environment, health):
        for people, goal in GOALS.items():
            for what, make in makers.items():
                crowds = [rush([make() for _ in range(people)]) for _ in range(TIMES)]
                whole &= not any(crowd.dropped for crowd in crowds)
                say(_line(f"{people:5d} {what}", crowds, goal))
    kept, pressed = attended(number), 2 * TIMES * sum(GOALS)
    database.database().dispose()
    say(f"  attendances kept {kept}, of {pressed} presses")
    return whole and kept == pressed


def _line(what: str, crowds: Sequence[Crowd], goal: int) -> str:
    middle = sorted(crowds, key=lambda crowd: (crowd.worst, crowd.dropped))[len(crowds) // 2]
    each = ", ".join(f"{crowd.worst:.0f}" for crowd in crowds)
    fits = "" if middle.worst <= goal else f"  OVER {goal}"
    return f"  {what:28} {middle.line()}  (last of each run: {each} ms){fits}"


def _redeem(token: str, secret: str, answer: Answer | None) -> bytes | None:
    if answer is not None:
        return _expect(answer, 201)
    told = {"secret": secret, "nonce": str(uuid.uuid4()), "lists": [], "type": "entry"}
    body = json.dumps(told).encode()
    kind = f"Authorization: Device {token}\r\nContent-Type: application/json\r\n"
    return _post("/api/v1/checkin/redeem", kind, body)


def _open(path: str, answer: Answer | None) -> bytes | None:
    if answer is not None:
        return _expect(answer, 200)
    return f"GET {path} HTTP/1.1\r\n{_PHONE}Accept-Encoding: gzip\r\n\r\n".encode()


def _press(path: str, token: str, answer: Answer | None, cookies: str = "") -> bytes | None:
    if answer is not None:
        return _expect(answer, 303)
    kept = cookies or f"scan-{token.split('.')[1]}={token}"
    kind = f"Cookie: {kept}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    return _post(path, kind, f"pass={token}&name=&unit=&ticket=".encode())


def _open_and_press(path: str, answer: Answer | None) -> bytes | None:
    if answer is None or answer.status == 303:
        return _open(path, None) if answer is None else None
    _expect(answer, 200)
    page = gzip.decompress(answer.body) if answer.body[:2] == b"\x1f\x8b" else answer.body
    found = _PASS.search(page)
    if found is None:
        raise ValueError("the page has no button")
    return _press(path, found[1].decode(), None, answer.cookies.decode())


def _post(path: str, kind: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\n{_PHONE}{kind}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _expect(answer: Answer, status: int) -> bytes | None:
    """Nothing more to ask."""
    if answer.status != status:
        raise ValueError(f"{answer.status} instead of {status}")
    return None


_PHONE = f"Host: 127.0.0.1:{load.PORT}\r\nUser-Agent: Zalo\r\n"
