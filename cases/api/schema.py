"""What the OpenAPI document says of errors, tokens and repeated calls."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    inline_serializer,
)
from rest_framework import serializers

from cases.api.idempotency import HEADER
from cases.printing import Sheet
from common.problems import CONTENT_TYPE

Responses = dict[Any, Any]


_PROBLEM = inline_serializer(
    "Problem",
    {
        "type": serializers.CharField(default="about:blank"),
        "title": serializers.CharField(help_text="What is wrong, for people."),
        "status": serializers.IntegerField(),
        "code": serializers.CharField(help_text="What is wrong, for programs; such as `stale`."),
        "errors": serializers.DictField(
            child=serializers.ListField(child=serializers.CharField()),
            required=False,
            help_text="Per field of the request, such as `applicant.phone`, `documents[0].key`.",
        ),
        "reasons": serializers.ListField(
            child=serializers.CharField(),
            required=False,
            help_text="Every reason why the dossier cannot be moved so.",
        ),
    },
)
_PROBLEMS = {
    400: "The request is not valid; `errors` says where.",
    401: "The token is missing or not valid.",
    403: "The caller lacks the role.",
    404: "Not there, or another office's.",
    406: "The answer is JSON only.",
    409: "The version is stale, or the dossier cannot be moved so; all reasons in `reasons`.",
    413: "The body is too large.",
    415: "The body must be application/json.",
    422: f"The `{HEADER}` was used for another request.",
    429: "Too many requests; see Retry-After.",
}
_EXAMPLES: dict[int, dict[str, Any]] = {
    400: {
        "type": "about:blank",
        "title": "Có giá trị cần sửa.",
        "status": 400,
        "code": "invalid",
        "errors": {"applicant.identity_number": ["Số căn cước phải đủ 12 chữ số; đang có 11."]},
    },
    409: {
        "type": "about:blank",
        "title": "Lê Minh Khoa đã Nhận xử lý lúc 10:02. Xem thay đổi rồi làm lại; "
        "nội dung đã nhập vẫn còn.",
        "status": 409,
        "code": "stale",
    },
}


def problems(*statuses: int) -> Responses:
    """Declarations of problem responses; 401 and 406 can come from every call with a token."""
    return {
        (status, CONTENT_TYPE): OpenApiResponse(
            _PROBLEM, description=_PROBLEMS[status], examples=_examples(status)
        )
        for status in sorted(statuses)
    }


def _examples(status: int) -> list[OpenApiExample]:
    body = _EXAMPLES.get(status)
    return [OpenApiExample(f"problem {status}", body, status_codes=[str(status)])] if body else []


LIST: tuple[int, ...] = (400, 401, 406, 429)
READ: tuple[int, ...] = (401, 404, 406, 429)
WRITE: tuple[int, ...] = (400, 401, 403, 404, 406, 409, 413, 415, 422, 429)

IDEMPOTENCY = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="Any 1 to 128 visible ASCII characters. For 24 hours the same key of the same "
    "token gets the first 2xx answer again and nothing is done twice.",
)
LANGUAGE = OpenApiParameter(
    "Accept-Language", str, OpenApiParameter.HEADER, enum=["vi", "en"], description="Of all words."
)
SHEET = OpenApiParameter(
    "sheet", str, enum=list(Sheet), default=Sheet.A5, description="Size of the paper."
)
HANDLE = OpenApiParameter(
    "handle", str, OpenApiParameter.PATH, description="Code of the dossier, or its `ref`."
)


class ApiTokenScheme(OpenApiAuthenticationExtension):
    """`Authorization: Token …`, from `manage.py create_api_token`."""

    target_class = "offices.authentication.ApiTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token ` and a token that `manage.py create_api_token` printed.",
        }
