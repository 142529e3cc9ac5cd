"""A fake camera: a film of QR codes that Chromium plays again and again."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import qrcode
from PIL import Image
from playwright.sync_api import Browser, Playwright

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RATE = 30
"""Frames that Chromium plays in a second."""


def film(path: Path, scenes: Sequence[tuple[str | None, float]]) -> Path:
    """Write an MJPEG: each scene a text to show as a QR code, or nothing, and its seconds."""
    with path.open("wb") as file:
        for text, seconds in scenes:
            file.write(_frame(text) * round(seconds * RATE))
    return path


@contextmanager
def browser_with_camera(playwright: Playwright, played: Path) -> Iterator[Browser]:
    """A browser before whose camera the film runs; write the film first."""
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium",
        args=[
            *FLAGS,
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={played}",
        ],
    )
    try:
        yield browser
    finally:
        browser.close()


def _frame(text: str | None) -> bytes:
    picture = Image.new("RGB", (640, 480), "#8a8f8c")
    if text is not None:
        code = qrcode.make(text, border=4).get_image().convert("RGB").resize((360, 360))
        picture.paste(code, (140, 60))
    stored = io.BytesIO()
    picture.save(stored, "JPEG", quality=85)
    return stored.getvalue()
