"""QR codes: SVG for pages and paper, PNG for chats; dark on white in every colour scheme."""

import re
from io import BytesIO
from typing import Any

import qrcode

BORDER = 4
"""Modules of the quiet zone."""
_DARK = re.compile("1+")


def svg(text: str, *, in_haste: bool = False) -> str:
    """The code of a text, error correction M, with its quiet zone of four modules.

    Of the eight patterns that a reader knows the most even one is taken; ``in_haste``,
    for thousands at a time, the first, which is as good for text that looks random.
    """
    code = _code(text, mask_pattern=0 if in_haste else None)
    size = code.modules_count + 2 * BORDER
    lines = (
        f"M{dark.start() + BORDER},{row}h{dark.end() - dark.start()}v1H{dark.start() + BORDER}z"
        for row, modules in enumerate(code.modules, start=BORDER)
        for dark in _DARK.finditer("".join("1" if module else "0" for module in modules))
    )
    return (
        f'<svg width="{size}mm" height="{size}mm" version="1.1" viewBox="0 0 {size} {size}"'
        f' xmlns="http://www.w3.org/2000/svg"><path d="{"".join(lines)}" fill="#000000"/></svg>'
    )


def png(text: str) -> bytes:
    """The same code as a picture, ten dots for each module."""
    drawn = BytesIO()
    _code(text, box_size=10).make_image().save(drawn)
    return drawn.getvalue()


def _code(text: str, **options: Any) -> qrcode.QRCode[Any]:
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, border=BORDER, **options
    )
    code.add_data(text)
    code.make(fit=True)
    return code
