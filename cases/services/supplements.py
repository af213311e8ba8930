"""Requests for missing papers: their date, and what they do to the checklist."""

from collections.abc import Sequence
from datetime import date, datetime

from cases.models import Dossier
from cases.selectors.rules import portal_settings
from cases.workflow import PaperState
from common import clock
from offices.selectors.calendars import calendar_for


def default_due(dossier: Dossier, at: datetime) -> datetime:
    """Closing time of the last of the working days that the citizen has to bring papers."""
    calendar = calendar_for(dossier.receiving_office)
    day = calendar.nth_working_day(
        clock.local(at).date(), portal_settings().supplement_working_days
    )
    return calendar.closing(day)


def due_on(dossier: Dossier, day: date) -> datetime:
    """Closing time of the counter's working day `day`, or of the next one."""
    calendar = calendar_for(dossier.receiving_office)
    return calendar.closing(calendar.first_working_day(day))


def mark_papers(
    dossier: Dossier, *, keys: Sequence[str], state: PaperState, count: int = 0
) -> None:
    """Notes on the checklist how the papers with these keys stand now."""
    dossier.papers.filter(key__in=[key for key in keys if key]).update(state=state, count=count)
