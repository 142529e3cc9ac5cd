"""A plan arrives as a document; minutes later its programme is public."""

import re

import pytest

from accounts.models import Role, UnitKind
from tests.browser import axe
from tests.events.proposals.conftest import PLAN
from tests.factories import LONG_AGO, a_unit, an_account

pytestmark = pytest.mark.browser


@pytest.fixture
def page(page_at, sign_in_as, given, at):
    at(LONG_AGO)
    office = given(a_unit(code="so", name="Sở Khoa học và Công nghệ", short_name="Sở KH&CN"))
    given(a_unit(parent=office, code="vp", name="Văn phòng Sở", kind=UnitKind.DIVISION))
    given(a_unit(parent=office, code="tt", name="Trung tâm Thông tin", kind=UnitKind.CENTRE))
    boss = given(an_account((Role.ADMIN, office)))

    def open_page(width: int):
        opened = page_at(width)
        sign_in_as(opened.context, boss)
        return opened

    return open_page


@pytest.mark.parametrize("width", [1280, 360])
def test_from_a_document_to_a_public_programme(page, width: int) -> None:
    here = page(width)
    here.goto("/desk/plans")
    here.get_by_role("link", name="Nhập văn bản kế hoạch").first.click()
    _read(here)

    here.get_by_role("button", name="Giữ tất cả phần rõ ràng").click()
    here.get_by_text("Đã lưu", exact=True).wait_for()
    here.get_by_role("button", name="Thêm các đơn vị này").click()
    here.get_by_role("button", name="Giữ tất cả phần rõ ràng").click()
    here.get_by_role("button", name="Lập dự thảo kế hoạch").click()

    here.get_by_text("Dự thảo kế hoạch đã lập xong").wait_for()
    here.get_by_role("link", name="Ban hành kế hoạch").click()
    here.get_by_role("button", name="Ban hành phiên bản 1").click()
    here.get_by_text("Đã ban hành phiên bản 1").wait_for()
    here.goto("/weeks/2027/")
    assert here.get_by_role("link", name="Tọa đàm về văn hóa đọc").count() == 1


def test_the_keyboard_decides_and_nothing_is_lost_on_reload(page) -> None:
    here = page(1280)
    _take_in(here)

    part = here.locator("#activity-0")
    part.focus()
    here.locator("#line-10[data-marked]").wait_for(state="attached")
    here.keyboard.press("ArrowDown")
    here.keyboard.press("b")
    here.locator("#activity-1.part-dropped").wait_for()
    here.locator("#activity-0").focus()
    here.keyboard.press("g")
    here.locator("#activity-0.part-kept").wait_for()
    here.locator("#activity-2").focus()
    here.keyboard.press("s")
    here.locator("#activity-2").get_by_label("Tên hoạt động").fill("Ngày hội tặng sách")
    here.get_by_role("button", name="Giữ với nội dung này").click()
    here.locator("#activity-2.part-kept").wait_for()
    here.reload()

    assert here.locator(".part-kept").count() == 2
    assert here.locator("#activity-2 h3").inner_text() == "Ngày hội tặng sách"
    assert here.locator("#activity-1.part-dropped").count() == 1


def test_what_could_not_be_saved_is_said(page) -> None:
    here = page(360)
    _take_in(here)
    here.route("**/parts/**", lambda route: route.abort())
    here.locator("#activity-0").get_by_role("button", name="Giữ").click()

    here.get_by_text("Chưa lưu được").wait_for()
    assert here.locator("#activity-0.part-kept").count() == 0


@pytest.mark.parametrize("width", [1280, 360])
def test_the_review_is_open_to_everyone(page, width: int) -> None:
    here = page(width)
    _take_in(here)

    assert axe.faults(here) == []
    assert here.evaluate("document.documentElement.scrollWidth") <= width
    here.get_by_role("link", name="Sửa").first.click()
    here.locator(".part-edit").wait_for()
    assert axe.faults(here) == []


def _take_in(here) -> None:
    here.goto("/desk/proposals/new")
    _read(here)


def _read(here) -> None:
    """Hand the text in, and wait until the page that comes has its scripts."""
    here.get_by_label("Hoặc dán nội dung vào đây").fill(PLAN)
    here.get_by_role("button", name="Đọc văn bản").click()
    here.wait_for_url(re.compile(r"/desk/proposals/[0-9]+$"))
    here.wait_for_load_state("networkidle")
