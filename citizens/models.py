"""People and organisations that hand in dossiers, how to reach them, and what they agreed to."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import clock
from common.fields import EncryptedTextField, keyed_hash
from common.models import append_only
from common.text import fold, mask_digits, nfc, sort_key
from common.tokens import reference
from offices.models import Commune


class Purpose(models.TextChoices):
    """What a consent is for; each is asked and recorded by itself."""

    DOSSIER = "dossier", _("messages about own dossiers")
    NEWS = "news", _("policy news")
    WARNINGS = "warnings", _("emergency warnings")


class AccessReason(models.TextChoices):
    """Why an officer read a citizen's full data."""

    DOSSIER = "dossier page", _("dossier page")
    RECEIPT = "receipt", _("receipt")
    INTAKE = "intake", _("intake at the counter")


class Citizen(models.Model):
    """A person (cá nhân) known by identity number. Number and contact data are encrypted."""

    ref = models.CharField(
        _("reference"), max_length=20, unique=True, editable=False, default=reference
    )
    full_name = models.CharField(_("full name"), max_length=80)
    identity_number = EncryptedTextField(_("identity number"))
    identity_hash = models.CharField(max_length=64, unique=True, editable=False)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    address = EncryptedTextField(_("address"), blank=True, default="")
    phone = EncryptedTextField(_("phone"), blank=True, default="")
    phone_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    email = EncryptedTextField(_("e-mail"), blank=True, default="")
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, related_name="citizens", verbose_name=_("commune")
    )
    # Zalo told us that this number has no account or cannot receive; asked again after this time.
    zalo_phone_closed_until = models.DateTimeField(null=True, editable=False)
    # Its owner refused us at Zalo, until the citizen agrees again.
    zalo_phone_closed_until_opt_in = models.BooleanField(
        default=False, db_default=False, editable=False
    )
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    search_text = models.CharField(max_length=80, editable=False)
    sort_key = models.CharField(max_length=200, editable=False)

    class Meta:
        verbose_name = _("citizen")
        verbose_name_plural = _("citizens")
        ordering = ["sort_key", "id"]
        indexes = [
            models.Index(fields=["commune", "id"], name="citizen_commune"),
            GinIndex(fields=["search_text"], name="citizen_words", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.full_name = nfc(self.full_name)
        # A letter of another script may fold into several.
        self.search_text = fold(self.full_name)[:80]
        self.sort_key = sort_key(self.full_name)[:200]
        self.identity_hash = keyed_hash(self.identity_number)
        self.phone_hash = keyed_hash(self.phone) if self.phone else ""
        super().save(*args, **kwargs)

    @property
    def masked_identity_number(self) -> str:
        """First and last three digits: 087******143."""
        return mask_digits(self.identity_number, head=3, tail=3)

    @property
    def masked_phone(self) -> str:
        """First two and last four digits: 09****0143."""
        return mask_digits(self.phone, head=2, tail=4)


class Consent(models.Model):
    """One answer of a citizen for one purpose; the newest row counts, none is ever changed."""

    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose.choices)
    granted = models.BooleanField(_("granted"))
    wording_version = models.CharField(_("version of the wording"), max_length=20)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    at = models.DateTimeField(_("at"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-id"]
        indexes = [models.Index(fields=["citizen", "purpose", "-id"], name="consent_newest")]
        triggers = append_only()

    def __str__(self) -> str:
        return str(self.get_purpose_display())


class ZaloLink(models.Model):
    """A Zalo account that its owner tied to a citizen, or to an officer, in the chat."""

    user_id = models.CharField(max_length=32, unique=True)
    citizen = models.OneToOneField(
        Citizen, on_delete=models.CASCADE, null=True, blank=True, related_name="zalo_link"
    )
    officer = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="zalo_link",
        verbose_name=_("officer"),
    )
    is_following = models.BooleanField(_("follows"), default=True)
    # By Zalo's clock: an older follow or unfollow that comes late changes nothing.
    follow_changed_at = models.DateTimeField(null=True, editable=False)
    linked_at = models.DateTimeField(_("linked"), default=clock.now)
    last_interaction_at = models.DateTimeField(_("last interaction"), null=True)
    # Set when Zalo refuses this account until its owner acts again (follow or message).
    closed_until_contact = models.BooleanField(default=False)
    # Its owner refused us: acting in the chat is not enough, a new consent or link is.
    closed_until_opt_in = models.BooleanField(default=False, db_default=False, editable=False)
    # What its owner did before came too late to open it again.
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("Zalo link")
        verbose_name_plural = _("Zalo links")
        constraints = [
            models.CheckConstraint(
                name="zalo_link_of_exactly_one",
                condition=Q(citizen__isnull=False, officer__isnull=True)
                | Q(citizen__isnull=True, officer__isnull=False),
            )
        ]

    def __str__(self) -> str:
        """Masked: the whole id would let others write to the account."""
        return mask_digits(self.user_id, head=3, tail=3)

    @property
    def is_open(self) -> bool:
        """True while messages may go to this account."""
        return self.is_following and not (self.closed_until_contact or self.closed_until_opt_in)


class LinkCode(models.Model):
    """The one-time code that an officer sends in the chat to link an account."""

    officer = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="link_code"
    )
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()


class PersonalDataAccess(models.Model):
    """Who read whose full personal data, when and why; kept, never changed."""

    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="accesses")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("officer"),
    )
    reason = models.CharField(_("reason"), max_length=40, choices=AccessReason.choices)
    dossier_ref = models.CharField(_("reference of the dossier"), max_length=20, blank=True)
    at = models.DateTimeField(_("at"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("reading of personal data")
        verbose_name_plural = _("readings of personal data")
        ordering = ["-id"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{clock.local(self.at):%H:%M %d/%m/%Y}, {self.get_reason_display()}"
