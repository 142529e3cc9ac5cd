"""A steward's morning: people of every kind, an outage in the middle, the settlement afterwards."""

import time

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from checkin.models import Attendance, Participant, Scan, ScanStatus
from checkin.tokens import ticket_secret
from tests.browser.axe import faults
from tests.browser.door_world import RAW, a_steward, a_ticket, opened, typed
from tests.factories import an_account

pytestmark = pytest.mark.browser


@pytest.fixture
def steward(given, at):
    return a_steward(given, at)


def test_a_morning_with_an_outage_is_recorded_and_explained(
    live_server, page_at, steward, sign_in_as, given, stored
):
    tickets = [a_ticket(given, steward, name) for name in ("Trần Một", "Lê Hai")]
    first, second = (ticket_secret(ticket) for ticket in tickets)
    page = page_at(360, 740)
    sign_in_as(page.context, steward)
    page.close()
    page = opened(page.context, live_server)
    answer, waiting = page.locator("#door-answer"), page.locator("#door-waiting")

    def told(code, reason, person=None):
        typed(page, code)
        expect(answer).to_have_attribute("data-reason", reason)
        if person:
            expect(answer).to_contain_text(person)
        page.keyboard.press("Escape")
        expect(answer).to_be_hidden()

    told(first, "ok", "Trần Một")
    told(first, "already_redeemed")
    page.context.set_offline(True)
    expect(page.locator("#door-chip")).to_have_text("Mất kết nối, vẫn quét được")
    told(first, "already_redeemed")
    told(second, "ok", "Lê Hai")
    told("KHONGBIET", "provisional")
    begun = time.monotonic()
    page.get_by_role("button", name="Không có vé").click()
    filled(page, "Phạm Văn Tới", "Phường 3")
    expect(page.locator(".answer-title")).to_have_text("Đã ghi nhận")
    assert time.monotonic() - begun < 30
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Nhóm, lớp").click()
    filled(page, "Lớp 9A", "38", "36")
    expect(page.locator(".door-person")).to_have_text("Lớp 9A: sĩ số 38, có mặt 36")
    page.keyboard.press("Escape")
    expect(waiting).to_have_text("5")
    expect(page.locator("#door-count")).to_have_text("Đã vào: 40")
    kept = str(page.evaluate(RAW))
    assert len(page.evaluate(RAW)["queue"]) == 5
    assert not [name for name in ("Phạm", "Lê Hai", "T1.", "KHONGBIET") if name in kept]
    page.context.set_offline(False)
    expect(waiting).to_have_text("không có", timeout=10_000)
    expect(page.locator("#door-notice")).to_contain_text("Đã gửi 5 lượt")
    assert {person.name for person in stored(Participant)} >= {"Phạm Văn Tới"}
    assert len(stored(Attendance)) == 39
    assert [scan.status for scan in stored(Scan)][-1] is ScanStatus.OK
    settlement(page, live_server, sign_in_as, given(an_account((Role.ORGANISER, steward.unit))))


def filled(page, *values):
    """Type into one field after another, as a hand on a keyboard does."""
    for value in values[:-1]:
        page.keyboard.type(value)
        page.keyboard.press("Tab")
    page.keyboard.type(f"{values[-1]}\n")


def settlement(page, live_server, sign_in_as, organiser):
    sign_in_as(page.context, organiser)
    page.get_by_role("button", name="Xem kết quả đối soát").click()
    expect(page.locator("#door-after-said")).to_contain_text("1 lượt được xử lý khác")
    page.locator("#door-settlements a").click()
    page.get_by_role("link", name="Tất cả lượt quét").click()
    log = page.locator("#log")
    for told in (
        "Trần Một", "Lê Hai", "Phạm Văn Tới", "Lớp 9A: sĩ số 38, có mặt 36", "Không phải vé",
        "Cửa chưa có thông tin vé này",
    ):  # fmt: skip
        expect(log).to_contain_text(told)


def test_a_scan_is_taken_back_with_and_without_a_connection(
    live_server, page_at, steward, sign_in_as, given, stored
):
    tickets = [a_ticket(given, steward, name) for name in ("Trần Một", "Lê Hai")]
    first, second = (ticket_secret(ticket) for ticket in tickets)
    page = page_at(360, 740)
    sign_in_as(page.context, steward)
    page.close()
    page = opened(page.context, live_server)
    answer = page.locator("#door-answer")
    typed(page, first)
    expect(answer).to_have_attribute("data-reason", "ok")
    page.keyboard.press("Escape")
    expect(page.locator("#door-last-text")).to_have_text("Vừa ghi: Trần Một, 08 giờ 15")
    page.get_by_role("button", name="Hủy lượt…").click()
    assert faults(page) == []
    page.get_by_label("Lý do hủy lượt").select_option("Nhầm người")
    page.get_by_role("button", name="Hủy lượt: Trần Một").click()
    expect(page.locator("#door-recent-said")).to_have_text("Đã hủy lượt: Trần Một.")
    expect(page.locator("#door-count")).to_have_text("Đã vào: 0")
    assert stored(Attendance) == []
    assert stored(Scan)[-1].answer == {"reason": "Nhầm người"}
    page.get_by_role("button", name="Ghi nhận lại: Trần Một").click()
    expect(answer).to_have_attribute("data-reason", "ok")
    page.keyboard.press("Escape")

    page.context.set_offline(True)
    expect(page.locator("#door-chip")).to_have_attribute("data-state", "offline")
    typed(page, second)
    expect(answer).to_contain_text("Lê Hai")
    page.keyboard.press("Escape")
    for name in ("Lê Hai", "Trần Một"):
        page.get_by_role("button", name="Hủy lượt…").click()
        page.get_by_role("button", name=f"Hủy lượt: {name}").click()
        expect(page.locator("#door-recent-said")).to_contain_text("Đã lưu trên máy")
        page.keyboard.press("Escape")
    expect(page.locator("#door-last")).to_be_hidden()
    typed(page, second)
    expect(answer).to_have_attribute("data-reason", "ok")
    page.keyboard.press("Escape")
    expect(page.locator("#door-waiting")).to_have_text("4")
    page.context.set_offline(False)
    expect(page.locator("#door-waiting")).to_have_text("không có", timeout=10_000)
    statuses = [scan.status.value for scan in stored(Scan)]
    assert statuses == ["ok", "annulled", "ok", "ok", "annulled", "annulled", "ok"]
    assert [a.scan_id for a in stored(Attendance)] == [stored(Scan)[-1].id]
    expect(page.locator("#door-notice")).to_contain_text("Máy chủ xác nhận tất cả")
