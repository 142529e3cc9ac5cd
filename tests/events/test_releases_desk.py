"""Versions at the desk and for everyone: draft, release, what changed, a look by the parent."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest

from accounts.models import Role
from core import clock
from events.models import Activity, ActivityState, Assignment, DutyRole, Plan, PlanState
from events.releases.models import PendingChange, Release, Review, ReviewState
from events.slots import slots
from tests.events.pages import TYPED, page
from tests.factories import LONG_AGO, a_plan, a_unit, an_account, an_activity, signed_in

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def activity(plan, given) -> Activity:
    """One activity on the programme."""
    return given(an_activity(plan=plan, title="Ngày hội sách", place="Nhà văn hóa"))


@pytest.fixture
def released(plan, activity, desk) -> Plan:
    """The plan with its first version out."""
    desk.post(f"/desk/plans/{plan.id}/release", data={"note": "Bản đầu"})
    return plan


def test_a_plan_is_released_from_the_page_that_shows_what_changes(
    desk, plan, given, stored
) -> None:
    given(an_activity(plan=plan, state=ActivityState.DRAFT, place="Hội trường", title="Tọa đàm"))
    assert "1 thay đổi đang chờ" in page(desk.get(f"/desk/plans/{plan.id}"))
    shown = page(desk.get(f"/desk/plans/{plan.id}/release"))
    assert "Tọa đàm" in shown
    assert "Ban hành phiên bản 1" in shown

    desk.post(f"/desk/plans/{plan.id}/release", data={"note": "Bản đầu"})

    assert stored(Activity)[0].state is ActivityState.RELEASED
    assert (stored(Plan)[0].state, stored(Plan)[0].version) == (PlanState.RELEASED, 1)
    assert "không có gì thay đổi" in page(desk.post(f"/desk/plans/{plan.id}/release"))


def test_an_edit_can_wait_for_the_next_version_and_is_not_public(
    desk, released, activity, stored, at
) -> None:
    at(LONG_AGO + timedelta(hours=1))
    address = f"/desk/activities/{activity.slug}/draft"
    assert desk.get(address).status_code == 200
    assert desk.post(address, data={"title": ""}).status_code == 400
    desk.post(address, data=TYPED)

    assert "Ngày hội sách" in page(desk.get(activity.path))
    assert "Tọa đàm về sách" not in page(desk.get("/weeks/2027/"))
    assert 'value="Tọa đàm về sách"' in page(desk.get(address))
    assert "đang chờ phiên bản sau" in page(desk.get(f"/desk/activities/{activity.slug}/edit"))
    assert "Nhà văn hóa" in page(desk.get(f"/desk/plans/{released.id}/release"))
    desk.post(f"/desk/plans/{released.id}/release", data={"listed": "1", "activity": "0"})
    assert stored(Activity)[0].title == "Ngày hội sách"
    desk.post(
        f"/desk/plans/{released.id}/release",
        data={"listed": "1", "activity": str(activity.id), "note": "Đổi <b>nơi</b>"},
    )

    assert stored(Activity)[0].title == "Tọa đàm về sách"
    told = desk.get("/weeks/2027/changes").get_data(as_text=True)
    assert "Hội trường A" in told
    assert "Nhà văn hóa" in told
    assert "phiên bản 2" in told
    assert "<b>nơi</b>" not in told


def test_a_waiting_change_is_thrown_away_or_calls_off(desk, released, activity, stored) -> None:
    address = f"/desk/activities/{activity.slug}/draft"
    assert desk.post(f"{address}/cancel", data={"reason": ""}).status_code == 400
    desk.post(f"{address}/cancel", data={"reason": "Mưa lớn"})
    assert stored(PendingChange)[0].cancel_reason == "Mưa lớn"
    assert "chờ hủy" in page(desk.get(address))

    desk.post(f"{address}/drop")

    assert stored(PendingChange) == []
    desk.post(f"{address}/cancel", data={"reason": "Mưa lớn"})
    desk.post(f"/desk/plans/{released.id}/release")
    assert stored(Activity)[0].state is ActivityState.CANCELLED


def test_a_refusal_of_the_release_is_said_on_the_page_and_keeps_the_note(
    desk, plan, given, stored
) -> None:
    given(an_activity(plan=plan, state=ActivityState.DRAFT, place="", title="Chưa có nơi"))

    answer = desk.post(f"/desk/plans/{plan.id}/release", data={"note": "Ghi chú này"})

    assert answer.status_code == 409
    assert "Chưa có nơi" in page(answer)
    assert "Ghi chú này" in page(answer)
    assert stored(Release) == []


def test_changes_are_read_by_week_and_by_plan_with_a_feed_that_answers_not_modified(
    desk, released, activity, at
) -> None:
    at(LONG_AGO + timedelta(hours=1))
    desk.post(f"/desk/activities/{activity.slug}/cancel", data={"reason": "Bão & lũ"})
    for address in ("/weeks/2027/changes", "/weeks/2027/changes/tinh"):
        assert "Bão & lũ" in page(desk.get(address))
    answer = desk.get("/weeks/2027/changes.atom")
    feed = ElementTree.fromstring(answer.get_data())

    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles == ["Đã hủy: Ngày hội sách", f"{released.unit.name}: phiên bản 1"]
    assert "Bão" in (feed.findtext(f"{ATOM}entry/{ATOM}content") or "")
    marked = {"If-None-Match": answer.headers["ETag"]}
    assert desk.get("/weeks/2027/changes.atom", headers=marked).status_code == 304
    at(LONG_AGO + timedelta(hours=2))
    desk.post(f"/desk/plans/{released.id}/release")
    assert desk.get("/weeks/2027/changes.atom", headers=marked).status_code == 200
    assert desk.get("/weeks/2027/changes.atom?unit=tinh").status_code == 200
    for missing in ("/weeks/2026/changes", "/weeks/2027/changes/x", "/weeks/2027/changes?after=x",
                    "/weeks/2027/changes.atom?unit=x"):  # fmt: skip
        assert desk.get(missing).status_code == 404


def test_a_plan_that_was_never_released_has_no_public_page(desk, plan) -> None:
    assert desk.get("/weeks/2027/changes/tinh").status_code == 404
    assert "Chưa có thay đổi" in page(desk.get("/weeks/2027/changes"))


def test_older_versions_are_on_the_next_page(desk, released, given, at) -> None:
    for number in range(2, 24):
        at(LONG_AGO + timedelta(hours=number))
        given(an_activity(plan=released, state=ActivityState.DRAFT, place="Nơi"))
        desk.post(f"/desk/plans/{released.id}/release", data={"note": f"Ghi chú số {number}."})

    first = page(desk.get("/weeks/2027/changes/tinh"))
    onward = first.split('rel="next" href="')[1].split('"')[0]

    assert "Ghi chú số 23." in first
    assert "Ghi chú số 3." not in first
    second = page(desk.get(onward))
    assert "Ghi chú số 3." in second
    assert "Bản đầu" in second
    assert "Ghi chú số 23." not in second


def test_a_plan_is_called_off_with_a_reason_everyone_reads(
    desk, released, activity, stored
) -> None:
    address = f"/desk/plans/{released.id}"
    assert desk.post(f"{address}/cancel", data={"why": ""}).status_code == 400
    desk.post(f"{address}/cancel", data={"why": "Lũ lụt", "with_activities": "y"})

    assert stored(Plan)[0].state is PlanState.CANCELLED
    assert stored(Activity)[0].state is ActivityState.CANCELLED
    assert "Lũ lụt" in page(desk.get(address))
    assert "Lũ lụt" in page(desk.get("/weeks/2027/changes/tinh"))
    desk.post(f"{address}/resume")
    assert stored(Plan)[0].state is PlanState.RELEASED
    assert desk.post(f"{address}/resume").status_code == 409


def test_a_parent_sees_the_plan_returns_it_and_approves_it(
    client, app, plan, given, stored
) -> None:
    school = given(a_unit(parent=plan.unit, code="truong", name="Trường Mẫu"))
    below = given(a_plan(campaign=plan.campaign, unit=school, state=PlanState.DRAFT))
    draft = given(an_activity(plan=below, state=ActivityState.DRAFT, place="Sân trường"))
    above = signed_in(app.test_client(), given(an_account((Role.ORGANISER, plan.unit))))
    child = signed_in(client, given(an_account((Role.ORGANISER, school))))
    assert above.post("/desk/reviews/rules", data={"unit": "truong"}).status_code == 400
    above.post("/desk/reviews/rules", data={"unit": "tinh"})
    address = f"/desk/plans/{below.id}/release"

    assert "Trình" in page(child.get(address))
    assert child.post(address).status_code == 409
    assert child.post(f"/desk/activities/{draft.slug}/release").status_code == 409
    child.post(f"/desk/plans/{below.id}/lay-before", data={"word": "Kính trình"})
    [review] = stored(Review)
    assert "Trường Mẫu" in page(above.get("/desk/reviews"))
    seen = page(above.get(f"/desk/reviews/{review.id}"))
    assert "Kính trình" in seen
    assert draft.title in seen
    shown = seen.split('name="shown"')[1].split('value="')[1].split('"')[0]
    answer = {"shown": shown, "remark": ""}
    assert above.post(f"/desk/reviews/{review.id}/return", data=answer).status_code == 422
    assert child.post(f"/desk/reviews/{review.id}/approve", data=answer).status_code == 404
    above.post(f"/desk/reviews/{review.id}/return", data=answer | {"remark": "Thiếu địa điểm"})
    assert "Thiếu địa điểm" in page(child.get(address))
    child.post(f"/desk/plans/{below.id}/lay-before")
    again = stored(Review)[1]
    above.post(f"/desk/reviews/{again.id}/approve", data=answer)
    assert stored(Review)[1].state is ReviewState.APPROVED

    child.post(address)

    assert stored(Activity)[0].state is ActivityState.RELEASED
    above.post("/desk/reviews/rules/tinh/end")
    assert "Chưa đơn vị nào" in page(above.get("/desk/reviews"))


def test_those_who_are_registered_are_counted_before_the_release(
    desk, released, activity, monkeypatch
) -> None:
    monkeypatch.setattr(slots, "registered", lambda ids: dict.fromkeys(ids, 7))
    desk.post(f"/desk/activities/{activity.slug}/draft/cancel", data={"reason": "Mưa"})

    assert "7 người đã đăng ký" in page(desk.get(f"/desk/plans/{released.id}/release"))


def test_duties_do_not_stop_a_release(desk, plan, given, stored) -> None:
    given(Assignment(plan_id=plan.id, unit_id=plan.unit_id, role=DutyRole.DO, duty="Việc"))

    desk.post(f"/desk/plans/{plan.id}/release")

    assert stored(Release)[0].number == 1
    assert stored(Release)[0].released_at == clock.now().replace(microsecond=0)
