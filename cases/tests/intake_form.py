"""The counter's form as a browser posts it, for tests of its pages."""

from typing import Any

from cases.models import ProcedureCase
from cases.services.intake import counter_documents
from cases.tests.cast import SPLIT_PLOT

CARD = (
    "082168000142|341234567|Phạm Thị Ngọc Hạnh|14031968|Nữ|12 Ấp Bắc, Mỹ Tho, Tiền Giang|01012022"
)


def filled(case: ProcedureCase, **more: Any) -> dict[str, Any]:
    """A complete form: a person of Mỹ Tho with all required papers as originals."""
    data: dict[str, Any] = {
        "do": "accept",
        "submission_key": "form-1",
        "identity_number": "082168000142",
        "full_name": "Phạm Thị Ngọc Hạnh",
        "phone": "0951 000 156",
        "commune": "phuong my tho",
        "procedure": SPLIT_PLOT,
        "case": case.code,
        "result_channel": "counter",
    }
    for document in counter_documents(case):
        data[f"state_{document.key}"] = "original" if document.required else "missing"
        data[f"count_{document.key}"] = "1"
    return data | more


def required_key(case: ProcedureCase) -> str:
    return next(d.key for d in counter_documents(case) if d.required)


def values(page: Any) -> dict[str, str]:
    """What the form holds now, by field."""
    form = page.context["form"]
    return {bound.name: bound.value() for bound in form if bound.value()}
