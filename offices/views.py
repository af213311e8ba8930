"""Signing in and out, and the officer's own page."""

import math
from collections.abc import Mapping
from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from common import clock, panels
from common.dates import due_phrase
from offices.forms import SignInForm
from offices.requests import OfficerRequest, officers_only
from offices.selectors.officers import assignments_of

LONGEST_ACCOUNT = 150


class SignInView(LoginView):
    """GET the form; POST signs in and goes on to the page that asked for it."""

    template_name = "offices/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        before = form.get_user().last_login
        answer = super().form_valid(form)
        if before:
            text = _("Your last sign-in was at %(when)s.") % {
                "when": due_phrase(clock.shifted(before))
            }
            messages.info(self.request, text)
        return answer


class SignOutView(LogoutView):
    """POST only, so that no link can sign anybody out."""


def locked_out(
    request: HttpRequest, original_response: HttpResponse | None, credentials: object
) -> HttpResponse:
    """AXES_LOCKOUT_CALLABLE: too many wrong passwords for one account from one address."""
    cool_off = get_cool_off(request)
    minutes = max(1, math.ceil(cool_off.total_seconds() / 60)) if cool_off else 1
    text = ngettext(
        "Too many tries. Try again in %(n)d minute or call %(hotline)s.",
        "Too many tries. Try again in %(n)d minutes or call %(hotline)s.",
        minutes,
    ) % {"n": minutes, "hotline": settings.HOTLINE}
    answer = render(request, "offices/locked_out.html", {"text": text}, status=429)
    answer["Retry-After"] = str(minutes * 60)
    return answer


def attempted_account(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """AXES_USERNAME_CALLABLE: the account that was tried, as far as an account's name is long."""
    tried = (credentials or request.POST).get("username") or ""
    return str(tried)[:LONGEST_ACCOUNT]


@require_safe
@officers_only
def profile(request: OfficerRequest) -> HttpResponse:
    """Who the officer is here: roles by office, how they are reached, language."""
    context = {
        "assignments": assignments_of(request.user),
        "panels": panels.render(settings.PROFILE_PANELS, request, request.user),
    }
    return render(request, "offices/profile.html", context)
