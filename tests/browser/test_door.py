"""The staff scanner in a real browser: from the frames of a camera to the answer."""

import pytest
from playwright.sync_api import expect

from accounts.models import Unit
from checkin import devices
from checkin.devices import recogniser
from checkin.models import Attendance, Decision, Device, Scan
from checkin.tokens import ticket_secret
from core import clock
from core.database import session, transaction
from tests.browser.axe import faults
from tests.browser.camera import browser_with_camera, film
from tests.browser.door_world import a_steward, a_ticket
from tests.factories import (
    DURING,
    an_activity,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def steward(given, at):
    return a_steward(given, at)


def opened(context, live_server):
    """The scanner's page, and everything that it complained of."""
    page = context.new_page()
    complaints = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.on(
        "request", lambda r: None if r.url.startswith(live_server) else complaints.append(r.url)
    )
    page.goto(f"{live_server}/door/")
    expect(page.locator("#door-chip")).to_have_text("Đang kết nối")
    return page, complaints


def test_the_camera_admits_once_and_scans_on_without_a_connection(
    live_server, playwright, steward, sign_in_as, given, stored, tmp_path
):
    first, second = (a_ticket(given, steward, name) for name in ("Trần Thị Thử", "Lê Hai"))
    scenes = [(ticket_secret(first), 1.5), (ticket_secret(second), 0.5)]
    with browser_with_camera(playwright, film(tmp_path / "two.mjpeg", scenes)) as browser:
        context = browser.new_context(viewport={"width": 390, "height": 760})
        sign_in_as(context, steward)
        page, complaints = opened(context, live_server)
        answer = page.locator("#door-answer")
        admitted = "Mời vào Đã ghi nhận tham dự lúc 08 giờ 15. Trần Thị Thử"
        expect(answer).to_contain_text(admitted, timeout=15_000)
        expect(page.locator("#door-count")).to_have_text("Đã vào: 2")
        used = "Vé đã dùng Đã được dùng lúc 08 giờ 15, tại Sảnh tầng 1."
        expect(answer).to_contain_text(used, timeout=15_000)
        assert [c for c in complaints if "400 (BAD REQUEST)" not in c] == []
        context.set_offline(True)
        expect(page.locator("#door-chip")).to_have_text("Mất kết nối, vẫn quét được")
        expect(answer).to_contain_text("Đã lưu trên máy", timeout=15_000)
        expect(page.locator("#door-waiting")).not_to_have_text("không có")
        context.set_offline(False)
        expect(page.locator("#door-notice")).to_contain_text("Đã gửi", timeout=15_000)
    names = [attendance.participant_id for attendance in stored(Attendance)]
    assert sorted(names) == sorted([first.participant_id, second.participant_id])
    assert {scan.decision for scan in stored(Scan)} == {None, Decision.REFUSED}
    assert [d.unit_id for d in stored(Device)] == [steward.activity.unit_id]


def test_a_typed_code_is_answered_and_the_screen_goes_on_by_itself(
    live_server, page_at, steward, sign_in_as, given
):
    ticket = a_ticket(given, steward, None)
    page = page_at(360, 700)
    sign_in_as(page.context, steward)
    page.goto("/door/")
    expect(page.locator("#door-chip")).to_have_text("Đang kết nối")
    page.keyboard.type(f"{ticket.short_code.lower()}\n")
    expect(page.locator(".answer-title")).to_have_text("Mời vào")
    expect(page.locator("#door-answer")).to_be_hidden(timeout=4_000)
    page.get_by_label("Mã vé").fill("KHONGPHAIVE")
    page.get_by_role("button", name="Ghi nhận").click()
    expect(page.locator(".answer-title")).to_have_text("Không phải vé")
    page.keyboard.press("Escape")
    expect(page.locator("#door-answer")).to_be_hidden()


def test_a_hand_scanner_in_a_hurry_loses_nobody(
    live_server, page_at, steward, sign_in_as, given, stored
):
    tickets = [a_ticket(given, steward, None) for _ in range(4)]
    page = page_at(360, 700)
    sign_in_as(page.context, steward)
    page.goto("/door/")
    expect(page.locator("#door-chip")).to_have_text("Đang kết nối")
    page.keyboard.type("".join(f"{ticket_secret(ticket)}\n" for ticket in tickets))
    expect(page.locator("#door-count")).to_have_text("Đã vào: 4")
    page.reload()
    expect(page.locator("#door-count")).to_have_text("Đã vào: 4")
    assert len(stored(Attendance)) == 4


def test_a_device_that_keeps_nothing_says_so_at_every_ticket(page_at, steward):
    page = page_at(360, 700)
    page.add_init_script("IDBFactory.prototype.open = () => { throw new Error('full'); }")
    page.goto("/door/")
    for code in ("KHONGPHAIVE", "CUNGKHONG"):
        page.get_by_label("Mã vé").fill(code)
        page.keyboard.press("Enter")
        expect(page.locator(".answer-title")).to_have_text("Không lưu được")
        page.keyboard.press("Escape")
        expect(page.locator("#door-answer")).to_be_hidden()


def test_a_refusal_for_the_hour_can_be_overruled_in_sight(
    live_server, page_at, steward, sign_in_as, given, at, stored
):
    ticket = a_ticket(given, steward, None)
    at(DURING.replace(hour=0, minute=1))
    page = page_at(1280)
    sign_in_as(page.context, steward)
    page.goto("/door/")
    page.get_by_label("Mã vé").fill(ticket.short_code)
    page.keyboard.press("Enter")
    expect(page.locator(".answer-title")).to_have_text("Chưa đến giờ")
    page.get_by_role("button", name="Vẫn ghi nhận").click()
    expect(page.locator(".answer-title")).to_have_text("Mời vào")
    assert [scan.forced for scan in stored(Scan)] == [False, True]


def test_a_door_serves_the_activities_that_were_chosen(
    live_server, page_at, steward, sign_in_as, given
):
    other = an_activity(plan=steward.activity.plan, title="Tọa đàm")
    given(other)
    ticket = a_ticket(given, steward, None)
    page = page_at(360)
    sign_in_as(page.context, steward)
    page.goto("/door/")
    page.get_by_role("button", name="Cài đặt").click()
    page.get_by_label("Tọa đàm").check()
    page.reload()
    expect(page.locator("#door-serves")).to_have_text("Tọa đàm")
    page.get_by_label("Mã vé").fill(ticket.short_code)
    page.keyboard.press("Enter")
    expect(page.locator(".answer-title")).to_have_text("Nhầm hoạt động")
    expect(page.locator(".answer-text")).to_contain_text("Ngày hội sách")


def test_a_browser_whose_pairing_was_revoked_pairs_again_while_signed_in(
    live_server, page_at, steward, sign_in_as, given, at, stored
):
    ticket = a_ticket(given, steward, None)
    page = page_at(360)
    sign_in_as(page.context, steward)
    page.goto("/door/")
    expect(page.locator("#door-chip")).to_have_text("Đang kết nối")
    with transaction() as changed:
        for device in changed.query(Device):
            device.token_hash = None
    recogniser.forget()
    page.get_by_label("Mã vé").fill(ticket.short_code)
    page.keyboard.press("Enter")
    expect(page.locator(".answer-title")).to_have_text("Mời vào")
    assert len(stored(Device)) == 2


def test_a_scanner_is_paired_by_a_code_without_an_account_and_goes_once_it_is_shut_out(
    live_server, page_at, steward, given, stored
):
    with transaction():
        unit = session().get_one(Unit, steward.activity.unit_id)
        device, token = devices.invite(name="Cổng sau", unit=unit, now=clock.now())
    page = page_at(360)
    page.goto("/door/")
    expect(page.locator("#door-chip")).to_have_text("Chưa ghép")
    page.goto(f"/door/#pair={token}")
    page.reload()
    expect(page.locator("#door-chip")).to_have_text("Đang kết nối")
    assert page.evaluate("location.hash") == ""
    page.get_by_role("button", name="Cài đặt").click()
    expect(page.locator("#door-name")).to_have_text("Cổng sau")
    with transaction() as changed:
        changed.get_one(Device, device.id).revoked_at = clock.now()
    expect(page.locator("#door-chip")).to_have_text("Chưa ghép", timeout=5_000)


def test_by_name_without_a_ticket_and_as_a_class(
    live_server, page_at, steward, sign_in_as, given, stored
):
    a_ticket(given, steward, "Đỗ Thị Ánh")
    page = page_at(360)
    sign_in_as(page.context, steward)
    page.goto("/door/")
    expect(page.locator("#door-size")).to_contain_text("1/1")
    page.get_by_role("button", name="Theo tên").click()
    page.keyboard.type("do thi")
    page.get_by_role("button", name="Đỗ Thị Ánh").click()
    expect(page.locator(".answer-title")).to_have_text("Mời vào")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Không có vé").click()
    page.locator("#door-walk-in").get_by_label("Họ và tên").fill("Lê Văn Tới")
    page.keyboard.press("Enter")
    expect(page.locator(".answer-title")).to_have_text("Đã ghi nhận")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Nhóm, lớp").click()
    page.get_by_label("Tên nhóm").fill("Lớp 9A")
    page.get_by_label("Sĩ số").fill("38")
    page.get_by_label("Có mặt").fill("36")
    page.keyboard.press("Enter")
    expect(page.locator(".door-person")).to_have_text("Lớp 9A: sĩ số 38, có mặt 36")
    expect(page.locator("#door-count")).to_have_text("Đã vào: 38")
    assert len(stored(Attendance)) == 38


@pytest.mark.parametrize("width", [360, 1280])
def test_the_scanner_and_its_answers_are_accessible(
    live_server, page_at, steward, sign_in_as, width
):
    page = page_at(width)
    sign_in_as(page.context, steward)
    page.goto("/door/")
    expect(page.locator("#door-chip")).to_have_text("Đang kết nối")
    before = faults(page)
    page.get_by_label("Mã vé").fill("KHONGPHAIVE")
    page.keyboard.press("Enter")
    expect(page.locator(".answer-title")).to_be_visible()
    assert before + faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
