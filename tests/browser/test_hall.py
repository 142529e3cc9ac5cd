"""The screen of a hall, and phones that count heads there, without an account."""

import re
import subprocess
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from checkin.hall.models import Screen
from checkin.hall.services import invite, recogniser
from checkin.hall.state import pages
from checkin.models import Attendance, Grade, Group, Tally
from core.codes import shown
from core.database import session as opened
from core.database import transaction
from events.models import Activity, Counting
from tests.browser.axe import faults
from tests.browser.killed import Chromium
from tests.factories import DURING, a_plan, an_activity

pytestmark = pytest.mark.browser

TAPS = 40
OLDER = "delete AbortSignal.timeout"
"""Makes the browser one of those that phones have had for years."""
IS_KEPT = """() => new Promise((go) => {
    const look = () => navigator.serviceWorker.controller ? go() : setTimeout(look, 20);
    look();
})"""
"""Until the worker answers in place of the network."""


@pytest.fixture(autouse=True)
def _nothing_is_remembered():
    recogniser.forget()
    pages.forget()


@pytest.fixture
def hall(given, at):
    """Makes an activity that is on, people counted in this way."""
    at(DURING)
    return lambda counting: given(
        an_activity(plan=a_plan(), counting=counting, title="Lễ phát động", place="Hội trường A")
    )


def a_code(activity, **facts):
    """A code that lets a machine in."""
    with transaction():
        again = opened().get_one(Activity, activity.id)
        return shown(invite(again, actor=None, now=DURING, **facts)[1])


def read_from(page):
    """What a phone's camera makes of the screen."""
    found = subprocess.run(
        ["zbarimg", "--raw", "-q", "-"], input=page.screenshot(), check=True, capture_output=True
    ).stdout.decode()
    return urlsplit(found.strip()).path


def test_a_laptop_in_the_hall_shows_what_to_scan_and_counts_along(page_at, hall, at, stored):
    activity = hall(Counting.SELF_SCAN)
    laptop = page_at(1280)
    laptop.goto("/hall/")
    assert faults(laptop) == []
    laptop.keyboard.press("Tab")
    laptop.get_by_label("Mã").fill(a_code(activity).lower())
    laptop.keyboard.press("Enter")
    count = laptop.locator(".hall-count strong")
    expect(count).to_have_text("0")
    assert faults(laptop) == []
    first, drawn = read_from(laptop), laptop.locator(".hall-qr path")
    before = drawn.get_attribute("d")
    assert before
    expect(laptop.locator(".hall-code")).to_have_text(re.compile("^[A-Z2-9-]{12}$"))
    assert laptop.locator(".hall-type strong").inner_text().endswith("/s/")
    laptop.locator("#hall-full").focus()
    laptop.keyboard.press("Enter")
    expect(laptop.locator("html:fullscreen")).to_have_count(1)

    at(DURING + timedelta(seconds=15))
    expect(drawn).not_to_have_attribute("d", before)
    second = read_from(laptop)
    assert first.rpartition("/")[0] == second.rpartition("/")[0]
    assert first != second

    phone = page_at(360)
    phone.goto(second)
    phone.get_by_role("button", name="Tôi có mặt").first.click()
    expect(phone.locator("main")).to_contain_text("Đã ghi nhận")
    at(DURING + timedelta(seconds=16))
    expect(count).to_have_text("1")
    (came,) = stored(Attendance)
    assert came.grade is Grade.ROTATING_SELF_SCAN


def test_taps_of_a_phone_without_a_connection_outlive_the_killed_browser(
    live_server, playwright, hall, stored, tmp_path
):
    activity = hall(Counting.TALLY)
    with Chromium(playwright, tmp_path / "profile") as browser:
        context = browser.contexts[0]
        page = context.new_page()
        page.set_viewport_size({"width": 360, "height": 740})
        page.add_init_script(OLDER)
        page.goto(f"{live_server}/hall/?code={a_code(activity, only_counts=True)}")
        page.get_by_role("button", name="Mở").click()
        expect(page.locator("[data-tally-state]")).to_have_attribute("data-state", "saved")
        assert faults(page) == []
        page.evaluate(IS_KEPT)
        context.set_offline(True)
        page.evaluate(
            """(taps) => {
                const press = document.querySelector("[name=press][value=learner]");
                for (let n = 0; n < taps; n += 1) press.click();
            }""",
            TAPS,
        )
        expect(page.locator("[data-tally-whole]")).to_have_text(str(TAPS))
        page.reload()
        expect(page.locator("[data-tally-whole]")).to_have_text(str(TAPS))
        page.get_by_role("button", name="Thu hồi lần bấm cuối").click()
        expect(page.locator("[data-tally-whole]")).to_have_text(str(TAPS - 1))
    assert stored(Tally) == []
    with Chromium(playwright, tmp_path / "profile") as browser:
        browser.contexts[0].clear_cookies()
        page = browser.contexts[0].new_page()
        page.goto(f"{live_server}/hall/?code={a_code(activity, only_counts=True)}")
        page.get_by_role("button", name="Mở").click()
        expect(page.locator("[data-tally-state]")).to_have_attribute("data-waiting", "0")
        expect(page.locator("[data-tally-whole]")).to_have_text(str(TAPS - 1))
    kept = stored(Tally)
    assert [tally.change for tally in kept] == [1] * TAPS + [-1]
    assert len({tally.nonce for tally in kept}) == TAPS + 1
    assert {(tally.group, tally.account_id) for tally in kept} == {(Group.LEARNER, None)}


def test_what_is_shut_out_goes_dark_within_five_seconds(page_at, hall, stored):
    activity = hall(Counting.TALLY)
    laptop, phone, away = page_at(1280), page_at(360), page_at(360)
    for page, facts in (
        (laptop, {}),
        (phone, {"only_counts": True}),
        (away, {"only_counts": True}),
    ):
        page.goto(f"/hall/?code={a_code(activity, **facts)}")
        page.get_by_role("button", name="Mở").click()
    expect(laptop.locator(".hall")).to_be_visible()
    state = away.locator("[data-tally-state]")
    expect(state).to_have_attribute("data-state", "saved")
    away.context.set_offline(True)
    away.locator("[name=press][value=staff]").click()
    expect(state).to_have_attribute("data-waiting", "1")
    with transaction():
        opened().query(Screen).update({Screen.revoked_at: DURING})
    shut_out = time.monotonic()
    for page in (laptop, phone):
        expect(page.get_by_label("Mã")).to_be_visible(timeout=5000)
        assert page.url.endswith("/hall/")
    assert time.monotonic() - shut_out < 5
    recogniser.forget()
    away.context.set_offline(False)
    expect(state).to_contain_text("Máy này không còn được đếm. 1 lượt bấm")
    assert stored(Tally) == []


def test_a_correction_on_a_phone_asks_for_its_reason(page_at, hall, stored):
    activity = hall(Counting.TALLY)
    page = page_at(360)
    page.goto(f"/hall/?code={a_code(activity, only_counts=True)}")
    page.get_by_role("button", name="Mở").click()
    page.locator("[name=press][value='']").click()
    page.get_by_text("Nhập một số, hoặc sửa số").click()
    page.get_by_label("Sửa lại thành số này").check()
    page.get_by_label("Số người", exact=True).fill("36")
    page.get_by_label("Ước lượng").check()
    page.get_by_role("button", name="Lưu số").click()
    expect(page.get_by_label("Ghi chú hoặc lý do")).to_be_focused()
    page.keyboard.type("Đếm lại sau giờ nghỉ")
    page.keyboard.press("Enter")
    expect(page.locator("[data-tally-whole]")).to_have_text("36")
    expect(page.locator("[data-tally-state]")).to_have_attribute("data-waiting", "0")
    assert [(t.change, t.note, t.grade) for t in stored(Tally)] == [
        (1, "", Grade.HEADCOUNT),
        (35, "Đếm lại sau giờ nghỉ", Grade.ESTIMATE),
    ]
