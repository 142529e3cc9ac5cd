"""Two web servers, two clocks and three workers on one PostgreSQL, killed from outside.

People take seats over HTTP; what was answered is held against raw rows and against what the
mail server took. Nothing here uses a model or a rule of the application to judge.
"""

import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.checkin.outside import Caller, rows
from tests.conftest import SECRET
from tests.notifications.smtp_server import Server
from tests.server_process import ROOT, own_environment, wait_for

ROLES = {
    "web": ["serve", "--no-clock", "--workers", "1"],
    "clock": ["notifications", "clock"],
    "worker": ["notifications", "worker"],
}
SIZE = {"web": 2, "clock": 2, "worker": 3}
FROZEN = 14.0
"""Seconds, longer than the clock's lease."""


@dataclass
class Machine:
    """One process with its settings, started again whenever it was killed."""

    role: str
    settings: dict[str, str]
    number: int = 0


class Machines:
    """All of them, as several service managers would keep them."""

    def __init__(self, url: str, folder: Path, mail_port: int) -> None:
        self._folder = folder
        self._mother = subprocess.Popen(
            [sys.executable, "-m", "tests.notifications.workers.mother"], cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        shared = {
            "TUANHOC_DATABASE_URL": url,
            "TUANHOC_SECRET_KEY": SECRET,
            "TUANHOC_WORKERS": "procrastinate",
            "TUANHOC_MAIL_SERVER": "127.0.0.1",
            "TUANHOC_MAIL_PORT": str(mail_port),
            "TUANHOC_MAIL_USE_TLS": "false",
            "TUANHOC_MAIL_TIMEOUT": "2",
        }
        self.all = [
            Machine(role, own_environment(folder, **shared))
            for role, size in SIZE.items()
            for _ in range(size)
        ]
        self.kills: Counter[str] = Counter()
        self.freezes: Counter[str] = Counter()
        for machine in self.all:
            self._start(machine)

    @property
    def ports(self) -> list[int]:
        return [int(each.settings["PORT"]) for each in self.all if each.role == "web"]

    def wait_for_web(self) -> None:
        for machine in self.all:
            if machine.role == "web":
                wait_for(machine.settings)

    def kill(self, machine: Machine) -> None:
        """``kill -9`` it and all that it started, and another one in its place."""
        self._signal(machine, signal.SIGKILL)
        self.kills[machine.role] += 1
        self._start(machine)

    def freeze(self, machine: Machine) -> None:
        """Stop it for a while without its knowing."""
        self._signal(machine, signal.SIGSTOP)
        time.sleep(FROZEN)
        self._signal(machine, signal.SIGCONT)
        self.freezes[machine.role] += 1

    def fallen(self) -> list[str]:
        """Those that ended by themselves."""
        return [each.role for each in self.all if not Path(f"/proc/{each.number}").exists()]

    def end(self) -> None:
        for machine in self.all:
            self._signal(machine, signal.SIGKILL)
        self._mother.communicate()

    def _signal(self, machine: Machine, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(machine.number, number)

    def _start(self, machine: Machine) -> None:
        assert self._mother.stdin
        assert self._mother.stdout
        ours = {n: v for n, v in machine.settings.items() if n == "PORT" or n.startswith("TUANHOC")}
        order: list[Any] = [ours, ROLES[machine.role], str(self._folder / f"{machine.role}.log")]
        self._mother.stdin.write(json.dumps(order) + "\n")
        self._mother.stdin.flush()
        machine.number = int(self._mother.stdout.readline())


@dataclass
class Figures:
    """What a run came to."""

    seed: int
    people: int
    seconds: float = 0
    kills: Counter[str] = field(default_factory=Counter)
    freezes: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    lost_seats: int = 0
    """Answered, and no seat in the database."""
    doubled_seats: int = 0
    lost: int = 0
    """A seat was given, and the mail server never took a letter."""
    doubled: int = 0
    """Taken more than once without a doubt, or with another Message-ID."""
    in_doubt: int = 0
    """Letters whose sender was killed before the server's answer was known."""
    copies: int = 0
    """Of those, taken a second time, with the same Message-ID."""
    fallen: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kills = ", ".join(f"{number} {role}" for role, number in sorted(self.kills.items()))
        frozen = ", ".join(f"{number} {role}" for role, number in sorted(self.freezes.items()))
        return (
            f"many machines: seed {self.seed}, {self.people} people in {self.seconds:.1f} s; "
            f"killed {kills or 'none'}; frozen {frozen or 'none'}; "
            f"{self.unanswered} questions broke off; "
            f"seats lost {self.lost_seats}, doubled {self.doubled_seats}; "
            f"letters lost {self.lost}, doubled {self.doubled}; "
            f"in doubt {self.in_doubt}, of these a copy {self.copies}"
        )


def run(
    url: str, folder: Path, slug: str, *, people: int, blows: int, seed: int, freezes: float = 0.0,
    limit: float = 120, pause: tuple[float, float] = (0.3, 0.9),
) -> Figures:  # fmt: skip
    """Let people take seats while machines are killed, then wait for all letters."""
    chance, figures = random.Random(seed), Figures(seed, people)
    with Server(delay=0.01) as mail:
        machines = Machines(url, folder, mail.port)
        try:
            machines.wait_for_web()
            page = _page(machines.ports[0], slug)
            begun = time.monotonic()
            crowd = threading.Thread(
                target=_register_all, args=(machines.ports, slug, people, figures, page)
            )
            crowd.start()
            for _ in range(blows):
                time.sleep(chance.uniform(*pause))
                machine = chance.choice(machines.all)
                if machine.role != "web" and chance.random() < freezes:
                    machines.freeze(machine)
                else:
                    machines.kill(machine)
            crowd.join(limit)
            while time.monotonic() < begun + limit and not _is_over(url, people):
                time.sleep(0.2)
            figures.seconds = time.monotonic() - begun
            figures.fallen = machines.fallen()
        finally:
            machines.end()
        figures.kills, figures.freezes = machines.kills, machines.freezes
        return _judge(url, mail, figures)


def address(number: int) -> str:
    return f"nguoi{number}@example.com"


def _page(port: int, slug: str) -> tuple[str, dict[str, str]]:
    """What a form needs, once for all: the servers share their key."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", f"/activities/{slug}")
        answer = connection.getresponse()
        text, cookie = answer.read().decode(), answer.headers["Set-Cookie"].partition(";")[0]
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
    assert found
    return found[1], {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}


def _register_all(
    ports: list[int], slug: str, people: int, figures: Figures, page: tuple[str, dict[str, str]]
) -> None:
    """One person after the other; each form is sent again until it is answered."""
    callers, (token, head) = [Caller(port) for port in ports], page
    with closing(callers[0]), closing(callers[1]):
        for number in range(people):
            form = {
                "csrf_token": token, "form_token": f"form-{number}",
                "name": f"Người Thứ {number}", "email": address(number),
            }  # fmt: skip
            body = urllib.parse.urlencode(form)
            caller = callers[number % len(callers)]
            status, said, _ = caller.ask("POST", f"/activities/{slug}/registrations", body, head)
            assert status == 303, (status, said[:2000])
    figures.unanswered = sum(caller.unanswered for caller in callers)


def _is_over(url: str, people: int) -> bool:
    waiting = (
        "SELECT count(*) FROM message WHERE state NOT IN ('sent', 'dead', 'missed', 'skipped')"
    )
    return (
        rows(url, "SELECT count(*) FROM message")[0][0] >= people and not rows(url, waiting)[0][0]
    )


def _judge(url: str, mail: Server, figures: Figures) -> Figures:
    seats = Counter(
        row[0]
        for row in rows(
            url,
            "SELECT p.email FROM registration r JOIN participant p ON p.id = r.participant_id",
        )
    )
    doubts = dict(rows(url, "SELECT recipient, doubtful_at IS NOT NULL FROM message"))
    taken = Counter(letter.recipient for letter in mail.taken)
    ids: dict[str, set[str]] = {}
    for letter in mail.taken:
        ids.setdefault(letter.recipient, set()).add(letter.message_id)
    for number in range(figures.people):
        who = address(number)
        figures.lost_seats += not seats[who]
        figures.doubled_seats += seats[who] > 1
        figures.lost += not taken[who]
        figures.in_doubt += bool(doubts.get(who))
        figures.doubled += taken[who] > (2 if doubts.get(who) else 1) or len(ids.get(who, ())) > 1
        figures.copies += taken[who] == 2 and bool(doubts.get(who))
    return figures
