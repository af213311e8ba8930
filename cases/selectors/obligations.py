"""Why an office cannot be closed, or a day of the calendar not be changed: dossiers need it."""

from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Dossier, DossierStep, Procedure, ProcedureVersion
from cases.workflow import StepState
from common import clock
from offices.models import CalendarDay, Office


def work_of_office(office: Office) -> list[str]:
    """Dossiers that are open there and procedures in force that name it; three queries."""
    steps = DossierStep.objects.filter(office=office).filter(
        state__in=[StepState.OPEN, StepState.WAITING]
    )
    concerned = (
        Q(receiving_office=office) | Q(deciding_office=office) | Q(pk__in=steps.values("dossier"))
    )
    n = Dossier.objects.filter(concerned, closed_at=None).count()
    reasons = []
    if n:
        text = ngettext(
            "%(n)d dossier is still open there.", "%(n)d dossiers are still open there.", n
        )
        reasons.append(text % {"n": n})
    in_force = ProcedureVersion.objects.filter(
        pk__in=Procedure.objects.filter(current__isnull=False).values("current")
    )
    named = in_force.filter(
        Q(deciding_office=office.code)
        | Q(other_deciding_offices__contains=[office.code])
        | Q(steps__office=office.code)
    )
    names = list(named.order_by("short_name").values_list("short_name", flat=True).distinct()[:5])
    if names:
        text = _("Procedures in force name it: %(names)s.")
        reasons.append(text % {"names": "; ".join(names)})
    return reasons


def dossiers_counted_by(day: CalendarDay) -> list[str]:
    """A day of the past by which the time of dossiers was counted; one query.

    Nothing for a day ahead: its dossiers are moved on their own page, and told.
    """
    if day.date >= clock.today():
        return []
    begins = datetime.combine(day.date, time(), clock.VIETNAM)
    counted = Dossier.objects.filter(received_at__lt=begins + timedelta(days=1), due_at__gte=begins)
    if day.office_id is not None:
        counted = counted.filter(deciding_office=day.office_id)
    if not counted.exists():
        return []
    text = _("The day is over, and due dates of dossiers were counted by it: it stays as it was.")
    return [text]
