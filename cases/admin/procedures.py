"""Procedures by their code: the current version, all others, and the way to a new draft."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from cases.models import Procedure, ProcedureVersion
from cases.models.procedure import VersionState
from cases.services.catalogue import export_procedures
from common.admin import ChoiceFilter, ReadOnlyAdmin, ReadOnlyInline


class Versions(ReadOnlyInline):
    model = ProcedureVersion
    fk_name = "procedure"
    fields = ("number", "state", "short_name", "published_at", "published_by")
    readonly_fields = fields
    show_change_link = True
    ordering = ("-number",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProcedureVersion]:
        return super().get_queryset(request).select_related("procedure")  # its `str` names it


class VersionFilter(ChoiceFilter):
    """Procedures that wait for somebody: none published yet, or a draft being written."""

    title = _l("version")
    parameter_name = "version"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _l("none published")), ("draft", _l("has a draft"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Procedure]) -> QuerySet[Procedure]:
        if self.value() == "none":
            return queryset.filter(current=None)
        has_draft = Q(versions__state=VersionState.DRAFT)
        return queryset.filter(has_draft) if self.value() == "draft" else queryset


class SystemFilter(ChoiceFilter):
    """Procedures by whether they are handled here."""

    title = _l("handled in another system")
    parameter_name = "system"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("here", _l("handled here")), ("there", _l("handled there"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Procedure]) -> QuerySet[Procedure]:
        if self.value() is None:
            return queryset
        here = Q(current__external_system="")
        return queryset.filter(here if self.value() == "here" else ~here)


@admin.register(Procedure)
class ProcedureAdmin(ReadOnlyAdmin):
    list_display = ("code", "short_name", "field", "number", "has_draft")
    list_filter = (
        VersionFilter,
        "current__field",
        SystemFilter,
    )
    search_fields = ("code", "current__search_text")
    list_select_related = ("current",)
    fields = ("code", "current")
    inlines = (Versions,)
    actions = ("export",)

    @admin.action(description=_l("Export the selected procedures"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet[Procedure]) -> HttpResponse:
        """A file that `import_procedures` of another installation reads."""
        content = export_procedures(queryset.select_related("current"))
        answer = HttpResponse(content, content_type="application/json; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="procedures.json"'
        return answer

    def get_queryset(self, request: HttpRequest) -> QuerySet[Procedure]:
        drafts = ProcedureVersion.objects.filter(procedure=OuterRef("pk"), state=VersionState.DRAFT)
        rows: QuerySet[Procedure] = super().get_queryset(request)
        return rows.annotate(draft_exists=Exists(drafts))

    @admin.display(description=_l("short name"), ordering="current__search_text")
    def short_name(self, procedure: Procedure) -> str:
        return procedure.current.short_name if procedure.current else "–"

    @admin.display(description=_l("field"), ordering="current__field")
    def field(self, procedure: Procedure) -> str:
        return procedure.current.field if procedure.current else "–"

    @admin.display(description=_l("version"))
    def number(self, procedure: Procedure) -> Any:
        return procedure.current.number if procedure.current else None

    @admin.display(description=VersionState.DRAFT.label)
    def has_draft(self, procedure: Procedure) -> str:
        return _("has a draft") if getattr(procedure, "draft_exists", False) else ""
