"""What scanners hand in later: closed to the server, by clocks that were set, taken back."""

import json
import os
import uuid
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given as drawn
from hypothesis import strategies as st

from checkin.models import Attendance, Participant, Scan, ScanStatus
from checkin.queues import sealing
from checkin.queues.clocks import STEP, Told, set_right
from core import boxes, keys
from tests.checkin.door_world import TOKEN, Door
from tests.conftest import SECRET
from tests.factories import DURING

MILLI, SECOND = timedelta(milliseconds=1), timedelta(seconds=1)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def door(client, given, at):
    return Door(client, given, at)


def hand_in(door, *scans, now=DURING + 3 * HOUR, ahead=timedelta()):
    body = {"scans": list(scans), "sent_at": (now + ahead).isoformat()}
    headers = {"Authorization": f"Device {TOKEN}"}
    return door.client.post("/api/v1/checkin/batch", json=body, headers=headers).get_json()[
        "answers"
    ]


def queued(at=DURING, **facts):
    return {"nonce": str(uuid.uuid4()), "datetime": at.isoformat(), **facts}


def closed(content):
    """As a scanner closes a record; the public half is all that it knows of the server."""
    own, server = ec.generate_private_key(ec.SECP256R1()), boxes.read(sealing.public())
    point = sealing.point_of(own)
    shared = own.exchange(
        ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(own.curve, server)
    )
    box = boxes.Box(point, boxes.hkdf(shared, b"tuanhoc.queue/2", point + server, 32))
    return boxes.written(point + box.close(json.dumps(content).encode(), os.urandom(12)))


def test_a_closed_record_is_read_by_the_server_and_counts(door, at, stored):
    at(DURING + 3 * HOUR)
    scan = queued(sealed=closed({"secret": door.ticket()}), decision="admitted")
    person = {"activity": door.activity.slug, "name": "Lê Văn Tới"}
    walk_in = queued(type="walk_in", sealed=closed(person))
    assert [answer["http"] for answer in hand_in(door, scan, walk_in)] == [201, 201]
    assert [answer["replayed"] for answer in hand_in(door, scan, walk_in)] == [True, True]
    assert len(stored(Attendance)) == 2
    assert "Lê Văn Tới" in {person.name for person in stored(Participant)}


def test_a_record_that_was_closed_to_another_or_changed_is_malformed_alone(door, at):
    at(DURING + 3 * HOUR)
    good = closed({"secret": door.ticket()})
    changed = good[:150] + ("A" if good[150] != "A" else "B") + good[151:]
    wrong = [changed, "", "é", good[:60], boxes.written(b"\x04" + bytes(200)), closed([1]), 7]
    answers = hand_in(door, *(queued(sealed=one) for one in wrong), queued(sealed=good))
    assert [answer.get("reason") for answer in answers] == ["malformed"] * len(wrong) + [None]


def test_scanners_that_wait_through_an_upgrade_close_to_the_same_key():
    point = (
        "BFHvVSqvSaZLpl0ZRuuiDnc9DNW0xXiTl02HIJ0y3uUjkmX0uklRB85rU_N4myxb5Vf7NeqKpgbJ5ho_Fzcttoc"
    )
    keys.configure(SECRET)
    assert sealing.public() == point


def test_another_installation_opens_nothing():
    try:
        keys.configure(SECRET)
        record = closed({"secret": "T1.1.1-2-0.ABC"})
        assert sealing.unseal(record) == {"secret": "T1.1.1-2-0.ABC"}
        keys.configure("another secret, long enough for a key")
        assert sealing.unseal(record) is None
    finally:
        keys.configure(SECRET)


TRUE = DURING
NOW = DURING + 2 * HOUR


@pytest.mark.parametrize(
    ("before", "scan", "later", "slept", "told"),
    [
        pytest.param(0, 0, 0, 0, None, id="nobody set it"),
        pytest.param(5, 5, 5, 0, None, id="it is wrong all the time"),
        pytest.param(0, 0, 3, 0, 3, id="set forward since"),
        pytest.param(0, 0, -3, 0, -3, id="set back since"),
        pytest.param(0, 0, 3, 110, "?", id="set forward while the phone slept"),
        pytest.param(0, 0, -3, 110, -3, id="set back while the phone slept"),
        pytest.param(0, 3, 3, 0, None, id="set forward before the scan"),
        pytest.param(0, -3, -3, 110, "?", id="set back before the scan, slept since"),
        pytest.param(30, 30, 0, 0, -30, id="a clock of tomorrow was set right"),
        pytest.param(-48, -48, 0, 60, "?", id="a clock of two days ago was set right"),
    ],
)
def test_a_scan_keeps_its_time_whenever_its_clock_was_set(before, scan, later, slept, told):
    shown = TRUE + scan * HOUR
    elapsed = NOW - TRUE - slept * MINUTE
    said = Told(shown, round(before * HOUR / MINUTE) * 60_000, elapsed // timedelta(milliseconds=1))
    stood = set_right(said, later * HOUR, NOW)
    assert stood.at == TRUE
    if told == "?":
        assert stood.clock == {"set": (later - before) * 3_600_000, "sure": False}
    else:
        assert stood.clock == (told and {"set": told * 3_600_000, "sure": True})


SPAN = st.integers(0, 48 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@drawn(
    st.integers(-48 * 3600, 48 * 3600),
    st.integers(60, 48 * 3600),
    st.booleans(),
    st.booleans(),
    SPAN,
    st.floats(0, 1),
)
def test_of_a_clock_that_was_set_once_what_is_sure_is_true(
    off, by, is_back, is_before, since, share
):
    """The phone slept for a share of the time since the scan."""
    before, change = off * SECOND, (-by if is_back else by) * SECOND
    scan = before + change if is_before else before
    now, slept = TRUE + since, since * share
    told = Told(TRUE + scan, before // MILLI, (since - slept) // MILLI)
    stood = set_right(told, before + change, now)
    is_sure = stood.clock is None or stood.clock["sure"]
    assert stood.at <= now
    assert is_sure or slept > SECOND
    if is_sure and slept + STEP < by * SECOND:
        assert abs(stood.at - TRUE) <= SECOND


def test_of_a_page_that_died_meanwhile_only_what_cannot_be_is_ruled_out():
    forward = set_right(Told(TRUE, 0), 3 * HOUR, NOW)
    assert (forward.at, forward.clock) == (TRUE - 3 * HOUR, {"set": 3 * 3_600_000, "sure": False})
    back = set_right(Told(TRUE, 0), -3 * HOUR, NOW)
    assert (back.at, back.clock) == (TRUE, {"set": -3 * 3_600_000, "sure": True})
    assert set_right(Told(TRUE + 9 * HOUR, 0), 3 * HOUR, NOW).at == NOW
    assert set_right(Told(TRUE, None, 0), 3 * HOUR, NOW).at == TRUE - 3 * HOUR


def test_the_time_that_was_set_right_is_kept_and_told_again(door, at, stored):
    at(DURING + 2 * HOUR)
    hour = 3_600_000
    told = {"secret": door.ticket(), "decision": "admitted", "elapsed": 2 * hour, "ahead": 0}
    group = {"type": "group", "activity": door.activity.slug, "name": "Lớp 9A", "present": 2}
    scans = [queued(**told), queued(**group, elapsed=2 * hour, ahead=0)]
    answers = hand_in(door, *scans, now=DURING + 2 * HOUR, ahead=3 * HOUR)
    assert [answer["http"] for answer in answers] == [201, 201]
    kept = [(scan.at, scan.skew, scan.answer["clock"]["set"]) for scan in stored(Scan)]
    assert kept == [(DURING, 3 * hour, 3 * hour)] * 2
    again = hand_in(door, *scans, now=DURING + 2 * HOUR, ahead=3 * HOUR)
    assert [answer["message"] for answer in again] == [answer["message"] for answer in answers]


@pytest.mark.parametrize(
    "facts", [{"elapsed": -1}, {"elapsed": 2**70}, {"ahead": 2**70}, {"ahead": "1"}]
)
def test_a_clock_that_cannot_be_is_malformed(door, facts):
    assert hand_in(door, queued(secret="ABCDEF", **facts))[0]["reason"] == "malformed"


def annulment(nonce, at=DURING, **facts):
    return queued(at, type="annul", annuls=nonce, reason="nhầm người", **facts)


def test_a_scan_is_taken_back_without_a_connection_and_made_again_in_its_order(door, at, stored):
    at(DURING + 3 * HOUR)
    secret = door.ticket()
    first, second = (queued(secret=secret, decision="admitted") for _ in range(2))
    taken = annulment(first["nonce"].upper(), DURING + MINUTE)
    handed = [first, taken, second]
    assert [answer["http"] for answer in hand_in(door, *handed)] == [201, 200, 201]
    answers = hand_in(door, *handed)
    assert [(a["http"], a["replayed"]) for a in answers] == [(201, True), (200, True), (201, True)]
    scan, row, again = stored(Scan)
    assert (row.status, row.annuls_id, row.at) == (ScanStatus.ANNULLED, scan.id, DURING + MINUTE)
    assert row.made_at == DURING + MINUTE
    assert [a.scan_id for a in stored(Attendance)] == [again.id]


def test_without_a_connection_too_a_scan_is_taken_back_for_15_minutes_only(door, at, stored):
    online, offline = str(uuid.uuid4()), queued(secret=door.ticket(), decision="admitted")
    door.scan(door.ticket(), nonce=online)
    at(DURING + 3 * HOUR)
    late = [annulment(n, DURING + 15 * MINUTE) for n in (online, offline["nonce"])]
    answers = hand_in(door, offline, *late)
    assert [a.get("reason") for a in answers] == [None, "annul_too_late", "annul_too_late"]
    soon = [annulment(n, DURING + 14 * MINUTE) for n in (online, offline["nonce"])]
    assert [a["http"] for a in hand_in(door, *soon)] == [200, 200]
    assert stored(Attendance) == []


def test_what_was_never_made_or_let_nobody_in_cannot_be_taken_back_later_either(door, at):
    at(DURING + HOUR)
    unknown = queued(secret="KHONGBIET", decision="provisional")
    answers = hand_in(door, unknown, annulment(unknown["nonce"]), annulment(str(uuid.uuid4())))
    assert [a["reason"] for a in answers] == ["invalid", "not_admitted", "unknown_nonce"]
    assert [a.get("reason") for a in hand_in(door, queued(type="annul"))] == ["malformed"]
