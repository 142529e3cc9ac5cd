"""Taking over an earlier year at the desk: choose, compare, change a row, keep, never twice."""

from datetime import date

import pytest

from accounts.models import Role
from core import clock
from events.cloning.models import Cloning
from events.models import Activity, Assignment, Campaign, DutyRole
from tests.events.pages import page
from tests.factories import a_campaign, a_plan, a_unit, an_account, an_activity, signed_in

NEW = "/desk/plans/take-over/new?to=2027"
ALL = ["activities", "venues", "duties", "reminders", "texts"]
WISH = {"source": "2026", "unit": "tinh", "parts": ALL, "shift": "run"}


@pytest.fixture
def old(plan, given):
    """Last year's plan with one activity and one duty."""
    old = given(a_plan(campaign=a_campaign(2026), unit=plan.unit))
    starts_at = clock.at(date(2026, 10, 2), 8)
    given(an_activity(plan=old, starts_at=starts_at, title="Ngày hội", place="Nhà văn hóa"))
    duty = {"role": DutyRole.DO, "duty": "Treo băng rôn", "due_on": date(2026, 9, 30)}
    given(Assignment(plan_id=old.id, unit_id=plan.unit_id, **duty))
    return old


def began(desk, **wish) -> str:
    """The address where old and new stand side by side."""
    answer = desk.post(NEW, data=WISH | wish)
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_the_plan_page_leads_to_a_choice_that_is_filled_in(desk, plan, old) -> None:
    assert "/desk/plans/take-over/new?to=2027&unit=tinh" in page(desk.get(f"/desk/plans/{plan.id}"))
    shown = page(desk.get(f"{NEW}&unit=tinh"))
    assert "năm 2026" in shown
    assert shown.count("checked") == len(ALL) + 1


def test_old_and_new_stand_side_by_side_and_nothing_is_made_before_it_is_kept(
    desk, old, stored
) -> None:
    address = began(desk)

    shown = page(desk.get(address))
    assert "02/10/2026" in shown
    assert "02/10/2027" in shown
    assert "Treo băng rôn" in page(desk.get(f"{address}?show=duties"))
    assert len(stored(Activity)) == 1


def test_what_is_ticked_becomes_drafts_and_doing_it_twice_says_so(desk, plan, old, stored) -> None:
    address = began(desk)
    key = f"a{stored(Activity)[0].id}"
    row = {"row": key, f"{key}-keep": "y", f"{key}-title": "Ngày hội mới"}
    row |= {f"{key}-on": "05/10/2027", f"{key}-begins": "09:00", f"{key}-ends": "11:30"}

    answer = desk.post(address, data=row | {"keep": "1"}, follow_redirects=True)

    assert "Đã lấy 1 hoạt động và 1 nhiệm vụ" in page(answer)
    twin = stored(Activity)[1]
    assert (twin.title, twin.plan_id) == ("Ngày hội mới", plan.id)
    assert (twin.starts_at, twin.ends_at) == (
        clock.at(date(2027, 10, 5), 9), clock.at(date(2027, 10, 5), 11, 30)
    )  # fmt: skip
    assert stored(Assignment)[1].due_on == date(2027, 9, 30)
    again = desk.post(began(desk), data={"keep": "1"}, follow_redirects=True)
    assert "2 mục đã lấy trước đó" in page(again)
    assert len(stored(Activity)) == 2


def test_a_row_is_dropped_and_its_fault_is_said_beside_it(desk, old, stored) -> None:
    address = began(desk, parts=["activities"])
    key = f"a{stored(Activity)[0].id}"

    wrong = desk.post(address, data={"row": key, f"{key}-keep": "y", f"{key}-on": "32/10/2027"})
    assert wrong.status_code == 400
    assert 'value="32/10/2027"' in page(wrong)
    desk.post(address, data={"row": key})
    assert stored(Cloning)[0].changes == {key: {"keep": False}}
    answer = desk.post(address, data={"row": key, "keep": "1"}, follow_redirects=True)

    assert "Chưa chọn mục nào" in page(answer)
    assert len(stored(Activity)) == 1


def test_what_cannot_be_taken_over_is_refused_beside_the_choice(desk, plan, given) -> None:
    given(a_campaign(2026))

    assert "không có kế hoạch" in page(desk.post(NEW, data=WISH))
    assert desk.post(NEW, data=WISH | {"parts": ["texts"]}).status_code == 400
    assert desk.post(NEW, data=WISH | {"shift": "moon"}).status_code == 400
    assert desk.post(NEW, data=WISH | {"source": "2027"}).status_code == 400
    for missing in ("?to=2031", "?to=x"):
        assert desk.get(f"/desk/plans/take-over/new{missing}").status_code == 404


def test_a_stranger_sees_and_keeps_nothing(desk, app, old, given) -> None:
    address = began(desk)
    stranger = signed_in(app.test_client(), given(an_account((Role.ORGANISER, a_unit()))))

    assert stranger.get(address).status_code == 404
    assert stranger.post(address, data={"keep": "1"}).status_code == 404
    assert desk.get(f"{address}?after=x").status_code == 404


def test_a_new_week_goes_on_to_the_earlier_one(top, plan, old, stored) -> None:
    facts = {"year": "2028", "title": "Tuần lễ 2028", "starts_on": "01/10/2028"}
    facts |= {"ends_on": "07/10/2028", "then": "take_over"}

    answer = top.post("/desk/weeks/new", data=facts)

    assert len(stored(Campaign)) == 3
    assert answer.headers["Location"] == "/desk/plans/take-over/new?to=2028&unit=tinh&below=1"
    shown = page(top.get(answer.headers["Location"]))
    assert 'name="below" value="y" checked' in shown


def test_rows_are_looked_at_by_branch_and_by_the_name_that_they_get(
    desk, plan, old, given, stored
) -> None:
    branch = given(a_unit(code="so", parent=plan.unit, short_name="Sở"))
    school = given(a_unit(code="truong", parent=branch, short_name="Trường"))
    starts_at = clock.at(date(2026, 10, 3), 8)
    given(an_activity(plan=old, unit=school, starts_at=starts_at, title="Hội sách", place="Sân"))
    address = began(desk)
    key = f"a{stored(Activity)[0].id}"
    desk.post(address, data={"row": key, f"{key}-keep": "y", f"{key}-title": "Đêm đọc"})

    def seen(query: str) -> list[bool]:
        shown = page(desk.get(f"{address}?{query}"))
        return [f'name="row" value="a{one.id}"' in shown for one in stored(Activity)]

    assert seen("") == [True, True]
    assert seen("unit=so") == [False, True]
    assert seen("unit=tinh") == [True, True]
    assert seen("q=dem+doc") == [True, False]
    assert seen("q=hoi+sach") == [False, True]
    assert '<option value="so" selected' in page(desk.get(f"{address}?unit=so"))
