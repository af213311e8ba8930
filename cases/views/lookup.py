"""The citizen's pages: look-up by code, and the dossier behind the receipt's QR."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from cases.models import Dossier
from cases.selectors.public import dossier_by_token, sentence_of, view_of
from cases.services.lookup import EXAMPLE, find_token
from cases.views.lookup_page import page_of
from common import limits, panels
from common.errors import DomainError, NotFoundError


@csrf_exempt  # changes nothing, and must work from any page that a citizen has open
@require_http_methods(["GET", "HEAD", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """`/tra-cuu/`: 303 to the dossier, or one page for every wrong pair of code and secret."""
    if request.method != "POST":
        return _form(request, {})
    code, secret = request.POST.get("code", ""), request.POST.get("secret", "")
    try:
        token = find_token(code=code, secret=secret, address=limits.client_address(request))
    except DomainError as error:
        return _refused(request, code, error)
    if token is None:
        return _form(request, {"code": code, "wrong": _wrong_pair()})
    answer = redirect("lookup-result", token=token)
    answer.status_code = 303
    return _private(answer)


def _wrong_pair() -> str:
    return _("The dossier code or look-up code is not right. Check both lines on your receipt.")


def _refused(request: HttpRequest, code: str, error: DomainError) -> HttpResponse:
    code_errors = error.fields.get("code", [])
    context = {"code": code, "code_error": code_errors[0] if code_errors else ""}
    if error.status == 429:
        context["wait"] = error.message
    answer = _form(request, context, status=429 if error.status == 429 else 200)
    if error.retry_after_s is not None:
        answer["Retry-After"] = str(error.retry_after_s)
    return answer


def _form(request: HttpRequest, context: dict[str, str], *, status: int = 200) -> HttpResponse:
    words = {"example": EXAMPLE, "hotline": settings.HOTLINE, **context}
    words["has_errors"] = context.get("wrong", "") or context.get("code_error", "")
    return _private(render(request, "cases/lookup_form.html", words, status=status))


@require_safe
def result(request: HttpRequest, token: str) -> HttpResponse:
    """`/t/<token>`: the dossier for whoever holds its receipt."""
    try:
        dossier: Dossier = dossier_by_token(token)
    except NotFoundError as error:
        return _private(render(request, "cases/lookup_gone.html", {"error": error}, status=404))
    view = view_of(dossier)
    context = {
        "view": view,
        "say": sentence_of(view, no_break=True),
        "page": page_of(dossier, view),
        "panels": panels.render(settings.LOOKUP_PANELS, request, dossier),
    }
    return _private(render(request, "cases/lookup_result.html", context))


def _private(answer: HttpResponse) -> HttpResponse:
    """Neither kept by a cache, nor indexed, nor told to the next site."""
    add_never_cache_headers(answer)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
