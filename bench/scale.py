"""A tree of a thousand units with five thousand activities: what each page costs."""

import http.client
import json
import re
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import load, world

UNITS, ACTIVITIES = 1_000, 5_000
PAGE, SEARCH = 150, 30
COLD, WARM, UNCHANGED = 300, 20, 5
"""Milliseconds that an answer may take."""
TIMES = 15

PAGES = (
    "/",
    "/weeks/{year}/",
    "/weeks/{year}/?kind=talk",
    "/weeks/{year}/?unit={root_unit}",
    "/activities/{slug}",
    "/desk/",
    "/desk/activities",
    "/desk/plans",
    "/desk/units",
    "/desk/duties",
    "/desk/venues",
    "/desk/timetable/",
    "/desk/timetable/places",
    "/desk/duties/list",
    "/desk/weeks",
    "/desk/timetable/conflicts",
    "/office/",
    "/office/doors",
)


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many milliseconds."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    took: float


class Browser:
    """One connection with cookies, as a signed-in person has it."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self._connection = connection
        self._cookies: dict[str, str] = {}

    def ask(
        self,
        path: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request; a form is posted."""
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        sent = urlencode(form) if form is not None else None
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if sent is not None else {}
        began = time.perf_counter()
        self._connection.request(
            "POST" if sent is not None else "GET",
            path,
            sent,
            {"Cookie": cookies, **kind, **(headers or {})},
        )
        answer = self._connection.getresponse()
        body = answer.read()
        took = 1000 * (time.perf_counter() - began)
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status, headers, body, took)

    def sign_in(self, email: str, password: str) -> None:
        """Through the page, as everybody does."""
        page = self.ask("/sign-in").body.decode()
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        if found is None:
            raise SystemExit("the page to sign in has no form")
        form = {"csrf_token": found[1], "email": email, "password": password}
        signed = self.ask("/sign-in", form)
        if signed.status not in {302, 303}:
            raise SystemExit(f"signing in was answered with {signed.status}")


def measured(folder: Path, url: str, say: Callable[[str], None]) -> None:
    """Every page, the calendar and the search, one client, over HTTP."""
    ready = world.made(folder, url, 10, activities=ACTIVITIES, units=UNITS)
    told = json.loads((folder / "manifest.json").read_text())
    admin = next(a for a in told["accounts"] if a["role"] == "admin")
    facts: dict[str, Any] = {**told, "slug": told["activities"][0]["slug"]}
    say(f"\n{UNITS} units, {ACTIVITIES} activities, {url.partition(':')[0]}; one client")
    with load.serving(*load.ours(ready.environment)), _browser() as browser:
        calendar = f"/calendar/weeks/{told['year']}.ics"
        browser.ask("/healthz")
        first = browser.ask(calendar)
        say(_line(calendar + ", cold", [first], COLD))
        say(_line(calendar + ", warm", _often(browser, calendar), WARM))
        known = {"If-None-Match": first.headers["etag"]}
        say(_line(calendar + ", unchanged", _often(browser, calendar, known), UNCHANGED))
        browser.sign_in(admin["email"], admin["password"])
        for page in PAGES:
            path = page.format(**facts)
            say(_line(path, _often(browser, path), PAGE))
        for words in ("nguyen", "doc sach", "thu vien"):
            path = f"/desk/search?{urlencode({'q': words})}"
            say(_line(path, _often(browser, path), SEARCH))


def _often(browser: Browser, path: str, headers: Mapping[str, str] | None = None) -> list[Answer]:
    browser.ask(path)
    return [browser.ask(path, headers=headers) for _ in range(TIMES)]


def _line(path: str, answers: list[Answer], limit: int) -> str:
    took = [answer.took for answer in answers]
    middle = statistics.median(took)
    fits = "" if middle <= limit else f"  OVER {limit}"
    last = answers[-1]
    return (
        f"  {path:44} {last.status}  p50 {middle:6.1f} ms  worst {max(took):6.1f} ms"
        f"  {len(last.body) // 1024:5} kB{fits}"
    )


@contextmanager
def _browser() -> Iterator[Browser]:
    with closing(http.client.HTTPConnection("127.0.0.1", load.PORT, timeout=60)) as connection:
        yield Browser(connection)
