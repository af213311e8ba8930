"""The officer's own page: linking a Zalo account by a one-time code."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from citizens.models import ZaloLink
from citizens.services import CODE_LIFETIME, issue_link_code, unlink_officer
from common.panels import Panel
from notifications.views.announcement_pages import page
from offices.models import Officer
from offices.requests import OfficerRequest, officers_only


def profile_panel(request: HttpRequest, officer: Officer) -> Panel:
    """PROFILE_PANELS: whether an account is linked, and how to link one; one query."""
    link = ZaloLink.objects.filter(officer=officer).first()
    return "notifications/panel_profile.html", {"link": link}


@require_http_methods(["GET", "HEAD", "POST"])
@officers_only
def new_code(request: OfficerRequest) -> HttpResponse:
    """POST: a new one-time code, shown this once; an earlier one is void.

    A link, such as that of the other language, leads back to the officer's page.
    """
    if request.method != "POST":
        return redirect("profile")
    new = issue_link_code(officer=request.user)
    context = {"new": new, "minutes": int(CODE_LIFETIME.total_seconds() // 60)}
    return page(request, "notifications/officer_code.html", context)


@require_POST
@officers_only
def unlink(request: OfficerRequest) -> HttpResponse:
    """Lets the linked account go."""
    if unlink_officer(officer=request.user):
        messages.success(request, _("Your Zalo account is no longer linked."))
    return redirect("profile")
