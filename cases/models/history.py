"""What happened and what was promised: ledgers that only grow."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.deadlines.ledger import EntryKind
from cases.models.dossier import Dossier
from cases.workflow import Event, Status
from common import clock
from common.models import OutboxRow, append_only
from offices.models import Office


class DossierEvent(OutboxRow):
    """A fact in the life of a dossier: legal history, timeline on screen and outbox in one row.

    `payload` keys by event: accepted {due}, after missing papers also {request}; taken {step};
    handed_over {from_step, opened_steps, from_office, to_office, holder_changed}: `to_office`, that
    of the first open step, holds it for the citizen from then on; supplement_requested {request,
    number, items, due}, `items` being how many; supplement_received {request, due}; completed
    {outcome, timeliness, early_days, due, channel}; due_moved {due, due_before, reason}; submitted,
    returned, refused, withdrawn, cancelled {}. Ids are primary keys, instants ISO 8601. Each move
    adds {typed}, a keyed fingerprint of its input, by which a double click is known.
    """

    event = models.CharField(_("event"), max_length=40, choices=Event.choices)
    dossier = models.ForeignKey(
        Dossier, on_delete=models.PROTECT, related_name="events", verbose_name=_("dossier")
    )
    dossier_version = models.PositiveIntegerField(_("change number"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("officer"),
    )
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("office")
    )
    status_before = models.CharField(
        _("status before"), max_length=20, choices=Status.choices, blank=True
    )
    status_after = models.CharField(_("status after"), max_length=20, choices=Status.choices)

    class Meta(OutboxRow.Meta):
        abstract = False
        verbose_name = _("event of a dossier")
        verbose_name_plural = _("events of dossiers")
        ordering = ["id"]
        constraints = [
            # One move, one event: two writers of one version cannot both commit.
            models.UniqueConstraint(
                name="dossier_event_one_per_version", fields=["dossier", "dossier_version"]
            )
        ]
        triggers = append_only(set_once="dispatched_at")

    def __str__(self) -> str:
        return str(self.get_event_display())


class ClockEntry(models.Model):
    """One entry of the clock ledger; the due date can be rebuilt from these at any time."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="clock_entries")
    kind = models.CharField(_("kind"), max_length=6, choices=EntryKind.choices)
    at = models.DateTimeField(_("at"))
    amount = models.PositiveSmallIntegerField(_("amount"), default=0)

    class Meta:
        verbose_name = _("entry of the clock ledger")
        verbose_name_plural = _("clock ledger")
        ordering = ["id"]
        triggers = append_only()

    def __str__(self) -> str:
        return str(self.get_kind_display())


class DuePromise(models.Model):
    """A due date that the citizen was told, the first and each later one."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="promises")
    due_at = models.DateTimeField(_("due"))
    at = models.DateTimeField(_("told at"), default=clock.now)

    class Meta:
        verbose_name = _("due date told")
        verbose_name_plural = _("due dates told")
        ordering = ["id"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{clock.local(self.due_at):%H:%M %d/%m/%Y}"
