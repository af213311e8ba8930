"""Messages in the administration: to look at and to search; only words of chat answers change."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common import clock
from common.admin import ReadOnlyAdmin, ReadOnlyInline
from common.text import mask_name
from notifications.labels import kind_label
from notifications.models import (
    Announcement,
    AnnouncementEvent,
    ChannelHold,
    ChatAnswer,
    ChatReply,
    Delivery,
    DeliveryAttempt,
    Notification,
    WebhookInbox,
    ZaloAccount,
    ZaloTemplate,
)


class AttemptInline(ReadOnlyInline):
    """Every request of a delivery."""

    model = DeliveryAttempt
    fields = ["no", "started_at", "finished_at", "outcome", "http_status", "code", "detail",
              "duration_ms", "process"]  # fmt: skip
    ordering = ["no"]


class DeliveryInline(ReadOnlyInline):
    """The ways on which a message went."""

    model = Delivery
    fields = ["channel", "state", "reason", "why", "attempt_no", "accepted_at", "delivered_at",
              "seen_at"]  # fmt: skip
    ordering = ["id"]
    show_change_link = True


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """Whom it tells is masked, as everywhere in the administration."""

    list_display = ["created_at", "label", "dossier", "announcement", "person", "officer"]
    fields = ["created_at", "label", "dossier", "announcement", "person", "officer", "source"]
    list_filter = ["source", "kind", "created_at"]
    list_select_related = ["dossier", "announcement", "citizen", "officer"]
    search_fields = ["dossier__code__iexact", "dossier__ref"]
    search_help_text = _("Dossier code")
    inlines = [DeliveryInline]

    @admin.display(description=_("kind"), ordering="kind")
    def label(self, row: Notification) -> str:
        return kind_label(row.kind)

    @admin.display(description=_("citizen"))
    def person(self, row: Notification) -> str:
        return mask_name(row.citizen.full_name) if row.citizen else "–"


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Without `recipient_key`: of a chat that is the whole id of somebody's account."""

    list_display = ["id", "label", "dossier", "channel", "state", "reason", "why", "attempt_no",
                    "due_at", "accepted_at"]  # fmt: skip
    fields = ["notification", "label", "dossier", "channel", "lane", "priority", "resend_no",
              "state", "reason", "why", "resolution", "cancel_requested", "superseded_by",
              "due_at", "held_since", "unknown_since", "grace_until", "confirm_by", "expires_at",
              "lease_until", "lease_by", "attempt_no", "failures", "crashes", "resends",
              "token_refusals", "account", "msg_id", "accepted_at", "delivered_at",
              "seen_at"]  # fmt: skip
    list_filter = ["state", "reason", "why", "channel", "lane", "kind"]
    list_select_related = ["dossier"]
    search_fields = ["dossier__code__iexact", "dossier__ref", "msg_id__exact"]
    search_help_text = _("Dossier code, or the message id at Zalo.")
    inlines = [AttemptInline]

    @admin.display(description=_("kind"), ordering="kind")
    def label(self, row: Delivery) -> str:
        return kind_label(row.kind)


@admin.register(DeliveryAttempt)
class DeliveryAttemptAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "delivery", "no", "outcome", "http_status", "code", "detail",
                    "duration_ms"]  # fmt: skip
    fields = ["started_at", "finished_at", "delivery", "no", "tracking_id", "outcome",
              "http_status", "code", "detail", "duration_ms", "is_resend", "token_generation",
              "process"]  # fmt: skip
    list_filter = ["outcome", "code", "started_at"]
    list_select_related = ["delivery"]
    search_fields = ["tracking_id__iexact"]
    search_help_text = _("Tracking id.")


@admin.register(ZaloTemplate)
class ZaloTemplateAdmin(ReadOnlyAdmin):
    list_display = ["name", "label", "template_id", "status", "quality", "phone_only", "problem",
                    "synced_at"]  # fmt: skip
    list_filter = ["status", "quality", "phone_only"]
    search_fields = ["name", "template_id"]

    @admin.display(description=_("kind"))
    def label(self, row: ZaloTemplate) -> str:
        return kind_label(row.name)


@admin.register(ZaloAccount)
class ZaloAccountAdmin(ReadOnlyAdmin):
    """Health of the token pair; the pair itself is never shown."""

    list_display = ["oa_id", "status", "generation", "obtained_at", "expires_at", "last_result"]
    fields = ["oa_id", "status", "generation", "obtained_at", "expires_at", "last_result",
              "refresh_started_at", "refresh_tries", "next_refresh_at"]  # fmt: skip


@admin.register(ChannelHold)
class ChannelHoldAdmin(ReadOnlyAdmin):
    list_display = ["key", "why", "code", "detail", "since", "until", "openings"]
    fields = ["key", "why", "code", "detail", "since", "until", "openings"]
    list_filter = ["why"]


@admin.register(ChatAnswer)
class ChatAnswerAdmin(admin.ModelAdmin[ChatAnswer]):
    """Words change here and are used for the next answer; keys belong to the program."""

    list_display = ["when", "key", "updated_at"]
    search_fields = ["when", "text"]
    fields = ["when", "key", "text", "updated_at"]
    readonly_fields = ["when", "key", "updated_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ChatAnswer | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ChatAnswer, form: Any, change: bool) -> None:
        obj.updated_at = clock.now()
        super().save_model(request, obj, form, change)


@admin.register(ChatReply)
class ChatReplyAdmin(ReadOnlyAdmin):
    list_display = ["at", "event", "dossier", "dispatched_at"]
    list_filter = ["event"]
    list_select_related = ["dossier"]
    fields = ["event", "at", "dossier", "payload", "dispatched_at"]


@admin.register(WebhookInbox)
class WebhookInboxAdmin(ReadOnlyAdmin):
    """What came and what became of it; bodies hold personal data and are not shown."""

    list_display = ["received_at", "event_name", "verified", "state", "tries", "outcome"]
    list_filter = ["state", "event_name", "verified", "received_at"]
    search_fields = ["msg_id", "tracking_id__iexact"]
    fields = ["received_at", "event_name", "verified", "state", "tries", "outcome",
              "processed_at", "next_try_at", "msg_id", "tracking_id"]  # fmt: skip


class AnnouncementEventInline(ReadOnlyInline):
    model = AnnouncementEvent
    fields = ["at", "event", "actor", "dispatched_at"]
    readonly_fields = ["at", "event", "actor", "dispatched_at"]


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "kind", "area", "status", "planned", "author", "releaser"]
    list_filter = ["kind", "status", "hazard"]
    list_select_related = ["author", "releaser"]
    search_fields = ["area", "text"]
    inlines = [AnnouncementEventInline]


@admin.register(AnnouncementEvent)
class AnnouncementEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "event", "announcement", "actor", "dispatched_at"]
    list_filter = ["event"]
    list_select_related = ["announcement", "actor"]
