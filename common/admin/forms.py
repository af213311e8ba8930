"""Forms of the administration that take any value back without a crash."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import Model
from django.http import HttpRequest

_MOST_DIGITS = 19  # of a bigint


class _Select(AutocompleteSelect):
    """Shows no choice for a hand-made value that cannot be a row; the field itself refuses it."""

    known: Model | None = None  # the row that is chosen, where it was read already

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        if self.known is not None and list(value) == [str(self.known.pk)]:
            options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
            label = str(self.known)
            options.append(self.create_option(name, self.known.pk, label, True, len(options)))
            return [(None, options, 0)]
        return super().optgroups(name, [row for row in value if is_row_id(row)], attr)


class _SelectMultiple(AutocompleteSelectMultiple):
    """As `_Select`, for several."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, [row for row in value if is_row_id(row)], attr)


def show_known(field: forms.Field, row: Model | None) -> None:
    """Lets a field chosen by search name `row`, if that is chosen, without asking for it again."""
    widget = getattr(field.widget, "widget", field.widget)
    if isinstance(widget, _Select):
        widget.known = row


def is_row_id(text: str) -> bool:
    """Whether it may be the key of a row; Django's admin crashes on the keys that cannot be one."""
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS


class CarefulForms(BaseModelAdmin[Any]):
    """Fields chosen by search take any value back without a crash; for pages and inlines."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = _Select(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = _SelectMultiple(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)
