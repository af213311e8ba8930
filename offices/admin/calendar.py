"""Opening hours for all, and the days that differ from their weekday."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from common.admin import RefusalsAsMessages, presence
from common.obligations import obligations
from offices.admin.forms import DayForm, HoursForm
from offices.admin.holidays import HolidaysPage
from offices.models import CalendarDay, WeeklyInterval
from offices.services.calendar import require_working_days

_WHOSE = presence("office", title=_("office"), missing=_("all offices"), present=_("one office"))


class _WorkingTimeAdmin(RefusalsAsMessages):
    """Each change must leave working days; what would not is undone and said."""

    autocomplete_fields = ("office",)

    @admin.display(description=_("office"), ordering="office__sort_key")
    def whose(self, row: CalendarDay | WeeklyInterval) -> str:
        """Whose hours or day: those without an office hold for all."""
        return row.office.name if row.office else _g("all offices")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        require_working_days()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        require_working_days()

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().delete_queryset(request, queryset)
        require_working_days()


@admin.register(CalendarDay)
class CalendarDayAdmin(HolidaysPage, _WorkingTimeAdmin):
    form = DayForm
    list_display = ("date", "weekday", "kind", "name", "whose", "legal_reference")
    list_filter = ("kind", _WHOSE)
    list_select_related = ("office",)
    date_hierarchy = "date"
    search_fields = ("name", "legal_reference")
    fields = ("date", "kind", "name", "legal_reference", "office", "opens", "closes")

    @admin.display(description=WeeklyInterval._meta.get_field("weekday").verbose_name)
    def weekday(self, day: CalendarDay) -> str:
        return str(WeeklyInterval.Weekday(day.date.weekday()).label)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """With the reasons why a day must stay: the page then offers no button."""
        rows, counts, lacking, protected = super().get_deleted_objects(objs, request)
        held = [
            f"{day}: {reason}"
            for day in objs
            for reason in obligations(settings.CALENDAR_OBLIGATIONS, day)
        ]
        return rows, counts, lacking, [*protected, *held]


@admin.register(WeeklyInterval)
class WeeklyIntervalAdmin(_WorkingTimeAdmin):
    form = HoursForm
    list_display = ("weekday", "opens", "closes", "whose", "counter_only")
    search_fields = ("office__search_text", "office__code")
    list_filter = (_WHOSE, "weekday", "counter_only")
    list_select_related = ("office",)
