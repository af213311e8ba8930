"""Messages, the ways on which they went, and every request: to look at and to search."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cases.admin.searching import FoundByDossier
from common.admin import ChoiceFilter, ReadOnlyAdmin, ReadOnlyInline
from common.text import mask_name
from notifications import tracking
from notifications.admin.whole_terms import WholeTermSearch
from notifications.labels import (
    KIND_LABELS,
    RESULT_LABELS,
    cause_label,
    kind_label,
    result_label,
)
from notifications.models import Delivery, DeliveryAttempt, Notification
from notifications.states import State, moves_from


class KindFilter(ChoiceFilter):
    """By kind, of those that the program has: the table itself is never asked for all of its."""

    title = _("kind")
    parameter_name = "kind"
    field = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(KIND_LABELS.items())


class AttemptInline(ReadOnlyInline):
    """Every request of a delivery."""

    model = DeliveryAttempt
    fields = ["no", "started_at", "finished_at", "result", "http_status", "code", "detail",
              "duration_ms", "process"]  # fmt: skip
    readonly_fields = ["result"]
    ordering = ["no"]

    @admin.display(description=_("outcome"))
    def result(self, row: DeliveryAttempt) -> str:
        return result_label(row.outcome)


class DeliveryInline(ReadOnlyInline):
    """The ways on which a message went."""

    model = Delivery
    fields = ["channel", "state", "reason", "why", "attempt_no", "accepted_at", "delivered_at",
              "seen_at"]  # fmt: skip
    ordering = ["id"]
    show_change_link = True


@admin.register(Notification)
class NotificationAdmin(FoundByDossier):
    """Whom it tells is masked, as everywhere in the administration."""

    list_display = ["label", "created_at", "dossier", "announcement", "person", "officer"]
    fields = ["created_at", "label", "dossier", "announcement", "person", "officer", "source"]
    list_filter = ["source", KindFilter, "created_at"]
    list_select_related = ["dossier", "announcement", "citizen", "officer"]
    inlines = [DeliveryInline]

    @admin.display(description=_("kind"), ordering="kind")
    def label(self, row: Notification) -> str:
        return kind_label(row.kind)

    @admin.display(description=_("citizen"))
    def person(self, row: Notification) -> str:
        return mask_name(row.citizen.full_name) if row.citizen else "–"


@admin.register(Delivery)
class DeliveryAdmin(FoundByDossier):
    """Without `recipient_key`: of a chat that is the whole id of somebody's account."""

    dossier_path = "notification__dossier"
    search_fields = ["dossier__code", "msg_id"]
    search_help_text = _("Whole dossier code, or the message id at Zalo.")
    list_display = ["label", "told_at", "dossier", "channel", "state", "reason", "why",
                    "attempt_no", "accepted_at"]  # fmt: skip
    fields = ["notification", "label", "dossier", "channel", "lane", "priority", "resend_no",
              "state", "may_become", "reason", "why", "resolution", "cancel_requested",
              "superseded_by", "due_at", "held_since", "unknown_since", "grace_until", "confirm_by",
              "expires_at", "lease_until", "lease_by", "attempt_no", "failures", "crashes",
              "resends", "token_refusals", "account", "msg_id", "accepted_at", "delivered_at",
              "seen_at"]  # fmt: skip
    list_filter = ["state", "reason", "why", "channel", "lane", KindFilter]
    list_select_related = ["dossier", "notification"]
    inlines = [AttemptInline]

    def found_by(self, term: str) -> Q:
        return super().found_by(term) | Q(msg_id=term)

    @admin.display(description=_("kind"), ordering="kind")
    def label(self, row: Delivery) -> str:
        return kind_label(row.kind)

    @admin.display(description=_("what may happen now"))
    def may_become(self, row: Delivery) -> str:
        moves = moves_from(State(row.state))
        lines = (f"{cause_label(move.cause)} → {move.target.label}" for move in moves)
        return "\n".join(lines) or "–"

    @admin.display(description=_("at"), ordering="notification__created_at")
    def told_at(self, row: Delivery) -> Any:
        return row.notification.created_at


class ResultFilter(ChoiceFilter):
    """By the class of the answer."""

    title = _("outcome")
    parameter_name = "outcome"
    field = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(RESULT_LABELS.items())


@admin.register(DeliveryAttempt)
class DeliveryAttemptAdmin(WholeTermSearch, ReadOnlyAdmin):
    list_display = ["started_at", "delivery", "no", "result", "http_status", "code", "detail",
                    "duration_ms"]  # fmt: skip
    fields = ["started_at", "finished_at", "delivery", "no", "tracking_id", "result",
              "http_status", "code", "detail", "duration_ms", "is_resend", "token_generation",
              "process"]  # fmt: skip
    list_filter = [ResultFilter, "started_at"]
    list_select_related = ["delivery"]
    search_fields = ["tracking_id"]
    search_help_text = _("Whole tracking id.")

    def rows_named(self, term: str) -> Q:
        """A tracking id says which delivery and attempt it belongs to: no column is searched."""
        delivery_id, no = tracking.decode(term.upper()) or (0, 0)
        return Q(delivery=delivery_id, no=no)

    @admin.display(description=_("outcome"), ordering="outcome")
    def result(self, row: DeliveryAttempt) -> str:
        return result_label(row.outcome)
