"""Forged, mutated and unknown secrets over HTTP: one answer, no fault, nobody counted.

``make soak`` sends a hundred thousand to a real server; ``SEED`` makes the same ones again.
"""

import json
import os
import queue
import random
import uuid
from collections import Counter

import pytest

from checkin.models import Attendance
from tests.checkin.door_world import TOKEN, Door
from tests.checkin.outside import Caller, all_at_once, installed, rows, serving
from tests.checkin.test_tokens import mutated

HEADERS = {"Authorization": f"Device {TOKEN}", "Content-Type": "application/json"}


@pytest.fixture
def door(client, given, at):
    return Door(client, given, at)


def no_tickets(door, number, seed):
    """Mutated secrets, secrets of other registrations, made-up codes; none is a ticket."""
    chance = random.Random(seed)
    genuine = [door.ticket() for _ in range(20)]
    while number:
        text = chance.choice(
            [
                mutated(chance, chance.choice(genuine), chance.choice(genuine)),
                f"T1.1.{chance.randrange(99)}-{chance.randrange(10**6)}-0.{'A' * 26}",
                "".join(chance.choices("23456789ABCDEFGH", k=8)),
            ]
        )
        if text not in genuine:
            number -= 1
            yield text, str(uuid.UUID(int=chance.getrandbits(128)))


def is_plain(text):
    """Whether the contract takes it as a text at all."""
    return 0 < len(text) <= 500 and text.isprintable()


def one_answer_for_all(told):
    """Each text with what was answered: the status, and the body without nonce."""
    different = {answer for text, answer in told if is_plain(text)}
    assert len(different) == 1, different
    [(status, said)] = different
    assert (status, json.loads(said)["reason"]) == (404, "invalid")
    others = {(status, json.loads(said)["reason"]) for _, (status, said) in told}
    assert others <= {(404, "invalid"), (400, "malformed")}


def test_forged_and_unknown_secrets_get_one_answer(door, stored):
    told = []
    for text, nonce in no_tickets(door, 300, 11):
        body = json.dumps({"secret": text, "nonce": nonce})
        answer = door.client.post("/api/v1/checkin/redeem", data=body, headers=HEADERS)
        told.append((text, (answer.status_code, answer.text)))
    one_answer_for_all(told)
    assert stored(Attendance) == []


def test_forged_and_unknown_secrets_of_a_batch_get_one_answer(door, stored):
    texts = list(no_tickets(door, 200, 12))
    body = json.dumps({"scans": [{"secret": text, "nonce": nonce} for text, nonce in texts]})
    answer = door.client.post("/api/v1/checkin/batch", data=body, headers=HEADERS)
    told = answer.get_json()["answers"]
    assert [one.pop("nonce") for one in told] == [nonce for _, nonce in texts]
    said = [(one.pop("http"), json.dumps(one)) for one in told]
    one_answer_for_all([(text, one) for (text, _), one in zip(texts, said, strict=True)])
    assert stored(Attendance) == []


@pytest.mark.soak
def test_a_hundred_thousand_forged_and_unknown_secrets_get_one_answer(
    door, database_url, tmp_path, capsys
):
    number, seed = 100_000, int(os.environ.get("SEED") or random.randrange(10**6))
    line: queue.SimpleQueue = queue.SimpleQueue()
    for text, nonce in no_tickets(door, number, seed):
        line.put((text, json.dumps({"secret": text, "nonce": nonce})))
    told: list[tuple[str, tuple[int, str]]] = []

    def work(caller: Caller) -> None:
        while True:
            try:
                text, body = line.get_nowait()
            except queue.Empty:
                return
            status, said, _ = caller.ask("POST", "/api/v1/checkin/redeem", body, HEADERS)
            told.append((text, (status, said)))

    with serving(installed(database_url, tmp_path)) as server:
        broken = all_at_once([server.port], 8, work)
    statuses = Counter(status for _, (status, _) in told)
    [(counted,)] = rows(database_url, "SELECT count(*) FROM attendance")
    different = {answer for text, answer in told if is_plain(text)}
    with capsys.disabled():
        print(
            f"\nforged over HTTP: seed {seed}, {len(told)} secrets: {dict(statuses)}; "
            f"different answers to forged and unknown {len(different)}, counted {counted}, "
            f"5xx or broken off {broken + sum(s >= 500 for s in statuses.elements())}"
        )
    assert (len(told), counted, broken) == (number, 0, 0)
    one_answer_for_all(told)
