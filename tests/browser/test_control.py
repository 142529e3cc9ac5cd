"""The doors on a television: all in sight, brought up to date, the focus left where it is."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from checkin.models import Attendance, Device, Grade, Scan, ScanStatus
from core import clock
from tests.browser.axe import faults
from tests.factories import DURING, LONG_AGO, OPENING_DAY, a_plan, an_account, an_activity

pytestmark = pytest.mark.browser

NOW = DURING + timedelta(minutes=10)
RENEW = "document.dispatchEvent(new Event('visibilitychange'))"


def came(activity, number):
    return Attendance(
        activity_id=activity.id, session_id=activity.sessions[0].id, pass_id=f"p{number}",
        grade=Grade.STATIC_SELF_SCAN, at=NOW,
    )  # fmt: skip


def test_a_television_shows_all_doors_and_keeps_up(page_at, sign_in_as, given, at):
    at(NOW)
    plan = given(a_plan())
    account = given(an_account((Role.OBSERVER, plan.unit)))
    title = "Ngày hội đọc sách và học tập suốt đời của cán bộ, công chức"
    silent = given(*(an_activity(plan=plan, title=f"{title} {n}") for n in range(8)))
    begun = clock.at(OPENING_DAY, 8, 15)
    busy = given(*(an_activity(plan=plan, starts_at=begun, title=title) for _ in range(8)))
    life = {"created_at": LONG_AGO, "expires_at": NOW + timedelta(days=1)}
    doors = given(
        *(Device(name=f"Cửa số {n}", token_hash=str(n), unit=plan.unit, **life) for n in range(6))
    )
    given(*(came(activity, number) for number, activity in enumerate(busy)))
    facts = {"request_hash": "", "grade": Grade.STAFF_SCAN, "answer": {}, "at": NOW}
    given(
        *(
            Scan(nonce=f"{door.id} {n}", status=ScanStatus.INVALID, device_id=door.id,
                 received_at=NOW - timedelta(minutes=2), **facts)
            for door in doors for n in range(6)
        )
    )  # fmt: skip
    page = page_at(1920, 1080)
    page.add_init_script("delete AbortSignal.timeout")  # televisions are old browsers
    sign_in_as(page.context, account)
    page.goto("/office/doors")
    answer = page.get_by_role("status")
    expect(answer).to_contain_text("8 hoạt động chưa ghi nhận ai, 6 nơi quét lỗi nhiều")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollHeight") <= 1080
    assert page.evaluate("document.documentElement.scrollWidth") <= 1920
    for size in ("[aria-labelledby=control-live] td", ".control-list strong", ".control-answer"):
        drawn = page.locator(size).first
        assert float(drawn.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 24

    region = page.get_by_role("region", name="Máy quét và lần liên lạc cuối").last
    region.focus()
    given(came(silent[0], 99))
    page.evaluate(RENEW)
    expect(answer).to_contain_text("7 hoạt động chưa ghi nhận ai")
    expect(region).to_be_focused()
    page.context.set_offline(True)
    page.evaluate(RENEW)
    expect(page.get_by_role("alert")).to_contain_text("Mất kết nối")
