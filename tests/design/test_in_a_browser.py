"""The style guide as a browser shows it: accessible, within the screen, light, from one host."""

from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "tests" / "vendor" / "axe-core-4.14.1" / "axe.min.js"
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
def test_axe_finds_nothing(
    browser: Browser, site: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = _page(browser, site, width=width, scheme=scheme)

    assert _violations(page) == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_is_wider_than_the_screen(browser: Browser, site: str, width: int) -> None:
    page = _page(browser, site, width=width)

    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_letters_with_stacked_marks_are_not_clipped(browser: Browser, site: str) -> None:
    page = _page(browser, site, width=360)

    assert page.evaluate(CLIPPED) == []


def test_what_is_touched_is_44_pixels_high(browser: Browser, site: str) -> None:
    page = _page(browser, site, width=360)

    assert page.evaluate(SMALL) == []


def test_figures_in_columns_are_equally_wide(browser: Browser, site: str) -> None:
    page = _page(browser, site, width=1280)

    assert len(set(page.evaluate(DIGITS))) == 1


def test_a_keyboard_reaches_the_content_first(browser: Browser, site: str) -> None:
    page = _page(browser, site, width=1280, path="/no-such-page")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.textContent") == "Chuyển đến nội dung"

    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_a_visitors_page_loads_two_weights_from_this_host_alone(
    browser: Browser, site: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    bodies: dict[str, int] = {}
    page.on("requestfinished", lambda r: bodies.update({r.url: r.sizes()["responseBodySize"]}))
    page.goto(f"{site}/no-such-page")
    page.wait_for_load_state("networkidle")

    assert {urlsplit(url).netloc for url in bodies} == {urlsplit(site).netloc}
    assert page.evaluate(FONT_WEIGHTS) == "400 400 700 700"
    frame = sum(size for url, size in bodies.items() if "/static/" in url)
    assert frame <= 80_000, sorted(bodies.items(), key=lambda item: -item[1])
    context.close()


def test_the_reader_of_codes_runs_from_this_host_under_the_doors_policy(
    browser: Browser, site: str
) -> None:
    page = _page(browser, site, width=360, path="/styleguide")
    png = page.locator(".qr-image").screenshot()
    context = browser.new_context()
    door = context.new_page()
    hosts: set[str] = set()
    door.on("request", lambda r: hosts.add(urlsplit(r.url).netloc))
    door.route("**/door/", lambda route: route.fulfill(
        body="<title>x</title>",
        content_type="text/html",
        headers={"Content-Security-Policy": DOOR_POLICY},
    ))  # fmt: skip
    door.goto(f"{site}/door/")
    text = door.evaluate(
        """async bytes => { const { readQr } = await import('/static/js/zxing.js');
           return readQr(new Blob([new Uint8Array(bytes)], { type: 'image/png' })) }""",
        list(png),
    )

    assert text == "T1.example"
    assert hosts == {urlsplit(site).netloc}
    context.close()


def _page(
    browser: Browser,
    site: str,
    *,
    width: int,
    scheme: Literal["light", "dark"] = "light",
    path: str = "/styleguide",
) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=False
    )
    page = context.new_page()
    page.goto(site + path)
    page.wait_for_load_state("networkidle")
    return page


def _violations(page: Page) -> list[tuple[str, str]]:
    page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (violation["id"], node["html"][:120])
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
