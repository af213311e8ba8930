"""Turns a refusal of the domain into a page, or into a problem for the API."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common import problems
from common.errors import DomainError


class DomainErrorMiddleware:
    """Shows a DomainError that no view has handled; anything else goes on as a crash."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse | None:
        if not isinstance(exc, DomainError):
            return None
        if request.path.startswith("/api/"):
            return problems.response(request, exc)
        template = {403: "403.html", 404: "404.html", 429: "429.html"}.get(
            exc.status, "refused.html"
        )
        answer = render(request, template, {"error": exc}, status=exc.status)
        if exc.retry_after_s is not None:
            answer["Retry-After"] = str(exc.retry_after_s)
        return answer
