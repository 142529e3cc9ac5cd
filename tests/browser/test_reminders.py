"""A new organiser sets up a reminder and sees what it does; a clerk sees who is silent."""

import time
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from checkin import notice
from core import clock
from notifications.reminders.models import ReminderRule, RuleState
from tests.browser import axe
from tests.factories import (
    LONG_AGO,
    OPENING_DAY,
    a_participant,
    a_plan,
    a_registration,
    a_unit,
    an_account,
    an_activity,
)

pytestmark = pytest.mark.browser

EIGHTH = date(2027, 10, 8)
TWO_MINUTES = 120


@pytest.fixture
def activity(given, at):
    """A talk with somebody who agreed to be reminded, a week before it."""
    at(clock.at(OPENING_DAY - timedelta(days=7), 9))
    unit = given(a_unit(code="so", name="Sở Giáo dục"))
    given(a_unit(parent=unit, code="truong", name="Trường Tiểu học", email="truong@example.com"))
    found = given(an_activity(plan=a_plan(unit=unit), slug="hoi-thao", title="Hội thảo đọc sách"))
    person = a_participant(name="Nguyễn Thị Lan", email="lan@example.com")
    person.consents = [notice.consent(notice.REMINDERS, locale="vi", now=LONG_AGO)]
    given(a_registration(activity=found, participant=person))
    return found


def test_a_reminder_in_two_minutes_and_the_silent_at_one_look(
    page_at, sign_in_as, activity, given, stored, at
) -> None:
    desk = page_at(1280)
    sign_in_as(desk.context, given(an_account((Role.ORGANISER, activity.unit))))
    begun = time.monotonic()
    organiser_sets_up(desk)
    assert time.monotonic() - begun < TWO_MINUTES
    assert [rule.state for rule in stored(ReminderRule)] == [RuleState.ON]

    at(clock.at(EIGHTH, 9))
    phone = page_at(360)
    sign_in_as(phone.context, given(an_account((Role.REPORTER, activity.unit))))
    clerk_looks(phone)


def organiser_sets_up(page: Page) -> None:
    """From the activity: take a ready one, say two hours before, look, switch on."""
    page.goto("/desk/activities/hoi-thao")
    page.locator("#main").get_by_role("link", name="Lời nhắc").click()
    page.get_by_role("row", name="Trước ba ngày").get_by_role("link").click()
    page.get_by_label("Số ngày").fill("2")
    page.get_by_label("Tiêu đề thư").fill("Sắp tới: {activity")
    page.get_by_role("button", name="Lưu và xem trước").click()
    expect(page.locator(".field-wrong")).to_contain_text("dấu ngoặc nhọn")
    assert axe.faults(page) == []
    page.get_by_label("Tiêu đề thư").fill("Sắp tới: {activity}")
    page.get_by_role("button", name="Lưu và xem trước").click()
    answer = page.locator("#answer")
    expect(answer).to_have_text("Khi bật, 1 thư sẽ gửi, sớm nhất 08 giờ 00 ngày 29/09/2027.")
    expect(page.locator("#recipients")).to_contain_text("Nguyễn Thị Lan")
    expect(page.locator("#letter")).to_contain_text("Sắp tới: Hội thảo đọc sách")
    assert axe.faults(page) == []
    page.get_by_role("button", name="Bật lời nhắc").click()
    expect(page.locator(".flash-ok")).to_contain_text("sẽ tự gửi đúng lúc")


def clerk_excuses(page: Page) -> None:
    """A reason is asked for; with one the unit leaves the list, and comes back when required."""
    page.get_by_text("Miễn: Chưa lập báo cáo").click()
    box = page.locator("#excuse details[open]")
    box.get_by_role("button", name="Miễn thực hiện").click()
    expect(page.locator(".field-wrong")).to_contain_text("lý do")
    box.get_by_label("Lý do").fill("Đang sửa nhà")
    box.get_by_role("button", name="Miễn thực hiện").click()
    expect(page.locator("#excuse")).to_contain_text("Đang sửa nhà")
    page.get_by_role("button", name="Yêu cầu thực hiện lại").click()
    expect(page.get_by_text("Miễn: Chưa lập báo cáo")).to_be_visible()


def clerk_looks(page: Page) -> None:
    """Who is silent; a call, an excuse and its undoing; the sheet; days and what they do."""
    page.goto("/office/chasing/")
    expect(page.locator("#answer")).to_contain_text("2 trên 2 đơn vị chưa thực hiện")
    assert axe.faults(page) == []
    page.get_by_role("link", name="Trường Tiểu học").click()
    assert "/office/truong/2027/" in page.locator("#text").input_value()
    page.get_by_label("Đã trao đổi với").fill("Cô Hoa")
    page.get_by_role("button", name="Ghi cuộc gọi").click()
    expect(page.locator("#history")).to_contain_text("Cô Hoa")
    page.get_by_role("button", name="Sao chép nội dung").click()
    expect(page.get_by_text("Đã sao chép")).to_be_visible()
    assert axe.faults(page) == []
    clerk_excuses(page)
    page.goto("/office/chasing/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Bảng theo dõi đôn đốc").click()
    sheet = openpyxl.load_workbook(BytesIO(download.value.path().read_bytes())).worksheets[0]
    lines = [(row[1], row[5], row[8], row[10]) for row in sheet.values]
    assert ("truong", "Điện thoại", "Cô Hoa", None) in lines
    page.goto("/office/ladders/so")
    page.locator("#report").get_by_label("Người thực hiện").fill("09/10/2027")
    page.locator("#report").get_by_role("button", name="Lưu các ngày").click()
    expect(page.locator("#report table")).to_contain_text("1 địa chỉ")
    assert axe.faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
