"""Requests for missing papers, issued forms, and answers kept for repeated API calls."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.dossier import Dossier
from common import clock
from common.fields import EncryptedBytesField, EncryptedTextField
from common.models import append_only
from offices.models import ApiToken, Office


class SupplementRequest(models.Model):
    """A written request for everything that is missing, once (form 02)."""

    dossier = models.ForeignKey(
        Dossier, on_delete=models.PROTECT, related_name="supplement_requests"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    is_before_acceptance = models.BooleanField(_("before acceptance"))
    reason = models.CharField(_("reason"), max_length=500)
    due_at = models.DateTimeField(_("papers due"))
    requested_at = models.DateTimeField(_("requested"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        verbose_name = _("request for missing papers")
        verbose_name_plural = _("requests for missing papers")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="supplement_request_once", fields=["dossier", "number"]),
            models.UniqueConstraint(
                name="supplement_request_one_open",
                fields=["dossier"],
                condition=Q(closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.number}"


class SupplementItem(models.Model):
    """One missing paper: original or not, how many certified copies and plain photocopies."""

    request = models.ForeignKey(SupplementRequest, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=20, blank=True)
    name = models.CharField(_("name"), max_length=300)
    original = models.BooleanField(_("original needed"))
    copies = models.PositiveSmallIntegerField(_("copies"), default=0)
    photocopies = models.PositiveSmallIntegerField(_("photocopies"), default=0)

    class Meta:
        ordering = ["request_id", "position"]


class IssuedForm(models.Model):
    """What a form said when it was issued, for good.

    `number` counts the forms of this kind of the dossier, `serial` those of the office in the year
    where the form has a number of its own.
    """

    class Kind(models.TextChoices):
        RECEIPT = "01", _("receipt")
        SUPPLEMENT = "02", _("request for missing papers")

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="forms")
    kind = models.CharField(max_length=2, choices=Kind.choices)
    number = models.PositiveSmallIntegerField(default=1)
    serial = models.PositiveIntegerField(null=True)
    data = EncryptedTextField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="issued_form_once", fields=["dossier", "kind", "number"])
        ]
        triggers = append_only()


class FormPrint(models.Model):
    """An issued form as it was first printed on a size of paper: every byte stays."""

    form = models.ForeignKey(IssuedForm, on_delete=models.PROTECT, related_name="prints")
    sheet = models.CharField(max_length=2)
    pdf = EncryptedBytesField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(name="form_print_once", fields=["form", "sheet"])]
        triggers = append_only()


class FormCounter(models.Model):
    """The last number of a kind of form that an office gave out in a year; its row is the lock."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=2, choices=IssuedForm.Kind.choices)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="form_counter_once", fields=["office", "kind", "year"])
        ]


class IdempotencyKey(models.Model):
    """The answer of an API call, kept 24 hours so that a repetition changes nothing."""

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=128)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = EncryptedTextField(blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="idempotency_key_once", fields=["token", "key"])
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_age")]
