"""News and warnings to the people of whole communes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common import clock
from common.models import OutboxRow, append_only
from common.tokens import lookup_token
from notifications.words import (
    AnnouncementFact,
    AnnouncementKind,
    AnnouncementStatus,
    Hazard,
    Level,
)
from offices.models import Commune, Office

_RELEASED = [AnnouncementStatus.RELEASED]


class Announcement(models.Model):
    """One message for everybody in some communes: written by one officer, released by another.

    The fields are those of its Zalo template. `expires_at` and `released_at` are business time.
    `release_hash` binds what was released (text, communes, expiry); the sender compares it.
    """

    token = models.CharField(max_length=30, unique=True, default=lookup_token, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=AnnouncementKind.choices)
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=AnnouncementStatus.choices,
        default=AnnouncementStatus.DRAFT,
        editable=False,
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    hazard = models.CharField(_("hazard"), max_length=12, choices=Hazard.choices, blank=True)
    level = models.PositiveSmallIntegerField(
        _("level"), choices=Level.choices, null=True, blank=True
    )
    text = models.CharField(
        _("text"), max_length=200, help_text=_("News: what is new. Warning: what to do.")
    )
    area = models.CharField(_("area in words"), max_length=30)
    effective_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    expires_at = models.DateTimeField(_("until"))
    communes = models.ManyToManyField(
        Commune,
        through="AnnouncementCommune",
        related_name="announcements",
        verbose_name=_("communes"),
    )
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("office")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("author"),
    )
    releaser = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("released by"),
    )
    created_at = models.DateTimeField(_("written"), default=clock.now, editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    released_at = models.DateTimeField(_("released"), null=True, editable=False)
    cancelled_at = models.DateTimeField(_("stopped"), null=True, editable=False)
    release_hash = models.CharField(max_length=64, blank=True, editable=False)
    # The people are frozen in chunks while the first ones are already being sent.
    freeze_cursor = models.BigIntegerField(default=0, editable=False)
    planned = models.PositiveIntegerField(_("planned"), default=0, editable=False)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="announcement_released_by_another",
                condition=Q(releaser__isnull=True) | ~Q(releaser=F("author")),
            ),
            models.CheckConstraint(
                name="announcement_released_is_complete",
                condition=~Q(status__in=_RELEASED)
                | (Q(releaser__isnull=False, released_at__isnull=False) & ~Q(release_hash="")),
            ),
            models.CheckConstraint(
                name="announcement_fields_of_its_kind",
                condition=(Q(kind=AnnouncementKind.EMERGENCY, level__isnull=False) & ~Q(hazard=""))
                | Q(
                    kind=AnnouncementKind.POLICY_NEWS,
                    level__isnull=True,
                    hazard="",
                    effective_from__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return capfirst(f"{self.get_kind_display()}: {self.area}")


class AnnouncementCommune(models.Model):
    """One commune whose people are told."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("commune of an announcement")
        verbose_name_plural = _("communes of announcements")
        constraints = [
            models.UniqueConstraint(
                name="announcement_commune_once", fields=["announcement", "commune"]
            )
        ]


class AnnouncementEvent(OutboxRow):
    """A fact in the life of an announcement, and the outbox row that tells its people."""

    event = models.CharField(_("event"), max_length=40, choices=AnnouncementFact.choices)
    announcement = models.ForeignKey(
        Announcement,
        on_delete=models.PROTECT,
        related_name="events",
        verbose_name=_("announcement"),
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("officer"),
    )

    class Meta(OutboxRow.Meta):
        abstract = False
        verbose_name = _("event of an announcement")
        verbose_name_plural = _("events of announcements")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="announcement_released_once",
                fields=["announcement"],
                condition=Q(event=AnnouncementFact.RELEASED),
            )
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(dispatched_at__isnull=True),
                name="announcement_event_todo",
            )
        ]
        triggers = append_only(set_once="dispatched_at")

    def __str__(self) -> str:
        return str(self.get_event_display())
