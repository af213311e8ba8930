"""The history of a row: what was changed, from which value to which, in people's words.

Django writes down the names of changed fields; here each name brings its old and its new value,
in the language of the product, whoever reads them: a history is a record.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import translation
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from common import clock

_LONGEST = 200


class RemembersValues(admin.ModelAdmin[Any]):
    """Each change in the history with the old and the new value."""

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        """As Django's, `fields` holding “label: old → new” in place of the label."""
        with translation.override(settings.LANGUAGE_CODE):
            found: list[dict[str, Any]] = [{"added": {}}] if add else []
            if not add and form.changed_data:
                found.append({"changed": {"fields": _changes(form)}})
            for formset in formsets or ():
                found += _of_rows(formset)
        return found


def in_words(value: Any, field: forms.Field | None = None) -> str:
    """A value of a form field as people read it; an empty one is said to be empty."""
    if value is None or value == "" or value == []:
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (datetime, date, time)):
        return _moment(value)
    if isinstance(value, (list, tuple, set, QuerySet)):
        return "; ".join(in_words(part, field) for part in value) or _("empty")
    return Truncator(str(_choice(value, field))).chars(_LONGEST)


def _moment(value: datetime | date | time) -> str:
    if isinstance(value, datetime):
        return f"{clock.local(value):%H:%M %d/%m/%Y}"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else f"{value:%H:%M}"


def _choice(value: Any, field: forms.Field | None) -> Any:
    """The row that a key means, the words of a choice, else the value itself."""
    if isinstance(field, forms.ModelChoiceField) and not isinstance(value, Model):
        return field.queryset.filter(pk=value).first() or value if field.queryset else value
    choices = getattr(field, "choices", ())
    if isinstance(field, (forms.ChoiceField, forms.TypedChoiceField)):
        return dict(_flat(choices)).get(str(value), value)
    return value


def _flat(choices: Iterable[Any]) -> Iterable[tuple[str, Any]]:
    for key, words in choices:
        if isinstance(words, (list, tuple)):
            yield from _flat(words)
        else:
            yield str(key), words


def _changes(form: Any) -> list[str]:
    return [_change(form, name) for name in form.changed_data]


def _change(form: Any, name: str) -> str:
    field = form.fields.get(name)
    label = capfirst(str(getattr(field, "label", None) or _(name)))
    if field is None or isinstance(field.widget, forms.PasswordInput):
        return label
    old, new = form.get_initial_for_field(field, name), form.cleaned_data.get(name)
    if isinstance(field, forms.ModelMultipleChoiceField):
        return f"{label}: {_in_and_out(old or (), new or ())}"
    return f"{label}: {in_words(old, field)} → {in_words(new, field)}"


def _in_and_out(old: Iterable[Any], new: Iterable[Any]) -> str:
    """Which rows came and which went: "+ A; − B"."""
    before, after = list(old), list(new)
    came = [f"+ {row}" for row in after if row not in before]
    went = [f"− {row}" for row in before if row not in after]
    return Truncator("; ".join([*came, *went])).chars(_LONGEST)


def _of_rows(formset: Any) -> list[dict[str, Any]]:
    """The rows below that came, changed and went."""
    changed: Sequence[tuple[Any, list[str]]] = formset.changed_objects
    by_row = {form.instance.pk: form for form in formset.initial_forms}
    return [
        *({"added": _named(row)} for row in formset.new_objects),
        *(
            {"changed": _named(row) | {"fields": _changes(by_row[row.pk])}}
            for row, _names in changed
        ),
        *({"deleted": _named(row)} for row in formset.deleted_objects),
    ]


def _named(row: Model) -> dict[str, str]:
    return {"name": str(row._meta.verbose_name), "object": str(row)}
