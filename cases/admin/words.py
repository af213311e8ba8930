"""Pages that are only read show the words of the form, not the codes that are stored."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.functional import cached_property

from offices.kinds import OfficeKind

Shown = Callable[[Any], str]


class InWords(BaseModelAdmin[Any]):
    """Fields named in `coded` or `offices` are written out where nobody may change them.

    `coded` are choices of the form, or lists of them; `offices` hold codes of offices or kinds.
    """

    coded: ClassVar[Iterable[str]] = ()
    offices: ClassVar[Iterable[str]] = ()

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fields = super().get_fields(request, obj)
        if self.has_change_permission(request, obj):
            return fields
        return [self._readers.get(name, name) for name in fields]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        if self.has_change_permission(request, obj):
            return fields
        return [*fields, *self._readers.values()]

    @cached_property
    def _readers(self) -> dict[Any, Shown]:
        """By field. Django compares them by identity, so each is made once."""
        words_of = {name: self._word_of(name) for name in self.coded}
        words_of |= dict.fromkeys(self.offices, _office_in_words)
        return {name: _reader(name, self._label(name), word) for name, word in words_of.items()}

    def _word_of(self, name: str) -> Shown:
        field = self.form.base_fields[name]
        assert isinstance(field, forms.ChoiceField)
        words = dict(cast(Iterable[tuple[str, Any]], field.choices))
        return lambda code: str(words.get(code, code))

    def _label(self, name: str) -> Any:
        if name in self.form.base_fields:
            return self.form.base_fields[name].label
        return self.model._meta.get_field(name).verbose_name


def _reader(name: str, label: Any, word_of: Shown) -> Shown:
    """A column for Django's admin; it bears the field's name, by which the help text is found."""

    @admin.display(description=label)
    def shown(row: Model) -> str:
        value = getattr(row, name)
        codes = [value] if isinstance(value, str) else value or []
        return ", ".join(word_of(code) for code in codes if code) or "-"

    shown.__name__ = name
    return shown


def _office_in_words(reference: str) -> str:
    """The kind in words with its name in files, which a draft asks for; a code as it is."""
    if reference in OfficeKind.values:
        return f"{OfficeKind(reference).label} ({reference})"
    return reference
