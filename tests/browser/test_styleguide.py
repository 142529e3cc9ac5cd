"""The style guide as a browser shows it: accessible, within the screen, light, from one host."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.axe import ANY, faults

pytestmark = pytest.mark.browser

DOOR_POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"
FONT_WEIGHTS = """[...document.fonts].filter(f => f.status == 'loaded' && f.family.includes('Pro'))
  .map(f => f.weight).sort().join(' ')"""
CLIPPED = """() => [...document.querySelectorAll('h1, h2, h3, .button, .chip, .badge, .tabs a')]
  .filter(e => e.offsetParent && e.scrollHeight > e.clientHeight + 1 && e.clientHeight > 0)
  .map(e => e.textContent.trim())"""
SMALL = """() => [...document.querySelectorAll('button, .button, .chip, .tabs a, .input, summary,'
  + '.choice-option label')].filter(e => e.offsetParent && e.getBoundingClientRect().height < 44)
  .map(e => e.outerHTML.slice(0, 80))"""
DIGITS = """() => { const c = document.createElement('span');
  c.className = 'number'; document.body.append(c);
  return ['1111', '8888', '0000'].map(t => { c.textContent = t; return c.offsetWidth }) }"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(page_at, width, scheme):
    page = page_at(width, color_scheme=scheme)
    page.goto("/styleguide")

    assert faults(page, ANY) == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_is_wider_than_the_screen(page_at, width):
    page = page_at(width)
    page.goto("/styleguide")

    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("fault", [CLIPPED, SMALL], ids=["stacked marks clipped", "under 44 px"])
def test_letters_and_what_is_touched_have_their_room(page_at, fault):
    page = page_at(360)
    page.goto("/styleguide")
    page.evaluate("document.fonts.ready")

    assert page.evaluate(fault) == []


def test_figures_in_columns_are_equally_wide(page_at):
    page = page_at(1280)
    page.goto("/styleguide")
    page.evaluate("document.fonts.ready")

    assert len(set(page.evaluate(DIGITS))) == 1


def test_a_keyboard_reaches_the_content_first(page_at):
    page = page_at(1280)
    page.goto("/no-such-page")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Chuyển đến nội dung")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_visitors_page_loads_two_weights_from_this_host_alone(page_at, live_server):
    page = page_at(360)
    bodies: dict[str, int] = {}
    page.on("requestfinished", lambda r: bodies.update({r.url: r.sizes()["responseBodySize"]}))
    page.goto("/no-such-page", wait_until="networkidle")

    assert {urlsplit(url).netloc for url in bodies} == {urlsplit(live_server).netloc}
    assert page.evaluate(FONT_WEIGHTS) == "400 400 700 700"
    frame = sum(size for url, size in bodies.items() if "/static/" in url)
    assert frame <= 80_000, sorted(bodies.items(), key=lambda item: -item[1])


def test_the_reader_of_codes_runs_from_this_host_under_the_doors_policy(page_at, live_server):
    page = page_at(360)
    page.goto("/styleguide")
    png = page.locator(".qr-image").screenshot()
    door = page_at(360)
    hosts: set[str] = set()
    door.on("request", lambda r: hosts.add(urlsplit(r.url).netloc))
    door.route("**/door/", lambda route: route.fulfill(
        body="<title>x</title>",
        content_type="text/html",
        headers={"Content-Security-Policy": DOOR_POLICY},
    ))  # fmt: skip
    door.goto("/door/")
    text = door.evaluate(
        """async bytes => { const { readQr } = await import('/static/js/zxing.js');
           return readQr(new Blob([new Uint8Array(bytes)], { type: 'image/png' })) }""",
        list(png),
    )

    assert text == "T1.example"
    assert hosts == {urlsplit(live_server).netloc}
