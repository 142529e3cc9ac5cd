"""A duty in real browsers: handed out, received and shown by a phone, chased by who looks on."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from events.duties import keeping
from events.duties.models import Photo
from events.models import Assignment
from notifications.models import Message
from tests.browser import axe
from tests.events.duties_world import AFTER, BEFORE, a_world
from tests.events.test_photos import a_picture, with_secrets

pytestmark = pytest.mark.browser

PHONE = (360, 740)


@pytest.fixture
def world(given, at):
    at(BEFORE)
    return a_world(given)


def test_from_the_group_to_the_board(
    app, page_at, sign_in_as, world, stored, at, tmp_path: Path
) -> None:
    desk = page_at(1280)
    sign_in_as(desk.context, world.organiser)
    organiser_hands_out(desk, world.plan.id)
    result = app.test_cli_runner().invoke(args=["notifications", "tick"])
    assert result.exit_code == 0, result.output
    assert {m.recipient for m in stored(Message)} == {"phuong@example.com"}
    address = message_for_the_chat(desk)

    unit = page_at(*PHONE)
    unit.goto(address[address.index("/duties/") :])
    unit_receives(unit)
    unit_shows(unit, tmp_path, stored)
    assert axe.faults(unit) == []

    at(AFTER + timedelta(days=1))
    observer = page_at(*PHONE)
    sign_in_as(observer.context, world.observer)
    observer_chases(observer)


def organiser_hands_out(page: Page, plan: int) -> None:
    """Give a duty to a group, look at the units that it means, hand it out."""
    page.goto(f"/desk/plans/{plan}/give")
    page.locator("[name=duty]").fill("Treo băng rôn")
    page.locator("[name=carriers]").fill("UBND cấp xã")
    page.locator("[name=due_on]").fill("20/09/2027")
    page.locator("form .button-primary").click()
    expect(page.get_by_label("UBND xã Đại Phúc")).to_be_checked()
    page.get_by_role("button", name="Giao cho các đơn vị").click()
    page.goto(f"/desk/plans/{plan}/hand-out")
    page.locator("details.confirm summary").click()
    page.locator("details.confirm button").click()
    expect(page.locator(".flash-ok")).to_contain_text("2 đơn vị")


def message_for_the_chat(page: Page) -> str:
    """The text names the duty and holds the link; the QR leads to the same place."""
    page.get_by_role("link", name="UBND phường Tích Lương").click()
    text = page.locator("textarea").input_value()
    assert "1. Treo băng rôn (Thực hiện, hạn 20/09/2027)" in text
    shot = Image.open(BytesIO(page.locator(".duty-message-card svg").first.screenshot()))
    [read] = zxingcpp.read_barcodes(shot)
    assert read.text in text
    return read.text


def unit_receives(page: Page) -> None:
    """One large button on a phone, without an account."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.get_by_role("button", name="Đã nhận").click()
    expect(page.get_by_text("Đơn vị đã xác nhận")).to_be_visible()


def unit_shows(page: Page, folder: Path, stored) -> None:
    """A photo as the phone took it, then a link and a count with its measure, then done."""
    sent = folder / "IMG_1.jpg"
    sent.write_bytes(with_secrets(a_picture(), orientation=6))
    page.locator(".duty-card summary").first.click()
    page.locator("[name=photo]").set_input_files(sent)
    page.locator("[name=note]").fill("Băng rôn trước cổng")
    page.get_by_role("button", name="Nộp minh chứng").click()
    shown = page.get_by_alt_text("Băng rôn trước cổng")
    expect(shown).to_be_visible()
    shown.scroll_into_view_if_needed()
    assert shown.evaluate("one => one.decode().then(() => one.naturalHeight > one.naturalWidth)")
    [photo] = stored(Photo)
    assert b"Secret" not in (keeping.get(photo, small=False) or b"Secret")

    page.locator(".duty-card summary").first.click()
    page.locator(".duty-more summary").click()
    page.locator("[name=note]").fill("Tin trên trang của phường")
    page.locator("[name=link]").fill("http://127.0.0.1/tin")
    page.locator("[name=number]").fill("14")
    page.locator("[name=measure]").fill("băng rôn")
    page.get_by_role("button", name="Nộp minh chứng").click()
    expect(page.locator(".field-wrong")).to_contain_text("mạng nội bộ")
    page.locator("[name=link]").fill("https://phuong.example.vn/tin")
    page.get_by_role("button", name="Nộp minh chứng").click()
    expect(page.get_by_role("link", name="Tin trên trang của phường")).to_be_visible()
    expect(page.get_by_text("14 băng rôn")).to_be_visible()
    page.get_by_role("button", name="Đánh dấu đã xong").click()
    expect(page.get_by_text("Xong ngày 10/09/2027")).to_be_visible()
    assert [duty.done_at is not None for duty in stored(Assignment)] == [True, False]


def observer_chases(page: Page) -> None:
    """Who looks on sees who is late, presses once, and can change nothing."""
    page.goto("/desk/duties")
    expect(page.locator(".duty-answer")).to_contain_text("1 nhiệm vụ quá hạn")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.get_by_role("button", name="Đôn đốc UBND xã Đại Phúc").click()
    expect(page.get_by_text("Đã đôn đốc hôm nay")).to_be_visible()
    page.get_by_role("link", name="UBND phường Tích Lương").click()
    page.get_by_role("link", name="Treo băng rôn").click()
    expect(page.get_by_text("Đã hoàn thành").first).to_be_visible()
    assert page.locator("main form").count() == 0
