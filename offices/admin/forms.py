"""Forms of offices, officers and the calendar: what cannot be is said beside its field."""

from copy import copy
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import UserChangeForm
from django.db import transaction
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from common import clock
from common.admin.forms import show_known
from common.errors import DomainError
from common.obligations import obligations
from offices.kinds import Role
from offices.models import CalendarDay, Office, Officer, RoleAssignment, WeeklyInterval
from offices.services.calendar import require_working_days
from offices.services.officers import active_administrators, last_administrator


class _Undo(Exception):
    """Ends a trial: nothing of it is kept."""


def _refusal(row: Any) -> str:
    """Why the calendar with this row in it cannot be, or ""; the trial leaves nothing behind."""
    trial = copy(row)
    trial._state = copy(row._state)
    try:
        with transaction.atomic():
            trial.save()
            require_working_days()
            raise _Undo
    except _Undo:
        return ""
    except DomainError as error:
        return error.message


class OfficeForm(forms.ModelForm[Office]):
    """An office of the tree; `valid_to` closes it."""

    class Meta:
        model = Office
        fields = (
            "code", "kind", "parent", "name", "short_name", "subcode", "address", "phone",
            "latitude", "longitude", "commune", "serves", "valid_from", "valid_to", "note",
        )  # fmt: skip
        help_texts = {
            "code": _("Never changes: procedures, files and old dossier codes name it."),
            "subcode": _("Three digits in the dossier code (form 01); receiving units only."),
            "parent": _("The office of which it is a part."),
            "serves": _("Land registry branches only: the communes whose land they register."),
            "valid_from": _("Since when it exists, by the decision that set it up."),
            "valid_to": _(
                "Closes the office for new dossiers; old ones keep its name. Only when no dossier "
                "is open there and no procedure in force names it (Decree 118/2025)."
            ),
            "note": _("Number and date of the decision."),
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = data.get("valid_from"), data.get("valid_to")
        if begins and ends and ends < begins:
            self.add_error("valid_to", _g("It closes before it begins."))
        if self.instance.pk:
            self._check_parent(data.get("parent"))
            if ends and "valid_to" in self.changed_data:
                for reason in self._obligations():
                    self.add_error("valid_to", reason)
        return data

    def _check_parent(self, parent: Office | None) -> None:
        above, seen = parent, set[int]()
        while above is not None and above.pk not in seen:
            if above.pk == self.instance.pk:
                text = _g("An office cannot belong to itself or to one of its own parts.")
                self.add_error("parent", text)
                return
            seen.add(above.pk)
            above = above.parent

    def _obligations(self) -> list[str]:
        office = self.instance
        parts = office.children.filter(valid_to=None).values_list("short_name", flat=True)
        own = [_g("Offices that belong to it are open: %(names)s.") % {"names": "; ".join(parts)}]
        return (own if parts else []) + obligations(settings.OFFICE_OBLIGATIONS, office)


class DayForm(forms.ModelForm[CalendarDay]):
    """A day that differs from its weekday."""

    class Meta:
        model = CalendarDay
        fields = ("date", "kind", "name", "legal_reference", "office", "opens", "closes")
        help_texts = {
            "kind": _(
                "Day off: not counted in any deadline (Civil Code, articles 147 and 148). Made-up "
                "working day: counted, as when a Saturday is worked for a swapped day."
            ),
            "legal_reference": _(
                "Number and date of the text that says so: Labour Code, article 112, the yearly "
                "notice on days off, or the decision of the province. Citizens read it."
            ),
            "office": _("Empty: for the whole country. Else for the deadlines of this office."),
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk and {"date", "kind", "office"} & set(self.changed_data):
            day = CalendarDay.objects.get(pk=self.instance.pk)
            for reason in obligations(settings.CALENDAR_OBLIGATIONS, day):
                self.add_error("date", reason)
        return data

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # a hook of Django that its stubs leave out
        if not self.errors and (reason := _refusal(self.instance)):
            self.add_error("date", reason)


class HoursForm(forms.ModelForm[WeeklyInterval]):
    """One stretch of opening hours of one weekday."""

    class Meta:
        model = WeeklyInterval
        fields = ("office", "weekday", "opens", "closes", "counter_only")
        help_texts = {
            "office": _("Empty: for all offices. An office with hours of its own uses only those."),
            "closes": _("What is received after 15:00 may go on the next morning (Decree 309/2026, "
                        "article 9)."),
            "counter_only": _(
                "The counter receives and returns, as on Saturdays, but the day is no working day: "
                "deadlines run on working days only."
            ),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        opens, closes, weekday = data.get("opens"), data.get("closes"), data.get("weekday")
        if "office" not in self.fields or opens is None or closes is None or weekday is None:
            return data  # below an office its whole week is looked at together
        others = WeeklyInterval.objects.filter(office=data.get("office"), weekday=weekday)
        other = others.exclude(pk=self.instance.pk).filter(opens__lt=closes, closes__gt=opens)
        if (found := other.first()) is not None:
            self.add_error("opens", _overlaps(found))
        return data

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # as above
        if "office" in self.fields and not self.errors and (reason := _refusal(self.instance)):
            self.add_error("weekday", reason)


def _overlaps(other: WeeklyInterval) -> str:
    return _g("It overlaps with %(other)s.") % {"other": other}


class WeekFormSet(BaseInlineFormSet[WeeklyInterval, Office, Any]):
    """The own week of an office: no two stretches of a day overlap."""

    def clean(self) -> None:
        super().clean()
        kept: list[WeeklyInterval] = []
        for form in self.forms:
            row = form.instance
            if form in self.deleted_forms or form.errors or not form.cleaned_data:
                continue
            for other in kept:
                if (
                    other.weekday == row.weekday
                    and other.opens < row.closes
                    and row.opens < other.closes
                ):
                    form.add_error("opens", _overlaps(other))
            kept.append(row)


class OfficerForm(UserChangeForm[Officer]):
    """An account; `by` is who changes it."""

    by: Officer

    class Meta(UserChangeForm.Meta):
        model = Officer
        help_texts = {
            "is_active": _(
                "Unticked: nobody logs in with this account. Accounts are "
                "never deleted, their names stand in the history of dossiers."
            ),
            "title": _("As citizens read it on their dossier (Decree 224/2026, article 15)."),
        }

    def clean_is_active(self) -> bool:
        is_active = bool(self.cleaned_data["is_active"])
        if is_active or not self.instance.is_active:
            return is_active
        if self.instance.pk == self.by.pk:
            raise forms.ValidationError(
                _g("This is your own account: another administrator must do it.")
            )
        if list(active_administrators()[:2]) == [self.instance]:
            raise forms.ValidationError(last_administrator())
        return is_active


class RoleForm(forms.ModelForm[RoleAssignment]):
    """One role in one office."""

    class Meta:
        model = RoleAssignment
        fields = ("office", "role")
        help_texts = {
            "role": _(
                "Front desk: receives and returns (Decree 118/2025). Every counter needs a "
                "stand-in (Decree 309/2026, article 6): give the role to two officers."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "office" in self.fields:
            show_known(self.fields["office"], self.instance.office)

    def clean_office(self) -> Office:
        office: Office = self.cleaned_data["office"]
        last = office.valid_to
        if last is not None and last < clock.today() and "office" in self.changed_data:
            raise forms.ValidationError(
                _g("This office is closed since %(day)s.") % {"day": f"{last:%d/%m/%Y}"}
            )
        return office


class RoleFormSet(BaseInlineFormSet[RoleAssignment, Officer, Any]):
    """The roles of an officer; `by` is who gives them."""

    by: Officer

    def clean(self) -> None:
        super().clean()
        if any(form.errors for form in self.forms):
            return
        was = self.instance.pk and self.instance.role_assignments.filter(role=Role.ADMINISTRATOR)
        if not was or self._is_administrator():
            return
        if self.instance.pk == self.by.pk:
            raise forms.ValidationError(
                _g("You cannot take the role of administrator from yourself.")
            )
        if list(active_administrators()[:2]) == [self.instance]:
            raise forms.ValidationError(last_administrator())

    def _is_administrator(self) -> bool:
        return any(
            form.cleaned_data.get("role") == Role.ADMINISTRATOR
            for form in self.forms
            if form not in self.deleted_forms
        )
