"""What taking a dossier in now would mean: who decides, until when and why, and what it costs."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from cases.deadlines import Budget, Entry, EntryKind, Unit, due, explain
from cases.models import Dossier, Fee, ProcedureCase
from cases.selectors.access import visible_to
from cases.selectors.catalogue import steps_of
from citizens.models import Citizen
from offices.models import Commune, Office, Officer
from offices.selectors.calendars import calendar_for, counter_calendar_for
from offices.selectors.tree import resolve_office

_COUNTER = "counter"


@dataclass(frozen=True)
class Preview:
    """The due date with its reasons, the deciding office, and where the dossier goes next."""

    due_at: datetime | None
    why: list[str]
    office: Office
    next_step: str
    next_office: Office | None


def preview(case: ProcedureCase, *, commune: Commune, receiving: Office, now: datetime) -> Preview:
    """As if the dossier were accepted at `now`. Raises DomainError where the tree or the calendar
    does not allow it; about eight queries."""
    version = case.version
    office = resolve_office(version.deciding_office, "", commune=commune, receiving=receiving)
    budget = Budget(0 if case.same_day else case.deadline_amount, Unit(case.deadline_unit))
    entries = [Entry(EntryKind.START, now)]
    calendar = calendar_for(office)
    reckoned = due(
        budget,
        entries,
        calendar,
        counter=counter_calendar_for(receiving),
        cutoff_shifts_all=settings.ONESTOP_CUTOFF_SHIFTS_ALL,
        cutoff=settings.CUTOFF,
    )
    following = steps_of(case, version)[1:2]
    return Preview(
        due_at=reckoned.due_at,
        why=explain(reckoned, budget, entries, calendar),
        office=office,
        next_step=following[0].name if following else "",
        next_office=resolve_office(
            following[0].office, following[0].role, commune=commune, receiving=receiving
        )
        if following
        else None,
    )


def counter_fees(case: ProcedureCase) -> list[Fee]:
    """What is paid at the counter, in order."""
    return list(case.fees.filter(channel=_COUNTER).order_by("position"))


def open_dossiers(citizen: Citizen, officer: Officer) -> list[Dossier]:
    """The citizen's unfinished dossiers that the officer may see, newest first."""
    found = visible_to(officer).filter(citizen=citizen, closed_at=None).order_by("-id")
    return list(found.select_related("procedure_version__procedure")[:10])
