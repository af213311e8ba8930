"""Dossiers and their history, to look at. Only the product's own services write them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cases.admin.due_dates import DueDatesPage
from cases.admin.searching import FoundByDossier
from cases.models import (
    ClockEntry,
    Dossier,
    DossierEvent,
    DossierPaper,
    DossierStep,
    DuePromise,
    SupplementRequest,
)
from cases.selectors.timeline import timeline_of
from common.admin import ReadOnlyAdmin, ReadOnlyInline, presence
from common.text import mask_name


class Steps(ReadOnlyInline):
    model = DossierStep
    fields = ("position", "name", "office", "role", "officer", "state", "due_at", "closed_at")
    readonly_fields = fields


class Papers(ReadOnlyInline):
    model = DossierPaper
    fields = ("position", "short_name", "required", "state", "count")
    readonly_fields = fields


class Supplements(ReadOnlyInline):
    model = SupplementRequest
    fields = ("number", "reason", "requested_at", "due_at", "closed_at")
    readonly_fields = fields


class Clock(ReadOnlyInline):
    model = ClockEntry
    fields = ("kind", "at", "amount")
    readonly_fields = fields
    verbose_name_plural = _("clock ledger")


class Promises(ReadOnlyInline):
    model = DuePromise
    fields = ("due_at", "at")
    readonly_fields = fields
    verbose_name_plural = _("due dates told")


class Events(ReadOnlyInline):
    model = DossierEvent
    fields = ("at", "event", "actor", "office", "status_after", "dispatched_at")
    readonly_fields = fields
    ordering = ("id",)


@admin.register(Dossier)
class DossierAdmin(DueDatesPage, ReadOnlyAdmin):
    """Found by code; the applicant's name is masked, the look-up secrets are not shown."""

    list_display = (
        "__str__",
        "procedure",
        "status",
        "receiving_office",
        "received_at",
        "due_at",
        "applicant",
    )
    list_filter = ("status", "timeliness", "result_channel", "received_at", "due_at")
    list_select_related = ("procedure_version", "receiving_office", "citizen")
    search_fields = ("code", "ref")
    search_help_text = _("Dossier code, or a part of it.")
    inlines = (Steps, Papers, Supplements, Clock, Promises, Events)
    fields = (
        "code",
        "status",
        "version",
        "procedure_version",
        "case",
        "applicant",
        "commune",
        "receiving_office",
        "deciding_office",
        "submitted_at",
        "submitted_by",
        "budget_amount",
        "budget_unit",
        "received_at",
        "promised_at",
        "due_at",
        "paused_at",
        "ready_at",
        "outcome",
        "timeliness",
        "early_days",
        "result_channel",
        "closed_at",
        "closing_reason",
    )
    readonly_fields = fields

    @admin.display(description=_("procedure"))
    def procedure(self, dossier: Dossier) -> str:
        return dossier.procedure_version.short_name

    @admin.display(description=_("applicant"))
    def applicant(self, dossier: Dossier) -> str:
        return mask_name(dossier.citizen.full_name)


_PASSED_ON = presence(
    "dispatched_at",
    title=_("passed on at"),
    missing=_("not passed on yet"),
    present=_("passed on already"),
)


@admin.register(DossierEvent)
class DossierEventAdmin(FoundByDossier):
    list_display = ("event", "at", "dossier", "actor", "office", "dispatched_at")
    list_filter = ("event", _PASSED_ON, "at")
    list_select_related = ("dossier", "actor", "office")
    ordering = ("-id",)
    fields = (
        "at",
        "event",
        "dossier",
        "dossier_version",
        "actor",
        "office",
        "status_before",
        "status_after",
        "text",
        "dispatched_at",
    )
    readonly_fields = fields

    @admin.display(description=_("in words"))
    def text(self, event: DossierEvent) -> str:
        """The line of the dossier's history that officers read."""
        keys = list(event.dossier.events.order_by("id").values_list("pk", flat=True))
        return timeline_of(event.dossier)[keys.index(event.pk)].text
