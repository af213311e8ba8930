"""Officers are the users of the system; what they may do hangs on role and office."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from common import clock
from common.text import fold, nfc
from offices.kinds import Role
from offices.models.office import Office


class Officer(AbstractUser):
    """A person who works in the administration (cán bộ, công chức)."""

    first_name = None  # type: ignore[assignment]  # one Vietnamese full name instead of two parts
    last_name = None  # type: ignore[assignment]  # the same
    full_name = models.CharField(_("full name"), max_length=80)
    title = models.CharField(_("title"), max_length=60, blank=True)
    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="officers",
        verbose_name=_("office"),
    )
    phone = models.CharField(
        _("office phone"), max_length=20, blank=True, help_text=_("Empty: the phone of the office.")
    )
    search_text = models.CharField(max_length=80, editable=False)

    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = _("officer")
        verbose_name_plural = _("officers")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.full_name = nfc(self.full_name)
        self.search_text = fold(self.full_name)[:80]
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.username = self.normalize_username(self.username)

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    @property
    def contact_phone(self) -> str:
        """The officer's own office phone, else that of the office; "" when neither is known."""
        return self.phone or (self.office.phone if self.office else "")


class RoleAssignment(models.Model):
    """One role of one officer in one office."""

    officer = models.ForeignKey(
        Officer,
        on_delete=models.CASCADE,
        related_name="role_assignments",
        verbose_name=_("officer"),
    )
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="role_assignments", verbose_name=_("office")
    )
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)

    class Meta:
        verbose_name = _("role of an officer")
        verbose_name_plural = _("roles of officers")
        constraints = [
            models.UniqueConstraint(
                name="role_assignment_once", fields=["officer", "office", "role"]
            )
        ]
        indexes = [models.Index(fields=["office", "role"], name="role_assignment_office_role")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.office}"


class ApiToken(models.Model):
    """A bearer token of an officer. Only its SHA-256 is stored; the token is shown once."""

    officer = models.ForeignKey(
        Officer, on_delete=models.CASCADE, related_name="api_tokens", verbose_name=_("officer")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    label = models.CharField(_("label"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.label or f"{self.officer} {self.created_at:%d/%m/%Y}"
