"""Every refusal of the API: its code, its status, what it means, and how the document says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.utils.functional import Promise, lazystr
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from common.problems import CONTENT_TYPE

Responses = dict[Any, Any]


@dataclass(frozen=True)
class Refusal:
    """`meaning` is for people who write programs; `example` holds members of its own."""

    code: str
    status: int
    meaning: str | Promise
    example: Mapping[str, Any] = field(default_factory=dict)


_ID_NUMBER = {
    "errors": {"applicant.identity_number": ["Số căn cước phải đủ 12 chữ số; đang có 11."]}
}
_SAID = {"title": "Lê Minh Khoa đã thực hiện “Đã chuyển bước” lúc 10:02. Xem thay đổi rồi làm lại."}
_DONE = {"title": "Việc này đã làm lúc 10:02. Không làm lại lần nữa."}
_LAST_STEP = ["Đây là bước cuối: hãy báo có kết quả."]

REFUSALS: tuple[Refusal, ...] = (
    Refusal("invalid", 400, _("A value is not valid; `errors` says which and why."), _ID_NUMBER),
    Refusal("parse_error", 400, _("The body is not JSON in UTF-8.")),
    Refusal("bad_request", 400, _("The request is no proper HTTP, or for another host.")),
    Refusal(
        "external_system",
        400,
        _("The procedure is handled in another system, named in `errors`."),
        {"errors": {"procedure": ["Thủ tục này được xử lý trên hệ thống khác."]}},
    ),
    Refusal(
        "office_missing",
        400,
        _("The tree of offices lacks one that a step needs; an administrator must enter it."),
    ),
    Refusal("not_authenticated", 401, _("There is no API token, or not a valid one.")),
    Refusal("role_missing", 403, _("The officer of the token has no role that may do this.")),
    Refusal("not_found", 404, _("It is not there, or it is another office's.")),
    Refusal("not_acceptable", 406, _("`Accept` leaves out the only type that this call answers.")),
    Refusal(
        "stale",
        409,
        _("`version` is not the newest: read the dossier again, then decide again."),
        _SAID | {"reasons": [_SAID["title"]]},
    ),
    Refusal(
        "already_done",
        409,
        _("The same officer sent the same move before, and it was done then."),
        _DONE | {"reasons": [_DONE["title"]]},
    ),
    Refusal(
        "illegal_move",
        409,
        _("The dossier cannot be moved so now; `reasons` holds every reason."),
        {
            "title": "Không thể “Chuyển bước” khi hồ sơ đang “Đang giải quyết”: " + _LAST_STEP[0],
            "reasons": _LAST_STEP,
        },
    ),
    Refusal(
        "no_working_day",
        409,
        _("The calendar has no working day ahead; an administrator must enter hours."),
        {"reasons": ["Lịch không có ngày làm việc nào trong 400 ngày sau ngày 24/11/2026."]},
    ),
    Refusal("too_large", 413, _("The body is larger than 1 MB.")),
    Refusal("unsupported_media_type", 415, _("The body is not `application/json`.")),
    Refusal(
        "idempotency_key_reused",
        422,
        _("The `Idempotency-Key` came before with another body or address."),
    ),
    Refusal("too_many", 429, _("The token has made too many calls; `Retry-After` says how long.")),
)
BY_CODE: Mapping[str, Refusal] = {refusal.code: refusal for refusal in REFUSALS}

ANY_CALL = ("bad_request", "too_large")
"""What any address may answer, whatever it does."""
WITH_TOKEN = (*ANY_CALL, "not_authenticated", "too_many")
"""What any call with a token may answer."""
READ = (*WITH_TOKEN, "not_acceptable", "not_found")
LIST = (*WITH_TOKEN, "not_acceptable", "invalid")
WRITE = (
    *WITH_TOKEN,
    "not_acceptable",
    "invalid",
    "parse_error",
    "role_missing",
    "unsupported_media_type",
    "idempotency_key_reused",
)


def refusals(*codes: str) -> Responses:
    """Declarations of these refusals, one response for each status."""
    found = [refusal for refusal in REFUSALS if refusal.code in codes]
    by_status = groupby(sorted(found, key=_status), key=_status)
    return {(status, CONTENT_TYPE): _response(status, list(group)) for status, group in by_status}


def _status(refusal: Refusal) -> int:
    return refusal.status


def _response(status: int, group: list[Refusal]) -> OpenApiResponse:
    narrowed: dict[str, Any] = {
        "properties": {
            "status": {"const": status},
            "code": {"enum": [refusal.code for refusal in group]},
        }
    }
    if status == 409:
        narrowed["required"] = ["reasons"]
    return OpenApiResponse(
        {"allOf": [{"$ref": "#/components/schemas/Problem"}, narrowed]},
        description=lazystr(_Meanings(group)),
        examples=[_example(refusal) for refusal in group],
    )


class _Meanings:
    """One line for each code, in the language of the moment at which it becomes text."""

    def __init__(self, group: Iterable[Refusal]) -> None:
        self.group = tuple(group)

    def __str__(self) -> str:
        return "\n".join(f"* `{refusal.code}` - {refusal.meaning}" for refusal in self.group)


def _example(refusal: Refusal) -> OpenApiExample:
    head = {
        "type": "about:blank",
        "title": refusal.meaning,
        "status": refusal.status,
        "code": refusal.code,
    }
    return OpenApiExample(refusal.code, {**head, **refusal.example}, media_type=CONTENT_TYPE)


PROBLEM: Mapping[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string", "minLength": 1, "description": _("What is wrong, in words.")},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": _("What is wrong, for programs.")},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
            "description": _("By field of the request: `applicant.phone`, `documents[0].key`."),
        },
        "reasons": {
            "type": "array",
            "items": {"type": "string"},
            "minItems": 1,
            "description": _("Every reason against a move."),
        },
    },
    "additionalProperties": False,
}
