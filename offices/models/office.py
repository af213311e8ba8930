"""The tree of offices and the 102 communes that they serve."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common import clock
from common.text import fold, nfc, sort_key
from offices.kinds import RECEIVING_KINDS, OfficeKind


class Commune(models.Model):
    """A commune or ward since 1 July 2025, by its code in the statistics list."""

    code = models.CharField(_("code"), max_length=5, unique=True)
    name = models.CharField(
        _("name"), max_length=80, help_text=_("With its kind, as in “xã Mỹ Hiệp”.")
    )
    predecessors = ArrayField(
        models.CharField(max_length=5),
        default=list,
        blank=True,
        verbose_name=_("codes of former communes"),
    )
    search_text = models.CharField(max_length=80, editable=False)
    sort_key = models.CharField(max_length=200, editable=False)

    class Meta:
        verbose_name = _("commune")
        verbose_name_plural = _("communes")
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name[:1].upper() + self.name[1:]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Sets the columns that follow from the name; `bulk_create` needs it called."""
        self.name = nfc(self.name)
        self.search_text, self.sort_key = fold(self.name)[:80], sort_key(self.name)[:200]


class FormerCommune(models.Model):
    """A commune or ward before 1 July 2025 and what it became; one row for each part of a split.

    Identity cards and people still name it, so its name finds the commune of today.
    """

    code = models.CharField(_("code"), max_length=5)
    name = models.CharField(_("name"), max_length=80)
    district = models.CharField(_("district"), max_length=80)
    province = models.CharField(_("province"), max_length=80)
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, related_name="former", verbose_name=_("today")
    )
    search_text = models.CharField(max_length=80, editable=False)

    class Meta:
        verbose_name = _("former commune")
        verbose_name_plural = _("former communes")
        ordering = ["code", "id"]
        constraints = [
            models.UniqueConstraint(name="former_commune_once", fields=["code", "commune"])
        ]
        indexes = [models.Index(fields=["search_text"], name="former_commune_name")]

    def __str__(self) -> str:
        return f"{self.name}, {self.district}, {self.province}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Sets what follows from the name; `bulk_create` needs it called."""
        self.search_text = fold(self.name)[:80]


@dataclass(frozen=True)
class OfficeName:
    """What an office is called at some time."""

    name: str
    short_name: str


class OfficeQuerySet(models.QuerySet["Office"]):
    """Offices by the days on which they exist."""

    def in_force(self, day: date | None = None) -> Self:
        """Those that exist on `day`, today when none is given; the last day counts."""
        on = day or clock.today()
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def closed(self) -> Self:
        """Those whose last day has passed."""
        return self.filter(valid_to__lt=clock.today())


class Office(models.Model):
    """An agency, division, counter or registry; dossiers move between offices.

    A new name leaves the one before in `former_names`, so that what is said of a dossier keeps the
    name of its time (`named_at`). Rows of `former_names`, oldest first: `name`, `short_name`, and
    `until`, the instant (ISO 8601) from which the next one counts.
    """

    code = models.SlugField(_("code"), max_length=80, unique=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
    )
    kind = models.CharField(_("kind"), max_length=24, choices=OfficeKind.choices)
    name = models.CharField(_("official name"), max_length=160)
    short_name = models.CharField(
        _("short name"), max_length=30, help_text=_("For messages; no abbreviation.")
    )
    subcode = models.CharField(
        _("sub-code"),
        max_length=3,
        null=True,
        blank=True,
        unique=True,
        validators=[RegexValidator(r"^\d{3}$")],
        help_text=_("Three digits in the dossier code; receiving units only."),
    )
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="offices",
        verbose_name=_("commune"),
    )
    serves = models.ManyToManyField(
        Commune, blank=True, related_name="served_by", verbose_name=_("serves")
    )
    address = models.CharField(_("address"), max_length=200)
    phone = models.CharField(_("phone"), max_length=20)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    former_names = models.JSONField(_("former names"), default=list, blank=True, editable=False)
    search_text = models.CharField(max_length=200, editable=False)
    sort_key = models.CharField(max_length=400, editable=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                name="office_subcode_for_receiving_only",
                condition=Q(subcode__isnull=True) | Q(kind__in=sorted(RECEIVING_KINDS)),
                violation_error_message=_("Only an office that receives dossiers has a sub-code."),
            ),
            models.UniqueConstraint(
                name="office_one_of_each_kind_per_commune",
                fields=["commune", "kind"],
                condition=Q(commune__isnull=False, valid_to__isnull=True),
                violation_error_message=_("The commune has an office of this kind already."),
            ),
            models.CheckConstraint(
                name="office_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("The last day cannot come before the first."),
            ),
        ]
        indexes = [models.Index(fields=["kind"], name="office_kind")]

    def __str__(self) -> str:
        return self.short_name

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.derive()
        if update_fields is not None and {"name", "short_name"} & set(update_fields):
            update_fields = {*update_fields, "former_names", "search_text", "sort_key"}
        with transaction.atomic():
            self._keep_former_name()
            super().save(*args, update_fields=update_fields, **kwargs)

    def _keep_former_name(self) -> None:
        """The stored row says what the name was, whatever this instance was loaded with."""
        stored = Office.objects.select_for_update(of=("self",)).filter(pk=self.pk).first()
        if stored is None:
            return
        before = OfficeName(stored.name, stored.short_name)
        self.former_names = stored.former_names
        if before != OfficeName(self.name, self.short_name):
            row = {**asdict(before), "until": clock.now().isoformat()}
            self.former_names = [*stored.former_names, row]

    def named_at(self, at: datetime | None) -> OfficeName:
        """What the office was called at `at`; None means now."""
        for row in self.former_names:
            if at is not None and at < datetime.fromisoformat(row["until"]):
                return OfficeName(row["name"], row["short_name"])
        return OfficeName(self.name, self.short_name)

    def derive(self) -> None:
        """Sets the columns that follow from the names; `bulk_create` needs it called."""
        self.name, self.short_name = nfc(self.name), nfc(self.short_name)
        self.search_text, self.sort_key = fold(self.name)[:200], sort_key(self.name)[:400]

    def is_in_force(self) -> bool:
        """True from its first day to its last, today."""
        today = clock.today()
        return self.valid_from <= today and (self.valid_to is None or today <= self.valid_to)

    @property
    def is_receiving(self) -> bool:
        """True where a citizen may hand in a dossier."""
        return self.kind in RECEIVING_KINDS
