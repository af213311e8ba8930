"""The official account: its token pair, its templates, and what is held back at the moment."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.fields import EncryptedTextField
from notifications.labels import held_label, kind_label


class TokenStatus(models.TextChoices):
    """Health of a token pair."""

    OK = "ok", _("in order")
    REFRESHING = "refreshing", _("being renewed")
    SUSPECT = "suspect", _("renewal without an answer")
    DEAD = "dead", _("dead: authorise again")


class ZaloAccount(models.Model):
    """One official account. The pair is one row, renewed under a lease in this row.

    All instants are on the database's clock. `generation` grows with each stored pair.
    """

    oa_id = models.CharField(_("account"), max_length=32, unique=True)
    access_token = EncryptedTextField(blank=True, default="")
    refresh_token = EncryptedTextField(blank=True, default="")
    obtained_at = models.DateTimeField(_("obtained"), null=True)
    expires_at = models.DateTimeField(_("expires"), null=True)
    generation = models.PositiveIntegerField(_("generation"), default=0)
    status = models.CharField(
        _("token"), max_length=10, choices=TokenStatus.choices, default=TokenStatus.DEAD
    )
    refresh_started_at = models.DateTimeField(_("renewal started"), null=True)
    refresh_by = models.CharField(max_length=60, blank=True, default="")
    refresh_tries = models.PositiveSmallIntegerField(_("tries of renewal"), default=0)
    next_refresh_at = models.DateTimeField(_("next renewal"), null=True)
    last_result = models.CharField(_("last result"), max_length=80, blank=True, default="")

    class Meta:
        verbose_name = _("Zalo account")
        verbose_name_plural = _("Zalo accounts")

    def __str__(self) -> str:
        return self.oa_id


class TemplateStatus(models.TextChoices):
    """What Zalo says of a template (zalo-contract 3.3)."""

    ENABLE = "ENABLE", _("enabled")
    PENDING_REVIEW = "PENDING_REVIEW", _("under review")
    REJECT = "REJECT", _("rejected")
    DISABLE = "DISABLE", _("disabled")
    DELETE = "DELETE", _("deleted")


class ZaloTemplate(models.Model):
    """A template as the account knows it, found by its name (the name of the kind)."""

    account = models.ForeignKey(
        ZaloAccount,
        on_delete=models.CASCADE,
        related_name="templates",
        verbose_name=_("Zalo account"),
    )
    name = models.CharField(_("name"), max_length=60)
    template_id = models.CharField(_("template at Zalo"), max_length=32)
    status = models.CharField(_("status"), max_length=16, choices=TemplateStatus.choices)
    quality = models.CharField(_("quality"), max_length=16, blank=True, default="")
    params = models.JSONField(_("parameters"), default=list)
    phone_only = models.BooleanField(_("by phone only"), default=False)
    problem = models.CharField(_("problem"), max_length=200, blank=True, default="")
    synced_at = models.DateTimeField(_("compared"))

    class Meta:
        verbose_name = _("Zalo template")
        verbose_name_plural = _("Zalo templates")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(name="zalo_template_once", fields=["account", "name"])
        ]
        indexes = [models.Index(fields=["template_id"], name="zalo_template_id")]

    def __str__(self) -> str:
        return kind_label(self.name)


class ChannelHold(models.Model):
    """Something that sending must wait for, kept where a broker restart cannot lose it.

    `key` names the narrowest thing: "template:ready", "channel:zalo_user", "account". Until `until`
    (database clock) nothing of that key is sent; `openings` in a row double the time.
    """

    key = models.CharField(_("what"), max_length=80, unique=True)
    why = models.CharField(_("why"), max_length=8)
    code = models.IntegerField(_("code"), null=True)
    detail = models.CharField(_("detail"), max_length=120, blank=True, default="")
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"))
    openings = models.PositiveSmallIntegerField(_("times in a row"), default=1)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ["key"]

    def __str__(self) -> str:
        return held_label(self.key)
