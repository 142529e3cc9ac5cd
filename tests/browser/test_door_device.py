"""The scanner on a phone: its light, its buzz, its camera after a call, its clock, its memory."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from checkin.models import Scan
from checkin.tokens import ticket_secret
from tests.browser.camera import browser_with_camera, film
from tests.browser.door_world import RAW, a_steward, a_ticket, opened, typed
from tests.factories import DURING, a_registration, an_activity

pytestmark = pytest.mark.browser

WITH_EVERYTHING = """
window.calls = { torch: [], shaken: [], asked: [], tones: 0 };
const track = MediaStreamTrack.prototype;
const able = track.getCapabilities;
track.getCapabilities = function () { return { ...able.call(this), torch: true }; };
track.applyConstraints = async ({ advanced: [{ torch }] }) => { calls.torch.push(torch); };
const give = MediaDevices.prototype.getUserMedia;
MediaDevices.prototype.getUserMedia = function (wanted) {
    calls.asked.push(wanted.video.deviceId?.exact ?? wanted.video.facingMode?.ideal);
    return give.call(this, wanted);
};
Navigator.prototype.vibrate = (pattern) => calls.shaken.push(pattern);
const voice = BaseAudioContext.prototype.createOscillator;
BaseAudioContext.prototype.createOscillator = function () {
    calls.tones += 1;
    return voice.call(this);
};
"""
WITH_NOTHING = """
delete Navigator.prototype.vibrate;
delete Navigator.prototype.wakeLock;
delete window.AudioContext;
delete AbortSignal.timeout;
delete MediaStreamTrack.prototype.getCapabilities;
"""


@pytest.fixture
def steward(given, at):
    return a_steward(given, at)


@pytest.fixture
def phone(playwright, tmp_path):
    """A browser with a camera before which nothing happens."""
    with browser_with_camera(playwright, film(tmp_path / "nothing.mjpeg", [(None, 1)])) as browser:
        yield browser


def test_a_phone_buzzes_sounds_lights_and_keeps_its_camera_after_a_call(
    live_server, phone, steward, sign_in_as, given
):
    ticket = a_ticket(given, steward, "Trần Một")
    context = phone.new_context(viewport={"width": 360, "height": 740})
    context.add_init_script(WITH_EVERYTHING)
    sign_in_as(context, steward)
    page = opened(context, live_server)
    light = page.get_by_role("button", name="Bật đèn")
    light.click()
    expect(page.get_by_role("button", name="Tắt đèn")).to_have_attribute("aria-pressed", "true")
    typed(page, ticket_secret(ticket))
    expect(page.locator("#door-answer")).to_have_attribute("data-reason", "ok")
    typed(page, "KHONGPHAIVE")
    expect(page.locator("#door-answer")).to_have_attribute("data-reason", "invalid")
    page.evaluate(
        """() => {
            document.querySelector("video").srcObject.getTracks()[0].stop();
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    page.wait_for_function("() => calls.torch.length === 2")
    told = page.evaluate("() => calls")
    assert told["torch"] == [True, True]
    assert told["shaken"] == [[60], [400]]
    assert told["tones"] == 3
    assert told["asked"][0] == "environment"
    assert told["asked"][1] == page.evaluate("() => localStorage.getItem('door-camera')")
    context.close()


def test_a_phone_without_light_buzz_and_sound_scans_all_the_same(
    live_server, phone, steward, sign_in_as, given
):
    ticket = a_ticket(given, steward, "Trần Một")
    context = phone.new_context(viewport={"width": 360, "height": 740})
    context.add_init_script(WITH_NOTHING)
    sign_in_as(context, steward)
    faults = []
    context.on("weberror", lambda fault: faults.append(str(fault.error)))
    page = opened(context, live_server)
    typed(page, ticket_secret(ticket))
    expect(page.locator("#door-answer")).to_have_attribute("data-reason", "ok")
    expect(page.locator("#door-light")).to_be_hidden()
    expect(page.locator("#door-note")).to_be_hidden()
    assert faults == []
    context.close()


def test_each_ticket_is_wiped_a_day_after_its_activity_and_the_queue_never(
    live_server, page_at, steward, sign_in_as, given
):
    evening = DURING + timedelta(hours=8)
    later = an_activity(
        plan=steward.activity.plan, starts_at=evening, ends_at=evening + timedelta(hours=2)
    )
    ticket = a_ticket(given, steward, "Trần Một")
    given(a_registration(activity=later))
    page = page_at(360, 740)
    sign_in_as(page.context, steward)
    page.context.clock.install(time=DURING)
    page = opened(page.context, live_server)
    expect(page.locator("#door-size")).to_contain_text("2/2")
    page.context.set_offline(True)
    typed(page, ticket_secret(ticket))
    expect(page.locator("#door-waiting")).to_have_text("1")

    def after(hours):
        page.clock.fast_forward(hours * 3_600_000)
        page.clock.run_for(10_000)
        return page.evaluate(RAW)

    assert len(after(25)["roster"]) == 2
    assert len(after(1)["roster"]) == 1
    expect(page.locator("#door-size")).to_contain_text("1/")
    kept = after(9)
    assert (kept["roster"], kept["seen"], len(kept["queue"])) == ([], [], 1)
    assert not {"activities", "pages", "rosterAt"} & {fact["name"] for fact in kept["facts"]}
    page.close()


def test_a_clock_that_is_set_before_the_upload_moves_no_scan(
    live_server, page_at, steward, sign_in_as, given, stored
):
    ticket = a_ticket(given, steward, "Trần Một")
    page = page_at(360, 740)
    sign_in_as(page.context, steward)
    page.context.add_cookies([{"name": "locale", "value": "en", "url": live_server}])
    page.context.clock.install(time=DURING)
    page = opened(page.context, live_server)
    expect(page.locator("#door-clock")).to_have_text("right")
    page.context.set_offline(True)
    expect(page.locator("#door-chip")).to_have_text("No connection, still scans")
    typed(page, ticket_secret(ticket))
    expect(page.locator("#door-waiting")).to_have_text("1")
    page.clock.set_system_time(DURING + timedelta(hours=3))
    page.context.set_offline(False)
    expect(page.locator("#door-waiting")).to_have_text("none yet")
    expect(page.locator("#door-clock")).to_have_text("3 h ahead")
    expect(page.locator("#door-notice")).to_contain_text("1 record was sent. The server agrees.")
    [scan] = stored(Scan)
    assert abs(scan.at - DURING) < timedelta(seconds=20)
    assert abs(scan.skew - 3 * 3_600_000) < 20_000
    assert scan.answer["clock"]["sure"]
    page.close()
