"""Who only organises brings a plan to the public on a phone, and its signed version after that."""

import re

import pytest
import sqlalchemy as sa

from accounts.models import Role, UnitKind
from core.database import transaction
from events.models import Activity, Assignment
from tests.events.proposals.conftest import PLAN
from tests.factories import LONG_AGO, a_campaign, a_unit, an_account

pytestmark = pytest.mark.browser

LAST_YEAR = PLAN.replace("2027", "2026")
SIGNED = PLAN.replace("Hội trường Sở", "Thư viện tỉnh")


@pytest.fixture
def phone(page_at, sign_in_as, given, at):
    """The phone of an organiser who may set up nothing; next year's week is set up."""
    at(LONG_AGO)
    given(a_campaign(2027))
    office = given(a_unit(code="so", name="Sở Khoa học và Công nghệ", short_name="Sở KH&CN"))
    for number in range(9):
        name = f"Phòng chuyên môn {number}"
        given(a_unit(parent=office, code=f"phong{number}", name=name, kind=UnitKind.DIVISION))
    given(a_unit(parent=office, code="vp", name="Văn phòng Sở", kind=UnitKind.DIVISION))
    given(a_unit(parent=office, code="tt", name="Trung tâm Đào tạo", kind=UnitKind.CENTRE))
    opened = page_at(360)
    sign_in_as(opened.context, given(an_account((Role.ORGANISER, office))))
    return opened


def test_an_organiser_brings_a_plan_of_last_year_to_the_public(phone, stored) -> None:
    _take_in(phone, LAST_YEAR)
    phone.get_by_role("button", name="Dùng cho tuần lễ 01/10/2027 – 07/10/2027").click()
    phone.locator("#campaign.part-kept").wait_for()
    phone.get_by_role("button", name="Giữ tất cả phần rõ ràng").click()
    phone.locator("#duty-0.part-kept").wait_for()

    phone.locator("#duty-0").get_by_role("link", name="Sửa").click()
    form = phone.locator("#duty-0 .part-edit")
    form.get_by_label("Nhiệm vụ").fill("Chủ trì tọa đàm và đón khách")
    phone.reload()
    form.get_by_text("đã được khôi phục").wait_for()
    form.get_by_label("Tìm đơn vị").fill("dao tao")
    assert form.locator(".choice-option:visible").count() == 2
    form.get_by_label("Văn phòng Sở").uncheck()
    form.get_by_label("Trung tâm Đào tạo").check()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    form.get_by_role("button", name="Giữ với nội dung này").click()
    form.wait_for(state="detached")
    phone.locator("#duty-0.part-kept").get_by_text("Trung tâm Đào tạo").wait_for()
    assert phone.evaluate("Object.keys(localStorage)") == []

    phone.get_by_role("button", name="Giao Sở KH&CN").click()
    _issue(phone)
    phone.get_by_role("link", name="Trang công khai").click()
    talk = phone.get_by_role("link", name="Tọa đàm về văn hóa đọc")
    assert talk.count() == 1
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    duty = next(row for row in stored(Assignment) if row.duty.startswith("Chủ trì tọa đàm"))
    assert duty.unit.code == "tt"


def test_the_signed_version_asks_only_what_differs(phone, stored) -> None:
    _take_in(phone, PLAN)
    phone.get_by_role("button", name="Giao Sở KH&CN").click()
    phone.get_by_role("button", name="Giữ tất cả phần rõ ràng").click()
    phone.get_by_role("button", name="Lập dự thảo kế hoạch").click()
    phone.wait_for_url(re.compile(r"/desk/plans/[0-9]+$"))
    before = len(stored(Activity)), len(stored(Assignment))
    with transaction() as opened:
        by_hand = sa.update(Activity).where(Activity.title.startswith("Quyên góp"))
        opened.execute(by_hand.values(title="Ngày hội tặng sách"))

    _take_in(phone, SIGNED)
    asked = phone.locator("[data-part][data-open]")
    assert asked.count() == 2
    assert "Thư viện tỉnh" in asked.nth(0).inner_text()
    assert "đã được sửa tay" in asked.nth(1).inner_text()
    asked.nth(1).get_by_role("button", name="Bỏ").click()
    phone.get_by_role("button", name="Giữ tất cả phần rõ ràng (1)").click()
    phone.get_by_role("button", name="Cập nhật kế hoạch").click()
    phone.wait_for_url(re.compile(r"/desk/plans/[0-9]+$"))
    phone.get_by_role("link", name="Ngày hội tặng sách").wait_for()
    assert (len(stored(Activity)), len(stored(Assignment))) == before


def _take_in(here, text: str) -> None:
    here.goto("/desk/proposals/new")
    here.get_by_label("Hoặc dán nội dung vào đây").fill(text)
    here.get_by_role("button", name="Đọc văn bản").click()
    here.wait_for_url(re.compile(r"/desk/proposals/[0-9]+$"))
    here.wait_for_load_state("networkidle")


def _issue(here) -> None:
    here.get_by_role("button", name="Lập dự thảo kế hoạch").click()
    here.get_by_role("link", name="Ban hành kế hoạch").click()
    here.get_by_role("button", name="Ban hành phiên bản 1").click()
    here.get_by_text("Đã ban hành phiên bản 1").wait_for()
