"""Errors of the REST API as application/problem+json (RFC 9457), in the caller's language."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from common.errors import DomainError

CONTENT_TYPE = "application/problem+json"
_CODES = {401: "not_authenticated", 403: "role_missing", 404: "not_found", 405: "method"}


def problem(error: DomainError) -> dict[str, Any]:
    """The body of a refusal: type, title, status, code, and per field or reason what is wrong."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": str(error.message),
        "status": error.status,
        "code": error.code,
    }
    if error.fields:
        body["errors"] = {name: [str(t) for t in texts] for name, texts in error.fields.items()}
    # A conflict always has its reasons, so that a caller may show them whichever conflict it is.
    if error.reasons or error.status == 409:
        body["reasons"] = [str(reason) for reason in error.reasons or (error.message,)]
    return body


def from_exception(exc: Exception) -> DomainError | None:
    """Any expected exception as a DomainError; None for a bug, which must crash."""
    if isinstance(exc, DomainError):
        return exc
    if isinstance(exc, Http404):
        return DomainError(_("This page or dossier was not found."), code="not_found", status=404)
    if isinstance(exc, PermissionDenied):
        return DomainError(_("You have no right to this."), code="role_missing", status=403)
    if isinstance(exc, exceptions.ValidationError):
        return DomainError(
            _("Some values need mending."), code="invalid", fields=_fields(exc.detail)
        )
    if isinstance(exc, exceptions.APIException):
        wait = getattr(exc, "wait", None)
        return DomainError(
            str(exc.detail),
            code=_CODES.get(exc.status_code, str(exc.default_code)),
            status=exc.status_code,
            retry_after_s=None if wait is None else int(wait) + 1,
        )
    return None


def _fields(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """DRF's nested details flat: {"applicant.phone": ["…"], "documents[0].key": ["…"]}."""
    if isinstance(detail, dict):
        flat: dict[str, list[str]] = {}
        for name, inner in detail.items():
            flat |= _fields(inner, _path(prefix, name))
        return flat
    if isinstance(detail, list) and any(isinstance(item, (dict, list)) for item in detail):
        flat = {}
        for index, inner in enumerate(detail):
            flat |= _fields(inner, f"{prefix}[{index}]")
        return flat
    texts = detail if isinstance(detail, list) else [detail]
    return {prefix or "body": [str(text) for text in texts]} if texts else {}


def _path(prefix: str, name: str | int) -> str:
    """The name of a field below `prefix`; REST framework's name for "the whole" adds nothing."""
    if isinstance(name, int):
        return f"{prefix}[{name}]"
    if name == api_settings.NON_FIELD_ERRORS_KEY:
        return prefix
    return f"{prefix}.{name}" if prefix else name


def _headers(error: DomainError) -> dict[str, str]:
    headers = {}
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    if error.status == 401:
        headers["WWW-Authenticate"] = "Token"
    return headers


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """REST_FRAMEWORK["EXCEPTION_HANDLER"]."""
    error = from_exception(exc)
    if error is None:
        return None
    set_rollback()
    # A problem is JSON whatever the answer would have been: a page and YAML are not for errors.
    request = context["request"]
    request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
    return Response(
        problem(error),
        status=error.status,
        headers=_headers(error),
        content_type=CONTENT_TYPE,
    )


def response(request: HttpRequest, error: DomainError) -> JsonResponse:
    """The same answer outside of REST framework's views."""
    return JsonResponse(
        problem(error),
        status=error.status,
        headers=_headers(error),
        content_type=CONTENT_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )
