"""One who came finds what they attended, has it on paper, puts it right, and has it forgotten."""

import subprocess
from email import message_from_bytes
from email.policy import default
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from checkin.models import Attendance, Participant
from tests.browser.axe import faults
from tests.checkin.passport_world import AFTERWARDS, Week

pytestmark = pytest.mark.browser


def test_a_record_is_opened_by_letter_put_on_paper_corrected_and_erased(
    page_at, live_server, app, given, at, stored, tmp_path
):
    at(AFTERWARDS)
    week = Week(given)
    page = page_at(360)
    page.goto("/passport/")
    page.get_by_label("Thư điện tử").fill("nha@example.com")
    page.get_by_role("button", name="Gửi lại đường dẫn và mã").click()
    expect(page.get_by_role("status")).to_be_visible()
    page.goto(_way_in_the_letter(app, "Trần Thị Lan"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Trần Thị Lan")
    expect(page.get_by_text("Đã ghi nhận 2 lượt tham dự")).to_be_visible()
    assert faults(page) == []

    page.get_by_role("button", name="Lập giấy xác nhận").click()
    address = page.get_by_role("link", name="Tải giấy xác nhận").get_attribute("href")
    words = _words(page.request.get(address).body(), tmp_path)
    assert "Trần Thị Lan" in words
    assert "Tọa đàm sách" in words
    proof = page.locator("a[href*='/verify/']").get_attribute("href")
    assert urlsplit(proof).path.rpartition("/")[2] in words

    page.get_by_role("link", name="Sửa thông tin").click()
    page.get_by_label("Họ và tên").fill("Trần Thị Lân")
    page.get_by_label("Đơn vị, hoặc xã/phường").fill("Xã Đại Phúc, tổ dân phố 5")
    assert faults(page) == []
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trần Thị Lân")
    assert stored(Participant)[1].unit_text == "Xã Đại Phúc, tổ dân phố 5"

    page.locator("summary", has_text="Xóa họ tên của tôi").click()
    erase = page.locator("form[action$='/erasure'] button")
    expect(page.get_by_text("chậm nhất 24 giờ sau hoạt động")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    erase.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Họ tên không còn được lưu")
    page.goto(proof)
    expect(page.get_by_text("không còn giá trị").first).to_be_visible()
    assert [p.name for p in stored(Participant)] == [None, None, week.hoa.name]
    assert len(stored(Attendance)) == 3


def _way_in_the_letter(app, name):
    assert app.test_cli_runner().invoke(args=["notifications", "tick"]).exit_code == 0
    folder = app.extensions["settings"].instance / "mail"
    kept = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime)
    read = [message_from_bytes(path.read_bytes(), policy=default) for path in kept]
    texts = [letter.get_body(("plain",)).get_content() for letter in read]
    mine = [t for t in texts if name in t and "/passport/" in t and "/address/" not in t]
    return urlsplit(next(word for word in mine[-1].split() if "/passport/" in word)).path


def _words(pdf, tmp_path):
    (tmp_path / "giay.pdf").write_bytes(pdf)
    told = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "giay.pdf", "-"], check=True, capture_output=True
    )
    return told.stdout.decode()
