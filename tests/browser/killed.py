"""A browser that ends by ``kill -9`` and finds its profile again."""

import os
import signal
import subprocess
import time
from pathlib import Path

from playwright.sync_api import Browser, Playwright

from tests.browser.camera import FLAGS


class Chromium:
    """A browser of our own on a folder that stays; it never ends politely."""

    def __init__(self, playwright: Playwright, profile: Path) -> None:
        self.playwright, self.profile = playwright, profile

    def __enter__(self) -> Browser:
        port_file = self.profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        for lock in self.profile.glob("Singleton*"):
            lock.unlink()
        self.process = subprocess.Popen(
            ["/usr/bin/chromium", *FLAGS, "--remote-debugging-port=0",
             f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        until = time.monotonic() + 20
        while not (port_file.exists() and "\n" in port_file.read_text()):
            assert time.monotonic() < until, "Chromium does not start"
            time.sleep(0.05)
        port = port_file.read_text().split()[0]
        return self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")

    def __exit__(self, *_why: object) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
