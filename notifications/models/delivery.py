"""What is told to whom, the ways on which it goes, and every attempt."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cases.models import Dossier
from citizens.models import Citizen
from common import clock
from notifications.labels import kind_label
from notifications.models.announcement import Announcement
from notifications.models.zalo import ZaloAccount
from notifications.states import IN_PROGRESS, UNSENT, Reason, State, Why
from notifications.words import Channel, Lane, Source

_IN_PROGRESS = sorted(IN_PROGRESS)


class Notification(models.Model):
    """One thing that one recipient is told once: unique by event, kind and recipient.

    `event_id` is the key of the row in the table that `source` names; no foreign key, because the
    outbox tables of all apps share this column.
    """

    source = models.CharField(_("source"), max_length=12, choices=Source.choices)
    event_id = models.BigIntegerField(_("event"))
    kind = models.CharField(_("kind"), max_length=30)
    recipient_key = models.CharField(_("recipient"), max_length=40)
    dossier = models.ForeignKey(
        Dossier,
        on_delete=models.PROTECT,
        null=True,
        related_name="notifications",
        verbose_name=_("dossier"),
    )
    announcement = models.ForeignKey(
        Announcement,
        on_delete=models.PROTECT,
        null=True,
        related_name="notifications",
        verbose_name=_("announcement"),
    )
    citizen = models.ForeignKey(
        Citizen,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="notifications",
        verbose_name=_("citizen"),
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="notifications",
        verbose_name=_("officer"),
    )
    created_at = models.DateTimeField(_("at"), default=clock.now, db_default=Now())

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="notification_once",
                fields=["source", "event_id", "kind", "recipient_key"],
            ),
            models.CheckConstraint(
                name="notification_one_recipient",
                condition=Q(citizen__isnull=True) | Q(officer__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["citizen", "-id"],
                name="notification_of_citizen",
                condition=Q(citizen__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return kind_label(self.kind)


class Delivery(models.Model):
    """A notification on one channel. Falling over to the next channel is a new delivery.

    Narrow on purpose: the text is rendered when it is sent. `due_at`, `lease_until`, `grace_until`,
    `confirm_by` and `expires_at` are on the database's clock and never meet business time;
    `accepted_at`, `delivered_at` and `seen_at` are business time, for people.
    """

    notification = models.ForeignKey(
        Notification,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="deliveries",
        verbose_name=_("message"),
    )
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices)
    resend_no = models.PositiveSmallIntegerField(_("resend number"), default=0, db_default=0)
    kind = models.CharField(_("kind"), max_length=30)
    lane = models.CharField(_("lane"), max_length=10, choices=Lane.choices)
    priority = models.PositiveSmallIntegerField(_("priority"))
    # Order and merging: per dossier and recipient. Announcements have no dossier and are free.
    dossier = models.ForeignKey(
        Dossier,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("dossier"),
    )
    recipient_key = models.CharField(_("recipient"), max_length=40)
    merge_group = models.CharField(
        _("merge group"), max_length=16, blank=True, default="", db_default=""
    )
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.CREATED)
    reason = models.CharField(
        _("reason"), max_length=12, choices=Reason.choices, blank=True, default="", db_default=""
    )
    why = models.CharField(
        _("put off because of"), max_length=8, choices=Why.choices, blank=True, default="",
        db_default="",
    )  # fmt: skip
    due_at = models.DateTimeField(_("due"), db_default=Now())
    expires_at = models.DateTimeField(_("useless after"))
    lease_until = models.DateTimeField(_("lease until"), null=True)
    lease_by = models.CharField(
        _("sending process"), max_length=60, blank=True, default="", db_default=""
    )
    attempt_no = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    failures = models.PositiveSmallIntegerField(_("counted failures"), default=0, db_default=0)
    crashes = models.PositiveSmallIntegerField(_("crashes"), default=0, db_default=0)
    resends = models.PositiveSmallIntegerField(_("resends"), default=0, db_default=0)
    token_refusals = models.PositiveSmallIntegerField(
        _("refusals of the token"), default=0, db_default=0
    )
    account = models.ForeignKey(
        ZaloAccount,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("Zalo account"),
    )
    msg_id = models.CharField(_("message id at Zalo"), max_length=64, null=True)
    held_since = models.DateTimeField(_("held since"), null=True)
    unknown_since = models.DateTimeField(_("fate unknown since"), null=True)
    grace_until = models.DateTimeField(_("fate awaited until"), null=True)
    confirm_by = models.DateTimeField(_("receipt awaited until"), null=True)
    resolution = models.CharField(
        _("resolved as"), max_length=12, blank=True, default="", db_default=""
    )
    cancel_requested = models.BooleanField(_("to be called off"), default=False, db_default=False)
    superseded_by = models.BigIntegerField(_("overtaken by"), null=True)
    accepted_at = models.DateTimeField(_("sent"), null=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    seen_at = models.DateTimeField(_("seen"), null=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="delivery_once", fields=["notification", "channel", "resend_no"]
            ),
            models.UniqueConstraint(
                name="delivery_one_in_progress",
                fields=["notification"],
                condition=Q(state__in=_IN_PROGRESS),
            ),
            # Emergency and chat (priority 0 and 1) never wait, by this index and the next.
            models.UniqueConstraint(
                name="delivery_one_sending_per_dossier",
                fields=["dossier", "recipient_key"],
                condition=Q(state=State.SENDING, priority__gte=2),
            ),
            # The channel by user id has no tracking id: only one request at a time to an account
            # lets a receipt be told apart.
            models.UniqueConstraint(
                name="delivery_one_sending_per_user",
                fields=["recipient_key"],
                condition=Q(state=State.SENDING, channel=Channel.ZALO_USER, priority__gte=2),
            ),
            models.UniqueConstraint(
                name="delivery_msg_id_once",
                fields=["account", "msg_id"],
                condition=Q(msg_id__isnull=False),
            ),
            models.CheckConstraint(
                name="delivery_failed_has_reason",
                condition=~Q(state=State.FAILED) | ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["lane", "priority", "due_at", "id"],
                name="delivery_due",
                condition=Q(state__in=sorted(UNSENT)),
            ),
            models.Index(
                fields=["dossier", "recipient_key", "id"],
                name="delivery_order",
                condition=Q(state__in=_IN_PROGRESS),
            ),
            models.Index(
                fields=["recipient_key", "id"],
                name="delivery_unresolved",
                condition=Q(state__in=[State.SENDING, State.UNKNOWN]),
            ),
            models.Index(
                fields=["lease_until"],
                name="delivery_open_lease",
                condition=Q(state=State.SENDING),
            ),
            models.Index(
                fields=["grace_until"],
                name="delivery_grace",
                condition=Q(state=State.UNKNOWN),
            ),
            models.Index(
                fields=["confirm_by"],
                name="delivery_unconfirmed",
                condition=Q(state=State.ACCEPTED, confirm_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        how = f"{self.get_channel_display()}, {self.get_state_display()}"
        return f"{kind_label(self.kind)}: {how}"


class DeliveryAttempt(models.Model):
    """One request to a channel: written before its bytes leave, closed when its fate is known.

    Old attempts are dropped, so no row may refer to one; they hold no constraint on deliveries.
    """

    delivery = models.ForeignKey(
        Delivery,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="attempts",
        verbose_name=_("delivery"),
    )
    no = models.PositiveSmallIntegerField(_("number"))
    tracking_id = models.CharField(
        _("tracking id"), max_length=48, blank=True, default="", db_default=""
    )
    started_at = models.DateTimeField(_("started"), db_default=Now())
    finished_at = models.DateTimeField(_("finished"), null=True)
    outcome = models.CharField(_("outcome"), max_length=12, blank=True, default="", db_default="")
    http_status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    code = models.IntegerField(_("code"), null=True)
    detail = models.CharField(_("detail"), max_length=80, blank=True, default="", db_default="")
    duration_ms = models.PositiveIntegerField(_("milliseconds"), null=True)
    is_resend = models.BooleanField(_("resend"), default=False, db_default=False)
    token_generation = models.PositiveIntegerField(_("generation of the token"), null=True)
    process = models.CharField(_("process"), max_length=60)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="delivery_attempt_once", fields=["delivery", "no"])
        ]
        indexes = [
            models.Index(
                fields=["delivery"],
                name="delivery_attempt_open",
                condition=Q(finished_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return str(_("Attempt %(no)d") % {"no": self.no})
