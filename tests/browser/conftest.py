"""The site on a port of this machine, and real browsers that look at it."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from werkzeug.serving import make_server

from accounts.models import Account
from tests.browser.camera import FLAGS
from tests.factories import signed_in

LEFT_OPEN = (
    "ignore:Exception ignored in. <_io.FileIO name=.*static:pytest.PytestUnraisableExceptionWarning"
)
"""A browser that goes away in the middle of a file leaves it to the garbage collector."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.filterwarnings(LEFT_OPEN))


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """Where the site answers, with its check for foreign forms on."""
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What starts browsers."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, without a camera."""
    opened = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
    yield opened
    opened.close()


@pytest.fixture
def page_at(browser: Browser, live_server: str) -> Iterator[Callable[..., Page]]:
    """A page of the given width; ``height`` and other options of a context as keywords."""
    contexts: list[BrowserContext] = []

    def open_page(width: int, height: int = 800, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, base_url=live_server, **options
        )
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in_as(app: Flask, live_server: str) -> Callable[[BrowserContext, Account], None]:
    """Give a browser the session of an account."""

    def sign_in(context: BrowserContext, account: Account) -> None:
        client = signed_in(app.test_client(), account)
        cookie = client.get_cookie("session")
        assert cookie is not None
        context.add_cookies([{"name": "session", "value": cookie.value, "url": live_server}])

    return sign_in
