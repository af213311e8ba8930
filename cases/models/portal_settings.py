"""The few rules that administrators set themselves, in one row."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

_A_DAY_OR_MORE = [MinValueValidator(1), MaxValueValidator(60)]
_ONE_TRY_OR_MORE = [MinValueValidator(1), MaxValueValidator(10_000)]


class PortalSettings(models.Model):
    """Read by `cases.selectors.rules`; without the row the first values of the code hold."""

    THE_ROW = 1

    supplement_working_days = models.PositiveSmallIntegerField(
        _("working days to bring missing papers"),
        validators=_A_DAY_OR_MORE,
        help_text=_("Holds for the next request; dates already told stay."),
    )
    lookup_tries_per_code = models.PositiveSmallIntegerField(
        _("wrong look-ups of one code"),
        validators=_ONE_TRY_OR_MORE,
        help_text=_("Within 15 minutes; then the visitor waits."),
    )
    lookup_tries_per_address = models.PositiveSmallIntegerField(
        _("wrong look-ups from one address"), validators=_ONE_TRY_OR_MORE
    )
    lookup_tries_in_all = models.PositiveSmallIntegerField(
        _("wrong look-ups in all"), validators=_ONE_TRY_OR_MORE
    )

    class Meta:
        verbose_name = _("settings")
        verbose_name_plural = _("settings")
        constraints = [models.CheckConstraint(name="portal_settings_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
