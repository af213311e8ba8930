"""Reads of a dossier's legal clock: what its ledger comes to, and why in sentences."""

from django.conf import settings

from cases.deadlines import Budget, Due, Entry, EntryKind, Unit, due, explain
from cases.models import Dossier
from common import clock
from offices.selectors import calendar_for, counter_calendar_for


def budget_of(dossier: Dossier) -> Budget:
    """The time that the deciding office has by law."""
    return Budget(dossier.budget_amount, Unit(dossier.budget_unit))


def entries_of(dossier: Dossier) -> list[Entry]:
    """The ledger in order; one query."""
    return [
        Entry(EntryKind(kind), at, amount)
        for kind, at, amount in dossier.clock_entries.values_list("kind", "at", "amount")
    ]


def reckon(dossier: Dossier, entries: list[Entry] | None = None) -> Due:
    """The due date with everything that explains it, from the ledger alone; five queries."""
    return due(
        budget_of(dossier),
        entries_of(dossier) if entries is None else entries,
        calendar_for(dossier.deciding_office),
        counter=counter_calendar_for(dossier.receiving_office),
        cutoff_shifts_all=settings.ONESTOP_CUTOFF_SHIFTS_ALL,
        cutoff=settings.CUTOFF,
    )


def reckon_and_explain(dossier: Dossier) -> tuple[Due, list[str]]:
    """The due date, and the sentences of "Why this date?" in the active language."""
    entries = entries_of(dossier)
    result = reckon(dossier, entries)
    sentences = explain(result, budget_of(dossier), entries, result.calendar, until=clock.now())
    return result, sentences
