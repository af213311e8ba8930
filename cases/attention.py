"""What an administrator should look at: procedures nobody can walk, due dates not yet moved."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cases.models import Dossier, Procedure, ProcedureStep
from cases.selectors.due_dates import moved_by_now, running
from cases.selectors.outbox import waiting_since
from common import clock
from common.attention import Concern, Gravity, some
from common.errors import DomainError
from offices.kinds import RECEIVING_KINDS, Role
from offices.models import CalendarDay, Office, RoleAssignment
from offices.selectors.calendars import calendars_kept

_LISTED = 100
# A calendar changes for a day ahead; of each such day the dossiers due soonest after it are tried.
_DAYS_TRIED = 4
_DOSSIERS_TRIED = 10


def procedures_without_version() -> list[Concern]:
    """Procedures that nobody can hand in because no version was published; one query."""
    codes = Procedure.objects.filter(current=None).order_by("code").values_list("code", flat=True)
    found = list(codes[:_LISTED])
    if not found:
        return []
    text = _("Procedures without a published version, which nobody can hand in: %(codes)s.")
    return [
        Concern(
            Gravity.SOON,
            text % {"codes": some(found)},
            page="admin:cases_procedure_changelist",
            query="version=none",
            right="cases.view_procedure",
        )
    ]


def steps_without_officer() -> list[Concern]:
    """Offices of today where a step of a procedure in force has nobody to do it; three queries."""
    steps = ProcedureStep.objects.filter(
        version__in=Procedure.objects.filter(current__isnull=False).values("current"),
        version__external_system="",
    )
    wanted = {
        (reference, role)
        for office, role in steps.values_list("office", "role").distinct()
        for reference in _meant_by(office, role)
    }
    manned = set(
        RoleAssignment.objects.filter(officer__is_active=True).values_list("office_id", "role")
    )
    lacking = [
        f"{office.short_name} ({Role(role).label})"
        for office in Office.objects.in_force()
        for role in Role.values
        if ((office.code, role) in wanted or (office.kind, role) in wanted)
        and (office.pk, role) not in manned
    ]
    if not lacking:
        return []
    text = _("Offices where nobody can do a step of a procedure: %(names)s.")
    return [
        Concern(
            Gravity.SOON,
            text % {"names": some(lacking)},
            page="admin:offices_officer_changelist",
            right="offices.view_officer",
        )
    ]


def _meant_by(office: str, role: str) -> Iterable[str]:
    """As `resolve_office` reads it: the front desk is that of whichever counter received."""
    return RECEIVING_KINDS if role == Role.FRONT_DESK and office in RECEIVING_KINDS else (office,)


def due_dates_not_moved() -> list[Concern]:
    """Whether a day off ahead left dates as they were told; at most ten queries.

    Tried are the dossiers due soonest after the next few days of the calendar, not every open
    dossier: those were received longest ago, so before the day was entered.
    """
    today = clock.today()
    days = CalendarDay.objects.filter(date__gte=today).order_by("date", "office_id")
    with calendars_kept():
        try:
            is_left = any(
                moved_by_now(dossier)
                for day in days[:_DAYS_TRIED]
                for dossier in _due_soonest_after(day.date, day.office_id)
            )
        except DomainError as error:  # no working day is left to count with
            return [_about_days(Gravity.NOW, error.message)]
    if not is_left:
        return []
    text = _("The calendar changed: open dossiers have due dates that were not moved yet.")
    page, right = "admin:cases_dossier_due_dates", "offices.change_calendarday"
    return [Concern(Gravity.SOON, text, page=page, right=right)]


def _due_soonest_after(day: date, office_id: int | None) -> QuerySet[Dossier]:
    begins = datetime.combine(day, time(), clock.VIETNAM)
    rows = running().filter(due_at__gte=begins)
    if office_id is not None:
        rows = rows.filter(deciding_office=office_id)
    return (
        rows.select_related("procedure_version")
        .prefetch_related("clock_entries")
        .order_by("due_at")[:_DOSSIERS_TRIED]
    )


def _about_days(gravity: Gravity, text: str) -> Concern:
    return Concern(
        gravity,
        text,
        page="admin:offices_calendarday_changelist",
        right="offices.view_calendarday",
    )


def events_not_passed_on() -> list[Concern]:
    """Facts that no worker took up; one query."""
    since = waiting_since()
    if since is None:
        return []
    text = _("Nothing is passed on to the messages: the oldest event waits since %(at)s.")
    return [
        Concern(
            Gravity.NOW,
            text % {"at": f"{clock.local(since):%H:%M %d/%m/%Y}"},
            page="admin:cases_dossierevent_changelist",
            query="dispatched_at=missing",
            right="cases.view_dossierevent",
        )
    ]
