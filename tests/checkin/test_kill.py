"""The web's workers killed with -9 while tickets are redeemed: no answer without its row."""

import http.client
import json
import os
import queue
import random
import signal
import threading
import time
from collections import Counter
from contextlib import closing

import pytest
import sqlalchemy as sa

from checkin.models import Attendance, Scan, ScanStatus
from checkin.tokens import ticket_secret
from core import clock, database, migrations
from tests.checkin.door_world import TOKEN, a_scanner
from tests.conftest import SECRET
from tests.factories import a_plan, a_registration, a_unit, an_activity
from tests.server_process import ended, own_environment, started, workers

pytestmark = pytest.mark.slow

TICKETS, CLIENTS, KILLS = 400, 8, 6


@pytest.fixture
def serving(database_url, tmp_path):
    """The address of a server on the tests' own database, and the process."""
    head = migrations.scripts().get_current_head()
    with database.transaction() as opened:
        opened.execute(sa.text("CREATE TABLE IF NOT EXISTS alembic_version (version_num TEXT)"))
        opened.execute(sa.text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
    environment = own_environment(
        tmp_path, TUANHOC_DATABASE_URL=database_url, TUANHOC_SECRET_KEY=SECRET
    )
    process = started(environment, "--no-clock")
    yield int(environment["PORT"]), process
    ended(process)


def test_killed_workers_answer_nothing_that_is_not_kept_and_keep_nothing_twice(
    serving, given, stored, capsys
):
    port, process = serving
    seed = int(os.environ.get("SEED") or random.randrange(10**6))
    secrets = given_tickets(given)
    line: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
    for number, secret in enumerate(secrets):
        line.put((secret, f"{number:08x}-0000-4000-8000-{seed:012x}"))
    answers: list[tuple[str, int, dict]] = []
    clients = [
        threading.Thread(target=redeem_all, args=(port, line, answers)) for _ in range(CLIENTS)
    ]

    for client in clients:
        client.start()
    kills = kill_workers(process, answers, random.Random(seed))
    for client in clients:
        client.join(60)

    scans, attendances = stored(Scan), stored(Attendance)
    replayed = sum(body["replayed"] for _nonce, _status, body in answers)
    with capsys.disabled():
        print(f"\nseed {seed}: {len(answers)} answers, {kills} kills, {replayed} replayed")
    assert kills >= 3
    assert Counter(nonce for nonce, _status, _body in answers) == Counter(s.nonce for s in scans)
    assert {(status, body["status"]) for _nonce, status, body in answers} == {(201, "ok")}
    assert {scan.status for scan in scans} == {ScanStatus.OK}
    assert sorted(a.scan_id for a in attendances) == sorted(scan.id for scan in scans)
    assert len({a.participant_id for a in attendances}) == TICKETS


def given_tickets(given) -> list[str]:
    unit, now = a_unit(), clock.now()
    activity = an_activity(
        plan=a_plan(unit=unit), starts_at=now, ends_at=now.replace(year=now.year + 1)
    )
    registrations = [a_registration(activity=activity) for _ in range(TICKETS)]
    given(activity, a_scanner(unit), *registrations)
    return [ticket_secret(registration) for registration in registrations]


def redeem_all(port, line, answers) -> None:
    """Redeem what is in line."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        while True:
            try:
                secret, nonce = line.get_nowait()
            except queue.Empty:
                return
            answers.append((nonce, *answered(connection, secret, nonce)))


def answered(connection, secret, nonce) -> tuple[int, dict]:
    """The answer; when none comes, ask again with the same nonce."""
    body = json.dumps({"secret": secret, "nonce": nonce})
    headers = {"Authorization": f"Device {TOKEN}"}
    while True:
        try:
            connection.request("POST", "/api/v1/checkin/redeem", body, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (http.client.HTTPException, OSError):
            connection.close()
            time.sleep(0.02)


def kill_workers(process, answers, random_one) -> int:
    """``kill -9`` while work is under way, spread over the run."""
    kills = 0
    for step in range(1, KILLS + 1):
        until = time.monotonic() + 30
        while len(answers) < step * TICKETS // (KILLS + 1) and time.monotonic() < until:
            time.sleep(0.001)
        alive = workers(process)
        if alive and len(answers) < TICKETS:
            os.kill(random_one.choice(alive), signal.SIGKILL)
            kills += 1
    return kills
