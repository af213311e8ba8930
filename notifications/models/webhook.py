"""Webhooks as they came: stored, answered, processed later, each once."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.fields import EncryptedTextField
from notifications.labels import event_label


class InboxState(models.TextChoices):
    """What became of a webhook."""

    NEW = "new", _("to be processed")
    WAITING = "waiting", _("waiting for its message")
    DONE = "done", _("processed")
    IGNORED = "ignored", _("without effect")
    PROBE = "probe", _("probe")
    PARKED = "parked", _("parked")


class WebhookInbox(models.Model):
    """The key of one webhook: what makes a repetition harmless, kept longer than its body.

    `received_at`, `next_try_at` and `processed_at` are on the database's clock.
    """

    dedupe_key = models.CharField(max_length=200, unique=True)
    event_name = models.CharField(_("event"), max_length=60, blank=True, default="")
    verified = models.BooleanField(_("signature verified"))
    state = models.CharField(
        _("state"), max_length=8, choices=InboxState.choices, default=InboxState.NEW
    )
    user_id = models.CharField(max_length=40, blank=True, default="", db_default="")
    msg_id = models.CharField(
        _("message id at Zalo"), max_length=64, blank=True, default="", db_default=""
    )
    tracking_id = models.CharField(
        _("tracking id"), max_length=48, blank=True, default="", db_default=""
    )
    received_at = models.DateTimeField(_("received"), db_default=Now())
    next_try_at = models.DateTimeField(_("next try"), db_default=Now())
    processed_at = models.DateTimeField(_("processed"), null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0, db_default=0)
    outcome = models.CharField(_("outcome"), max_length=80, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                name="webhook_inbox_todo",
                condition=Q(state__in=[InboxState.NEW, InboxState.WAITING]),
            ),
            models.Index(
                fields=["user_id", "id"],
                name="webhook_inbox_of_person",
                condition=Q(state=InboxState.NEW) & ~Q(user_id=""),
            ),
            models.Index(
                fields=["msg_id"],
                name="webhook_inbox_waiting",
                condition=Q(state=InboxState.WAITING),
            ),
        ]

    def __str__(self) -> str:
        return event_label(self.event_name)


class WebhookBody(models.Model):
    """The raw body of a webhook, encrypted; removed after 30 days, so nothing refers to it.

    `body` holds the bytes as Latin-1 characters: `body.encode("latin-1")` gives them back.
    """

    inbox_id = models.BigIntegerField(unique=True)
    headers = models.JSONField(default=dict)
    body = EncryptedTextField()
    received_at = models.DateTimeField(db_default=Now(), db_index=True)
