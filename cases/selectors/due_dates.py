"""Running dossiers whose date by the calendar of now is not the one that was told."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from cases.deadlines import Entry, EntryKind
from cases.models import Dossier
from cases.selectors.legal_clock import reckon


@dataclass(frozen=True)
class DueMove:
    """A running dossier whose date by the calendar of now is not the one that was told."""

    dossier: Dossier
    told_at: datetime
    due_at: datetime


def running() -> QuerySet[Dossier]:
    """The clock runs: neither paused nor at its end."""
    return Dossier.objects.filter(
        received_at__isnull=False, paused_at=None, ready_at=None, closed_at=None
    ).select_related("deciding_office", "receiving_office")


def moved_by_now(dossier: Dossier) -> DueMove | None:
    """Where the date would move to, or None; needs `procedure_version`, `clock_entries`."""
    entries = [Entry(EntryKind(e.kind), e.at, e.amount) for e in dossier.clock_entries.all()]
    due_at, told_at = reckon(dossier, entries).due_at, dossier.due_at
    if due_at is None or told_at is None or due_at == told_at:
        return None
    return DueMove(dossier, told_at, due_at)
