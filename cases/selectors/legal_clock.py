"""Reads of a dossier's legal clock: what its ledger comes to, and why in sentences."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from cases.deadlines import (
    Budget,
    Due,
    Entry,
    EntryKind,
    Timeliness,
    Unit,
    due,
    early_working_days,
    explain,
    is_missed,
    timeliness,
)
from cases.models import Dossier
from common import clock
from common.dates import due_phrase
from offices.selectors.calendars import calendar_for, counter_calendar_for


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
    if result.due_at and dossier.due_at and result.due_at != dossier.due_at:
        sentences.insert(0, _stands(dossier.due_at))
    return result, sentences


def _stands(due_at: datetime) -> str:
    """For a calendar that changed after the date was told, until the open dossiers are moved."""
    return _("The date that was told stands: %(due)s. By the calendar as it is now:") % {
        "due": due_phrase(due_at)
    }


def came(dossier: Dossier, at: datetime) -> tuple[Timeliness, int]:
    """How a result that is ready at `at` comes against what was told, and how many days early.

    Late too when any date told passed while the clock ran: a new date does not make it good.
    """
    promises = list(dossier.promises.values_list("at", "due_at"))
    if is_missed(promises, entries_of(dossier), at):
        return Timeliness.LATE, 0
    calendar, last_told = calendar_for(dossier.deciding_office), promises[-1][1]
    how = timeliness(at, last_told, budget_of(dossier), calendar)
    return how, early_working_days(at, last_told, calendar) if how == Timeliness.EARLY else 0
