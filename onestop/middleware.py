"""Turns a refusal of the domain into a page, or into a problem for the API."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from django.conf import settings
from django.db import DataError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    QueryDict,
    UnreadablePostError,
)
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from common import problems
from common.errors import DomainError
from onestop import views

_PART_BYTES = 64 * 1024
_READS_ON_BYTES = 64 * 1024 * 1024
_READS_FOR_S = 20.0


class BodySizeMiddleware:
    """Refuses a body that says it is larger than any form of ours; no byte of it is kept.

    Django's own limit leaves out the files of a multipart form, which it spools to the disk; no
    page of ours takes a file. A body of undeclared length is read as empty.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            _throw_away(request)
            text = _("The request is too large.")
            return _refusal(request, DomainError(text, code="too_large", status=413))
        return self.get_response(request)


def _throw_away(request: HttpRequest) -> None:
    """Reads what the visitor still sends: only then does a browser read why it is refused.

    A photo or a scan, that is; who sends more than that, or slowly, is cut off.
    """
    until = time.monotonic() + _READS_FOR_S
    left = _READS_ON_BYTES
    with suppress(UnreadablePostError):  # the visitor has gone
        while left > 0 and time.monotonic() < until and (part := request.read(_PART_BYTES)):
            left -= len(part)


class DomainErrorMiddleware:
    """Shows a DomainError that no view has handled; anything else goes on as a crash.

    But for a NUL, which the database takes in no text: it is the visitor's fault, wherever it was.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if isinstance(answer, HttpResponseNotAllowed) and request.method == "GET":
            return _not_by_a_link(request, answer)
        return answer

    def process_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse | None:
        if isinstance(exc, DomainError):
            return _refusal(request, exc)
        if isinstance(exc, DataError | ValueError):
            return _nul_refused(request, exc)
        return None


def _refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problems.response(request, error)
    template = {403: "403.html", 404: "404.html", 429: "429.html"}.get(error.status, "refused.html")
    answer = render(request, template, {"error": error}, status=error.status)
    add_never_cache_headers(answer)
    if error.retry_after_s is not None:
        answer["Retry-After"] = str(error.retry_after_s)
    return answer


def _not_by_a_link(request: HttpRequest, empty: HttpResponse) -> HttpResponse:
    """Django leaves the page blank; a visitor gets words and a way on."""
    text = _("This page is opened by its button only. Go back and press the button.")
    answer = _refusal(request, DomainError(text, code="method", status=405))
    answer["Allow"] = empty.headers["Allow"]
    return answer


def _nul_refused(request: HttpRequest, exc: Exception) -> HttpResponse | None:
    """404 for an address with a NUL, 400 for a query or a form with one, else None."""
    if "\0" in request.path:
        return views.not_found(request, exc)
    sent = [text for values in (request.GET, request.POST) for text in _texts(values)]
    return views.bad_request(request, exc) if any("\0" in text for text in sent) else None


def _texts(values: QueryDict) -> Iterator[str]:
    return (text for _name, texts in values.lists() for text in texts if isinstance(text, str))
