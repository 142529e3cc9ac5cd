"""The screen of the doors: what is silent, what fails, who comes in, in few questions."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from accounts.models import Role
from accounts.scope import subtree
from checkin.control import queries
from checkin.models import Attendance, Device, Grade, Group, Scan, ScanStatus, Tally
from core import clock
from core.database import reading, transaction
from events.models import Activity, ActivityKind, ActivityState, Counting, Session
from tests.factories import (
    DURING,
    LONG_AGO,
    OPENING_DAY,
    a_plan,
    a_unit,
    an_account,
    an_activity,
    signed_in,
)
from tests.questions import WHOLE, explained, heard

NOW = DURING + timedelta(minutes=10)
PAGE = "/office/doors"


@pytest.fixture
def office(client: Any, given: Any, at: Any) -> Any:
    """The plan of a unit whose observer is signed in, 25 minutes after eight."""
    at(NOW)
    plan = given(a_plan())
    signed_in(client, given(an_account((Role.OBSERVER, plan.unit))))
    return plan


def a_scan(status: ScanStatus, number: int, **facts: Any) -> Scan:
    facts = {"at": NOW, "received_at": NOW - timedelta(minutes=2)} | facts
    return Scan(
        nonce=f"n{number}",
        request_hash="",
        status=status,
        grade=Grade.STAFF_SCAN,
        answer={},
        **facts,
    )


def an_attendance(activity: Activity, number: int) -> Attendance:
    return Attendance(
        activity_id=activity.id,
        session_id=activity.sessions[0].id,
        pass_id=f"p{number}",
        grade=Grade.STATIC_SELF_SCAN,
        at=NOW,
    )


def a_scanner(plan: Any, name: str = "Cửa chính") -> Device:
    return Device(
        name=name, token_hash=name, unit=plan.unit, created_at=LONG_AGO,
        expires_at=NOW + timedelta(days=1),
    )  # fmt: skip


def test_what_should_have_begun_and_has_nobody_is_named(
    client: Any, office: Any, given: Any
) -> None:
    given(an_activity(plan=office, title="Hội sách im ắng"))
    visited = given(an_activity(plan=office, title="Tọa đàm đông"))
    given(an_attendance(visited, 1))
    counted = given(an_activity(plan=office, title="Đếm người", counting=Counting.TALLY))
    sitting = counted.sessions[0].id
    for group in (None, Group.LEARNER):
        for number in (9, 40):
            given(
                Tally(activity_id=counted.id, session_id=sitting, group=group, count=number, at=NOW)
            )

    page = client.get(PAGE).text

    silent = page.partition('id="control-silent"')[2].partition("</section>")[0]
    assert "Hội sách im ắng" in silent
    assert "Lẽ ra đã bắt đầu 25 phút trước" in silent
    assert "Tọa đàm đông" not in silent
    assert "1 hoạt động chưa ghi nhận ai, 0 nơi quét lỗi nhiều, 0 máy quét im lặng" in page
    assert "81 lượt tại 3 hoạt động đang mở" in page


@pytest.mark.parametrize(
    "facts",
    [
        {"starts_at": clock.at(OPENING_DAY, 8, 10)},
        {"state": ActivityState.CANCELLED},
        {"state": ActivityState.DRAFT},
        {"counting": Counting.EVIDENCE},
        {"starts_at": clock.at(OPENING_DAY), "ends_at": clock.at(OPENING_DAY) + timedelta(days=1)},
        {"starts_at": clock.at(OPENING_DAY, 6)},
    ],
)
def test_who_need_not_be_counted_now_is_not_silent(
    client: Any, office: Any, given: Any, facts: dict[str, Any]
) -> None:
    given(an_activity(plan=office, **facts))

    assert 'id="control-silent"' not in client.get(PAGE).text


def test_scans_that_fail_too_often_are_named_with_the_reason(
    client: Any, office: Any, given: Any
) -> None:
    crowded = given(an_activity(plan=office, title="Khai mạc"))
    calm = given(an_activity(plan=office, title="Bình thường"))
    given(an_attendance(crowded, 1), an_attendance(calm, 2))
    scanner = given(a_scanner(office, "Cửa Đông"))
    lost = given(a_scanner(office, "Cửa Tây"))
    here = {"device_id": scanner.id, "activity_id": crowded.id}
    early = [a_scan(ScanStatus.TOO_EARLY, n, **here) for n in range(4)]
    fine = [a_scan(ScanStatus.OK, n, **here) for n in range(10, 17)]
    used = [a_scan(ScanStatus.ALREADY_REDEEMED, 20, **here)]
    some = [a_scan(ScanStatus.TOO_LATE, n, activity_id=calm.id) for n in range(30, 34)]
    unknown = [a_scan(ScanStatus.INVALID, n, device_id=lost.id) for n in range(40, 46)]
    later = [a_scan(ScanStatus.INVALID, n, made_at=NOW, **here) for n in range(50, 90)]
    given(*early, *fine, *used, *some, *unknown, *later)

    page = client.get(PAGE).text

    spikes = page.partition('id="control-spikes"')[2].partition("</section>")[0]
    assert "Khai mạc" in spikes
    assert "5 trên 12 lượt quét không được, phần lớn do: chưa đến giờ." in spikes
    assert "Cửa Tây" in spikes
    assert "6 trên 6 lượt" in spikes
    assert "Bình thường" not in spikes


def test_scanners_tell_when_they_were_heard_last(client: Any, office: Any, given: Any) -> None:
    open_now = given(an_activity(plan=office))
    given(an_attendance(open_now, 1))
    first, second, _third = given(
        a_scanner(office, "Một"), a_scanner(office, "Hai"), a_scanner(office, "Ba")
    )
    long_ago = NOW - timedelta(minutes=40)
    given(a_scan(ScanStatus.OK, 1, device_id=first.id, activity_id=open_now.id))
    given(a_scan(ScanStatus.OK, 2, device_id=second.id, received_at=long_ago))

    page = client.get(PAGE).text

    told = page.partition('id="control-devices"')[2].partition("</section>")[0]
    assert "im lặng từ 07 giờ 45" in told
    assert "Số máy không liên lạc trong ba giờ qua: 1." in told
    assert "1 máy quét im lặng" in page


def test_one_sees_the_units_below_and_no_others(client: Any, office: Any, given: Any) -> None:
    below = a_unit(parent=office.unit, code="duoi", short_name="Đơn vị dưới")
    foreign = a_plan(campaign=office.campaign)
    given(below, foreign)
    given(an_activity(plan=office, unit=below, title="Của cấp dưới"))
    given(an_activity(plan=office, title="Của chính mình"))
    given(an_activity(plan=foreign, title="Của nơi khác"))
    given(a_scan(ScanStatus.OK, 1, device_id=given(a_scanner(foreign, "Máy nơi khác")).id))

    titles = "Của cấp dưới", "Của chính mình", "Của nơi khác", "Máy nơi khác"
    whole, part = client.get(PAGE).text, client.get(f"{PAGE}?unit=duoi").text

    assert [title in whole for title in titles] == [True, True, False, False]
    assert [title in part for title in titles] == [True, False, False, False]
    assert client.get(f"{PAGE}?unit={foreign.unit.code}").status_code == 404


def test_people_are_counted_by_indexes_whatever_the_database_guesses(
    office: Any, given: Any
) -> None:
    """The sittings are named, none is looked for by a join whose size is a guess."""
    activity = given(an_activity(plan=office, counting=Counting.TALLY))
    given(an_attendance(activity, 1))
    with reading() as opened:
        sittings = queries.sittings(subtree(office.unit), NOW)
        with heard() as said:
            assert queries.people(sittings) == {activity.sessions[0].id: 1}
        (question,) = (one for one in said if one.startswith("SELECT"))
        plan = explained(opened, sa.text(question))

    assert set(re.findall(r"FROM (\w+)", question)) == {"attendance", "tally"}
    assert re.search(WHOLE, plan) is None, plan
    assert "ix_tally_activity_id_session_id" in plan


def test_five_thousand_activities_ask_no_more(
    client: Any, office: Any, given: Any, asked: Any
) -> None:
    first = given(an_activity(plan=office))
    given(a_scan(ScanStatus.OK, 1, device_id=given(a_scanner(office)).id, activity_id=first.id))
    few = asked(lambda: client.get(PAGE))
    _fill(office, 5000)

    assert asked(lambda: client.get(PAGE)) == few
    page = client.get(PAGE).text
    assert "tại 5.001 hoạt động đang mở" in page
    assert "và 3.746 mục khác" in page
    assert page.count("<li>") < 60


def _fill(plan: Any, number: int) -> None:
    """Activities that are all open now, three in four of them with nobody."""
    facts = {
        "plan_id": plan.id, "unit_id": plan.unit_id, "kind": ActivityKind.TALK,
        "counting": Counting.TICKETS, "state": ActivityState.RELEASED,
        "starts_at": clock.at(OPENING_DAY, 8), "ends_at": clock.at(OPENING_DAY, 10),
        "created_at": LONG_AGO, "changed_at": LONG_AGO,
    }  # fmt: skip
    hours = {"starts_at": facts["starts_at"], "ends_at": facts["ends_at"]}
    numbers = range(10_000, 10_000 + number)
    with transaction() as opened:
        rows = [{**facts, "id": n, "slug": f"hd-{n}", "title": f"Hoạt động {n}"} for n in numbers]
        opened.execute(sa.insert(Activity), rows)
        opened.execute(sa.insert(Session), [{"id": n, "activity_id": n, **hours} for n in numbers])
        came = [
            {"activity_id": n, "session_id": n, "pass_id": str(p), "grade": Grade.STAFF_SCAN,
             "at": NOW}
            for n in numbers if n % 4 == 0 for p in range(8)
        ]  # fmt: skip
        opened.execute(sa.insert(Attendance), came)
