"""QR codes as SVG: sharp on paper, dark on white in every colour scheme."""

from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathImage


def svg(text: str) -> str:
    """The code of a text, error correction M, with its quiet zone of four modules."""
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, image_factory=SvgPathImage
    )
    code.add_data(text)
    code.make(fit=True)
    drawn = BytesIO()
    code.make_image().save(drawn)
    return drawn.getvalue().decode().split("?>", 1)[-1].strip()
