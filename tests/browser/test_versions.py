"""A change is seen from above and goes out as a version; last year's week is taken over."""

from datetime import date, timedelta

import pytest

from accounts.models import Role, UnitKind
from core import clock
from events.models import PlanState
from events.releases.models import ReviewRule
from tests.browser import axe
from tests.factories import (
    LONG_AGO,
    a_campaign,
    a_participant,
    a_plan,
    a_registration,
    a_unit,
    an_account,
    an_activity,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def plan(given, at):
    """The released plan of a commune below a province that asks to see plans."""
    at(LONG_AGO)
    province = a_unit(code="tinh", name="Sở Giáo dục và Đào tạo", short_name="Sở GD&ĐT")
    commune = a_unit(parent=province, code="xa", name="UBND xã Mai Đình", kind=UnitKind.COMMUNE)
    return given(a_plan(campaign=a_campaign(), unit=commune, state=PlanState.RELEASED))


@pytest.fixture
def pages(plan, given, page_at, sign_in_as):
    """The phone of the commune and the phone of the province."""
    opened = page_at(360), page_at(360)
    for page, unit in zip(opened, (plan.unit, plan.unit.parent), strict=True):
        sign_in_as(page.context, given(an_account((Role.ORGANISER, unit))))
    return opened


def test_a_change_waits_is_seen_from_above_and_goes_out_as_a_version(
    plan, given, pages, at
) -> None:
    mine, above = pages
    fair = given(an_activity(plan=plan, slug="hoi", title="Ngày hội sách", place="Nhà văn hóa"))
    given(a_registration(activity=fair, participant=a_participant(email="a@example.com")))
    at(LONG_AGO + timedelta(hours=1))
    given(ReviewRule(unit_id=plan.unit.parent_id, since=LONG_AGO))

    mine.goto("/desk/activities/hoi/draft")
    mine.locator("#place").fill("Sân trường Tiểu học")
    mine.get_by_role("button", name="Giữ cho phiên bản sau").click()
    mine.get_by_text("người xem vẫn thấy").first.wait_for()
    assert "Sân trường" not in mine.request.get("/activities/hoi").text()
    _lay_before(mine)

    _look(above)
    above.get_by_label("Ý kiến").fill("Đề nghị ghi rõ phòng")
    above.get_by_role("button", name="Trả lại kèm ý kiến").click()
    mine.reload()
    mine.get_by_text("Đề nghị ghi rõ phòng").wait_for()
    _lay_before(mine)
    _look(above)
    above.get_by_role("button", name="Đồng ý").click()

    mine.reload()
    mine.get_by_role("button", name="Xem trước phiên bản 2").click()
    mine.get_by_text("1 thư tới người đã đăng ký").wait_for()
    assert axe.faults(mine) == []
    mine.get_by_role("button", name="Ban hành phiên bản 2").click()
    mine.get_by_text("Đã ban hành phiên bản 2").wait_for()
    mine.goto("/weeks/2027/changes/xa")
    mine.get_by_role("link", name="Toàn bộ kế hoạch theo phiên bản 1").click()
    mine.get_by_text("Đây là phiên bản 1 trên 2").wait_for()
    assert mine.locator("body").evaluate("b => b.scrollWidth") <= 360
    feed = mine.request.get("/weeks/2027/changes.atom?unit=xa").text()
    assert "Sân trường Tiểu học" in feed


def test_last_years_week_is_taken_over_and_taken_back(plan, given, pages) -> None:
    here = pages[0]
    old = given(a_plan(campaign=a_campaign(2026), unit=plan.unit))
    for title, day in (("Ngày hội sách", 3), ("Thi kể chuyện", 4)):
        given(an_activity(plan=old, title=title, starts_at=clock.at(date(2026, 10, day), 8)))

    here.goto(f"/desk/plans/{plan.id}")
    here.get_by_role("link", name="Lấy theo năm trước").first.click()
    here.get_by_label("Theo thứ trong tuần").check()
    here.get_by_role("button", name="Xem cũ và mới").click()
    here.get_by_text("Thứ Bảy, 02/10/2027").first.wait_for()
    assert axe.faults(here) == []
    here.get_by_label("Thi kể chuyện").uncheck()
    here.get_by_role("button", name="Lấy các mục đã chọn").click()
    here.get_by_text("Đã lấy 1 hoạt động").first.wait_for()
    assert here.locator("body").evaluate("b => b.scrollWidth") <= 360

    here.locator("summary", has_text="Thu lại").click()
    here.get_by_role("button", name="Thu lại").click()
    here.get_by_text("Đã thu lại 1 hoạt động").wait_for()
    assert here.get_by_label("Ngày hội sách").is_checked()


def _lay_before(page) -> None:
    page.get_by_role("button", name="Trình").click()
    page.get_by_text("kèm thư báo").wait_for()


def _look(page) -> None:
    page.goto("/desk/reviews")
    page.get_by_role("link", name="UBND xã Mai Đình").first.click()
