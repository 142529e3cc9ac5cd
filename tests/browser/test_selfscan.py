"""A visitor counts themselves: the code at the venue, one page, one button, on whatever phone."""

import io
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from checkin.hall import services as screens
from checkin.models import Attendance, Grade, Participant, Scan
from checkin.posters import poster_code
from core import clock
from core.database import transaction
from events.models import Counting
from tests.browser import old_webview
from tests.browser.axe import faults
from tests.factories import DURING, a_plan, an_activity

pytestmark = pytest.mark.browser

OLD = (
    "Mozilla/5.0 (Linux; Android 8.0.0; SM-J400F Build/R16NW; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/61.0.3163.98 Mobile Safari/537.36 Zalo android/20110502"
)
OPENS = DURING - timedelta(minutes=45)
PRESS, MORE, NAMED = "Tôi có mặt", "Thêm người đi cùng", "Tôi có mặt, ghi cả họ tên"


@pytest.fixture
def fair(given, at):
    """An activity that is on, whose visitors count themselves."""
    at(DURING)
    activity = given(an_activity(title="Ngày hội đọc sách", counting=Counting.SELF_SCAN))
    activity.address = f"/s/{poster_code(activity.id)}"
    return activity


def test_an_old_phone_scans_the_hall_presses_once_and_brings_its_people(
    page_at, live_server, fair, stored
):
    phone = page_at(360, 640, java_script_enabled=False, user_agent=OLD, locale="vi-VN")
    old_webview.wear(phone.context)
    asked = []
    phone.on("request", lambda request: asked.append(request))
    phone.goto(_seen_on_the_screen(page_at(1280, 720), fair))

    assert stored(Attendance) == stored(Scan) == []
    button = phone.get_by_role("button", name=PRESS, exact=True)
    box = button.bounding_box()
    assert (box["width"], box["y"] + box["height"] < 640) == (328, True)
    assert box["height"] > 180
    assert _overflow(phone) == 0
    assert [request.url for request in asked if request.resource_type == "script"] == []
    assert {urlsplit(r.url).netloc for r in asked} == {urlsplit(live_server).netloc}

    button.click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Đã ghi nhận tham dự lúc 08 giờ 15")
    assert phone.locator(".answer-shape").bounding_box()["width"] < 180
    phone.reload()
    phone.goto(fair.address)
    expect(phone.get_by_text("Lượt thứ 1 hôm nay")).to_be_visible()
    assert [(a.grade, a.participant_id) for a in stored(Attendance)] == [
        (Grade.ROTATING_SELF_SCAN, None)
    ]

    phone.get_by_role("spinbutton").fill("2")
    phone.get_by_role("button", name=MORE).click()
    expect(phone.get_by_text("và 2 người đi cùng")).to_be_visible()
    phone.reload()
    assert len(stored(Attendance)) == 3
    assert _overflow(phone) == 0


def test_a_phone_that_keeps_nothing_is_counted_too_and_a_known_one_by_one_tap(
    page_at, fair, given, at, stored
):
    forgetful = page_at(360)
    forgetful.goto(fair.address)
    assert all(kept["sameSite"] == "Lax" for kept in forgetful.context.cookies())
    forgetful.context.clear_cookies()
    forgetful.get_by_role("button", name=PRESS, exact=True).click()
    expect(forgetful.get_by_text("Lượt thứ 1 hôm nay")).to_be_visible()
    forgetful.reload()
    assert len(stored(Attendance)) == 1

    phone = page_at(360)
    phone.goto(fair.address)
    phone.locator("summary").click()
    phone.get_by_label("Họ và tên").fill("Đặng Thị Ửng")
    phone.get_by_role("checkbox").check()
    assert faults(phone) == []
    phone.get_by_role("button", name=NAMED).click()
    expect(phone.get_by_text("Lượt thứ 2 hôm nay")).to_be_visible()
    assert faults(phone) == []
    assert [(p.name, p.unit_text) for p in stored(Participant)] == [("Đặng Thị Ửng", "")]

    tomorrow = DURING + timedelta(days=1)
    at(tomorrow)
    second = given(an_activity(plan=fair.plan, counting=Counting.SELF_SCAN, starts_at=tomorrow))
    phone.goto(f"/s/{poster_code(second.id)}")
    phone.get_by_role("button", name=f"{PRESS} Đặng Thị Ửng").click()
    expect(phone.get_by_text("Lượt thứ 1 hôm nay")).to_be_visible()
    *_earlier, came = stored(Attendance)
    assert (came.activity_id, came.participant_id) == (second.id, stored(Participant)[0].id)


def test_too_early_goes_on_by_itself_and_a_foreign_code_leads_to_what_is_on(
    page_at, given, at, stored
):
    plan = a_plan()
    here, later = (
        given(an_activity(plan=plan, counting=Counting.SELF_SCAN, starts_at=start, title=title))
        for start, title in ((OPENS + timedelta(minutes=30), "Đọc sách"), (DURING, "Kể chuyện"))
    )
    at(OPENS - timedelta(seconds=0.2))
    phone = page_at(360)
    phone.goto(f"/s/{poster_code(here.id)}")
    expect(phone.get_by_text("Bắt đầu ghi nhận từ 07 giờ 30 ngày 01/10/2027")).to_be_visible()
    at(OPENS)
    expect(phone.get_by_role("button", name=PRESS, exact=True)).to_be_visible(timeout=4000)

    phone.goto(f"/s/{poster_code(later.id)}")
    expect(phone.get_by_text("Bắt đầu ghi nhận từ 07 giờ 45")).to_be_visible()
    assert faults(phone) == []
    phone.get_by_role("link", name="Đọc sách").click()
    phone.get_by_role("button", name=PRESS, exact=True).click()
    expect(phone.get_by_text("Lượt thứ 1 hôm nay")).to_be_visible()
    assert [a.activity_id for a in stored(Attendance)] == [here.id]


def _seen_on_the_screen(laptop: Page, activity) -> str:
    """What a camera reads from the screen of the hall, as the way on this machine."""
    with transaction():
        _screen, code = screens.invite(activity, actor=None, now=clock.now())
    laptop.goto("/hall/")
    laptop.get_by_role("textbox").fill(code)
    laptop.get_by_role("textbox").press("Enter")
    expect(laptop.locator("svg").first).to_be_visible()
    picture = Image.open(io.BytesIO(laptop.screenshot()))
    (read,) = zxingcpp.read_barcodes(picture)
    return urlsplit(read.text).path


def _overflow(page: Page) -> int:
    """By how many points the page is wider than its screen."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wide
