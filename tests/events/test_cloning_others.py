"""Taking over the plan of another unit: only what everybody reads; undone again."""

from datetime import date, timedelta

import pytest

from accounts.models import Role
from core import clock
from events.cloning.models import Cloning
from events.models import (
    Activity,
    ActivityState,
    Assignment,
    Audience,
    DutyRole,
    InvitedUnit,
    Plan,
    PlanState,
    Venue,
)
from tests.events.pages import TYPED, page
from tests.factories import LONG_AGO, a_campaign, a_plan, a_unit, an_account, an_activity, signed_in

PLANS = "/desk/plans/take-over/plans?to=2027"
WISH = {"unit": "tinh", "parts": ["activities", "venues", "texts"], "shift": "weekday"}


@pytest.fixture
def neighbour(plan, given) -> Plan:
    """Last year's plan of the commune beside ours, with all that is nobody else's business."""
    other = a_unit(code="xa-mai", name="Xã Mai Đình", short_name="Xã Mai Đình")
    old = given(a_plan(campaign=a_campaign(2026), unit=other, title="Kế hoạch của xã Mai Đình",
                       purpose="Mục đích của xã Mai Đình"))  # fmt: skip
    hall = given(Venue(name="Nhà văn hóa Mai Đình", unit=other))
    day = clock.at(date(2026, 10, 2), 8)
    shown = given(an_activity(plan=old, title="Ngày hội đọc sách", venue=hall, starts_at=day,
                              contact="Bà Lan 0912345678", join_link="https://example.com/kin",
                              summary="Đọc sách cùng con", audience=Audience.UNITS))  # fmt: skip
    given(InvitedUnit(activity_id=shown.id, unit_id=other.id))
    given(an_activity(plan=old, title="Chưa công bố", state=ActivityState.DRAFT, starts_at=day))
    given(an_activity(plan=old, title="Đã hủy", state=ActivityState.CANCELLED, starts_at=day))
    given(Assignment(plan_id=old.id, unit_id=other.id, role=DutyRole.DO, duty="Treo băng rôn"))
    return old


def began(desk, plan: Plan, **wish) -> str:
    answer = desk.post(f"/desk/plans/take-over/new?to=2027&plan={plan.id}", data=WISH | wish)
    assert answer.status_code == 302, page(answer)
    return answer.headers["Location"]


def test_a_released_plan_of_another_unit_is_found_and_offered(desk, neighbour) -> None:
    shown = page(desk.get(f"{PLANS}&q=mai dinh"))
    assert "Xã Mai Đình" in shown
    assert "1 hoạt động trong chương trình" in shown
    asked = page(desk.get(f"/desk/plans/take-over/new?to=2027&plan={neighbour.id}"))
    assert "không lấy người phụ trách" in asked
    assert 'value="duties"' not in asked
    assert 'value="reminders"' not in asked
    assert "Không tìm thấy kế hoạch nào" in page(desk.get(f"{PLANS}&q=khong co"))


def test_of_another_unit_only_what_everybody_reads_is_taken(desk, neighbour, plan, stored) -> None:
    address = began(desk, neighbour)
    shown = page(desk.get(address))
    assert "Ngày hội đọc sách" in shown
    for kept in ("Chưa công bố", "Đã hủy", "Bà Lan", "Treo băng rôn"):
        assert kept not in shown
    desk.post(address, data={"keep": "1"})

    [made] = [a for a in stored(Activity) if a.plan_id == plan.id]
    assert (made.title, made.summary, made.place) == (
        "Ngày hội đọc sách", "Đọc sách cùng con", "Nhà văn hóa Mai Đình",
    )  # fmt: skip
    assert (made.contact, made.join_link, made.venue_id, made.unit_id) == (
        "",
        "",
        None,
        plan.unit_id,
    )
    assert made.audience is Audience.INVITED
    assert len(stored(InvitedUnit)) == 1
    assert [duty.plan_id for duty in stored(Assignment)] == [neighbour.id]
    assert stored(Plan)[0].purpose == ""


def test_parts_that_are_not_public_are_refused_even_when_they_are_asked_for(
    desk, neighbour, stored
) -> None:
    wish = {**WISH, "parts": ["activities", "duties", "reminders"]}
    answer = desk.post(f"/desk/plans/take-over/new?to=2027&plan={neighbour.id}", data=wish)
    assert answer.status_code == 400
    assert stored(Cloning) == []


def test_a_plan_begun_from_another_units_plan_has_a_title_of_its_own(
    client, given, neighbour, stored
) -> None:
    school = given(a_unit(code="truong", name="Trường Mới"))
    mine = signed_in(client, given(an_account((Role.ORGANISER, school))))
    address = began(mine, neighbour, unit="truong")
    mine.post(address, data={"keep": "1"})

    [begun] = [one for one in stored(Plan) if one.unit_id == school.id]
    assert "Mai Đình" not in begun.title + begun.purpose
    assert begun.state is PlanState.DRAFT


def test_a_plan_that_is_not_public_is_not_offered(desk, neighbour, given, stored) -> None:
    stored(Plan)
    for state in (PlanState.DRAFT, PlanState.CANCELLED):
        neighbour.state = state
        given(neighbour)
        assert "Xã Mai Đình" not in page(desk.get(PLANS))
        answer = desk.get(f"/desk/plans/take-over/new?to=2027&plan={neighbour.id}")
        assert answer.status_code == 404


def test_what_a_neighbour_took_over_before_is_still_free_for_us(
    desk, neighbour, plan, given, stored
) -> None:
    [source] = [a for a in stored(Activity) if a.title == "Ngày hội đọc sách"]
    theirs = given(a_plan(campaign=plan.campaign, unit=a_unit(code="khac")))
    given(an_activity(plan=theirs, cloned_from_id=source.id))

    desk.post(began(desk, neighbour), data={"keep": "1"})

    assert len([a for a in stored(Activity) if a.plan_id == plan.id]) == 1


def test_the_same_weeks_plan_of_another_unit_may_be_taken_but_not_ones_own(
    desk, plan, given, stored
) -> None:
    theirs = given(a_plan(campaign=plan.campaign, unit=a_unit(code="khac", name="Xã Khác")))
    given(an_activity(plan=theirs, title="Thi đố vui"))

    desk.post(began(desk, theirs), data={"keep": "1"})

    [made] = [a for a in stored(Activity) if a.plan_id == plan.id]
    assert made.starts_at == stored(Activity)[0].starts_at
    own = desk.get(f"/desk/plans/take-over/new?to=2027&plan={plan.id}")
    assert own.status_code == 404


def test_what_a_take_over_made_is_taken_back_but_not_what_was_worked_on(
    desk, plan, given, stored, at
) -> None:
    old = given(a_plan(campaign=a_campaign(2026), unit=plan.unit))
    for title in ("Một", "Hai"):
        given(an_activity(plan=old, title=title, starts_at=clock.at(date(2026, 10, 2), 8)))
    given(Assignment(plan_id=old.id, unit_id=plan.unit_id, role=DutyRole.DO, duty="Treo"))
    wish = {"source": "2026", "unit": "tinh", "parts": ["activities", "duties"], "shift": "run"}
    answer = desk.post("/desk/plans/take-over/new?to=2027", data=wish)
    address = answer.headers["Location"]
    assert "Thu lại" not in page(desk.get(address))
    desk.post(address, data={"keep": "1"})
    [one, _two] = [a for a in stored(Activity) if a.plan_id == plan.id]
    at(LONG_AGO + timedelta(hours=1))
    desk.post(f"/desk/activities/{one.slug}/edit", data=TYPED)

    told = page(desk.post(f"{address}/undo", follow_redirects=True))

    assert "Đã thu lại 1 hoạt động và 1 nhiệm vụ" in told
    assert "1 mục được giữ" in told
    assert [a.id for a in stored(Activity) if a.plan_id == plan.id] == [one.id]
    assert len(stored(Assignment)) == 1
    assert desk.post(f"{address}/undo").status_code == 409
    desk.post(address, data={"keep": "1"})
    assert len([a for a in stored(Activity) if a.plan_id == plan.id]) == 2


def test_a_plan_that_the_take_over_began_goes_with_it(desk, plan, given, stored) -> None:
    below = given(a_unit(parent=plan.unit, code="truong", name="Trường"))
    old = given(a_plan(campaign=a_campaign(2026), unit=below))
    given(an_activity(plan=old, starts_at=clock.at(date(2026, 10, 2), 8)))
    wish = {"source": "2026", "unit": "truong", "parts": ["activities"], "shift": "run"}
    address = desk.post("/desk/plans/take-over/new?to=2027", data=wish).headers["Location"]
    desk.post(address, data={"keep": "1"})
    assert len(stored(Plan)) == 3

    desk.post(f"{address}/undo")

    assert sorted(one.id for one in stored(Plan)) == sorted([plan.id, old.id])


def test_a_long_list_is_filtered_and_decided_at_once(desk, plan, given, stored) -> None:
    below = given(a_unit(parent=plan.unit, code="truong", name="Trường Hoa", short_name="TH Hoa"))
    week = given(a_campaign(2026))
    above, school = (given(a_plan(campaign=week, unit=unit)) for unit in (plan.unit, below))
    day = clock.at(date(2026, 10, 2), 8)
    for old, title in ((above, "Tọa đàm"), (school, "Ngày hội sách"), (school, "Thi đọc")):
        given(an_activity(plan=old, title=title, starts_at=day))
    wish = {"source": "2026", "unit": "tinh", "below": "y", "parts": ["activities"],
            "shift": "run"}  # fmt: skip
    address = desk.post("/desk/plans/take-over/new?to=2027", data=wish).headers["Location"]

    by_words, by_unit = (
        page(desk.get(f"{address}?q=sach")),
        page(desk.get(f"{address}?unit=truong")),
    )
    assert "Ngày hội sách" in by_words
    assert "Thi đọc" not in by_words
    assert "Thi đọc" in by_unit
    assert "Tọa đàm" not in by_unit.split('class="twins"')[1]
    desk.post(address, data={"unit": "truong", "all": "drop"})
    left = page(desk.get(f"{address}?only=left"))
    assert "Ngày hội sách" in left
    assert "Tọa đàm" not in left.split('class="twins"')[1]
    assert desk.get(f"{address}?only=x&q=%00").status_code < 500
    desk.post(address, data={"keep": "1"})
    assert [a.title for a in stored(Activity)][3:] == ["Tọa đàm"]
