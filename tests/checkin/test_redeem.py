"""The door: each ticket gets its own clear answer, once."""

import threading
import uuid
from collections import Counter
from datetime import timedelta

import pytest

from checkin.models import Attendance, Grade, Registration, Scan, ScanStatus, Standing
from checkin.tokens import Ticket, secret_of, ticket_secret
from core import clock
from core.database import transaction
from events.models import ActivityState, Session, Venue
from tests.checkin.door_world import TOKEN, Door, a_scanner
from tests.factories import (
    DURING,
    OPENING_DAY,
    a_participant,
    a_plan,
    a_registration,
    a_unit,
    an_activity,
)


@pytest.fixture
def door(client, given, at):
    return Door(client, given, at, place="Hội trường A")


def test_a_good_ticket_is_admitted_with_all_that_the_contract_names(door, stored):
    status, answer = door.scan(door.ticket(participant=a_participant("Trần Văn Thử")))
    assert status == 201
    assert answer == {
        "status": "ok",
        "replayed": False,
        "position": {
            "activity": door.activity.slug,
            "session": "2027-10-01T01:00:00+00:00",
            "participant": {"name": "Trần Văn Thử", "unit": None, "group": None},
        },
        "first": None,
        "message": {
            "vi": "Đã ghi nhận tham dự lúc 08 giờ 15.",
            "en": "Admitted at 08:15.",
        },
        "tone": "ok",
    }
    [scan], [attendance] = stored(Scan), stored(Attendance)
    assert (scan.status, scan.grade, scan.forced) == (ScanStatus.OK, Grade.STAFF_SCAN, False)
    assert attendance.scan_id == scan.id
    assert attendance.at == scan.at == scan.received_at == DURING
    assert attendance.grade is Grade.STAFF_SCAN


def test_a_ticket_shown_again_tells_time_place_and_device_of_the_first(door, stored, at):
    secret = door.ticket()
    door.scan(secret)
    at(DURING + timedelta(minutes=5))
    status, answer = door.scan(secret)
    assert status == 400
    assert answer["reason"] == "already_redeemed"
    assert answer["tone"] == "stop"
    assert answer["first"] == {
        "time": "2027-10-01T01:15:00+00:00",
        "device": "Cửa chính",
        "place": "Hội trường A",
        "source": "staff_scan",
    }
    assert answer["message"]["vi"] == "Đã được dùng lúc 08 giờ 15, tại Hội trường A."
    assert len(stored(Attendance)) == 1
    assert [s.status for s in stored(Scan)] == [ScanStatus.OK, ScanStatus.ALREADY_REDEEMED]


def test_the_place_of_the_first_is_the_venue_when_there_is_one(client, given, at):
    unit = a_unit()
    door = Door(client, given, at, venue=Venue(name="Thư viện tỉnh", unit=unit))
    secret = door.ticket()
    door.scan(secret)
    assert door.scan(secret)[1]["first"]["place"] == "Thư viện tỉnh"


@pytest.mark.parametrize(
    "secret",
    ["không phải vé", "T1.1.1-1-0.AAAAAAAAAAAAAAAAAAAAAAAAAA", "0", "' OR 1=1 --", "x" * 500],
)
def test_what_is_no_ticket_is_invalid_and_kept_as_an_attempt(door, stored, secret):
    status, answer = door.scan(secret)
    assert status == 404
    assert (answer["status"], answer["reason"]) == ("error", "invalid")
    assert [s.status for s in stored(Scan)] == [ScanStatus.INVALID]


def test_forged_and_unknown_secrets_get_the_same_answer(door):
    forged = door.ticket()[:-1] + "7"
    unknown = secret_of(Ticket(door.activity.id, 999_999, 0))
    assert door.scan(forged) == door.scan(unknown) == door.scan("ZZZZZZ")


def test_a_ticket_of_a_draft_is_invalid(client, given, at):
    door = Door(client, given, at, state=ActivityState.DRAFT)
    assert door.scan(door.ticket())[0] == 404


def test_a_reissued_ticket_revokes_the_older_one(door):
    registration = door.given(a_registration(activity=door.activity))
    old = ticket_secret(registration)
    with transaction() as opened:
        opened.get(Registration, registration.id).serial = 1
    status, answer = door.scan(old)
    assert (status, answer["reason"]) == (400, "revoked")
    registration.serial = 1
    assert door.scan(ticket_secret(registration))[0] == 201


def test_a_withdrawn_seat_and_a_cancelled_activity_are_canceled(door):
    assert door.scan(door.ticket(standing=Standing.WITHDRAWN))[1]["reason"] == "canceled"
    off = an_activity(plan=door.activity.plan, state=ActivityState.CANCELLED)
    assert door.scan(door.ticket(activity=off))[1]["reason"] == "canceled"


def test_a_waiting_registration_is_unapproved(door):
    status, answer = door.scan(door.ticket(standing=Standing.WAITING))
    assert (status, answer["reason"], answer["tone"]) == (400, "unapproved", "warn")


def test_a_ticket_of_an_activity_that_the_door_does_not_serve_is_named(door, stored):
    other = an_activity(plan=door.activity.plan, title="Tọa đàm sách")
    secret = door.ticket(activity=other)
    status, answer = door.scan(secret, lists=[door.activity.slug])
    assert (status, answer["reason"]) == (400, "wrong_activity")
    assert "Tọa đàm sách" in answer["message"]["vi"]
    assert stored(Attendance) == []
    assert door.scan(secret, lists=[other.slug, door.activity.slug])[0] == 201


def test_a_scanner_serves_its_own_part_of_the_tree_only(door):
    below = a_unit(parent=door.unit)
    foreign = a_unit()
    campaign = door.activity.plan.campaign
    inside = an_activity(plan=a_plan(unit=below, campaign=campaign))
    outside = an_activity(plan=a_plan(unit=foreign, campaign=campaign))
    assert door.scan(door.ticket(activity=inside))[0] == 201
    assert door.scan(door.ticket(activity=outside))[1]["reason"] == "wrong_activity"


def test_a_scanner_of_one_activity_serves_no_other(door):
    other = an_activity(plan=door.activity.plan)
    door.given(a_scanner(door.unit, token="narrow", activity=door.activity))
    assert door.scan(door.ticket(), token="narrow")[0] == 201
    assert door.scan(door.ticket(activity=other), token="narrow")[1]["reason"] == "wrong_activity"


def test_before_the_doors_open_the_answer_says_from_when(door, at):
    at(clock.at(OPENING_DAY, 7, 29))
    status, answer = door.scan(door.ticket())
    assert (status, answer["reason"], answer["tone"]) == (400, "too_early", "warn")
    assert "từ 07 giờ 30 ngày 01/10/2027" in answer["message"]["vi"]
    assert "from 07:30 on 01/10/2027" in answer["message"]["en"]


def test_after_the_doors_closed_the_answer_says_until_when(door, at):
    at(clock.at(OPENING_DAY, 10, 30))
    status, answer = door.scan(door.ticket())
    assert (status, answer["reason"], answer["tone"]) == (400, "too_late", "stop")
    assert "10 giờ 30" in answer["message"]["vi"]


def test_each_session_is_attended_once(door, at, stored):
    with transaction() as opened:
        start = clock.at(OPENING_DAY, 14)
        opened.add(
            Session(
                activity_id=door.activity.id, starts_at=start, ends_at=start + timedelta(hours=2)
            )
        )
    secret = door.ticket()
    assert door.scan(secret)[0] == 201
    assert door.scan(secret)[0] == 400
    at(clock.at(OPENING_DAY, 12))
    assert door.scan(secret)[1]["reason"] == "too_early"
    at(clock.at(OPENING_DAY, 13, 45))
    assert door.scan(secret)[0] == 201
    assert len({a.session_id for a in stored(Attendance)}) == 2


def test_the_typed_code_is_as_good_as_the_qr(door):
    door.given(a_registration(activity=door.activity, short_code="K7M2QX"))
    assert door.scan("K7M2QX", source_type="keyboard")[0] == 201
    assert door.scan("K7M2QX")[1]["reason"] == "already_redeemed"


def test_force_admits_outside_the_hours_and_keeps_the_mark(door, at, stored):
    at(clock.at(OPENING_DAY, 6))
    assert door.scan(door.ticket(), force=True)[0] == 201
    [scan] = stored(Scan)
    assert scan.forced
    assert len(stored(Attendance)) == 1


def test_force_admits_again_without_hiding_the_first_or_counting_twice(door, stored):
    secret = door.ticket()
    door.scan(secret)
    status, answer = door.scan(secret, force=True)
    assert (status, answer["first"]["device"]) == (201, "Cửa chính")
    assert len(stored(Attendance)) == 1


def test_force_does_not_open_the_door_to_a_withdrawn_seat(door):
    assert door.scan(door.ticket(standing=Standing.WITHDRAWN), force=True)[0] == 400


def test_an_exit_is_kept_and_counts_nobody(door, stored):
    secret = door.ticket()
    assert door.scan(secret, type="exit")[0] == 201
    assert stored(Attendance) == []
    assert door.scan(secret)[0] == 201
    assert door.scan(secret, type="exit")[0] == 201
    assert len(stored(Attendance)) == 1


def test_the_same_nonce_gets_the_same_answer_marked_as_replayed(door, at, stored):
    nonce = str(uuid.uuid4())
    good, unknown = door.ticket(), "ZZZZZZ"
    first = door.scan(good, nonce=nonce)
    at(DURING + timedelta(hours=9))
    again = door.scan(good, nonce=nonce, force=True, datetime="2027-10-01T05:00:00+07:00")
    assert again == (first[0], {**first[1], "replayed": True})
    other = str(uuid.uuid4()).upper()
    lost = door.scan(unknown, nonce=other)
    assert door.scan(unknown, nonce=other.lower()) == (404, {**lost[1], "replayed": True})
    assert len(stored(Scan)) == 2


def test_a_replay_of_a_refusal_stays_refused_when_the_reason_has_passed(door, at):
    at(clock.at(OPENING_DAY, 7))
    secret, nonce = door.ticket(), str(uuid.uuid4())
    refused = door.scan(secret, nonce=nonce)
    at(DURING)
    assert door.scan(secret, nonce=nonce) == (400, {**refused[1], "replayed": True})
    assert door.scan(secret)[0] == 201


@pytest.mark.parametrize("other", [{"type": "exit"}, {"lists": ["khac"]}, {"secret": "ZZZZZZ"}])
def test_a_nonce_for_something_else_is_refused_and_changes_nothing(door, stored, other):
    secret, nonce = door.ticket(), str(uuid.uuid4())
    door.scan(secret, nonce=nonce)
    answer = door.scan(other.get("secret", secret), **{"nonce": nonce, **_without_secret(other)})
    assert answer == (409, {"status": "error", "reason": "nonce_reused"})
    assert len(stored(Scan)) == 1


def _without_secret(body):
    return {name: value for name, value in body.items() if name != "secret"}


def test_the_order_of_lists_is_no_other_content(door):
    secret, nonce = door.ticket(), str(uuid.uuid4())
    door.scan(secret, nonce=nonce, lists=["a", door.activity.slug])
    assert door.scan(secret, nonce=nonce, lists=[door.activity.slug, "a", "a"])[1]["replayed"]


def test_two_devices_may_use_the_same_nonce(door):
    door.given(a_scanner(door.unit, token="second"))
    nonce = str(uuid.uuid4())
    assert door.scan(door.ticket(), nonce=nonce)[0] == 201
    assert door.scan(door.ticket(), nonce=nonce, token="second")[0] == 201


@pytest.mark.parametrize("same_nonce", [False, True])
def test_twenty_at_once_with_one_ticket_let_one_in(app, door, stored, same_nonce):
    secrets = [door.ticket() for _ in range(8)]
    for secret in secrets:
        answers = _race(app, secret, 20, same_nonce)
        statuses = Counter(status for status, _ in answers)
        if same_nonce:
            assert statuses == {201: 20}
            assert Counter(body["replayed"] for _, body in answers) == {False: 1, True: 19}
            assert len({str({**body, "replayed": None}) for _, body in answers}) == 1
        else:
            assert statuses == {201: 1, 400: 19}
            assert {b["reason"] for s, b in answers if s == 400} == {"already_redeemed"}
    assert len(stored(Attendance)) == len(secrets)
    assert len(stored(Scan)) == len(secrets) * (1 if same_nonce else 20)
    assert all(attendance.scan_id for attendance in stored(Attendance))


def test_one_nonce_raced_with_many_tickets_stands_for_one(app, door, stored):
    nonce = str(uuid.uuid4())
    answers = _together(
        [_asking(app, door.ticket(), nonce) for _ in range(20)],
    )
    assert Counter(status for status, _ in answers) == {201: 1, 409: 19}
    assert len(stored(Attendance)) == len(stored(Scan)) == 1


@pytest.mark.parametrize("tickets", [3, pytest.param(50, marks=pytest.mark.soak)])
def test_doors_and_queues_at_once_let_one_in_and_the_earliest_counts(app, door, stored, tickets):
    earlier = [DURING - timedelta(minutes=n) for n in range(1, 11)]
    for n in range(len(earlier)):
        door.given(a_scanner(door.unit, token=f"queue {n}"))
    secrets = [door.ticket() for _ in range(tickets)]
    for secret in secrets:
        queues = [
            _handing_in(app, secrets, secret, f"queue {n}", at) for n, at in enumerate(earlier)
        ]
        doors = [_asking(app, secret, str(uuid.uuid4())) for _ in range(10)]
        answers = _together([*queues, *doors])
        assert {status for status, _ in answers} <= {200, 201, 400}
    attendances = stored(Attendance)
    assert len(attendances) == tickets
    assert {attendance.at for attendance in attendances} == {earlier[-1]}
    assert len(stored(Scan)) == tickets * 10 * (1 + tickets)


def _handing_in(app, secrets, first, token, at):
    """A queue that holds every ticket, each scanner's in an order of its own."""
    order = sorted(secrets, key=lambda secret: (secret != first, hash((token, secret))))
    scans = [
        {"secret": secret, "nonce": str(uuid.uuid4()), "datetime": at.isoformat()}
        for secret in order
    ]
    client = app.test_client()

    def ask():
        answer = client.post(
            "/api/v1/checkin/batch",
            json={"scans": scans, "sent_at": DURING.isoformat()},
            headers={"Authorization": f"Device {token}"},
        )
        return answer.status_code, answer.get_json()

    return ask


def _race(app, secret, count, same_nonce):
    nonce = str(uuid.uuid4())
    return _together(
        [_asking(app, secret, nonce if same_nonce else str(uuid.uuid4())) for _ in range(count)]
    )


def _asking(app, secret, nonce):
    client = app.test_client()

    def ask():
        answer = client.post(
            "/api/v1/checkin/redeem",
            json={"secret": secret, "nonce": nonce},
            headers={"Authorization": f"Device {TOKEN}"},
        )
        return answer.status_code, answer.get_json()

    return ask


def _together(calls):
    answers, gate = [None] * len(calls), threading.Barrier(len(calls))

    def run(place):
        gate.wait()
        answers[place] = calls[place]()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
