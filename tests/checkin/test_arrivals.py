"""Walk-ins and groups: counted once, by the latest number, online and with the batch."""

import uuid
from datetime import timedelta

import pytest

from accounts.models import Role
from checkin.models import Attendance, Consent, Grade, Participant, Scan
from tests.checkin.door_world import TOKEN, Door
from tests.factories import (
    DURING,
    a_participant,
    a_plan,
    a_registration,
    a_unit,
    an_account,
    an_activity,
    signed_in,
)

HEADERS = {"Authorization": f"Device {TOKEN}"}


@pytest.fixture
def door(client, given, at):
    return Door(client, given, at)


def tell(door, kind, **body):
    body = {"activity": door.activity.slug, "nonce": str(uuid.uuid4()), **body}
    answer = door.client.post(f"/api/v1/checkin/{kind}", json=body, headers=HEADERS)
    return answer.status_code, answer.get_json()


def hand_in(door, *scans):
    body = {"scans": [{"nonce": str(uuid.uuid4()), **scan} for scan in scans]}
    return door.client.post("/api/v1/checkin/batch", json=body, headers=HEADERS).get_json()


def a_group(door, present, **more):
    return {
        "type": "group", "activity": door.activity.slug, "name": "Lớp 9A", "enrolled": 38,
        "present": present, **more,
    }  # fmt: skip


def test_a_walk_in_is_counted_by_name_with_the_agreement(door, stored):
    http, answer = tell(door, "walk-in", name="Lê Văn Tới", unit="Tổ dân phố 4")
    assert (http, answer["position"]["participant"]["name"]) == (201, "Lê Văn Tới")
    [person] = stored(Participant)
    [counted] = stored(Attendance)
    assert (counted.participant_id, counted.grade) == (person.id, Grade.STAFF_SCAN)
    assert [(c.participant_id, c.channel) for c in stored(Consent)] == [(person.id, "door")]


def test_somebody_without_a_name_is_a_head_count(door, stored):
    assert tell(door, "walk-in")[0] == 201
    assert tell(door, "walk-in")[0] == 201
    assert [a.grade for a in stored(Attendance)] == [Grade.HEADCOUNT] * 2
    assert stored(Participant) == []


def test_the_same_nonce_counts_once_and_never_means_two_things(door, stored):
    nonce = str(uuid.uuid4())
    first = tell(door, "walk-in", nonce=nonce, name="Lê Văn Tới")
    again = tell(door, "walk-in", nonce=nonce, name="Lê Văn Tới")
    assert again == (201, {**first[1], "replayed": True})
    assert tell(door, "walk-in", nonce=nonce, name="Người khác")[0] == 409
    assert len(stored(Attendance)) == 1


def test_who_holds_a_seat_under_the_address_is_counted_as_its_holder(door, given, stored):
    person = a_participant("Trần Thị Thử", email="thu@example.com")
    given(a_registration(activity=door.activity, participant=person))
    assert tell(door, "walk-in", name="Thử", email="Thu@example.com")[0] == 201
    http, answer = tell(door, "walk-in", name="Thử", email="thu@example.com")
    assert (http, answer["reason"]) == (400, "already_redeemed")
    assert [a.participant_id for a in stored(Attendance)] == [person.id]


def test_a_group_is_a_number_and_the_latest_holds(door, at, stored):
    body = a_group(door, 36)
    assert tell(door, "group", **body)[0] == 201
    assert len(stored(Attendance)) == 36
    at(DURING + timedelta(minutes=2))
    assert tell(door, "group", **{**body, "present": 34, "name": "LỚP 9a"})[0] == 201
    assert len(stored(Attendance)) == 34
    assert {a.grade for a in stored(Attendance)} == {Grade.HEADCOUNT}
    assert stored(Participant) == []


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_latest_number_holds_whichever_is_handed_in_first(door, stored, order):
    told = [
        a_group(door, 36, datetime=DURING.replace(hour=0, minute=40).isoformat()),
        a_group(door, 30, datetime=DURING.replace(hour=0, minute=50).isoformat()),
    ]
    for place in order:
        assert [a["http"] for a in hand_in(door, told[place])["answers"]] == [201]
    assert len(stored(Attendance)) == 30


def test_a_batch_holds_tickets_walk_ins_and_groups_in_its_order(door, stored):
    slug = door.activity.slug
    answers = hand_in(
        door,
        {"type": "walk_in", "activity": slug, "name": "Lê Văn Tới"},
        {"secret": door.ticket(), "decision": "admitted"},
        a_group(door, 2),
        {"type": "walk_in", "activity": "khong-co"},
        {"type": "walk_in", "activity": slug, "email": "không phải"},
    )["answers"]
    assert [a["http"] for a in answers] == [201, 201, 201, 404, 400]
    assert answers[4]["faults"][0]["field"] == "email"
    assert len(stored(Attendance)) == 4
    assert len(stored(Scan)) == 4


def test_the_hours_and_the_scope_of_the_door_hold_unless_it_had_no_connection(
    door, given, at, stored
):
    evening = DURING.replace(hour=16)
    at(evening)
    assert tell(door, "walk-in")[1]["reason"] == "too_late"
    assert tell(door, "walk-in", force=True)[0] == 201
    late = {"type": "walk_in", "activity": door.activity.slug, "datetime": evening.isoformat()}
    assert hand_in(door, late)["answers"][0]["http"] == 201
    campaign = door.activity.plan.campaign
    foreign = given(an_activity(plan=a_plan(unit=a_unit(), campaign=campaign)))
    assert tell(door, "walk-in", activity=foreign.slug)[1]["reason"] == "wrong_activity"
    assert len(stored(Attendance)) == 2


def test_a_group_needs_letters_and_a_number_that_can_be(door):
    for wrong in ({"present": -1}, {"present": 10**9}, {"name": " - "}, {"name": ""}):
        assert tell(door, "group", **{**a_group(door, 3), **wrong})[0] == 400


def annul(door, nonce):
    body = {"nonce": nonce, "reason": "Ghi nhầm"}
    return door.client.post("/api/v1/checkin/annul", json=body, headers=HEADERS).status_code


def test_what_was_recorded_is_taken_back_and_the_number_before_holds_again(door, at, stored):
    first, second, walk_in = (str(uuid.uuid4()) for _ in range(3))
    tell(door, "group", **a_group(door, 36, nonce=first))
    at(DURING + timedelta(minutes=1))
    tell(door, "group", **a_group(door, 30, nonce=second))
    tell(door, "walk-in", nonce=walk_in, name="Lê Văn Tới")
    assert (annul(door, second), annul(door, walk_in)) == (200, 200)
    assert len(stored(Attendance)) == 36
    assert annul(door, first) == 200
    assert stored(Attendance) == []


def test_the_settlement_tells_of_walk_ins_and_of_groups(door, at, given):
    tell(door, "group", **a_group(door, 36))
    at(DURING + timedelta(minutes=1))
    tell(door, "group", **a_group(door, 30))
    tell(door, "walk-in", name="Lê Văn Tới")
    signed_in(door.client, given(an_account((Role.ORGANISER, door.unit))))
    page = door.client.get(f"/desk/activities/{door.activity.id}/settlement?all=1")
    text = " ".join(page.get_data(as_text=True).split())
    assert "Lớp 9A: sĩ số 38, có mặt 30" in text
    assert text.count("Có số ghi sau") == 1
    assert "Lê Văn Tới" in text
    assert "Không tính" not in text
