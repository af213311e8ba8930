"""A dossier, its papers, its steps, and which offices may see it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.deadlines.ledger import Unit
from cases.deadlines.standing import Timeliness
from cases.models.procedure import ProcedureCase, ProcedureVersion
from cases.workflow import (
    STAGE_OF,
    Outcome,
    PaperState,
    ResultChannel,
    Stage,
    Status,
    StepState,
)
from citizens.models import Citizen
from common.tokens import lookup_code, lookup_token, reference
from offices.kinds import Role
from offices.models import Commune, Office

_CLOSED = [s for s in Status if STAGE_OF[s] == Stage.CLOSED]


class Dossier(models.Model):
    """A dossier (hồ sơ). Only `cases.services.transitions.apply` writes status and version."""

    ref = models.CharField(max_length=20, unique=True, default=reference, editable=False)
    code = models.CharField(
        _("dossier code"), max_length=40, unique=True, null=True, editable=False
    )
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, editable=False)
    status_before_pause = models.CharField(
        max_length=20, choices=Status.choices, blank=True, editable=False
    )
    version = models.PositiveIntegerField(_("change number"), default=1, editable=False)

    procedure_version = models.ForeignKey(
        ProcedureVersion,
        on_delete=models.PROTECT,
        related_name="dossiers",
        verbose_name=_("procedure"),
    )
    case = models.ForeignKey(
        ProcedureCase, on_delete=models.PROTECT, related_name="dossiers", verbose_name=_("case")
    )
    citizen = models.ForeignKey(
        Citizen, on_delete=models.PROTECT, related_name="dossiers", verbose_name=_("applicant")
    )
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, related_name="+", verbose_name=_("competent commune")
    )
    receiving_office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("received at")
    )
    deciding_office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("deciding office")
    )
    submitted_at = models.DateTimeField(_("handed in"), editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("taken in by"),
    )
    # One form post makes one dossier: a double click finds the first.
    submission_key = models.CharField(max_length=64, unique=True, null=True, editable=False)

    budget_amount = models.PositiveSmallIntegerField(
        _("legal deadline"), help_text=_("0: the same day."), editable=False
    )
    budget_unit = models.CharField(
        _("counted in"), max_length=13, choices=Unit.choices, editable=False
    )
    received_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    # Projections of the clock ledger; `cases.services.clock.project` rebuilds them.
    due_at = models.DateTimeField(_("due"), null=True, editable=False)
    paused_at = models.DateTimeField(_("clock paused since"), null=True, editable=False)
    promised_at = models.DateTimeField(_("first promise"), null=True, editable=False)
    ready_at = models.DateTimeField(_("result ready"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)

    outcome = models.CharField(
        _("outcome"), max_length=8, choices=Outcome.choices, blank=True, editable=False
    )
    timeliness = models.CharField(
        _("timeliness"), max_length=8, choices=Timeliness.choices, blank=True, editable=False
    )
    early_days = models.PositiveSmallIntegerField(
        _("working days early"), default=0, editable=False
    )
    result_channel = models.CharField(
        _("result by"), max_length=10, choices=ResultChannel.choices, default=ResultChannel.COUNTER
    )
    parcel_code = models.CharField(_("parcel code"), max_length=30, blank=True, editable=False)
    collected_by = models.CharField(_("collected by"), max_length=80, blank=True, editable=False)
    closing_reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)

    lookup_token = models.CharField(
        max_length=30, unique=True, default=lookup_token, editable=False
    )
    lookup_code = models.CharField(max_length=4, default=lookup_code, editable=False)

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="dossier_code_exactly_from_acceptance",
                condition=Q(code__isnull=True, received_at__isnull=True)
                | Q(code__isnull=False, received_at__isnull=False),
            ),
            models.CheckConstraint(
                name="dossier_running_is_accepted",
                condition=~Q(
                    status__in=[
                        Status.RECEIVED,
                        Status.PROCESSING,
                        Status.READY,
                        Status.RETURNED,
                        Status.CANCELLED,
                    ]
                )
                | Q(received_at__isnull=False),
            ),
            models.CheckConstraint(
                name="dossier_refused_before_acceptance_only",
                condition=~Q(status__in=[Status.SUBMITTED, Status.REFUSED])
                | Q(received_at__isnull=True),
            ),
            models.CheckConstraint(
                name="dossier_ready_is_complete",
                condition=~Q(status__in=[Status.READY, Status.RETURNED])
                | (Q(ready_at__isnull=False) & ~Q(outcome="") & ~Q(timeliness="")),
            ),
            models.CheckConstraint(
                name="dossier_closed_has_time",
                condition=Q(status__in=_CLOSED, closed_at__isnull=False)
                | (~Q(status__in=_CLOSED) & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="dossier_paused_is_waiting",
                condition=Q(paused_at__isnull=True) | Q(status=Status.SUPPLEMENT_REQUESTED),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="dossier_running_due",
                condition=Q(closed_at__isnull=True, ready_at__isnull=True),
            ),
            models.Index(fields=["status", "-id"], name="dossier_status"),
            models.Index(fields=["citizen", "-id"], name="dossier_citizen"),
        ]

    def __str__(self) -> str:
        return self.code or self.ref

    @property
    def stage(self) -> Stage:
        """One of the customer's four stages, or closed."""
        return STAGE_OF[Status(self.status)]

    @property
    def is_accepted(self) -> bool:
        """True from acceptance on: the dossier has its code and its clock."""
        return self.received_at is not None

    @property
    def handle(self) -> str:
        """What stands for the dossier in addresses: the code, before acceptance the ref."""
        return self.code or self.ref


class DossierOffice(models.Model):
    """An office that may see the dossier: received it, decides it, has or had a step of it."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="offices")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="dossier_office_once", fields=["office", "dossier"])
        ]


class DossierPaper(models.Model):
    """One line of the checklist as it stood at the counter."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="papers")
    position = models.PositiveSmallIntegerField(_("position"))
    key = models.CharField(max_length=20)
    name = models.TextField(_("name"))
    short_name = models.CharField(_("short name"), max_length=60)
    required = models.BooleanField(_("required"))
    state = models.CharField(_("handed in as"), max_length=8, choices=PaperState.choices)
    count = models.PositiveSmallIntegerField(_("count"), default=0)

    class Meta:
        verbose_name = _("paper of a dossier")
        verbose_name_plural = _("papers of a dossier")
        ordering = ["dossier_id", "position"]
        constraints = [
            models.UniqueConstraint(name="dossier_paper_once", fields=["dossier", "key"])
        ]

    def __str__(self) -> str:
        return self.short_name


class DossierStep(models.Model):
    """A step of one dossier with the office that does it, and since when it is there."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(_("position"))
    key = models.CharField(max_length=30)
    name = models.CharField(_("step"), max_length=120)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("office")
    )
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("officer"),
    )
    working_hours = models.PositiveSmallIntegerField(_("working hours"))
    parallel_group = models.CharField(max_length=30, blank=True)
    state = models.CharField(
        _("state"), max_length=7, choices=StepState.choices, default=StepState.WAITING
    )
    opened_at = models.DateTimeField(_("opened"), null=True)
    due_at = models.DateTimeField(_("step due"), null=True)
    closed_at = models.DateTimeField(_("finished"), null=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("step of a dossier")
        verbose_name_plural = _("steps of a dossier")
        ordering = ["dossier_id", "position"]
        constraints = [
            models.UniqueConstraint(name="dossier_step_once", fields=["dossier", "key"]),
            models.CheckConstraint(
                name="dossier_step_open_has_opening",
                condition=~Q(state=StepState.OPEN) | Q(opened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="dossier_step_closes_after_opening",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "role", "due_at", "id"],
                name="dossier_step_queue",
                condition=Q(state="open"),
            ),
            models.Index(
                fields=["officer", "due_at", "id"],
                name="dossier_step_mine",
                condition=Q(state="open"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CodeCounter(models.Model):
    """The last number given out by one receiving office on one day; its row is the lock."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    date = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="code_counter_once", fields=["office", "date"])]
