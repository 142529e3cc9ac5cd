"""Head counts: several counters add up, nothing counts twice, nothing is altered."""

import uuid
from typing import Any

import pytest

from accounts.models import Role
from checkin.models import Grade, Group, Tally
from checkin.points.models import Point, StreamCount
from core.database import reading
from events.models import ActivityState, Counting, Format
from reports.figures import figures
from reports.queries import proposals
from tests.factories import DURING, LONG_AGO, a_plan, a_unit, an_account, an_activity, signed_in


@pytest.fixture
def counted(client: Any, given: Any, at: Any) -> Any:
    """Makes an activity whose heads are counted, and signs its steward in."""

    def prepare(**facts: Any) -> Any:
        at(DURING)
        activity = given(an_activity(**{"counting": Counting.TALLY, **facts}))
        signed_in(client, given(an_account((Role.STEWARD, activity.unit))))
        return activity

    return prepare


def nonce(number: int) -> str:
    return str(uuid.UUID(int=number))


def entry(activity: Any, number: int, by: int = 0, **facts: Any) -> dict[str, Any]:
    return {"nonce": nonce(number), "session": activity.sessions[0].id, "by": by, **facts}


def sends(client: Any, activity: Any, *entries: dict[str, Any]) -> Any:
    address = f"/desk/activities/{activity.id}/tally/entries"
    return client.post(address, json={"entries": list(entries)})


def numbers(rows: list[Tally]) -> list[tuple[int | None, int]]:
    return [(t.change, t.count) for t in rows]


def test_presses_without_a_script_count_and_the_last_one_is_taken_back(
    client: Any, counted: Any, stored: Any
) -> None:
    activity = counted()
    page = f"/desk/activities/{activity.id}/tally"

    client.post(page, data={"press": "learner", "by": "40"})
    client.post(page, data={"press": "", "by": "1"})
    client.post(page, data={"undo": "1"})
    client.post(page, data={"undo": "1"})
    client.post(page, data={"undo": "1"})

    assert [(t.group, t.change, t.count) for t in stored(Tally)] == [
        (Group.LEARNER, 40, 40),
        (None, 1, 1),
        (None, -1, 0),
        (Group.LEARNER, -40, 0),
    ]


def test_a_form_that_is_sent_twice_counts_once(client: Any, counted: Any, stored: Any) -> None:
    activity = counted()
    pressed = {"press": "", "by": "5", "nonce": nonce(1)}

    for _time in range(2):
        client.post(f"/desk/activities/{activity.id}/tally", data=pressed)

    assert numbers(stored(Tally)) == [(5, 5)]


def test_a_correction_needs_a_reason_and_is_a_new_entry(
    client: Any, counted: Any, stored: Any
) -> None:
    activity = counted()
    page = f"/desk/activities/{activity.id}/tally"
    client.post(page, data={"press": "", "by": "40"})
    form = {"mode": "set", "count": "36", "group": "", "grade": "headcount"}

    refused = client.post(page, data=form)
    client.post(page, data={**form, "note": "Bốn em vắng"})

    assert refused.status_code == 422
    assert "Vui lòng ghi lý do" in refused.text
    assert [(t.change, t.count, t.note) for t in stored(Tally)] == [
        (40, 40, ""),
        (-4, 36, "Bốn em vắng"),
    ]


def test_an_estimate_keeps_its_grade_until_somebody_counts(
    client: Any, counted: Any, stored: Any
) -> None:
    activity = counted()
    page = f"/desk/activities/{activity.id}/tally"
    form = {"group": "resident", "grade": "estimate"}

    client.post(page, data={**form, "mode": "add", "count": "300"})
    client.post(page, data={"press": "resident", "by": "1"})
    client.post(
        page,
        data={**form, "mode": "set", "count": "287", "grade": "headcount", "note": "Đã đếm lại"},
    )

    assert [(t.count, t.grade) for t in stored(Tally)] == [
        (300, Grade.ESTIMATE),
        (301, Grade.ESTIMATE),
        (287, Grade.HEADCOUNT),
    ]
    with reading():
        assert figures(activity.unit, activity.plan.campaign).by_grade == {"headcount": 287}


@pytest.mark.parametrize("count", ["-3", "", "100001", "1e3"])
def test_a_number_that_is_none_is_refused(
    client: Any, counted: Any, stored: Any, count: str
) -> None:
    activity = counted()

    answer = client.post(
        f"/desk/activities/{activity.id}/tally",
        data={"mode": "add", "count": count, "grade": "headcount"},
    )

    assert answer.status_code == 422
    assert stored(Tally) == []


def test_several_counters_add_up_and_what_is_sent_twice_counts_once(
    client: Any, counted: Any, stored: Any, given: Any
) -> None:
    activity = counted()
    first = [entry(activity, 1, 1), entry(activity, 2, 5), entry(activity, 3, 40, group="learner")]
    sends(client, activity, *first)
    signed_in(client, given(an_account((Role.STEWARD, activity.unit))))

    answer = sends(client, activity, entry(activity, 4, 10), *first)

    assert [(a["replayed"], a["refused"]) for a in answer.json["answers"]] == [
        (False, ""),
        (True, ""),
        (True, ""),
        (True, ""),
    ]
    assert answer.json["held"][""] == 16
    assert answer.json["held"]["learner"] == 40
    assert numbers(stored(Tally)) == [(1, 1), (5, 6), (40, 40), (10, 16)]
    assert client.get(f"/desk/activities/{activity.id}/tally/now").json["held"][""] == 16


def test_a_press_is_taken_back_once_in_the_same_batch_or_later(
    client: Any, counted: Any, stored: Any
) -> None:
    activity = counted()
    take_back = entry(activity, 2, undoes=nonce(1))

    first = sends(client, activity, entry(activity, 1, 5), take_back)
    again = sends(client, activity, take_back, entry(activity, 3, undoes=nonce(1)))

    assert [a["refused"] for a in first.json["answers"]] == ["", ""]
    assert again.json["answers"][0]["replayed"] is True
    assert again.json["answers"][1]["refused"] == "Không có gì để thu hồi."
    assert numbers(stored(Tally)) == [(5, 5), (-5, 0)]


def test_nothing_falls_below_nobody(client: Any, counted: Any, stored: Any) -> None:
    activity = counted()

    sends(client, activity, entry(activity, 1, 3), entry(activity, 2, -10, reason="Nhầm phòng"))
    sends(client, activity, entry(activity, 3, 2))

    assert numbers(stored(Tally)) == [(3, 3), (-10, 0), (2, 2)]


def test_each_entry_that_is_refused_says_why_and_the_others_count(
    client: Any, counted: Any, stored: Any, given: Any
) -> None:
    other = counted()
    activity = given(an_activity(plan=other.plan, counting=Counting.TALLY))
    sends(client, other, entry(other, 1, 1))

    answer = sends(
        client,
        other,
        entry(other, 1, 7),
        entry(other, 2, -1),
        entry(activity, 3, 1),
        entry(other, 4, 1, point=99),
        entry(other, 5, 1),
    )

    assert [a["refused"] for a in answer.json["answers"]] == [
        "Mục này đã được gửi trước đó với nội dung khác.",
        "Khi sửa số phải ghi lý do.",
        "Buổi hoặc điểm cầu này không còn thuộc hoạt động.",
        "Buổi hoặc điểm cầu này không còn thuộc hoạt động.",
        "",
    ]
    assert numbers(stored(Tally)) == [(1, 1), (1, 2)]


def test_nothing_is_counted_for_what_was_called_off(client: Any, counted: Any, stored: Any) -> None:
    activity = counted(state=ActivityState.CANCELLED)

    assert sends(client, activity, entry(activity, 1, 1)).status_code == 409
    assert stored(Tally) == []


def test_what_is_no_entry_is_refused_as_a_whole(client: Any, counted: Any, stored: Any) -> None:
    activity = counted()

    for wrong in ({"by": "1"}, {"nonce": "x"}, {"by": 10**9}, {"reason": "\0"}, {"more": 1}):
        assert sends(client, activity, entry(activity, 1, 1) | wrong).status_code == 400

    assert stored(Tally) == []


def test_only_what_is_counted_by_heads_has_a_head_count(client: Any, counted: Any) -> None:
    activity = counted(counting=Counting.TICKETS)

    assert client.get(f"/desk/activities/{activity.id}/tally").status_code == 404


def test_points_count_their_own_and_add_up(
    client: Any, counted: Any, stored: Any, given: Any
) -> None:
    activity = counted(format=Format.HYBRID)
    school = a_unit()
    point = given(
        Point(activity_id=activity.id, name="Trường Tân An", unit=school, created_at=LONG_AGO)
    )
    sends(client, activity, entry(activity, 1, 120))
    signed_in(client, given(an_account((Role.STEWARD, school))))
    page = f"/desk/activities/{activity.id}/tally"

    own = client.post(page, data={"press": "learner", "by": "40"})
    main = sends(client, activity, entry(activity, 2, 5), entry(activity, 3, 1, point=point.id))

    assert f"point={point.id}" in own.location
    assert [bool(a["refused"]) for a in main.json["answers"]] == [True, False]
    assert [(t.point_id, t.count) for t in stored(Tally)] == [
        (None, 120),
        (point.id, 40),
        (point.id, 1),
    ]
    with reading():
        assert figures(activity.unit, activity.plan.campaign).luot == 161


def test_a_stranger_to_the_points_finds_no_activity(client: Any, counted: Any, given: Any) -> None:
    activity = counted(format=Format.HYBRID)
    given(Point(activity_id=activity.id, name="Điểm cầu", created_at=LONG_AGO))
    signed_in(client, given(an_account((Role.STEWARD, a_unit()))))

    assert client.get(f"/desk/activities/{activity.id}/tally").status_code == 404


def test_points_of_an_activity_with_tickets_are_counted_by_heads(
    client: Any, counted: Any, given: Any, stored: Any
) -> None:
    activity = counted(counting=Counting.TICKETS, format=Format.HYBRID)
    point = given(Point(activity_id=activity.id, name="Điểm cầu 1", created_at=LONG_AGO))
    page = f"/desk/activities/{activity.id}/tally"

    assert client.post(page, data={"press": "", "by": "1"}).status_code == 303
    refused = sends(client, activity, entry(activity, 1, 1))

    assert [t.point_id for t in stored(Tally)] == [point.id]
    assert refused.json["answers"][0]["refused"]


def test_views_never_become_people(client: Any, given: Any, counted: Any, stored: Any) -> None:
    activity = counted(format=Format.HYBRID)
    page = f"/desk/activities/{activity.id}/views"
    sends(client, activity, entry(activity, 1, 12))
    with reading():
        before = figures(activity.unit, activity.plan.campaign)

    for views in ("900", "4100"):
        client.post(page, data={"stream": "facebook.com/so", "views": views})
    client.post(page, data={"stream": "youtube.com/so", "views": "31"})

    with reading():
        assert figures(activity.unit, activity.plan.campaign) == before
        proposed = proposals(activity.unit, activity.plan.campaign)
    assert (before.luot, before.nguoi) == (12, 0)
    assert (proposed["C7"].value, proposed["C7"].pieces) == (4131, 2)
    assert len(stored(StreamCount)) == 3
    shown = client.get(f"/desk/activities/{activity.id}/points").text
    assert "4.131 lượt xem" in shown


def test_points_are_proposed_to_the_report(client: Any, given: Any, counted: Any) -> None:
    activity = counted(format=Format.HYBRID)
    here = {"activity_id": activity.id, "created_at": LONG_AGO}
    first, _second = given(Point(name="Một", **here), Point(name="Hai", **here))
    sends(client, activity, entry(activity, 1, 12, point=first.id), entry(activity, 2, 99))

    with reading():
        proposed = proposals(activity.unit, activity.plan.campaign)

    assert (proposed["C5"].value, proposed["C6"].value) == (2, 12)


def test_an_organiser_names_points_and_takes_empty_ones_away(
    client: Any, given: Any, counted: Any, stored: Any
) -> None:
    activity = counted(format=Format.HYBRID)
    signed_in(client, given(an_account((Role.ORGANISER, activity.unit))))
    page = f"/desk/activities/{activity.id}/points"
    for name in ("Trường A", "Trường B", "Trường A"):
        client.post(page, data={"name": name, "unit": activity.unit.code})
    first, second = stored(Point)
    sends(client, activity, entry(activity, 1, 1, point=first.id))

    for point in (first, second):
        client.post(f"{page}/{point.id}/removal")

    assert [point.name for point in stored(Point)] == ["Trường A"]


def test_more_entries_ask_no_more_questions(
    client: Any, counted: Any, asked: Any, given: Any
) -> None:
    activity = counted(format=Format.HYBRID)
    plan = a_plan(campaign=activity.plan.campaign, unit=a_unit(parent=activity.unit))
    page = f"/desk/activities/{activity.id}/tally"
    given(Point(activity_id=activity.id, name="Một", unit=a_unit(), created_at=LONG_AGO))
    sends(client, activity, entry(activity, 1, 1))
    few = asked(lambda: client.get(page))

    given(an_activity(plan=plan))
    here = {"activity_id": activity.id, "created_at": LONG_AGO}
    given(*(Point(name=f"Điểm {n}", unit=a_unit(), **here) for n in range(9)))
    sends(client, activity, *(entry(activity, n, 1, group="staff") for n in range(2, 60)))

    assert asked(lambda: client.get(page)) == few
