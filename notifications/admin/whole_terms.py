"""Search in big tables: the whole term by an index, never a part of it."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest


class WholeTermSearch(admin.ModelAdmin[Any]):
    """A list that finds rows by the whole of what is typed; without a term it shows all."""

    def rows_named(self, term: str) -> Q:
        """Which rows a term names, white space around it dropped."""
        raise NotImplementedError

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        return (queryset.filter(self.rows_named(term)) if term else queryset), False
