"""Twenty at once with one ticket, before two servers of one database: exactly one is counted.

The last letter of all twenty requests is sent in one go, so that they meet there.

``make soak`` holds fifty tickets to the doors; ``SEED`` makes the same nonces again.
"""

import json
import os
import random
import threading
from collections import Counter
from datetime import timedelta

import pytest

from checkin.tokens import ticket_secret
from core import clock
from tests.checkin.door_world import TOKEN, a_scanner
from tests.checkin.outside import Caller, all_at_once, beside, installed, rows, serving
from tests.factories import a_plan, a_registration, a_unit, an_activity

pytestmark = pytest.mark.slow

AT_ONCE = 20
DEVICES = [TOKEN, "the-token-of-the-other-scanner"]


@pytest.fixture
def tickets(given):
    """So many tickets of an activity whose doors are open, and two scanners."""

    def made(number):
        unit, now = a_unit(), clock.now()
        activity = an_activity(
            plan=a_plan(unit=unit),
            starts_at=now - timedelta(hours=1),
            ends_at=now + timedelta(days=1),
        )
        registrations = [a_registration(activity=activity) for _ in range(number)]
        given(activity, *(a_scanner(unit, token=token) for token in DEVICES), *registrations)
        return [ticket_secret(registration) for registration in registrations]

    return made


def raced(ports, secrets, chance, *, same_nonce):
    """Hold each ticket to twenty doors in the same instant; all answers, ticket by ticket."""
    nonces = {
        secret: [f"{chance.getrandbits(32):08x}-0000-4000-8000-{n:012x}" for n in range(AT_ONCE)]
        for secret in secrets
    }
    answers = {secret: [] for secret in secrets}
    begun: list[Caller] = []

    def finish_all() -> None:
        while begun:
            begun.pop().finish()

    together, numbers = threading.Barrier(AT_ONCE, finish_all, timeout=60), iter(range(AT_ONCE))

    def work(caller: Caller) -> None:
        number = next(numbers)
        token = DEVICES[0 if same_nonce else number // 2 % 2]
        headers = {"Authorization": f"Device {token}"}
        for secret in secrets:
            nonce = nonces[secret][0 if same_nonce else number]
            body = json.dumps({"secret": secret, "nonce": nonce})
            caller.begin("/api/v1/checkin/redeem", body, headers)
            begun.append(caller)
            together.wait()
            status, said = caller.answer()
            answers[secret].append((status, json.loads(said)))

    all_at_once(ports, AT_ONCE, work)
    return answers


def one_of_twenty(answers, *, same_nonce):
    """How many tickets were let in other than once."""
    wrong = 0
    for told in answers.values():
        statuses = Counter(body.get("reason", status) for status, body in told)
        if same_nonce:
            said = {json.dumps({**body, "replayed": None}) for _, body in told}
            first = sum(not body["replayed"] for _, body in told)
            wrong += (statuses, len(said), first) != ({201: AT_ONCE}, 1, 1)
        else:
            wrong += statuses != {201: 1, "already_redeemed": AT_ONCE - 1}
    return wrong


def proved(database_url, tmp_path, secrets, capsys):
    """Half of the tickets with a nonce for each door, half with one for all doors."""
    seed = int(os.environ.get("SEED") or random.randrange(10**6))
    chance, half = random.Random(seed), len(secrets) // 2
    here, there = installed(database_url, tmp_path), beside(database_url, tmp_path)
    with serving(here, "--workers", "1") as one, serving(there, "--workers", "1") as other:
        ports = [one.port, other.port]
        different = raced(ports, secrets[:half], chance, same_nonce=False)
        same = raced(ports, secrets[half:], chance, same_nonce=True)
    wrong = one_of_twenty(different, same_nonce=False) + one_of_twenty(same, same_nonce=True)
    people = Counter(rows(database_url, "SELECT participant_id FROM attendance"))
    [(scans,)] = rows(database_url, "SELECT count(*) FROM scan")
    twice = sum(number > 1 for number in people.values())
    with capsys.disabled():
        print(
            f"\nrace: seed {seed}, {half} tickets × {AT_ONCE} at once with different nonces, "
            f"{half} × {AT_ONCE} with the same, 2 servers: {len(people)} people counted, "
            f"twice {twice}, answered amiss {wrong}, {scans} scans"
        )
    assert (len(people), twice, wrong) == (len(secrets), 0, 0)
    assert scans == half * AT_ONCE + half


def test_of_twenty_at_once_with_one_ticket_one_is_counted(database_url, tmp_path, tickets, capsys):
    proved(database_url, tmp_path, tickets(4), capsys)


@pytest.mark.soak
def test_of_twenty_at_once_with_each_of_fifty_tickets_one_is_counted(
    database_url, tmp_path, tickets, capsys
):
    proved(database_url, tmp_path, tickets(100), capsys)
