"""Lists and pages of the administration: searched without accents, counted cheaply, read only."""

from functools import cached_property
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import SuspiciousOperation
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from psycopg.errors import UniqueViolation

from common.admin.forms import CarefulForms, is_row_id
from common.admin.history import RemembersValues
from common.errors import DomainError
from common.text import fold

_COUNTED_AT_MOST = 10_000
_DIGITS_OF_A_YEAR = 4


class CappedPaginator(Paginator[Any]):
    """Counts no further than ten thousand rows: an exact count of a big table costs too much."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if isinstance(rows, QuerySet):
            # In the order of the list: the newest rows are counted along its index.
            return rows[:_COUNTED_AT_MOST].count()
        return len(rows)


class ChoiceFilter(admin.SimpleListFilter):
    """A filter with choices of its own; a value that is none of them filters nothing.

    Without a `queryset` of its own it finds the rows whose `field` is the chosen value.
    """

    field = ""

    def value(self) -> str | None:
        chosen = super().value()
        known = {str(value) for value, _words in self.lookup_choices}
        return chosen if chosen in known else None

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        return queryset.filter(**{self.field: chosen}) if chosen else queryset


def presence(field: str, *, title: Any, missing: Any, present: Any) -> type[ChoiceFilter]:
    """A filter by whether `field` is set, in words that say what that means."""

    class Presence(ChoiceFilter):
        parameter_name = field

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
            return [("missing", missing), ("present", present)]

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            chosen = self.value()
            if chosen is None:
                return queryset
            return queryset.filter(**{f"{field}__isnull": chosen == "missing"})

    Presence.title = title
    return Presence


class CarefulLists(admin.ModelAdmin[Any]):
    """A hand-made address or selection of a list is a bad request, not a crash."""

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        selected = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(is_row_id(row) for row in selected):
            raise SuspiciousOperation("a selected row that cannot be one")
        return super().changelist_view(request, *args, **kwargs)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        is_part_of_day = lookup.endswith(("__year", "__month", "__day"))
        if is_part_of_day and len(value) > _DIGITS_OF_A_YEAR:
            return False
        return super().lookup_allowed(lookup, value, request)


def _parameter(item: Any) -> str:
    """The name by which an entry of `list_filter` stands in the address."""
    if isinstance(item, list | tuple):
        return str(item[0])
    return item if isinstance(item, str) else str(item.parameter_name)


class AccentFreeSearch(CarefulLists):
    """Search words lose their accents first; `search_fields` name columns without accents."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, fold(search_term))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only by what the page offers: `?lookup_code__startswith=A` would spell a secret out."""
        offered = [*map(_parameter, self.list_filter), self.date_hierarchy]
        is_offered = any(
            lookup == name or lookup.startswith(f"{name}__") for name in filter(None, offered)
        )
        return is_offered and super().lookup_allowed(lookup, value, request)


class RefusalsAsMessages(RemembersValues, CarefulForms, CarefulLists):
    """A DomainError in a form or an action becomes a message, and nothing of it is kept.

    The admin runs forms in a transaction, which has been rolled back when this sees the error;
    actions must bring their own. Two who save the same thing at once pass each other's checks: the
    database refuses the second one.
    """

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DomainError as error:
            return self.refused(request, error)
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation):
                raise
            text = _("Somebody else has just saved the same. Look at it, then try again.")
            return self.refused(request, DomainError(text, code="same_at_once", status=409))

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().delete_view(request, *args, **kwargs)
        except DomainError as error:
            return self.refused(request, error)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changelist_view(request, *args, **kwargs)
        except DomainError as error:
            return self.refused(request, error)

    def refused(self, request: HttpRequest, error: DomainError) -> HttpResponse:
        """Back to the same page with the refusal and each of its reasons."""
        messages.error(request, str(error))
        for reason in error.reasons:
            messages.warning(request, reason)
        return HttpResponseRedirect(request.get_full_path())


class ReadOnlyMixin:
    """Nobody adds, changes or deletes here; who has the right to view sees the rows."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class LongList(CarefulLists):
    """A list of a table that may hold millions: nothing counts or groups all its rows."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = CappedPaginator
    list_per_page = 50


class ReadOnlyAdmin(ReadOnlyMixin, LongList, AccentFreeSearch):
    """A page of rows that only the product itself writes."""


class ReadOnlyInline(ReadOnlyMixin, admin.TabularInline[Any, Any]):
    """Rows below another row, to look at; however many there are, one query reads them."""

    extra = 0
    can_delete = False
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the rows that its columns name."""
        rows = super().get_queryset(request)
        columns = self.model._meta.fields
        named = [c.name for c in columns if c.is_relation and c.name in (self.fields or ())]
        return rows.select_related(*named) if named else rows
