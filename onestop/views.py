"""Pages that belong to no app: home, the two switches, errors, the sheet of components."""

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from common import problems
from common.errors import DomainError
from onestop import gallery
from onestop.context_processors import TEXT_SIZE_COOKIE, TEXT_SIZES

_ONE_YEAR_S = 365 * 24 * 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Citizens' first page is the look-up; officers come in by their own address."""
    return redirect("/tra-cuu/")


# ---- switches: links that keep the page ----------------------------------------------------------


def _back(request: HttpRequest) -> HttpResponseRedirect:
    target = request.GET.get("next", "")
    is_ours = target.startswith("/") and url_has_allowed_host_and_scheme(
        target, allowed_hosts=None, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if is_ours else "/")


def _remember(answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=_ONE_YEAR_S,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


@require_safe
def set_language(request: HttpRequest, code: str) -> HttpResponse:
    """The same page (`next`) in Vietnamese or English, remembered for a year."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    answer = _back(request)
    _remember(answer, settings.LANGUAGE_COOKIE_NAME, code)
    return answer


@require_safe
def set_text_size(request: HttpRequest, size: str) -> HttpResponse:
    """The same page (`next`) in text size m, l or xl, remembered for a year."""
    if size not in TEXT_SIZES:
        raise Http404
    answer = _back(request)
    _remember(answer, TEXT_SIZE_COOKIE, size)
    return answer


# ---- errors --------------------------------------------------------------------------------------


def _refusal(request: HttpRequest, template: str, error: DomainError) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problems.response(request, error)
    answer = render(request, template, {"error": error}, status=error.status)
    add_never_cache_headers(answer)  # the frame names who is signed in
    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; the reason may quote what an attacker sent, so it is not shown."""
    error = DomainError(_("This request could not be understood."), code="bad_request", status=400)
    return _refusal(request, "400.html", error)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403; `PermissionDenied("…")` may say which role has the area."""
    message = str(exception) or _("Your account has no right to this page.")
    return _refusal(request, "403.html", DomainError(message, code="role_missing", status=403))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; the same page for "not there" and "not yours"."""
    error = DomainError(_("This page or dossier was not found."), code="not_found", status=404)
    return _refusal(request, "404.html", error)


@csrf_exempt
def no_such_call(request: HttpRequest) -> HttpResponse:
    """Any address below /api/ that is none, also for want of a slash: a POST is not redirected."""
    return not_found(request, Http404())


def session_over(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: a form came back without its token, mostly after signing out."""
    message = _("The page was open for too long. Open it again and send the form once more.")
    return _refusal(request, "403.html", DomainError(message, code="csrf", status=403))


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with the number by which operators find the request in the log; touches no database."""
    number = str(structlog.contextvars.get_contextvars().get("request_id", ""))[:8]
    if request.path.startswith("/api/"):
        message = _("Something broke on our side.")
        return problems.response(request, DomainError(message, code="server_error", status=500))
    page = render_to_string("500.html", {"number": number, "hotline": settings.HOTLINE})
    return HttpResponse(page, status=500)


# ---- development ---------------------------------------------------------------------------------


def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, on citizens' or (`?trang=can-bo`) officers' ground."""
    if not (settings.DEBUG or settings.DEMO or settings.TESTING):
        raise Http404
    staff = request.GET.get("trang") == "can-bo"
    template = "components_staff.html" if staff else "components.html"
    return render(request, template, gallery.context())
