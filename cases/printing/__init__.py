"""Printed forms as PDF: data in, bytes out. No ORM, no network; Typst from its wheel.

Words of the law are Vietnamese whatever language the screen speaks.
"""

import io
import json
import threading
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import barcode
import qrcode
import qrcode.image.svg
import typst
from barcode.writer import SVGWriter

from common.dates import due_phrase

_HERE = Path(__file__).parent
_FONTS = typst.Fonts(
    include_system_fonts=False, include_embedded_fonts=False, font_paths=[_HERE / "fonts"]
)
_local = threading.local()

_PAPER_WORDS = {
    "original": "bản chính",
    "copy": "bản sao",
    "database": "lấy từ cơ sở dữ liệu",
}
_UNIT_WORDS = {
    "working_days": "ngày làm việc",
    "working_hours": "giờ làm việc",
    "calendar_days": "ngày",
}
_CHANNEL_WORDS = {
    "counter": "Nhận tại {office}, {address}",
    "post": "Gửi qua bưu chính đến địa chỉ trên",
    "electronic": "Bản điện tử; hỏi {office} để nhận tệp",
}


def receipt_pdf(data: dict[str, Any]) -> bytes:
    """Form 01 on A5 (Circular 03/2025, annex I) from `cases.services.receipts.receipt_data`.

    PDF/A-2a, unless the font lacks a character; the same data and template give the same bytes.
    """
    received = datetime.fromisoformat(data["received_at"])
    words = {
        **data,
        "qr": qr_svg(data["lookup_url"]),
        "barcode": code128_svg(data["code"]),
        "papers": [_paper_line(paper) for paper in data["papers"]],
        "budget": _budget_words(data),
        "received": due_phrase(received, lang="vi"),
        "due": due_phrase(datetime.fromisoformat(data["due_at"]), lang="vi"),
        "collect": _CHANNEL_WORDS[data["result_channel"]].format(
            office=data["office"], address=data["office_address"]
        ),
        "register_year": f"{received:%Y}",
        "register_line": data["code"].rpartition("-")[2],
    }
    printed = partial(
        _compiler().compile,
        format="pdf",
        sys_inputs={"data": json.dumps(words, ensure_ascii=False)},
        timestamp=int(received.timestamp()),
    )
    try:
        pdf = printed(pdf_standards=["a-2a"])
    except typst.TypstError:
        # PDF/A wants a glyph for every character, and a name may have one that our font lacks. A
        # receipt with a box in its place is better than none.
        pdf = printed()
    assert isinstance(pdf, bytes), "one document was asked for"
    return pdf


def qr_svg(text: str) -> str:
    """A QR of error correction M with its quiet zone, as SVG."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    return code.make_image(image_factory=qrcode.image.svg.SvgPathImage).to_string(
        encoding="unicode"
    )


def code128_svg(text: str) -> str:
    """A Code 128 bar code as SVG, modules of 0.33 mm, without the text below it."""
    buffer = io.BytesIO()
    options = {"write_text": False, "module_width": 0.33, "module_height": 9, "quiet_zone": 4}
    barcode.get("code128", text, writer=SVGWriter()).write(buffer, options)
    return buffer.getvalue().decode()


def _compiler() -> typst.Compiler:
    """One compiler per thread, as the library asks."""
    if not hasattr(_local, "receipt"):
        _local.receipt = typst.Compiler(_HERE / "receipt.typ", root=_HERE, font_paths=_FONTS)
    compiler: typst.Compiler = _local.receipt
    return compiler


def _paper_line(paper: dict[str, Any]) -> dict[str, str]:
    count = f"{paper['count']} " if paper["state"] != "database" and paper["count"] else ""
    return {"name": paper["name"], "how": count + _PAPER_WORDS[paper["state"]]}


def _budget_words(data: dict[str, Any]) -> str:
    if data["budget_amount"] == 0:
        return "trong ngày; nhận sau 15:00 thì trong ngày làm việc tiếp theo"
    return f"{data['budget_amount']} {_UNIT_WORDS[data['budget_unit']]}"
