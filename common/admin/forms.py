"""Forms of the administration that take any value back without a crash."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.http import HttpRequest


class _Select(AutocompleteSelect):
    """Shows no choice for a hand-made value that cannot be a row; the field itself refuses it."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, [row for row in value if is_row_id(row)], attr)


class _SelectMultiple(AutocompleteSelectMultiple):
    """As `_Select`, for several."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, [row for row in value if is_row_id(row)], attr)


def is_row_id(text: str) -> bool:
    """Whether it may be the key of a row; Django's admin crashes on the keys that cannot be one."""
    return text.isascii() and text.isdecimal()


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
