"""Workers, servers and databases killed with -9 while people come: no answer without its row.

Tickets are redeemed and handed in by batches, passes are pressed; what breaks off is asked again
with the same nonce. Rows are read as they lie once everything is over. ``make soak`` counts ten
thousand; ``SEED`` repeats a run.
"""

import json
import os
import queue
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import pytest

from checkin.posters import poster_code
from checkin.tokens import ticket_secret
from core import clock, database
from core.database import Base
from events.models import Counting
from tests import postgres
from tests.checkin.door_world import TOKEN, a_scanner
from tests.checkin.outside import (
    PATIENCE,
    Caller,
    Server,
    all_at_once,
    installed,
    is_whole,
    rows,
    serving,
)
from tests.factories import a_plan, a_registration, a_unit, an_activity

pytestmark = pytest.mark.slow

CLIENTS, BATCH = 16, 10
DEVICES = (TOKEN, "the-token-of-the-other-scanner")
Key = tuple[str, str]
"""A scanner's token and the nonce; no token and the pass."""
Told = tuple[int, str]
"""Status and words of an answer, without what says that it was given before."""


@dataclass(frozen=True)
class Week:
    """Who comes, and where it is kept."""

    url: str
    secrets: list[str]
    devices: dict[str, int]
    poster: str
    postgres: postgres.Server | None
    environment: dict[str, str]


@dataclass(frozen=True)
class Scanned:
    """One ticket before a scanner, or several that it hands in together."""

    token: str
    secrets: list[str]
    nonces: list[str]
    moments: list[str] = field(default_factory=list)
    """When each was scanned, if that was without a connection."""

    def ask(self, caller: Caller) -> dict[Key, Told]:
        path = "batch" if self.moments else "redeem"
        headers = {"Authorization": f"Device {self.token}"}
        status, said, _ = caller.ask("POST", f"/api/v1/checkin/{path}", self._body(), headers)
        assert status in ({200} if self.moments else {201, 400}), (status, said)
        told = json.loads(said)
        answers = told["answers"] if self.moments else [{"http": status, **told}]
        return {
            (self.token, nonce): (one["http"], _words(one))
            for nonce, one in zip(self.nonces, answers, strict=True)
        }

    def _body(self) -> str:
        asked = [{"secret": s, "nonce": n} for s, n in zip(self.secrets, self.nonces, strict=True)]
        if not self.moments:
            return json.dumps(asked[0])
        late = [{**one, "datetime": at} for one, at in zip(asked, self.moments, strict=True)]
        return json.dumps({"scans": late})


@dataclass
class Pressed:
    """One phone before a poster: it opens the page once and presses until it is answered."""

    poster: str
    token: str = ""

    def ask(self, caller: Caller) -> dict[Key, Told]:
        if not self.token:
            _, page, _ = caller.ask("GET", f"/s/{self.poster}")
            self.token = page.partition('name="pass" value="')[2].partition('"')[0]
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        status, said, led = caller.ask("POST", f"/s/{self.poster}", f"pass={self.token}", form)
        assert status == 303, (status, said)
        return {("", self.token.split(".")[2]): (status, led)}


def _words(answer: dict) -> str:
    return json.dumps({k: v for k, v in answer.items() if k not in {"replayed", "http"}})


@pytest.fixture
def week(request, database_url, tmp_path, given):
    """A database that keeps what it has acknowledged; on PostgreSQL its server is ours to kill."""
    server = None
    if request.config.getoption("--database") == "postgresql":
        server = postgres.Server(durable=True)
        database_url = postgres.new_database(server.start(), "kept")
        database.configure(database_url)
        with database.transaction() as opened:
            Base.metadata.create_all(opened.connection())
    environment = installed(database_url, tmp_path)

    def peopled(tickets: int) -> Week:
        unit, now = a_unit(), clock.now()
        open_now = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(days=1)}
        activity = an_activity(plan=a_plan(unit=unit), **open_now)
        hall = an_activity(plan=activity.plan, counting=Counting.SELF_SCAN, **open_now)
        registrations = [a_registration(activity=activity) for _ in range(tickets)]
        scanners = {token: a_scanner(unit, token=token) for token in DEVICES}
        given(activity, hall, *scanners.values(), *registrations)
        return Week(
            url=database_url,
            secrets=[ticket_secret(registration) for registration in registrations],
            devices={token: scanner.id for token, scanner in scanners.items()},
            poster=poster_code(hall.id),
            postgres=server,
            environment=environment,
        )

    yield peopled
    database.database().dispose()
    if server:
        server.stop()


def coming(week: Week, number: int, chance: random.Random) -> list[Scanned | Pressed]:
    """So many check-ins: 70 of 100 at a scanner, 15 in batches, 15 by themselves.

    One ticket of twenty is held to both scanners, and one of twenty handed in as well.
    """
    nonce = (f"{chance.getrandbits(32):08x}-0000-4000-8000-{n:012x}" for n in range(number))
    late, alone = number * 15 // 100, number * 15 // 100
    tickets = week.secrets
    shown = [*tickets[: number - late - alone - number // 20], *tickets[: number // 20]]
    found: list[Scanned | Pressed] = [
        Scanned(DEVICES[n >= number - late - alone - number // 20], [secret], [next(nonce)])
        for n, secret in enumerate(shown)
    ]
    handed_in = [*tickets[number // 20 : number // 10], *tickets[len(shown) - number // 20 :]]
    now = clock.now()
    for place in range(0, late, BATCH):
        secrets = handed_in[place : min(place + BATCH, late)]
        ago = [timedelta(minutes=chance.uniform(1, 60)) for _ in secrets]
        moments = [(now - one).isoformat() for one in ago]
        found.append(Scanned(chance.choice(DEVICES), secrets, [next(nonce) for _ in ago], moments))
    found += [Pressed(week.poster) for _ in range(alone)]
    chance.shuffle(found)
    return found


@dataclass
class Figures:
    """What a run came to."""

    seed: int
    kills: Counter = field(default_factory=Counter)
    answers: dict[Key, Told] = field(default_factory=dict)
    seconds: float = 0
    unanswered: int = 0
    replays: int = 0
    otherwise: int = 0
    """Replays that said something else than the first answer."""
    lost: int = 0
    """Acknowledged, and not there as it was acknowledged."""
    doubled: int = 0

    def __str__(self) -> str:
        kills = ", ".join(f"{number} × {what}" for what, number in sorted(self.kills.items()))
        return (
            f"kills: seed {self.seed}, {len(self.answers)} check-ins in {self.seconds:.0f} s, "
            f"kill -9 of {kills}; {self.unanswered} questions broke off; "
            f"acknowledged and lost {self.lost}, doubled {self.doubled}, "
            f"{self.replays} replays, answered otherwise {self.otherwise}"
        )


def lived_through(week: Week, number: int, kills: Counter, seed: int) -> Figures:
    """Let them come while something is killed now and then; ask everything once more at the end."""
    chance, figures = random.Random(seed), Figures(seed)
    everything = coming(week, number, chance)
    begun = time.monotonic()
    with serving(week.environment) as server:
        killer = threading.Thread(
            target=kill_now_and_then, args=(week, server, kills, number, figures, chance)
        )
        killer.start()
        figures.unanswered = asked_of_all(server, everything, figures, random.Random(seed + 1))
        killer.join()
        figures.seconds = time.monotonic() - begun
        figures.kills += Counter(server.killed)
        asked_of_all(server, everything, figures, random.Random(seed + 2))
    judge(week, everything, figures)
    return figures


def asked_of_all(server: Server, everything: list, figures: Figures, chance: random.Random) -> int:
    """Ask each until it is answered, some of them twice on purpose."""
    line: queue.SimpleQueue = queue.SimpleQueue()
    for one in everything:
        line.put((one, 2 if chance.random() < 0.02 else 1))

    def work(caller: Caller) -> None:
        while True:
            try:
                one, times = line.get_nowait()
            except queue.Empty:
                return
            for _ in range(times):
                keep(figures, one.ask(caller))

    return all_at_once([server.port], CLIENTS, work)


_kept = threading.Lock()


def keep(figures: Figures, told: dict[Key, Told]) -> None:
    with _kept:
        for key, answer in told.items():
            if key in figures.answers:
                figures.replays += 1
                figures.otherwise += figures.answers[key] != answer
            else:
                figures.answers[key] = answer


def kill_now_and_then(
    week: Week, server: Server, kills: Counter, number: int, figures: Figures, chance: random.Random
) -> None:
    """Spread over the run, at moments that nobody chose."""
    if week.postgres is None:
        kills = kills - Counter(database=kills["database"])
    blows = list(kills.elements())
    chance.shuffle(blows)
    for step, what in enumerate(blows, 1):
        due = step * number // (len(blows) + 1)
        until_holds(partial(has_come, figures, due))
        time.sleep(chance.uniform(0, 0.1))
        if what == "database":
            week.postgres.kill_and_restart()
            figures.kills[what] += 1
        else:
            blow = server.kill if what == "server" else server.kill_worker
            until_holds(partial(blow, chance))


def has_come(figures: Figures, number: int) -> bool:
    return len(figures.answers) >= number


def until_holds(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.002)


def judge(week: Week, everything: list, figures: Figures) -> None:
    """Hold what was acknowledged against the rows."""
    tokens = {number: token for token, number in week.devices.items()}
    scans = rows(week.url, "SELECT device_id, nonce, status, registration_id FROM scan")
    stood_for = rows(
        week.url,
        "SELECT a.scan_id, a.participant_id, a.pass_id, r.id FROM attendance a"
        " LEFT JOIN registration r ON r.participant_id = a.participant_id",
    )
    kept = {(tokens[d], nonce): (status, ticket) for d, nonce, status, ticket in scans if d}
    figures.lost = len(acknowledged(everything, figures).items() - kept.items())
    figures.lost += sum(
        not led.endswith(one) for (token, one), (_, led) in figures.answers.items() if not token
    )
    came = {ticket for _, ticket in kept.values()} | {
        one for token, one in figures.answers if not token
    }
    counted = Counter(ticket or one for _, _, one, ticket in stood_for)
    figures.lost += len(came - set(counted))
    figures.doubled = sum(device is not None for device, *_ in scans) - len(kept)
    figures.doubled += _twice(counted) + _twice(Counter(scan for scan, *_ in stood_for))
    figures.doubled += _twice(let_in_at_once(everything, figures))
    assert set(kept) == {key for key in figures.answers if key[0]}
    assert set(counted) == came
    assert is_whole(week.url)


def acknowledged(everything: list, figures: Figures) -> dict[Key, tuple[str, int]]:
    """What the answers at the scanners promise: a status and whose ticket it was."""
    promised = {}
    for one in (one for one in everything if isinstance(one, Scanned)):
        for secret, nonce in zip(one.secrets, one.nonces, strict=True):
            told = json.loads(figures.answers[one.token, nonce][1])
            ticket = int(secret.split(".")[2].split("-")[1])
            promised[one.token, nonce] = (told.get("reason", told["status"]), ticket)
    return promised


def let_in_at_once(everything: list, figures: Figures) -> Counter:
    """How often each ticket was let in by those who had a connection."""
    online = [one for one in everything if isinstance(one, Scanned) and not one.moments]
    return Counter(
        one.secrets[0] for one in online if figures.answers[one.token, one.nonces[0]][0] == 201
    )


def _twice(numbers: Counter) -> int:
    return sum(number > 1 for number in numbers.values())


def proved(week, number: int, kills: Counter, capsys) -> Figures:
    seed = int(os.environ.get("SEED") or random.randrange(10**6))
    figures = lived_through(week(number), number, kills, seed)
    with capsys.disabled():
        print(f"\n{figures}")
    assert len(figures.answers) == number
    assert (figures.lost, figures.doubled, figures.otherwise) == (0, 0, 0)
    assert figures.replays >= number
    return figures


def test_killed_workers_answer_nothing_that_is_not_kept_and_keep_nothing_twice(week, capsys):
    figures = proved(week, 300, Counter(worker=2, server=1, database=1), capsys)
    assert sum(figures.kills.values()) >= 3


@pytest.mark.soak
def test_ten_thousand_come_while_eighty_times_something_is_killed(week, capsys):
    figures = proved(week, 10_000, Counter(worker=70, server=12, database=6), capsys)
    assert sum(figures.kills.values()) >= 75
