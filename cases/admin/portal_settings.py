"""The settings that administrators keep: one page, no list."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cases.models import PortalSettings
from cases.selectors.rules import default_settings
from common.admin import RemembersValues


@admin.register(PortalSettings)
class PortalSettingsAdmin(RemembersValues):
    """The entry of the start page leads straight to the one row."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        PortalSettings.objects.bulk_create([default_settings()], ignore_conflicts=True)
        page = reverse("admin:cases_portalsettings_change", args=[PortalSettings.THE_ROW])
        return HttpResponseRedirect(page)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: PortalSettings | None = None
    ) -> bool:
        return False
