"""Big tables are searched by the whole code of a dossier: that is one read of an index."""

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cases.models import Dossier
from common.admin import ReadOnlyAdmin
from common.text import nfc


class FoundByDossier(ReadOnlyAdmin):
    """Rows of one dossier, by its whole code or reference; `dossier_path` leads to it."""

    dossier_path = "dossier"
    search_fields: ClassVar[list[str] | tuple[str, ...]] = ("dossier__code",)
    search_help_text = _("Whole dossier code.")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = nfc(search_term).strip()
        if not term:
            return queryset, False
        return queryset.filter(self.found_by(term)), False

    def found_by(self, term: str) -> Q:
        """What the words that were typed mean; pages add what else they are found by."""
        dossiers = Dossier.objects.filter(Q(code=term.upper()) | Q(ref=term.lower()))
        return Q(**{f"{self.dossier_path}__in": list(dossiers[:1])})
