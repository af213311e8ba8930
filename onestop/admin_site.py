"""The administration as a whole."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.attention import Concern, concerns


@dataclass(frozen=True)
class Notice:
    """A concern as one user sees it; `url` is "" where it is not this user's to mend."""

    concern: Concern
    url: str


class OnestopAdminSite(AdminSite):
    """Django's admin under the name of the portal."""

    site_header = _("System administration")
    site_title = site_header
    index_title = _("What can be set here")
    index_template = "admin/start.html"
    enable_nav_sidebar = True

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The start page: what needs attention, then all that can be set."""
        notices = [_notice(request, found) for found in concerns(settings.ADMIN_ATTENTION)]
        return super().index(request, {"notices": notices, **(extra_context or {})})


def _notice(request: HttpRequest, concern: Concern) -> Notice:
    if not concern.page or not (request.user.has_perm(concern.right)):
        return Notice(concern, "")
    query = f"?{concern.query}" if concern.query else ""
    return Notice(concern, reverse(concern.page) + query)
