"""Odd presses count for less and wait to be looked at; nobody is turned away."""

import re
from datetime import timedelta

import pytest

from accounts.models import Role
from checkin.models import Attendance, Grade, Scan, ScanStatus
from checkin.passes import new_pass
from checkin.posters import poster_code
from checkin.signals import noticing, services
from checkin.signals.models import Doubt, Press, Signal
from core.database import transaction
from events.models import Counting, Venue
from tests.factories import DURING, a_plan, an_account, an_activity, signed_in
from tests.questions import heard, questions

AFTER = DURING + timedelta(hours=2)
"""A quarter of an hour after the end, while the doors are still open."""


@pytest.fixture
def hall(given, at):
    at(DURING)
    plan = a_plan()
    room = Venue(name="Phòng họp", unit=plan.unit, capacity=6)
    return given(an_activity(plan=plan, counting=Counting.SELF_SCAN, venue=room))


@pytest.fixture
def organiser(app, hall, given):
    return signed_in(app.test_client(), given(an_account((Role.ORGANISER, hall.unit))))


def press(client, hall, number=1, **facts):
    """So many presses of people whose browser keeps nothing."""
    for _ in range(number):
        token = new_pass(hall.id, facts.pop("now", DURING), **facts).token
        answer = client.post(f"/s/{poster_code(hall.id)}", data={"pass": token})
        assert answer.status_code == 303


def each_of(app, hall, number, **facts):
    for n in range(number):
        client = app.test_client()
        client.environ_base = {"REMOTE_ADDR": f"10.0.{n // 250}.{n % 250}"}
        press(client, hall, **facts)


def grades(stored):
    return [attendance.grade for attendance in stored(Attendance)]


def test_many_as_new_people_from_one_device_are_counted_for_less(app, hall, stored):
    press(app.test_client(use_cookies=False), hall, 7)
    assert grades(stored) == [Grade.STATIC_SELF_SCAN] * 5 + [Grade.ESTIMATE] * 2
    assert [doubt.signal for doubt in stored(Doubt)] == [Signal.ONE_PHONE] * 2


def test_phones_that_keep_what_they_are_given_are_each_their_own(app, hall, stored):
    for _ in range(8):
        phone = app.test_client()
        page = phone.get(f"/s/{poster_code(hall.id)}").text
        token = re.findall(r'name="pass" value="([^"]+)"', page)[0]
        phone.post(f"/s/{poster_code(hall.id)}", data={"pass": token})
    assert grades(stored) == [Grade.STATIC_SELF_SCAN] * 8
    assert len({press.phone for press in stored(Press)}) == 8


def test_those_who_share_a_phone_are_brought_along_without_suspicion(app, hall, stored):
    phone = app.test_client()
    page = phone.get(f"/s/{poster_code(hall.id)}").text
    token = re.findall(r'name="pass" value="([^"]+)"', page)[0]
    receipt = phone.post(f"/s/{poster_code(hall.id)}", data={"pass": token}).location
    phone.post(receipt, data={"already": "0", "more": "20"})
    assert len(stored(Attendance)) == 21
    assert stored(Doubt) == []


def test_one_code_of_the_screen_serves_no_more_than_the_room_holds(app, hall, stored):
    each_of(app, hall, 8, grade=Grade.ROTATING_SELF_SCAN, slot=77)
    each_of(app, hall, 1, grade=Grade.ROTATING_SELF_SCAN, slot=78)
    good, less = Grade.ROTATING_SELF_SCAN, Grade.STATIC_SELF_SCAN
    assert grades(stored) == [good] * 6 + [less] * 2 + [good]
    assert [doubt.signal for doubt in stored(Doubt)] == [Signal.ONE_CODE] * 2


def test_a_rush_after_the_end_is_counted_for_less(app, hall, at, stored):
    at(AFTER)
    each_of(app, hall, noticing.AFTER_END + 3, now=AFTER)
    later = AFTER + timedelta(minutes=2)
    at(later)
    each_of(app, hall, 1, now=later)
    less = [grade is Grade.ESTIMATE for grade in grades(stored)]
    assert less == [False] * noticing.AFTER_END + [True] * 3 + [False]
    assert {doubt.signal for doubt in stored(Doubt)} == {Signal.AFTER_END}


def test_the_same_rush_before_the_end_is_a_full_room(app, hall, stored):
    each_of(app, hall, noticing.AFTER_END + 3)
    assert stored(Doubt) == []


def test_staff_see_how_many_to_review_and_settle_them(app, hall, organiser, stored):
    press(app.test_client(use_cookies=False), hall, 8)
    assert "3 lượt cần rà soát" in organiser.get(f"/desk/activities/{hall.id}/self-scan").text
    page = organiser.get(f"/desk/activities/{hall.id}/review")
    assert "3 lượt cần rà soát" in page.text
    for verdict in ("right", "doubtful", "nobody"):
        first = re.findall(r'name="doubt" value="(\d+)"', page.text)[0]
        data = {"doubt": first, "verdict": verdict}
        page = organiser.post(
            f"/desk/activities/{hall.id}/review", data=data, follow_redirects=True
        )
    assert "Không có lượt nào cần rà soát" in page.text
    assert grades(stored) == [Grade.STATIC_SELF_SCAN] * 6 + [Grade.ESTIMATE]
    annulment = stored(Scan)[-1]
    assert (annulment.status, annulment.annuls_id) == (
        ScanStatus.ANNULLED,
        stored(Doubt)[-1].scan_id,
    )


def test_many_are_settled_with_as_many_questions_as_few(app, hall, organiser, stored):
    press(app.test_client(use_cookies=False), hall, 5 + 12)
    doubts = [str(doubt.id) for doubt in stored(Doubt)]
    address = f"/desk/activities/{hall.id}/review"
    organiser.post(address, data={"doubt": doubts[:2], "verdict": "right"})

    asked = []
    for chosen in (doubts[:3], doubts[3:]):
        with heard() as said:
            organiser.post(address, data={"doubt": chosen, "verdict": "nobody"})
        asked.append(questions(said))

    assert len(stored(Attendance)) == 5
    assert asked[1] == asked[0]


def test_what_was_found_may_be_said_anew_unless_nobody_was_there(app, hall, organiser, stored):
    press(app.test_client(use_cookies=False), hall, 6)
    doubt = stored(Doubt)[0].id
    steps = {"right": Grade.STATIC_SELF_SCAN, "doubtful": Grade.ESTIMATE, "nobody": None}
    for verdict, grade in [*steps.items(), ("right", None)]:
        data = {"doubt": doubt, "verdict": verdict}
        organiser.post(f"/desk/activities/{hall.id}/review", data=data)
        left = [a.grade for a in stored(Attendance) if a.scan_id == stored(Doubt)[0].scan_id]
        assert left == ([grade] if grade else [])


def test_doubts_of_another_activity_are_left_alone(app, hall, organiser, given, stored):
    other = given(an_activity(plan=hall.plan, counting=Counting.SELF_SCAN))
    press(app.test_client(use_cookies=False), other, 6)
    data = {"doubt": stored(Doubt)[0].id, "verdict": "nobody"}
    organiser.post(f"/desk/activities/{hall.id}/review", data=data)
    assert stored(Doubt)[0].verdict is None


def test_what_is_noted_of_phones_leads_back_to_nobody_and_goes(app, hall, stored):
    client = app.test_client(use_cookies=False)
    client.environ_base = {"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": "Zalo"}
    press(client, hall)
    kept = str([vars(row) for row in stored(Press)])
    assert "203.0.113.77" not in kept
    assert "Zalo" not in kept
    with transaction():
        services.forget(DURING + timedelta(seconds=1))
    assert stored(Press) == []
