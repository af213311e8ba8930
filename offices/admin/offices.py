"""The office tree and the communes."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common import dates
from common.admin import AccentFreeSearch, ReadOnlyInline, RefusalsAsMessages, presence
from offices.admin.forms import HoursForm, OfficeForm, WeekFormSet
from offices.models import Commune, FormerCommune, Office, WeeklyInterval
from offices.services.calendar import require_working_days


class OwnHours(admin.TabularInline[WeeklyInterval, Office]):
    """Opening hours of this office; without any the rule for all counts."""

    model = WeeklyInterval
    form = HoursForm
    formset = WeekFormSet
    fields = ("weekday", "opens", "closes", "counter_only")
    extra = 0


@admin.register(Office)
class OfficeAdmin(RefusalsAsMessages, AccentFreeSearch):
    """Offices are never deleted: `valid_to` closes one."""

    form = OfficeForm
    list_display = ("name", "code", "kind", "parent", "subcode", "phone", "valid_to")
    list_select_related = ("parent",)
    list_filter = (
        "kind",
        presence(
            "valid_to",
            title=_("state"),
            missing=pgettext_lazy("office", "open"),
            present=_("closed office"),
        ),
    )
    search_fields = ("search_text", "code", "subcode", "commune__search_text")
    autocomplete_fields = ("parent", "commune", "serves")
    list_per_page = 50
    inlines = (OwnHours,)
    fieldsets = (
        (None, {"fields": ("code", "kind", "parent", "name", "short_name", "former", "subcode")}),
        (None, {"fields": ("address", "phone", "latitude", "longitude")}),
        (None, {"fields": ("commune", "serves", "valid_from", "valid_to", "note")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Office | None = None) -> Any:
        # Procedures and old dossier codes name an office by these.
        return ("code", "former") if obj else ("former",)

    @admin.display(description=_("former names"))
    def former(self, office: Office) -> str:
        """Papers and histories of their time keep them."""
        words = [
            _g("%(name)s, until %(day)s")
            % {"name": row["name"], "day": dates.stamp(datetime.fromisoformat(row["until"]))}
            for row in office.former_names
        ]
        return "; ".join(words) or "–"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        require_working_days()


class Former(ReadOnlyInline):
    """What became this commune, from the import."""

    model = FormerCommune
    fields = ("code", "name", "district", "province")


@admin.register(Commune)
class CommuneAdmin(AccentFreeSearch):
    list_display = ("name", "code", "became_from")
    search_fields = ("search_text", "code", "former__search_text")
    search_help_text = _("Name of today or before 1 July 2025, or code.")
    inlines = (Former,)
    list_per_page = 50
    fields = ("code", "name", "predecessors")
    readonly_fields = ("code",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Commune]:
        rows: QuerySet[Commune] = super().get_queryset(request)
        return rows.prefetch_related("former")

    @admin.display(description=_("before 1 July 2025"))
    def became_from(self, commune: Commune) -> str:
        return "; ".join(former.name for former in commune.former.all())
