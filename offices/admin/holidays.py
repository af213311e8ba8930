"""The page on which a year's days off are entered from what the library knows."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common import clock
from common.errors import DomainError
from offices.models import CalendarDay, WeeklyInterval
from offices.services.holidays import Proposed, enter_days, proposed_days

_AHEAD = 2


class HolidaysForm(forms.Form):
    """Which of the proposed days, and by which text."""

    days = forms.MultipleChoiceField(
        label=_("Days"), widget=forms.CheckboxSelectMultiple, required=False
    )
    legal_reference = forms.CharField(
        label=_("Legal reference"),
        max_length=200,
        help_text=_(
            "Number and date of the notice for this year (Labour Code, article 112). Citizens "
            "read it where their due date is explained."
        ),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def __init__(self, data: Any, *, proposed: list[Proposed]) -> None:
        super().__init__(data, initial={"days": [day.date.isoformat() for day in proposed]})
        field = self.fields["days"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(day.date.isoformat(), _in_words(day)) for day in proposed]


def _in_words(day: Proposed) -> str:
    weekday = WeeklyInterval.Weekday(day.date.weekday()).label
    return f"{weekday} {day.date:%d/%m/%Y}: {day.name} ({day.kind.label})"


class HolidaysPage(admin.ModelAdmin[Any]):
    """GET proposes the days of a year that are not entered, POST enters the chosen ones."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.holidays_view)
        name = "offices_calendarday_holidays"
        return [path("holidays/<int:year>/", view, name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        years = range(clock.today().year, clock.today().year + _AHEAD)
        context = {"holiday_years": years, **(extra_context or {})}
        return super().changelist_view(request, context)

    def holidays_view(self, request: HttpRequest, year: int) -> HttpResponse:
        if not request.user.has_perm("offices.add_calendarday"):
            raise PermissionDenied
        this_year = clock.today().year
        if not this_year <= year <= this_year + _AHEAD:
            messages.error(request, _("Days off are proposed for this year and the next ones."))
            return HttpResponseRedirect(reverse("admin:offices_calendarday_changelist"))
        form = HolidaysForm(request.POST or None, proposed=proposed_days(year))
        if request.method == "POST" and form.is_valid() and self._enter(request, form, year):
            shown = f"{reverse('admin:offices_calendarday_changelist')}?date__year={year}"
            return HttpResponseRedirect(shown)
        context = {
            **self.admin_site.each_context(request),
            "opts": CalendarDay._meta,
            "title": _("Days off of %(year)d") % {"year": year},
            "form": form,
            "has_days": bool(form.fields["days"].choices),  # type: ignore[attr-defined]  # as made
            "year": year,
        }
        return TemplateResponse(request, "admin/offices/calendarday/holidays.html", context)

    def _enter(self, request: HttpRequest, form: HolidaysForm, year: int) -> bool:
        """False when it was refused: the reason stands in the form."""
        chosen = {date.fromisoformat(day) for day in form.cleaned_data["days"]}
        reference = form.cleaned_data["legal_reference"]
        try:
            rows = enter_days(year=year, days=chosen, legal_reference=reference)
        except DomainError as error:
            for field, texts in (error.fields or {"days": [error.message]}).items():
                form.add_error(field, texts)
            return False
        for row in rows:
            self.log_addition(request, row, [{"added": {}}])
        said = ngettext("%(n)d day was entered.", "%(n)d days were entered.", len(rows))
        messages.success(request, said % {"n": len(rows)})
        return True
