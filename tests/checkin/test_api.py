"""The check-in API against what should never reach it, and its own description."""

import json
import uuid
from io import BytesIO

import pytest
import sqlalchemy as sa

from checkin import devices, many, recognising, redeem_sql, redeem_store, settling
from checkin.models import Attendance, Device, Scan
from checkin.redeem import Attempt, Gate
from checkin.redeem_store import Asked
from core import clock
from core.database import commit_together, transaction
from tests.checkin.door_world import TOKEN, Door, a_scanner
from tests.factories import DURING, OPENING_DAY, a_registration, an_account

REDEEM = "/api/v1/checkin/redeem"


@pytest.fixture
def door(client, given, at):
    return Door(client, given, at)


def a_body(**changes):
    body = {"secret": "ABCDEF", "nonce": str(uuid.uuid4()), **changes}
    return {name: value for name, value in body.items() if value is not ...}


def posted(client, data, *, token=TOKEN, path=REDEEM):
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    headers = {"Authorization": f"Device {token}", "Content-Type": "application/json"}
    return client.post(path, data=body, headers=headers)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (a_body(nonce=...), "nonce"),
        (a_body(secret=...), "secret"),
        (a_body(secret=""), "secret"),
        (a_body(secret="a\x00b"), "secret"),
        (a_body(secret="a\x1bb"), "secret"),
        (a_body(secret=7), "secret"),
        (a_body(secret="x" * 501), "secret"),
        (a_body(nonce="not a uuid"), "nonce"),
        (a_body(nonce=f"{uuid.uuid4()}\n"), "nonce"),
        (a_body(lists="one"), "lists"),
        (a_body(lists=[None]), "lists.0"),
        (a_body(lists=["x\x00"]), "lists.0"),
        (a_body(type="in"), "type"),
        (a_body(force="yes"), "force"),
        (a_body(force=1), "force"),
        (a_body(datetime="yesterday"), "datetime"),
        (a_body(datetime="2027-10-01T08:00:00"), "datetime"),
        (a_body(datetime="0001-01-01T00:00:00+14:00"), "datetime"),
        (a_body(source_type=None), "source_type"),
        (a_body(unknown=1), "unknown"),
        ([], ""),
        (None, ""),
        (b"", ""),
        (b"{", ""),
        (b"\xff\xfe", ""),
        (b'{"secret": "\\ud800", "nonce": "x"}', ""),
        (b"[" * 5000, ""),
    ],
)
def test_a_malformed_body_is_named_before_the_token_is_looked_at(door, stored, body, field):
    answer = posted(door.client, body, token="wrong")
    told = answer.get_json()
    assert answer.status_code == 400
    assert (told["status"], told["reason"]) == ("error", "malformed")
    assert field in {fault["field"] for fault in told["faults"]}
    assert all(fault["text"] for fault in told["faults"])
    assert stored(Scan) == []


@pytest.mark.parametrize("header", ["", "Device", "Device ", "Device wrong", f"Bearer {TOKEN}"])
def test_without_a_valid_token_nothing_is_judged(door, stored, header):
    answer = door.client.post(REDEEM, json=a_body(), headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.get_json() == {"status": "error", "reason": "unauthenticated"}
    assert answer.headers["WWW-Authenticate"] == "Device"
    assert stored(Scan) == []


def test_a_body_of_ten_megabytes_is_too_large(door):
    answer = posted(door.client, b'{"secret": "' + b"x" * 10_000_000)
    assert (answer.status_code, answer.get_json()["status"]) == (413, "error")


def test_a_body_sent_in_pieces_is_measured_too(door):
    answer = door.client.post(
        REDEEM,
        input_stream=BytesIO(json.dumps(a_body()).encode() + b" " * 300_000),
        headers={"Authorization": f"Device {TOKEN}", "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )

    assert (answer.status_code, answer.json["reason"]) == (413, "too_large")


def test_the_scheme_of_the_token_may_be_written_in_any_case(door):
    answer = door.client.get("/api/v1/devices/status", headers={"Authorization": f"device {TOKEN}"})

    assert answer.status_code == 200


def test_a_revoked_an_expired_and_a_left_stewards_device_are_unauthenticated(door):
    left = an_account(closed_at=DURING)
    door.given(
        a_scanner(door.unit, token="revoked", revoked_at=DURING),
        a_scanner(door.unit, token="expired", expires_at=DURING),
        a_scanner(door.unit, token="left", account=left),
    )
    for token in ("revoked", "expired", "left"):
        assert door.scan("ABCDEF", token=token)[0] == 401


def test_a_revoked_device_is_forgotten_within_five_seconds(door, monkeypatch):
    assert door.scan("ABCDEF")[0] == 404
    with transaction() as opened:
        opened.execute(sa.update(Device).values(revoked_at=DURING))
    passed = recognising.time.monotonic() + 5
    monkeypatch.setattr(recognising.time, "monotonic", lambda: passed)
    assert door.scan("ABCDEF")[0] == 401


def test_a_pairing_token_is_swapped_once(door):
    with transaction() as opened:
        unit = opened.merge(door.unit)
        _, pairing = devices.invite(name="Cửa phụ", unit=unit, now=DURING)
    path = "/api/v1/devices/initialize"
    given = posted(door.client, {"token": pairing}, path=path)
    assert given.status_code == 200
    assert given.get_json()["name"] == "Cửa phụ"
    assert door.scan(door.ticket(), token=given.get_json()["api_token"])[0] == 201
    again = posted(door.client, {"token": pairing}, path=path)
    assert (again.status_code, again.get_json()["reason"]) == (400, "malformed")
    assert again.get_json()["faults"][0]["field"] == "token"


def test_the_status_of_a_device_tells_its_name_and_the_time_here(door):
    answer = door.client.get("/api/v1/devices/status", headers={"Authorization": f"Device {TOKEN}"})
    assert answer.get_json()["name"] == "Cửa chính"
    assert answer.get_json()["time"] == DURING.isoformat()
    assert door.client.get("/api/v1/devices/status").status_code == 401


def test_a_batch_is_answered_item_by_item_in_its_order(door, stored):
    good = door.ticket()
    scans = [
        a_body(secret=good),
        a_body(secret=good),
        a_body(secret="x\x00"),
        7,
        a_body(secret="ABCDEF"),
    ]
    answer = posted(door.client, {"scans": scans}, path="/api/v1/checkin/batch")
    told = answer.get_json()["answers"]
    assert answer.status_code == 200
    assert [item["http"] for item in told] == [201, 400, 400, 400, 404]
    assert [item.get("nonce") for item in told][:3] == [scan["nonce"] for scan in scans[:3]]
    assert [i.get("reason") for i in told[1:]] == [
        "already_redeemed",
        "malformed",
        "malformed",
        "invalid",
    ]
    replayed = posted(door.client, {"scans": scans}, path="/api/v1/checkin/batch").get_json()
    assert [item.get("replayed") for item in replayed["answers"]] == [True, True, None, None, True]
    assert len(stored(Attendance)) == 1
    assert len(stored(Scan)) == 3


def test_a_scan_made_offline_is_judged_at_its_own_time_but_never_later_than_now(door, at):
    at(clock.at(OPENING_DAY, 23))
    made = door.ticket()
    body = {"scans": [a_body(secret=made, datetime="2027-10-01T08:30:00+07:00")]}
    told = posted(door.client, body, path="/api/v1/checkin/batch").get_json()["answers"]
    assert told[0]["http"] == 201
    at(clock.at(OPENING_DAY, 5))
    ahead = {"scans": [a_body(secret=door.ticket(), datetime="2027-10-01T08:30:00+07:00")]}
    told = posted(door.client, ahead, path="/api/v1/checkin/batch").get_json()["answers"]
    assert told[0]["reason"] == "too_early"


def test_one_scan_that_no_database_keeps_does_not_spoil_its_batch(door):
    poison = r'{"secret": "\ud800", "nonce": "\udfff"}'
    scans = [poison, '{"nonce": -Infinity}', '{"nonce": 1e999}', json.dumps(a_body())]

    answer = posted(
        door.client,
        f'{{"scans": [{", ".join(scans)}]}}'.encode(),
        path="/api/v1/checkin/batch",
    )

    def refuse(constant):
        raise ValueError(constant)

    answers = json.loads(answer.data, parse_constant=refuse)["answers"]
    assert [item["reason"] for item in answers] == ["malformed"] * 3 + ["invalid"]
    assert [item["nonce"] for item in answers[:3]] == [None] * 3


@pytest.mark.parametrize("body", [b'{"scans": [', b"[" * 100_000, b'{"scans": "x"}', b"\xff"])
def test_a_batch_that_is_none_is_malformed_as_a_whole(door, body):
    answer = posted(door.client, body, path="/api/v1/checkin/batch")

    assert (answer.status_code, answer.json["reason"]) == (400, "malformed")


def test_more_than_200_scans_are_refused_whole(door, stored):
    body = {"scans": [a_body() for _ in range(201)]}
    assert posted(door.client, body, path="/api/v1/checkin/batch").status_code == 400
    assert stored(Scan) == []


def test_a_database_that_cannot_be_written_gives_503_and_nothing_half(door, monkeypatch, stored):
    def full(*_args, **_options):
        raise sa.exc.OperationalError("INSERT", None, Exception("database or disk is full"))

    monkeypatch.setattr("checkin.redeem_store._keep", full)
    status, answer = door.scan("ABCDEF")
    assert (status, answer) == (503, {"status": "error", "reason": "unavailable"})
    monkeypatch.undo()
    assert stored(Scan) == []


def test_a_seat_taken_is_undone_when_the_attempt_cannot_be_kept(door, monkeypatch, stored):
    def full(*_args, **_options):
        raise sa.exc.OperationalError("INSERT", None, Exception("database or disk is full"))

    monkeypatch.setattr("checkin.redeem_store._keep", full)
    assert door.scan(door.ticket(), force=True)[0] == 503
    assert stored(Attendance) == []


def test_scans_that_wait_share_their_statements(door, monkeypatch):
    asked = [
        Asked(Attempt(door.ticket(), str(uuid.uuid4())), Gate(door.scanner.id, "/"), DURING)
        for _ in range(21)
    ]
    seen = []
    ask = many.ask

    def noted(connection, statement, **values):
        seen.append(statement)
        return ask(connection, statement, **values)

    for module in (redeem_sql, settling):
        monkeypatch.setattr(module, "ask", noted)

    assert len(commit_together(redeem_store.redeem, asked[:1])) == 1
    alone = seen.copy()
    seen.clear()
    assert len(commit_together(redeem_store.redeem, asked[1:])) == 20
    assert seen == alone


def test_neither_a_secret_nor_a_name_stands_in_an_address_or_in_the_kept_answer(door, stored):
    door.given(a_registration(activity=door.activity, short_code="NAMELESS"))
    door.scan("NAMELESS")
    [scan] = stored(Scan)
    assert "Nguyễn" not in json.dumps(scan.answer, ensure_ascii=False)
    assert "NAMELESS" not in json.dumps(scan.answer) + scan.request_hash


def test_the_description_is_openapi_3_1_and_names_every_answer(client):
    described = client.get("/api/v1/openapi.json").get_json()
    assert described["openapi"].startswith("3.1")
    redeem = described["paths"][REDEEM]["post"]
    assert set(redeem["responses"]) == {"201", "400", "401", "404", "409", "413", "503"}


def test_the_page_for_people_names_every_operation_and_nothing_foreign(client):
    page = client.get("/api/docs").get_data(as_text=True)
    for path in client.get("/api/v1/openapi.json").get_json()["paths"]:
        assert path in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page


def test_no_cookie_is_set_on_the_way(door):
    answer = posted(door.client, a_body())
    assert "Set-Cookie" not in answer.headers
