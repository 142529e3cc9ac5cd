"""Codes at the venue that change: taken while they are fresh, never afterwards.

``pytest -s`` prints how many of ten thousand were taken; ``SEED`` makes other ones.
"""

import os
import random
from datetime import timedelta

import pytest

from checkin import rotating
from checkin.models import Attendance, Grade, Scan
from checkin.posters import poster_code
from core import keys
from events.models import Counting
from tests.conftest import SECRET
from tests.factories import DURING, an_activity

TRIES = 10_000
SEED = int(os.environ.get("SEED", "1"))


@pytest.fixture(autouse=True)
def _key():
    keys.configure(SECRET)


def moments(seed):
    rng = random.Random(f"{SEED} {seed}")
    for _ in range(TRIES):
        yield (
            rng,
            DURING + timedelta(seconds=rng.uniform(0, 7 * 24 * 3600)),
            rng.randrange(1, 10**6),
        )


def shown_at(shown, step):
    """When the code of a moment was first shown."""
    return shown - (shown - rotating._BEGINNING) % step


def test_none_of_10000_codes_older_than_45_seconds_is_taken():
    taken = sum(
        rotating.SCANNED.slot(
            activity,
            rotating.SCANNED.code(activity, shown),
            shown_at(shown, timedelta(seconds=15)) + timedelta(seconds=45 + rng.expovariate(0.1)),
        )
        is not None
        for rng, shown, activity in moments(1)
    )
    print(f"rotating: seed {SEED}, {taken} of {TRIES} codes older than 45 s taken")
    assert taken == 0


def test_codes_on_the_screen_are_taken_although_two_clocks_differ_by_five_seconds():
    taken = sum(
        rotating.SCANNED.slot(
            activity,
            rotating.SCANNED.code(activity, shown),
            shown + timedelta(seconds=rng.uniform(0, 20) + rng.uniform(-5, 5)),
        )
        is not None
        for rng, shown, activity in moments(2)
    )
    print(f"rotating: seed {SEED}, {taken} of {TRIES} fresh codes taken, clocks 5 s apart")
    assert taken >= 0.995 * TRIES


def test_none_of_10000_typed_codes_older_than_three_minutes_is_taken():
    taken = sum(
        rotating.read_typed_code(
            rotating.typed_code(activity, shown),
            shown_at(shown, timedelta(minutes=1)) + timedelta(seconds=180 + rng.expovariate(0.1)),
        )
        is not None
        for rng, shown, activity in moments(3)
    )
    print(f"rotating: seed {SEED}, {taken} of {TRIES} typed codes older than 3 minutes taken")
    assert taken == 0


def test_a_typed_code_leads_to_its_activity_for_two_minutes_at_least():
    for rng, shown, activity in moments(4):
        later = shown + timedelta(seconds=rng.uniform(0, 115) + rng.uniform(-5, 5))
        assert rotating.read_typed_code(rotating.typed_code(activity, shown), later) == activity


@pytest.mark.parametrize("code", ["", "2", "22", "ÂÂÂÂÂÂÂÂÂÂ", "2" * 10, "2" * 300, "22ABCDEFG\n"])
def test_what_was_never_shown_is_not_taken(code):
    assert rotating.SCANNED.slot(1, code, DURING) is None
    assert rotating.read_typed_code(code, DURING) is None


def test_a_code_of_one_activity_opens_no_other():
    assert rotating.SCANNED.slot(2, rotating.SCANNED.code(1, DURING), DURING) is None


@pytest.fixture
def hall(given, at):
    at(DURING)
    return given(an_activity(counting=Counting.SELF_SCAN))


def step(hall, now=DURING):
    return f"/s/{poster_code(hall.id)}/{rotating.SCANNED.code(hall.id, now)}"


def pressed(client, page, code):
    token = page.get_data(as_text=True).partition('name="pass" value="')[2].partition('"')[0]
    return client.post(f"/s/{code}", data={"pass": token})


def test_who_scanned_the_screen_counts_by_the_better_grade(client, hall, stored):
    page = client.get(step(hall))
    assert page.status_code == 200
    assert stored(Scan) == []
    assert pressed(client, page, poster_code(hall.id)).status_code == 303
    assert [a.grade for a in stored(Attendance)] == [Grade.ROTATING_SELF_SCAN]


def test_a_picture_of_the_screen_opens_nothing_after_45_seconds(client, hall, at, stored):
    at(DURING + timedelta(seconds=46))
    page = client.get(step(hall))
    assert page.status_code == 410
    assert 'name="pass"' not in page.get_data(as_text=True)
    assert "Mã trên màn hình đã đổi" in page.get_data(as_text=True)
    assert stored(Scan) == []


def test_the_pass_lasts_although_the_code_has_changed(client, hall, at, stored):
    page = client.get(step(hall))
    at(DURING + timedelta(minutes=9))
    assert pressed(client, page, poster_code(hall.id)).status_code == 303
    assert [a.grade for a in stored(Attendance)] == [Grade.ROTATING_SELF_SCAN]


def test_a_pass_cannot_be_made_better_by_hand(client, hall, stored):
    page = client.get(f"/s/{poster_code(hall.id)}")
    token = page.get_data(as_text=True).partition('name="pass" value="')[2].partition('"')[0]
    forged = token.replace(".s.", ".r.")
    assert client.post(f"/s/{poster_code(hall.id)}", data={"pass": forged}).status_code == 400
    assert stored(Attendance) == []


def test_the_typed_letters_of_the_screen_lead_on_and_count_as_the_poster(client, hall, at, stored):
    code = rotating.typed_code(hall.id, DURING)
    led = client.post("/s/", data={"code": f"{code[:5]}-{code[5:]}".lower()})
    assert led.status_code == 303
    pressed(client, client.get(led.headers["Location"]), poster_code(hall.id))
    assert [a.grade for a in stored(Attendance)] == [Grade.STATIC_SELF_SCAN]
    at(DURING + timedelta(minutes=4))
    assert client.post("/s/", data={"code": code}).status_code == 404
