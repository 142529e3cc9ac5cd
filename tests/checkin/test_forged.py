"""Forged, mutated and unknown secrets over HTTP: one answer, no fault, nobody counted."""

import json
import os
import random
import uuid

import pytest

from checkin.models import Attendance
from tests.checkin.door_world import TOKEN, Door
from tests.checkin.test_tokens import mutated


@pytest.fixture
def door(client, given, at):
    return Door(client, given, at)


def answers(door, number):
    """The different answers, without nonces and times, to so many secrets that are no tickets."""
    rng = random.Random(int(os.environ.get("SEED", "11")))
    genuine = [door.ticket() for _ in range(20)]
    different = set()
    for _ in range(0, number, 200):
        texts = [_no_ticket(rng, genuine) for _ in range(200)]
        scans = [
            {"secret": text, "nonce": str(uuid.UUID(int=rng.getrandbits(128)))} for text in texts
        ]
        answer = door.client.post(
            "/api/v1/checkin/batch",
            data=json.dumps({"scans": scans}),
            headers={"Authorization": f"Device {TOKEN}"},
        )
        assert answer.status_code == 200
        for told in answer.get_json()["answers"]:
            different.add(json.dumps({k: v for k, v in told.items() if k != "nonce"}))
    return different


def _no_ticket(rng, genuine):
    """A mutated secret that can be sent, or one of another registration, or a made-up code."""
    while True:
        text = rng.choice(
            [
                mutated(rng, rng.choice(genuine), rng.choice(genuine)),
                f"T1.1.{rng.randrange(99)}-{rng.randrange(10**6)}-0.{'A' * 26}",
                "".join(rng.choices("23456789ABCDEFGH", k=8)),
            ]
        )
        if text not in genuine and 0 < len(text) <= 500 and text.isprintable() and text.isascii():
            return text


def one_answer_for_all(door, stored, number):
    [told] = answers(door, number)
    assert json.loads(told)["http"] == 404
    assert json.loads(told)["reason"] == "invalid"
    assert stored(Attendance) == []


def test_forged_and_unknown_secrets_get_one_answer(door, stored):
    one_answer_for_all(door, stored, 1000)


@pytest.mark.soak
def test_a_hundred_thousand_forged_and_unknown_secrets_get_one_answer(door, stored):
    one_answer_for_all(door, stored, 100_000)
