"""Printed forms as PDF: data in, bytes out. No ORM, no network.

Words of the law are Vietnamese whatever language the screen speaks. Each form comes in two copies,
on A5 or A4; `data` is what `cases.services.issued_forms` froze when the form was issued.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from cases.printing.codes import code128_svg, qr_svg
from cases.printing.typesetting import pictures, typeset
from common.dates import date_time_phrase, due_phrase

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
_COPIES = ("Liên 1: giao người nộp hồ sơ", "Liên 2: lưu tại bộ phận tiếp nhận")


class Sheet(StrEnum):
    """The size of the paper in the printer."""

    A5 = "a5"
    A4 = "a4"


def receipt_pdf(data: dict[str, Any], sheet: Sheet = Sheet.A5) -> bytes:
    """Form 01, receipt and appointment (Circular 03/2025, annex I)."""
    words = _receipt_words(data, sheet)
    return typeset("form01", words, at=datetime.fromisoformat(data["received_at"]))


def receipt_pictures(data: dict[str, Any], sheet: Sheet = Sheet.A5) -> list[bytes]:
    """The pages of the citizen's copy of form 01 as PNG."""
    return pictures("form01", _receipt_words(data, sheet) | {"copies": _COPIES[:1]})


def _receipt_words(data: dict[str, Any], sheet: Sheet) -> dict[str, Any]:
    received = datetime.fromisoformat(data["received_at"])
    return {
        **_common(data, sheet),
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


def supplement_pdf(data: dict[str, Any], sheet: Sheet = Sheet.A5) -> bytes:
    """Form 02, request for missing papers (Circular 03/2025, annex I)."""
    issued = datetime.fromisoformat(data["requested_at"])
    runs = data["code"] != ""
    words = {
        **_common(data, sheet),
        "due": f"trước {due_phrase(datetime.fromisoformat(data['due_at']), lang='vi')}",
        "place": f"{data['place']}, {data['place_address']}",
        "effect": "Thời gian chờ bổ sung không tính vào thời hạn giải quyết."
        if runs
        else "Ngày hẹn trả kết quả được tính sau khi đủ giấy tờ.",
        "issued": date_time_phrase(issued, lang="vi"),
    }
    return typeset("form02", words, at=issued)


def _common(data: dict[str, Any], sheet: Sheet) -> dict[str, Any]:
    code = data["code"]
    return {
        **data,
        "paper": sheet.value,
        "copies": _COPIES,
        "handle": f"Mã hồ sơ {code}" if code else f"Mã tra cứu {data['lookup_code']}",
        "qr": qr_svg(data["lookup_url"]),
        "barcode": code128_svg(code) if code else "",
    }


def _paper_line(paper: dict[str, Any]) -> dict[str, str]:
    count = f"{paper['count']} " if paper["state"] != "database" and paper["count"] else ""
    return {"name": paper["name"], "how": count + _PAPER_WORDS[paper["state"]]}


def _budget_words(data: dict[str, Any]) -> str:
    if data["budget_amount"] == 0:
        return "trong ngày; nhận sau 15:00 thì trong ngày làm việc tiếp theo"
    return f"{data['budget_amount']} {_UNIT_WORDS[data['budget_unit']]}"
