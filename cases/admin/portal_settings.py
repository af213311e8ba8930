"""The settings that administrators keep: one page, no list."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cases.admin import law
from cases.models import PortalSettings
from cases.selectors.rules import default_settings
from common.admin import RemembersValues


class SettingsForm(forms.ModelForm[PortalSettings]):
    """The rules with what the law says of them."""

    class Meta:
        model = PortalSettings
        fields = (
            "supplement_working_days", "lookup_tries_per_code", "lookup_tries_per_address",
            "lookup_tries_in_all",
        )  # fmt: skip
        help_texts = law.SETTINGS


@admin.register(PortalSettings)
class PortalSettingsAdmin(RemembersValues):
    """The entry of the start page leads straight to the one row."""

    form = SettingsForm

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
