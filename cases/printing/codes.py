"""Codes that machines read, as SVG."""

import io

import barcode
import qrcode
import qrcode.image.svg
from barcode.writer import SVGWriter


def qr_svg(text: str) -> str:
    """A QR of error correction M with its quiet zone."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    return code.make_image(image_factory=qrcode.image.svg.SvgPathImage).to_string(
        encoding="unicode"
    )


def code128_svg(text: str) -> str:
    """A Code 128 bar code, modules of 0.33 mm, without the text below it."""
    buffer = io.BytesIO()
    options = {"write_text": False, "module_width": 0.33, "module_height": 9, "quiet_zone": 4}
    barcode.get("code128", text, writer=SVGWriter()).write(buffer, options)
    return buffer.getvalue().decode()
