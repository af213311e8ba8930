"""Reads about working time: days off, opening hours and the calendars made of them."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from common import clock
from offices.kinds import DayKind
from offices.models import CalendarDay, Office, WeeklyInterval
from offices.worktime import Calendar, DayRule, Interval

_kept: ContextVar[dict[tuple[int | None, bool], Calendar] | None] = ContextVar("kept", default=None)

# The Labour Code, article 112, gives 11 days off; some fall on a weekend and need no entry.
_FEWEST_DAYS_OFF = 8
# The days of Tết are decided towards the end of the year, when due dates reach into the next.
_NEXT_YEAR_FROM_MONTH = 11
_GRAVE_FROM = (12, 15)


@dataclass(frozen=True)
class CalendarGap:
    """A year of which too few national days off are entered: due dates in it would be too early."""

    year: int
    days_off: int
    is_grave: bool


def calendar_for(office: Office | None) -> Calendar:
    """The working days and hours by which the office's deadlines are counted; two queries."""
    return _calendar(office, with_counter=False)


def counter_calendar_for(office: Office) -> Calendar:
    """When the office's counter takes papers in, a Saturday for the counter only included."""
    return _calendar(office, with_counter=True)


def calendars_for(office_ids: Collection[int]) -> dict[int, Calendar]:
    """As `calendar_for`, by office id, for all the offices of a list; two queries."""
    hours = list(WeeklyInterval.objects.filter(Q(office__in=office_ids) | Q(office=None)))
    days = list(CalendarDay.objects.filter(Q(office__in=office_ids) | Q(office=None)))
    common = [row for row in hours if row.office_id is None]
    calendars = {}
    for office_id in office_ids:
        own = [row for row in hours if row.office_id == office_id]
        own_last = sorted(days, key=lambda row: row.office_id is not None)
        calendars[office_id] = _built(
            [row for row in own or common if not row.counter_only],
            [row for row in own_last if row.office_id in (None, office_id)],
        )
    return calendars


def calendars_in_use() -> list[Office | None]:
    """Whose calendars differ: None for the national one, then each office with hours or days."""
    own = Office.objects.filter(Q(weekly_intervals__isnull=False) | Q(calendar_days__isnull=False))
    return [None, *own.distinct()]


@contextmanager
def calendars_kept() -> Iterator[None]:
    """Inside, each calendar is read once: for a batch that nobody may change a day under."""
    before = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(before)


def _calendar(office: Office | None, *, with_counter: bool) -> Calendar:
    kept, key = _kept.get(), (office.pk if office else None, with_counter)
    if kept is not None and key in kept:
        return kept[key]
    hours = [row for row in weekly_intervals(office) if with_counter or not row.counter_only]
    calendar = _built(hours, calendar_days(office))
    if kept is not None:
        kept[key] = calendar
    return calendar


def _built(hours: Iterable[WeeklyInterval], days: Iterable[CalendarDay]) -> Calendar:
    weekly: dict[int, list[Interval]] = {}
    for row in hours:
        weekly.setdefault(row.weekday, []).append(Interval(row.opens, row.closes))
    rules = {row.date: _day_rule(row) for row in days}
    return Calendar({day: tuple(sorted(hours)) for day, hours in weekly.items()}, rules)


def _day_rule(row: CalendarDay) -> DayRule:
    hours = (Interval(row.opens, row.closes),) if row.opens and row.closes else None
    return DayRule(row.kind, hours, row.name, row.legal_reference)


def weekly_intervals(office: Office | None) -> list[WeeklyInterval]:
    """The office's own opening hours, or the rule for all when it has none; one query."""
    rows = list(WeeklyInterval.objects.filter(Q(office=office) | Q(office__isnull=True)))
    own = [row for row in rows if row.office_id is not None]
    return own or [row for row in rows if row.office_id is None]


def calendar_days(office: Office | None) -> list[CalendarDay]:
    """National days and those of the office; the office's own comes last and wins."""
    rows = CalendarDay.objects.filter(Q(office=office) | Q(office__isnull=True))
    return sorted(rows, key=lambda row: row.office_id is not None)


def calendar_gaps() -> list[CalendarGap]:
    """This year and, from November on, the next where their days off are missing; one query."""
    today = clock.today()
    years = [today.year]
    if today.month >= _NEXT_YEAR_FROM_MONTH:
        years.append(today.year + 1)
    entered = CalendarDay.objects.filter(
        office=None, kind=DayKind.OFF, date__range=(date(years[0], 1, 1), date(years[-1], 12, 31))
    )
    days = list(entered.values_list("date", flat=True))
    counted = {year: sum(day.year == year for day in days) for year in years}
    is_late = (today.month, today.day) >= _GRAVE_FROM
    return [
        CalendarGap(year, n, is_grave=year == today.year or is_late)
        for year, n in counted.items()
        if n < _FEWEST_DAYS_OFF
    ]
