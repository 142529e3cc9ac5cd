"""A workbook on a telephone: one wrong row, corrected, kept, and taken back again."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from core.jobs_worker import Worker
from events.models import Venue
from tests.core.workbooks import a_workbook
from tests.factories import LONG_AGO, a_campaign, a_plan, a_unit, an_account

pytestmark = pytest.mark.browser

HEAD: list[object] = ["Tên địa điểm", "Sức chứa", "Mã đơn vị quản lý"]
HALL: list[object] = ["Hội trường A", 200, "so"]
YARD: list[object] = ["Sân trường", 500, "so"]


@pytest.fixture
def office(given, at):
    at(LONG_AGO)
    unit = a_unit(code="so", name="Sở")
    given(a_plan(campaign=a_campaign(2027), unit=unit))
    return given(an_account((Role.ORGANISER, unit)))


def test_a_wrong_row_is_corrected_then_all_is_kept_and_undone(
    app, page_at, sign_in_as, office, stored
) -> None:
    page = page_at(360, 740)
    sign_in_as(page.context, office)
    worker = Worker(app.extensions["works"])

    send(page, a_workbook([HEAD, HALL, ["Sân trường", "rất rộng", "so"]]))
    worker.run_all()
    expect(page.get_by_text("B3")).to_be_visible()
    send(page, a_workbook([HEAD, HALL, YARD]))
    worker.run_all()
    page.get_by_role("button", name="Lưu tất cả: 2 dòng mới").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    worker.run_all()
    expect(page.get_by_text("Đã lưu tất cả")).to_be_visible()
    assert [venue.name for venue in stored(Venue)] == ["Hội trường A", "Sân trường"]

    page.get_by_role("link", name="Hoàn tác lần nhập").click()
    expect(page.get_by_text("Dòng mới: xóa")).to_have_count(2)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
    page.get_by_role("button", name="Hoàn tác cả 2 dòng").click()
    worker.run_all()
    expect(page.get_by_text("mọi dòng trở lại như trước khi nhập")).to_be_visible()
    assert stored(Venue) == []


def send(page: Page, content: bytes) -> None:
    """Bring a workbook of venues in."""
    page.goto("/desk/sheets/new?sheet=venues")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.locator("#file").set_input_files({"name": "a.xlsx", "mimeType": kind, "buffer": content})
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
