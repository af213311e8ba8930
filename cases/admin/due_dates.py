"""The page on which an administrator moves due dates after the calendar changed."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases.models import Dossier
from cases.services.due_dates import MOST_AT_ONCE, move_due_dates, preview_moves
from offices.models import Officer


class ReasonForm(forms.Form):
    """What the citizens read as the reason."""

    reason = forms.CharField(
        label=_("Reason, in words that the citizen understands"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class DueDatesPage(admin.ModelAdmin[Any]):
    """GET shows which open dossiers would move, POST moves them and tells the citizens.

    For whoever may change the calendar.
    """

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.due_dates_view)
        return [path("due-dates/", view, name="cases_dossier_due_dates"), *super().get_urls()]

    def due_dates_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("offices.change_calendarday"):
            raise PermissionDenied
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            assert isinstance(request.user, Officer)
            moved = move_due_dates(officer=request.user, reason=form.cleaned_data["reason"])
            text = ngettext(
                "%(n)d due date was moved; the citizen is told.",
                "%(n)d due dates were moved; the citizens are told.",
                moved,
            )
            messages.success(request, text % {"n": moved})
            return HttpResponseRedirect(reverse("admin:cases_dossier_due_dates"))
        return TemplateResponse(
            request, "admin/cases/dossier/due_dates.html", self._context(request, form)
        )

    def _context(self, request: HttpRequest, form: ReasonForm) -> dict[str, Any]:
        found = preview_moves()
        return {
            **self.admin_site.each_context(request),
            "opts": Dossier._meta,
            "title": _("Due dates after a change of the calendar"),
            "form": form,
            "count": found.count,
            "moves": found.first,
            "most": MOST_AT_ONCE,
        }
