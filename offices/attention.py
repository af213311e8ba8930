"""What an administrator should look at: the calendar of the coming year, officers without work."""

from datetime import date

from django.utils.translation import gettext as _

from common import clock
from common.attention import Concern, Gravity, some
from offices.kinds import DayKind, Role
from offices.models import CalendarDay, Officer

_ASKED_FROM_MONTH = 11
_GRAVE_FROM = (12, 15)
_MOST = 100
_DAYS = "admin:offices_calendarday_changelist"
_OFFICERS = "admin:offices_officer_changelist"
# The Labour Code, article 112, gives 11 days off; some fall on a weekend and need no entry.
_FEWEST_DAYS_OFF = 8


def calendar_years() -> list[Concern]:
    """This year's national days off and, from November on, those of the next; one query."""
    today = clock.today()
    years = [today.year]
    if today.month >= _ASKED_FROM_MONTH:
        years.append(today.year + 1)
    entered = CalendarDay.objects.filter(
        office=None, kind=DayKind.OFF, date__range=(date(years[0], 1, 1), date(years[-1], 12, 31))
    )
    days = list(entered.values_list("date", flat=True))
    found = []
    for year in years:
        n = sum(day.year == year for day in days)
        if n < _FEWEST_DAYS_OFF:
            found.append(_lacking_days(year, n, is_grave=_is_grave(year, today)))
    return found


def _is_grave(year: int, today: date) -> bool:
    return year == today.year or (today.month, today.day) >= _GRAVE_FROM


def _lacking_days(year: int, n: int, *, is_grave: bool) -> Concern:
    text = (
        _("The days off of %(year)d are not complete: %(n)d are entered.")
        if n
        else _("The days off of %(year)d are not entered: due dates in that year will be wrong.")
    )
    return Concern(
        Gravity.NOW if is_grave else Gravity.SOON,
        text % {"year": year, "n": n},
        page=_DAYS,
        query=f"date__year={year}",
        right="offices.view_calendarday",
    )


def officers_without_role() -> list[Concern]:
    """Active accounts that can do nothing, and roles in closed offices; two queries."""
    active = Officer.objects.filter(is_active=True).order_by("username")
    idle = active.filter(role_assignments=None, is_superuser=False)
    closed = active.filter(role_assignments__office__valid_to__isnull=False).distinct()
    found = []
    if names := list(idle.values_list("full_name", flat=True)[:_MOST]):
        text = _("Active officers without a role, who can do nothing: %(names)s.")
        found.append(_about_officers(text, names, "role=none"))
    if names := list(closed.values_list("full_name", flat=True)[:_MOST]):
        text = _("Officers with a role in a closed office: %(names)s.")
        found.append(_about_officers(text, names, "role=closed"))
    return found


def _about_officers(text: str, names: list[str], query: str) -> Concern:
    return Concern(
        Gravity.NOTE,
        text % {"names": some(names)},
        page=_OFFICERS,
        query=query,
        right="offices.view_officer",
    )


def few_administrators() -> list[Concern]:
    """One administrator alone has no stand-in; one query."""
    n = (
        Officer.objects.filter(is_active=True, role_assignments__role=Role.ADMINISTRATOR)
        .distinct()
        .count()
    )
    if n > 1:
        return []
    text = _("Only one account has the administrator's role: nobody can stand in for it.")
    return [Concern(Gravity.NOTE, text, page=_OFFICERS, right="offices.view_officer")]
