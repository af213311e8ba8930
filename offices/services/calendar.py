"""Rules that the administrators' calendar must keep, whoever writes it."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from common import clock
from common.errors import DomainError
from offices.models import CalendarDay, Office, WeeklyInterval
from offices.selectors.calendars import calendar_for, calendars_in_use
from offices.worktime import NoWorkingDay, default_calendar

_YEAR = timedelta(days=366)
# A day outside is a slip of the pen, and each change looks at every day in between.
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


def require_working_days() -> None:
    """Refuses the calendar as it stands in this transaction when a year has no working day.

    Looked at are the national calendar and each office's own, from the first day entered (or
    today) to the last. Before any opening hours are entered the usual ones are meant. Raises
    DomainError with the day after which nothing is worked, per calendar, or for a day that lies
    before EARLIEST or after LATEST.
    """
    days = list(CalendarDay.objects.values_list("date", flat=True))
    _refuse_far_days(days)
    first = min([clock.today(), *days])
    last = max([clock.today(), *days])
    reasons = []
    for office in calendars_in_use():
        gap = _first_gap(office, first, last)
        if gap is not None:
            reasons.append(
                _("%(whose)s: no working day in the year after %(day)s")
                % {"whose": office or _("National calendar"), "day": gap.strftime("%d/%m/%Y")}
            )
    if reasons:
        raise DomainError(
            _("The calendar would have no working day: %(reasons)s.")
            % {"reasons": "; ".join(reasons)},
            code="no_working_day",
            reasons=reasons,
        )


def _refuse_far_days(days: Sequence[date]) -> None:
    far = [day for day in days if not EARLIEST <= day <= LATEST]
    if far:
        message = _("The calendar holds the years %(first)d to %(last)d, not %(year)d.")
        years = {"first": EARLIEST.year, "last": LATEST.year, "year": min(far).year}
        raise DomainError(message % years, code="far_day")


def _first_gap(office: Office | None, first: date, last: date) -> date | None:
    """The first day that no working day follows within a year, or None."""
    calendar = calendar_for(office)
    if not calendar.weekly and not WeeklyInterval.objects.exists():
        calendar = default_calendar(calendar.days)
    day = first - timedelta(days=1)
    while day < last:
        try:
            following = calendar.next_working_day(day)
        except NoWorkingDay:
            return day
        if following - day > _YEAR:
            return day
        day = following
    return None
