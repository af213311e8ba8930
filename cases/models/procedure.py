"""Procedures as data: versions with cases, papers, fees, steps. A published one is frozen."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from cases.deadlines.ledger import Unit
from common.models import ComposedText, never_emptied
from common.numbers import grouped
from common.text import fold
from offices.kinds import Role


class VersionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")


# The systems that the procedures of data/ name, in words of the catalogues.
_SYSTEMS = (
    gettext_noop("police residence system"),
    gettext_noop("national business registration system"),
)
FROZEN = "a published version is frozen"


def _frozen(name: str, version_of_row: str) -> list[pgtrigger.Trigger]:
    """A trigger that refuses changes below a published version.

    `version_of_row` is SQL for the version id of OLD/NEW, with {row} for the record's name. The
    version's row is locked: `publish` waits for an open change and reads it, or the change waits
    for `publish` and is refused.
    """
    body = " ".join(
        f"IF TG_OP <> '{skip}' AND (SELECT v.state FROM cases_procedureversion v WHERE v.id = "
        f"({version_of_row.format(row=row)}) FOR SHARE) = 'published' "
        f"THEN RAISE EXCEPTION '{FROZEN}'; END IF;"
        for row, skip in (("OLD", "INSERT"), ("NEW", "DELETE"))
    )
    return [
        pgtrigger.Trigger(
            name=f"frozen_{name}",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            func=body + " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;",
        ),
        never_emptied(FROZEN),
    ]


class Procedure(models.Model):
    """An administrative procedure (thủ tục hành chính) by its national code."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    current = models.OneToOneField(
        "ProcedureVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("current version"),
        editable=False,
    )

    class Meta:
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class ProcedureVersion(ComposedText):
    """What a procedure says from its publication on; dossiers keep the version they came under."""

    procedure = models.ForeignKey(
        Procedure, on_delete=models.PROTECT, related_name="versions", verbose_name=_("procedure")
    )
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=VersionState.choices,
        default=VersionState.DRAFT,
        editable=False,
    )
    name = models.CharField(_("official name"), max_length=400)
    short_name = models.CharField(
        _("short name"), max_length=60, help_text=_("For messages; no abbreviation.")
    )
    field = models.CharField(_("field"), max_length=120)
    level = models.CharField(_("level"), max_length=8)
    receives = ArrayField(models.CharField(max_length=24), verbose_name=_("received by"))
    deciding_office = models.CharField(
        _("deciding office"), max_length=80, help_text=_("Code of an office, or a kind of office.")
    )
    other_deciding_offices = ArrayField(
        models.CharField(max_length=80),
        default=list,
        blank=True,
        verbose_name=_("other deciding offices"),
    )
    external_system = models.CharField(
        _("handled in another system"),
        max_length=120,
        blank=True,
        help_text=_("Shown in the catalogue, refused at intake."),
    )
    result_documents = ArrayField(models.CharField(max_length=300), verbose_name=_("results"))
    channels = ArrayField(models.CharField(max_length=8), verbose_name=_("filed by"))
    max_supplement_requests = models.PositiveSmallIntegerField(
        _("requests for missing papers"),
        default=1,
        help_text=_("How often papers may be asked for after acceptance."),
    )
    supplement_within_days = models.PositiveSmallIntegerField(
        _("ask within working days"), null=True, blank=True
    )
    on_resume = models.CharField(_("on resumption"), max_length=8, default="resume")
    legal_basis = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("legal basis")
    )
    provenance = models.JSONField(default=dict, blank=True, editable=False)
    content_digest = models.CharField(max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("published by"),
    )
    search_text = models.CharField(max_length=600, editable=False)

    class Meta:
        verbose_name = _("procedure version")
        verbose_name_plural = _("procedure versions")
        ordering = ["procedure__code", "-number"]
        constraints = [
            models.UniqueConstraint(name="procedure_version_once", fields=["procedure", "number"]),
            models.UniqueConstraint(
                name="procedure_one_draft", fields=["procedure"], condition=Q(state="draft")
            ),
            models.CheckConstraint(
                name="procedure_version_published_has_date",
                condition=Q(state="draft", published_at__isnull=True)
                | Q(state="published", published_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="frozen_version",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="published"),
            ),
            never_emptied(FROZEN),
        ]

    def __str__(self) -> str:
        return f"{self.short_name} ({self.procedure.code}, {self.number})"

    def compose(self) -> None:
        super().compose()
        self.search_text = fold(f"{self.procedure.code} {self.short_name} {self.name}")[:600]

    @property
    def is_published(self) -> bool:
        return self.state == VersionState.PUBLISHED

    @property
    def external_system_name(self) -> str:
        """The name of the other system in the reader's language, where we know it."""
        name = self.external_system
        return gettext(name) if name in _SYSTEMS else name


class ProcedureCase(ComposedText):
    """A case (trường hợp) of a procedure with its own deadline, papers and fees."""

    version = models.ForeignKey(
        ProcedureVersion, on_delete=models.CASCADE, related_name="cases", verbose_name=_("version")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    code = models.SlugField(_("code"), max_length=80)
    name = models.CharField(_("name"), max_length=300)
    deadline_amount = models.PositiveSmallIntegerField(_("deadline"))
    deadline_unit = models.CharField(
        _("counted in"),
        max_length=13,
        choices=Unit.choices,
        default=Unit.WORKING_DAYS,
    )
    same_day = models.BooleanField(
        _("same day"),
        default=False,
        help_text=_("The result comes on the day of receipt, after 15:00 on the next working day."),
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["version_id", "position"]
        constraints = [
            models.UniqueConstraint(name="procedure_case_once", fields=["version", "code"]),
            models.CheckConstraint(
                name="procedure_case_deadline_positive",
                condition=Q(deadline_amount__gt=0),
                violation_error_message=_("The deadline is 1 or more."),
            ),
        ]
        triggers = _frozen("case", "{row}.version_id")

    def __str__(self) -> str:
        return self.name


_BY_CASE = "SELECT c.version_id FROM cases_procedurecase c WHERE c.id = {row}.case_id"


class RequiredDocument(ComposedText):
    """A paper that a case asks for (thành phần hồ sơ)."""

    case = models.ForeignKey(
        ProcedureCase, on_delete=models.CASCADE, related_name="documents", verbose_name=_("case")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    key = models.SlugField(_("key"), max_length=20)
    name = models.TextField(_("name"))
    short_name = models.CharField(_("short name"), max_length=60)
    originals = models.PositiveSmallIntegerField(_("originals"), default=1)
    copies = models.PositiveSmallIntegerField(_("copies"), default=0)
    kind = models.CharField(_("hand in or present"), max_length=8, default="submit")
    required = models.BooleanField(_("required"), default=True)
    when = models.TextField(_("condition"), blank=True)
    from_database = models.BooleanField(
        _("data may be in a national database"),
        default=False,
        help_text=_("Then the paper may not be asked for (Decree 309/2026, article 2)."),
    )
    channels = ArrayField(
        models.CharField(max_length=8), null=True, blank=True, verbose_name=_("only when filed")
    )

    class Meta:
        verbose_name = _("required paper")
        verbose_name_plural = _("required papers")
        ordering = ["case_id", "position"]
        constraints = [
            models.UniqueConstraint(name="required_document_once", fields=["case", "key"])
        ]
        triggers = _frozen("document", _BY_CASE)

    def __str__(self) -> str:
        return self.short_name


class Fee(ComposedText):
    """A fee (phí) or charge (lệ phí) of a case for one channel, in đồng."""

    case = models.ForeignKey(
        ProcedureCase, on_delete=models.CASCADE, related_name="fees", verbose_name=_("case")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    channel = models.CharField(_("channel"), max_length=8)
    kind = models.CharField(_("kind"), max_length=6)
    amount_vnd = models.PositiveIntegerField(
        _("amount in đồng"), null=True, blank=True, help_text=_("Empty: the note decides.")
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("fee")
        verbose_name_plural = _("fees")
        ordering = ["case_id", "position"]
        triggers = _frozen("fee", _BY_CASE)

    def __str__(self) -> str:
        return self.note if self.amount_vnd is None else f"{grouped(self.amount_vnd)} đồng"


class ProcedureStep(ComposedText):
    """A step of processing. Steps of a case replace those of the version."""

    version = models.ForeignKey(
        ProcedureVersion, on_delete=models.CASCADE, related_name="steps", verbose_name=_("version")
    )
    case = models.ForeignKey(
        ProcedureCase,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="steps",
        verbose_name=_("only for case"),
    )
    position = models.PositiveSmallIntegerField(_("position"))
    key = models.SlugField(_("key"), max_length=30)
    name = models.CharField(_("name"), max_length=120)
    office = models.CharField(
        _("office"), max_length=80, help_text=_("Code of an office, or a kind of office.")
    )
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    working_hours = models.PositiveSmallIntegerField(_("working hours"))
    parallel_group = models.CharField(_("parallel group"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["version_id", "case_id", "position"]
        constraints = [
            models.UniqueConstraint(
                name="procedure_step_once", fields=["version", "case", "key"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="procedure_step_hours_positive",
                condition=Q(working_hours__gt=0),
                violation_error_message=_("A step has 1 working hour or more."),
            ),
        ]
        triggers = _frozen("step", "{row}.version_id")

    def __str__(self) -> str:
        return self.name
