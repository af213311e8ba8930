"""Working time of an office: its calendar, its opening hours, and counting along them.

Pure: no ORM. Days and hours are those of Asia/Ho_Chi_Minh; an instant that comes in must be aware,
an instant that goes out is UTC. The rules are those of onestop-rules 3: which days are worked is
data of the administrators (days off, half days, make-up days), never a rule of this file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import gettext as _

from common.clock import VIETNAM
from common.errors import DomainError
from offices.kinds import DayKind

LOOK_AHEAD_DAYS = 400
"""How far the next working day may lie. Farther, and the calendar is wrong, not quiet."""

_ONE_DAY = timedelta(days=1)
_WEEKDAYS = range(5)


class NoWorkingDay(DomainError):
    """The calendar has no working day within `LOOK_AHEAD_DAYS` after `day`."""

    def __init__(self, day: date) -> None:
        super().__init__(
            _(
                "The calendar has no working day in the %(days)d days after %(day)s."
                " Enter weekly working hours or working days."
            )
            % {"days": LOOK_AHEAD_DAYS, "day": day.strftime("%d/%m/%Y")},
            code="no_working_day",
            status=409,
        )
        self.day = day


@dataclass(frozen=True, order=True, slots=True)
class Interval:
    """One stretch of opening hours, such as 07:00 to 11:30, local time."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"An interval ends after it starts: {self.start}, {self.end}.")


@dataclass(frozen=True, slots=True)
class DayRule:
    """What one date is, against the weekly hours; `kind` is a `DayKind`.

    `off`: closed. `work`: a make-up day, worked with `intervals`, or with Monday's when there are
    none. `half`: worked with `intervals`, or with the first interval that the weekday has (Monday's
    on a day without hours). `name` and `legal_reference` are words for people, in Vietnamese.
    """

    kind: str
    intervals: tuple[Interval, ...] | None = None
    name: str = ""
    legal_reference: str = ""

    def __post_init__(self) -> None:
        DayKind(self.kind)  # an unknown kind must not pass for an ordinary day


@dataclass(frozen=True)
class Calendar:
    """The hours of one office: `weekly` by weekday (0 = Monday), and `days` that differ.

    Answers are remembered, so keep one instance for all the dossiers of a page or a batch.
    """

    weekly: Mapping[int, tuple[Interval, ...]]
    days: Mapping[date, DayRule] = field(default_factory=dict)
    _known: dict[date, tuple[Interval, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def intervals_on(self, day: date) -> tuple[Interval, ...]:
        """Opening hours of `day` in order; empty when closed."""
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = _merged(self._rule_intervals(day))
        return known

    def is_working_day(self, day: date) -> bool:
        """True for a half day and a make-up day too."""
        return bool(self.intervals_on(day))

    def first_working_day(self, day: date) -> date:
        """`day` itself when it is worked, else the next that is."""
        return day if self.intervals_on(day) else self.next_working_day(day)

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`. Raises `NoWorkingDay`."""
        ahead = day
        for _step in range(LOOK_AHEAD_DAYS):
            ahead += _ONE_DAY
            if self.intervals_on(ahead):
                return ahead
        raise NoWorkingDay(day)

    def nth_working_day(self, after: date, n: int) -> date:
        """The `n`-th working day after `after`; `after` itself for 0. Raises `NoWorkingDay`."""
        day = after
        for _step in range(n):
            day = self.next_working_day(day)
        return day

    def working_days_between(self, after: date, until: date) -> tuple[date, ...]:
        """The working days later than `after`, up to and including `until`."""
        return tuple(day for day in days_between(after, until) if self.intervals_on(day))

    def count_working_days(self, after: date, until: date) -> int:
        """How many working days are later than `after`, up to and including `until`."""
        return sum(1 for day in days_between(after, until) if self.intervals_on(day))

    def opening(self, day: date) -> datetime:
        """When a working day begins. Raises `ValueError` for a day that is not worked."""
        return _instant(day, self._worked(day)[0].start)

    def closing(self, day: date) -> datetime:
        """When the last hours of a working day end. Raises `ValueError` for a day not worked."""
        return _instant(day, self._worked(day)[-1].end)

    def is_open(self, at: datetime) -> bool:
        """True from the start of an interval until just before its end."""
        local = local_time(at)
        clock = local.time()
        return any(i.start <= clock < i.end for i in self.intervals_on(local.date()))

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself while the office is open, else when it next opens. Raises `NoWorkingDay`."""
        local = local_time(at)
        if self.is_open(at):
            return local.astimezone(UTC)
        for interval in self.intervals_on(local.date()):
            if interval.start > local.time():
                return _instant(local.date(), interval.start)
        return self.opening(self.next_working_day(local.date()))

    def worked_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`, exact; nothing when `end` is not later."""
        first, last = local_time(start), local_time(end)
        total = timedelta()
        day = first.date()
        while day <= last.date():
            for opens, closes in self._stretches(day):
                total += max(min(closes, last) - max(opens, first), timedelta())
            day += _ONE_DAY
        return total

    def after_working(self, start: datetime, amount: timedelta) -> datetime:
        """The instant when `amount` of working time has passed since `start`.

        Time that runs out at the end of an interval is over there, not at the next opening. With
        nothing to work it is `start`, or the next opening where the office is closed then.
        Raises `NoWorkingDay`.
        """
        local = local_time(start)
        day, left = local.date(), max(amount, timedelta())
        while True:
            for opens, closes in self._stretches(day):
                begin = max(opens, local)
                if begin + left <= closes:
                    return (begin + left).astimezone(UTC)
                left -= max(closes - begin, timedelta())
            day = self.next_working_day(day)

    def _rule_intervals(self, day: date) -> tuple[Interval, ...]:
        usual = self.weekly.get(day.weekday(), ())
        rule = self.days.get(day)
        if rule is None:
            return usual
        if rule.kind == DayKind.OFF:
            return ()
        if rule.intervals:
            return rule.intervals
        monday = self.weekly.get(0, ())
        return monday if rule.kind == DayKind.WORK else _merged(usual or monday)[:1]

    def _worked(self, day: date) -> tuple[Interval, ...]:
        intervals = self.intervals_on(day)
        if not intervals:
            raise ValueError(f"{day} is not a working day of this calendar.")
        return intervals

    def _stretches(self, day: date) -> list[tuple[datetime, datetime]]:
        return [
            (
                datetime.combine(day, interval.start, VIETNAM),
                datetime.combine(day, interval.end, VIETNAM),
            )
            for interval in self.intervals_on(day)
        ]


def receipt_day(counter: Calendar, at: datetime) -> date:
    """The day on which what reaches the counter at `at` counts as received.

    The local date when the counter is open that day and `at`, to the minute as the receipt prints
    it, is not after its closing; before opening counts as that day. Else the counter's next day.
    """
    local = local_time(at)
    intervals = counter.intervals_on(local.date())
    if intervals and local.time().replace(second=0, microsecond=0) <= intervals[-1].end:
        return local.date()
    return counter.next_working_day(local.date())


def default_calendar(days: Mapping[date, DayRule] | None = None) -> Calendar:
    """Monday to Friday 07:00-11:30 and 13:30-17:00, with the days that differ."""
    hours = (Interval(time(7), time(11, 30)), Interval(time(13, 30), time(17)))
    return Calendar(weekly=dict.fromkeys(_WEEKDAYS, hours), days=days or {})


def days_between(after: date, until: date) -> Iterable[date]:
    """Every date later than `after`, up to and including `until`."""
    return (after + timedelta(days=n) for n in range(1, (until - after).days + 1))


def local_time(at: datetime) -> datetime:
    """The same instant on a wall clock in Vietnam. Raises `ValueError` for a naive datetime."""
    if at.tzinfo is None:
        raise ValueError(f"An instant needs a time zone: {at.isoformat()}.")
    return at.astimezone(VIETNAM)


def _instant(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, VIETNAM).astimezone(UTC)


def _merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """In order, with those that touch or overlap made one, so that no minute counts twice."""
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if merged and interval.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(interval)
    return tuple(merged)
