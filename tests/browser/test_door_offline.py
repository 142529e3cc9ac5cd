"""The staff scanner while the network comes and goes, and when the browser dies."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from checkin.models import Attendance, Decision, Scan, ScanStatus
from checkin.tokens import ticket_secret
from tests.browser.door_world import a_steward, a_ticket
from tests.browser.killed import Chromium
from tests.factories import DURING

pytestmark = pytest.mark.browser


@pytest.fixture
def steward(given, at):
    return a_steward(given, at)


IS_KEPT = """() => new Promise((go) => {
    const look = () => navigator.serviceWorker.controller ? go() : setTimeout(look, 20);
    look();
})"""
"""Until the worker answers in place of the network."""


def opened(context, live_server):
    page = context.new_page()
    page.goto(f"{live_server}/door/")
    expect(page.locator("#door-chip")).to_have_text("Đang kết nối")
    expect(page.locator("#door-synced")).to_have_text("vừa xong")
    return page


def typed(page, code):
    page.get_by_label("Mã vé").fill(code)
    page.keyboard.press("Enter")


def test_after_a_reload_without_a_network_the_door_judges_by_its_roster(
    live_server,
    page_at,
    steward,
    sign_in_as,
    given,
    stored,
):
    ticket = a_ticket(given, steward, "Trần Thị Thử")
    page = page_at(360, 740, locale="vi")
    sign_in_as(page.context, steward)
    page = opened(page.context, live_server)
    expect(page.locator("#door-size")).to_contain_text("1/1")
    page.evaluate(IS_KEPT)
    page.context.set_offline(True)
    page.reload()
    answer = page.locator("#door-answer")
    for code, reason in [
        (ticket_secret(ticket), "ok"),
        (ticket_secret(ticket), "already_redeemed"),
        ("KHONGBIET", "provisional"),
    ]:
        typed(page, code)
        expect(answer).to_have_attribute("data-reason", reason)
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Nhóm, lớp").click()
    page.get_by_label("Tên nhóm").fill("Lớp 9A")
    page.get_by_label("Có mặt").fill("3")
    page.keyboard.press("Enter")
    expect(page.locator(".answer-title")).to_have_text("Đã ghi nhận")
    page.keyboard.press("Escape")
    expect(page.locator("#door-waiting")).to_have_text("4")
    assert stored(Scan) == []
    page.context.set_offline(False)
    expect(page.locator("#door-waiting")).to_have_text("không có", timeout=10_000)
    told = [(scan.status, scan.decision) for scan in stored(Scan)]
    assert told == [
        (ScanStatus.OK, Decision.ADMITTED),
        (ScanStatus.ALREADY_REDEEMED, Decision.REFUSED),
        (ScanStatus.INVALID, Decision.PROVISIONAL),
        (ScanStatus.OK, None),
    ]
    assert len(stored(Attendance)) == 4
    page.get_by_role("button", name="Xem kết quả đối soát").click()
    expect(page.locator("#door-after-list li").first).to_contain_text("Mã này không phải vé")
    expect(page.locator("#door-settlements a")).to_have_attribute(
        "href", f"/door/settlement/{steward.activity.slug}"
    )


def test_fifty_scans_without_a_network_outlive_a_killed_browser(
    live_server,
    playwright,
    steward,
    sign_in_as,
    given,
    stored,
    tmp_path,
):
    ticket = ticket_secret(a_ticket(given, steward, None))
    profile = tmp_path / "profile"
    with Chromium(playwright, profile) as browser:
        context = browser.contexts[0]
        sign_in_as(context, steward)
        page = opened(context, live_server)
        page.evaluate(IS_KEPT)
        context.set_offline(True)
        page.evaluate(
            """async ([ticket, now]) => {
                const { ask } = await import("/static/js/door-asking.js");
                const net = { online: false, now: () => Date.parse(now) };
                const asked = { lists: [], type: "entry", force: false, source: "barcode" };
                const codes = [ticket, ...Array(49).keys()].map(String);
                await Promise.all(codes.map((code) => ask(net, code, asked)));
            }""",
            [ticket, DURING.isoformat()],
        )
    assert stored(Scan) == []
    with Chromium(playwright, profile) as browser:
        page = browser.contexts[0].new_page()
        page.goto(f"{live_server}/door/")
        expect(page.locator("#door-notice")).to_contain_text("Đã gửi 50", timeout=10_000)
        expect(page.locator("#door-waiting")).to_have_text("không có")
    assert len(stored(Scan)) == 50
    assert len({scan.nonce for scan in stored(Scan)}) == 50
    assert len(stored(Attendance)) == 1


def test_without_a_network_the_door_keeps_the_hours_and_forgets_a_day_after(
    live_server, page_at, steward, sign_in_as, given
):
    a_ticket(given, steward, "Trần Thị Thử")
    page = page_at(360)
    sign_in_as(page.context, steward)
    page.goto("/door/")
    expect(page.locator("#door-size")).to_contain_text("1/1")
    told = page.evaluate(
        """async ([early, later]) => {
            const { judge } = await import("/static/js/door-judge.js");
            const roster = await import("/static/js/door-roster.js");
            const { recall } = await import("/static/js/door-store.js");
            const activities = new Map((await recall("activities")).map((a) => [a.slug, a]));
            const [slug] = activities.keys();
            const entry = { activity: slug, state: "confirmed", name: null };
            const ask = { entry, seen: null, activities, lists: [], type: "entry", force: false };
            const reasons = [
                judge({ ...ask, now: Date.parse(early) }),
                judge({ ...ask, now: Date.parse(early), force: true }),
                judge({ ...ask, now: Date.parse(later) }),
                judge({ ...ask, now: Date.parse(early), lists: ["khac"] }),
                judge({ ...ask, now: Date.parse(early), entry: { ...entry, state: "revoked" } }),
                judge({ ...ask, now: Date.parse(later), entry: null }),
            ].map(({ reason }) => reason);
            const before = await roster.size();
            await roster.expire(Date.parse(later));
            return [reasons, before, await roster.size()];
        }""",
        [(DURING - timedelta(days=1)).isoformat(), (DURING + timedelta(days=3)).isoformat()],
    )
    reasons = ["too_early", "ok", "too_late", "wrong_activity", "revoked", "provisional"]
    assert told == [reasons, 1, 0]
