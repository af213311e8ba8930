"""What the sheet of components at /_components/ shows; people and codes are invented."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

# The mock-ups' today: Wednesday 25 November 2026, 10:24 in Vietnam.
NOW = datetime(2026, 11, 25, 3, 24, tzinfo=UTC)
_PAPERS = [
    ("original", _("Original")),
    ("copy", _("Copy")),
    ("database", _("From data")),
    ("missing", _("Missing")),
]


class SampleForm(forms.Form):
    """One field of each control."""

    identity_number = forms.CharField(
        label=_("Identity number"),
        help_text=_("12 digits on the front of the card."),
        error_messages={"invalid": "Số căn cước phải đủ 12 chữ số; đang có 11."},
        widget=forms.TextInput(attrs={"class": "input-code", "inputmode": "numeric"}),
    )
    full_name = forms.CharField(label=_("Full name"))
    phone = forms.CharField(
        label=_("Phone"), widget=forms.TextInput(attrs={"inputmode": "tel", "class": "input-short"})
    )
    result = forms.ChoiceField(
        label=_("Collect the result"),
        choices=[("counter", _("At this counter")), ("post", _("By post"))],
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    state = forms.ChoiceField(label=_("Paper"), choices=_PAPERS, widget=forms.RadioSelect)
    count = forms.IntegerField(label=_("Number"), min_value=0, max_value=99)
    agree = forms.BooleanField(label=_("Agrees to messages by Zalo"), required=False)
    photo = forms.FileField(
        label=_("Photo or PDF of the drawing"),
        required=False,
        help_text=_("At most 10 MB a file, 20 pages. All four corners, no glare."),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )


def _sample(prefix: str, initial: dict[str, Any]) -> SampleForm:
    return SampleForm(initial=initial, prefix=prefix)


def _forms() -> dict[str, Any]:
    good = {"full_name": "Phạm Thị Ngọc Hạnh", "phone": "0912 000 156", "count": 1}
    form = SampleForm(
        good | {"identity_number": "08716800014", "state": "original"}, auto_id="f_%s"
    )
    form.add_error("identity_number", "Số căn cước phải đủ 12 chữ số; đang có 11.")
    return {
        "bad_form": form,
        "filled": _sample("g", good | {"state": "original", "result": "post"}),
        "empty": _sample("e", {}),
        "unchecked": _sample("u", {}),
        "missing": _sample("m", {"state": "missing", "count": 0}),
        "database": _sample("d", {"state": "database", "count": 1}),
    }


def _timeline() -> list[dict[str, Any]]:
    def at(day: int, hour: int, minute: int) -> datetime:
        return datetime(2026, 11, day, hour - 7, minute, tzinfo=UTC)

    return [
        {"at": at(17, 8, 40), "title": "Đã nhận hồ sơ", "state": "past",
         "text": "Một cửa tỉnh tại Cao Lãnh, cán bộ Trần Thị Mai"},
        {"at": at(18, 9, 5), "title": "Báo có kết quả", "state": "undone",
         "text": "Trần Thị Mai hoàn tác lúc 09:06"},
        {"at": at(23, 15, 20), "title": "Đề nghị Ông/Bà bổ sung 2 giấy tờ", "state": "now",
         "text": "Tạm dừng tính thời gian."},
        {"at": None, "title": "Sắp tới: kiểm tra bản vẽ, ký Giấy chứng nhận", "state": "next",
         "text": "3 ngày làm việc sau khi nhận đủ giấy tờ"},
    ]  # fmt: skip


def _table() -> dict[str, Any]:
    columns = [
        {"label": "Mã hồ sơ", "css": "", "sort": ""},
        {"label": "Thủ tục", "css": "", "sort": ""},
        {"label": "Hạn", "css": "r", "sort": "ascending"},
    ]
    codes = [
        ("H20.118-261109-0031", ""),
        ("H20.118-261113-0008", "sel"),
        ("H20.009-261118-0004", "gone"),
    ]
    rows = [
        {"css": css, "cells": [
            {"text": code, "url": "#table", "css": "num full"},
            {"text": "Tách thửa hoặc hợp thửa đất", "css": "full"},
            {"text": "23/11", "css": "r", "label": "Hạn"},
        ]}
        for code, css in codes
    ]  # fmt: skip
    return {"columns": columns, "rows": rows}


def _side_nav() -> list[dict[str, Any]]:
    items = [
        ("Việc của tôi", 14, "", True), ("Chưa phân công", 9, "warn", False),
        ("Trễ hạn", 3, "bad", False), ("Chờ trả kết quả", 0, "bad", False),
    ]  # fmt: skip
    return [{"title": "Hàng việc", "items": [
        {"label": label, "url": "#queue", "count": count, "tone": tone, "current": current}
        for label, count, tone, current in items
    ]}]  # fmt: skip


def context() -> dict[str, Any]:
    """Everything the two component templates name."""
    statuses = (
        "received", "supplement", "payment", "financial", "refused", "stopped", "withdrawing",
        "withdrawn", "ready", "returned", "submitted",
    )  # fmt: skip
    return _forms() | {
        "now": NOW,
        "statuses": statuses,
        "timeline": _timeline(),
        "table": _table(),
        "side_nav": _side_nav(),
        "crumbs": [{"label": "Tra cứu hồ sơ", "url": "/tra-cuu/"}, {"label": "Thành phần"}],
        "why": ["Hạn 7 ngày làm việc, không tính ngày nhận.", "Thứ Ba 24/11 là ngày nghỉ lễ."],
        "facts": [
            {"label": "Cơ quan", "value": "Văn phòng Đăng ký đất đai", "lang": "vi"},
            {"label": "Cán bộ", "value": "Lê Minh Khoa", "lang": "vi"},
        ],
        "effects": ["Người dân sẽ nhận tin Zalo."],
        "has_errors": False,
    }
