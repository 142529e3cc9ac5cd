"""QR codes: SVG for pages and paper, PNG for chats; dark on white in every colour scheme."""

from io import BytesIO
from typing import Any

import qrcode
from qrcode.image.svg import SvgPathImage


def svg(text: str) -> str:
    """The code of a text, error correction M, with its quiet zone of four modules."""
    drawn = BytesIO()
    _code(text, image_factory=SvgPathImage).make_image().save(drawn)
    return drawn.getvalue().decode().split("?>", 1)[-1].strip()


def png(text: str) -> bytes:
    """The same code as a picture, ten dots for each module."""
    drawn = BytesIO()
    _code(text, box_size=10).make_image().save(drawn)
    return drawn.getvalue()


def _code(text: str, **options: Any) -> qrcode.QRCode[Any]:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, **options)
    code.add_data(text)
    code.make(fit=True)
    return code
