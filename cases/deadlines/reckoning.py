"""From a budget and the entries of the clock to the due date (design.md 4, onestop-rules 3).

A pure projection: the same entries on the same calendar give the same answer at any time. Instants
that come in are aware, those that go out are UTC; days are those of Asia/Ho_Chi_Minh.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from cases.deadlines.ledger import Budget, Entry, EntryKind, InvalidLedger, Unit
from offices.worktime import Calendar, days_between, local_time, receipt_day

CUTOFF = time(15, 0)
"""What comes in from here on belongs to the next working day (Decree 309/2026, article 9)."""

MINUTES = "minutes"
MICROSECONDS_A_MINUTE = 60_000_000

_HOUR = 60 * MICROSECONDS_A_MINUTE


@dataclass(frozen=True, slots=True)
class Remaining:
    """What a paused clock has left: days in the unit of the budget, or "minutes" of work."""

    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A day off among the days that would have counted."""

    day: date
    name: str
    legal_reference: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which the clock runs, from a start or a resumption to a pause or the stop.

    `received_on` is the day of receipt by the counter's hours. Days later than `counted_from`
    count; with nothing left that is the due day itself. `left` is what there is to use: days, or
    microseconds of working time. `ended_at` is None while it runs.
    """

    began_at: datetime
    received_on: date
    counted_from: date
    left: int
    after_cutoff: bool = False
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A due date with what it was reckoned from.

    `due_at` is UTC, None while paused and before the start; after a stop it stays where it was.
    `total` is the budget with its extensions, in `unit`.
    """

    unit: Unit
    total: int
    calendar: Calendar = field(repr=False, compare=False)
    due_at: datetime | None = None
    paused_since: datetime | None = None
    stopped_at: datetime | None = None
    remaining: Remaining | None = None
    stretches: tuple[Stretch, ...] = ()
    cutoff: time = CUTOFF

    @property
    def used_days(self) -> tuple[date, ...]:
        """The days that ended stretches have used, in order."""
        ended = ((s, s.ended_at) for s in self.stretches)
        return tuple(d for s, end in ended if end for d in days_used(self, s, end))

    def skipped_until(self, end: datetime | None) -> tuple[SkippedDay, ...]:
        """Days off from the receipt to `end`; an ordinary Saturday or Sunday is not named.

        Counted in calendar days, only those on which the last day would have fallen.
        """
        if not self.stretches or end is None:
            return ()
        first, last = self.stretches[0], self.stretches[-1]
        came_on = local_time(first.began_at).date()
        after = came_on if came_on == first.received_on else came_on - timedelta(days=1)
        if self.unit == Unit.CALENDAR_DAYS and last.left:
            after = last.counted_from + timedelta(days=last.left - 1)
        return tuple(
            SkippedDay(day, rule.name, rule.legal_reference)
            for day in days_between(after, local_time(end).date())
            if (rule := self.calendar.days.get(day)) is not None
            and not self.calendar.is_working_day(day)
            and self.calendar.weekly.get(day.weekday())
        )

    def waited_between(self, before: Stretch, after: Stretch) -> tuple[date, ...]:
        """The working days between two neighbouring stretches."""
        if before.ended_at is None:
            return ()
        since = max(local_time(before.ended_at).date(), before.received_on)
        until = after.received_on
        if self.unit == Unit.WORKING_HOURS:
            until -= timedelta(days=1)
        return self.calendar.working_days_between(since, until)


def due(
    budget: Budget,
    entries: Sequence[Entry],
    calendar: Calendar,
    *,
    counter: Calendar | None = None,
    cutoff_shifts_all: bool = False,
    cutoff: time = CUTOFF,
) -> Due:
    """When the result is due.

    `calendar` is the deciding office's and counts the days; `counter` is the receiving counter's
    and says on which day a paper counts as received (the same where None). The day of receipt does
    not count, nor the day of a resumption; the day of a pause does. For the same day (amount 0),
    and with nothing left at a resumption, what comes from `cutoff` on is due the next working day;
    with `cutoff_shifts_all` any deadline in days then starts a day later. Working hours are exact.
    Due is the closing of the day. Raises `InvalidLedger`, `NoWorkingDay`.
    """
    rules = _Rules(budget, calendar, counter or calendar, cutoff, cutoff_shifts_all)
    clock = _Clock(rules)
    for entry in entries:
        clock.enter(entry)
    return clock.projection()


def days_used(due: Due, stretch: Stretch, until: datetime) -> tuple[date, ...]:
    """The days of a stretch that `until` has used, that day included, and never more than it had.

    Working days; every day where the budget is counted in calendar days.
    """
    if not stretch.left:
        return ()
    day = local_time(until).date()
    if due.unit == Unit.CALENDAR_DAYS:
        return tuple(days_between(stretch.counted_from, day))[: stretch.left]
    if due.unit == Unit.WORKING_DAYS:
        return due.calendar.working_days_between(stretch.counted_from, day)[: stretch.left]
    end = min(until, due.calendar.after_working(stretch.began_at, _work(stretch.left)))
    eve = local_time(stretch.began_at).date() - timedelta(days=1)
    return tuple(
        worked
        for worked in due.calendar.working_days_between(eve, local_time(end).date())
        if due.calendar.opening(worked) < end and due.calendar.closing(worked) > stretch.began_at
    )


@dataclass(frozen=True, slots=True)
class _Rules:
    """How stretches of one dossier begin, are used and end."""

    budget: Budget
    calendar: Calendar
    counter: Calendar
    cutoff: time
    shifts_all: bool

    @property
    def in_hours(self) -> bool:
        return self.budget.unit == Unit.WORKING_HOURS

    def ticks(self, amount: int) -> int:
        return amount * _HOUR if self.in_hours else amount

    def begin(self, at: datetime, left: int) -> Stretch:
        local = local_time(at)
        if self.in_hours:
            return Stretch(at, local.date(), local.date(), left)
        received_on = receipt_day(self.counter, at)
        after_cutoff = received_on == local.date() and local.time() >= self.cutoff
        counted_from = received_on
        if left == 0:
            counted_from = self._same_day(at, received_on, after_cutoff)
        elif after_cutoff and self.shifts_all:
            counted_from = self.counter.next_working_day(received_on)
        return Stretch(at, received_on, counted_from, left, after_cutoff)

    def _same_day(self, at: datetime, received_on: date, after_cutoff: bool) -> date:
        """The due day of what has no day to count: that day, or the next working day."""
        if after_cutoff:
            return self.calendar.next_working_day(received_on)
        day = self.calendar.first_working_day(received_on)
        return day if at < self.calendar.closing(day) else self.calendar.next_working_day(day)

    def due_at(self, stretch: Stretch) -> datetime:
        if self.in_hours:
            return self.calendar.after_working(stretch.began_at, _work(stretch.left))
        if self.budget.unit == Unit.CALENDAR_DAYS:
            last = stretch.counted_from + timedelta(days=stretch.left)
            return self.calendar.closing(self.calendar.first_working_day(last))
        last = self.calendar.nth_working_day(stretch.counted_from, stretch.left)
        return self.calendar.closing(last)

    def left_at(self, stretch: Stretch, at: datetime) -> int:
        if self.in_hours:
            worked = self.calendar.worked_between(stretch.began_at, at)
            return max(stretch.left - worked // timedelta(microseconds=1), 0)
        day = local_time(at).date()
        if self.budget.unit == Unit.CALENDAR_DAYS:
            used = max((day - stretch.counted_from).days, 0)
        else:
            used = self.calendar.count_working_days(stretch.counted_from, day)
        return max(stretch.left - used, 0)

    def remaining(self, left: int) -> Remaining:
        if self.in_hours:
            return Remaining(left // MICROSECONDS_A_MINUTE, MINUTES)
        return Remaining(left, self.budget.unit)


class _Clock:
    """The ledger played through, entry by entry."""

    def __init__(self, rules: _Rules) -> None:
        self._rules = rules
        self._total = rules.budget.amount
        self._ended: list[Stretch] = []
        self._running: Stretch | None = None
        self._left = 0
        self._paused_since: datetime | None = None
        self._stopped_at: datetime | None = None
        self._last_at: datetime | None = None

    def enter(self, entry: Entry) -> None:
        at = local_time(entry.at).astimezone(UTC)
        if self._last_at is not None and at < self._last_at:
            at = self._last_at
        self._last_at = at
        if self._stopped_at is not None:
            raise InvalidLedger(f"An entry after the stop: {entry.kind} at {entry.at}.")
        match entry.kind:
            case EntryKind.START:
                self._start(at)
            case EntryKind.PAUSE:
                self._pause(at)
            case EntryKind.RESUME:
                self._resume(at)
            case EntryKind.EXTEND:
                self._extend(at, entry.amount)
            case EntryKind.STOP:
                self._stop(at)
            case _:
                raise InvalidLedger(f"An unknown entry: {entry.kind} at {entry.at}.")

    def projection(self) -> Due:
        stretches = (*self._ended, self._running) if self._running else tuple(self._ended)
        counts = bool(stretches) and self._paused_since is None
        paused_since = None if self._stopped_at else self._paused_since
        return Due(
            unit=self._rules.budget.unit,
            total=self._total,
            calendar=self._rules.calendar,
            due_at=self._rules.due_at(stretches[-1]) if counts else None,
            paused_since=paused_since,
            stopped_at=self._stopped_at,
            remaining=self._rules.remaining(self._left) if paused_since else None,
            stretches=stretches,
            cutoff=self._rules.cutoff,
        )

    def _start(self, at: datetime) -> None:
        if self._running:
            raise InvalidLedger(f"A start while the clock runs, at {at}.")
        self._paused_since = None
        self._running = self._rules.begin(at, self._rules.ticks(self._total))

    def _pause(self, at: datetime) -> None:
        stretch = self._need_running("pause", at)
        self._left = self._rules.left_at(stretch, at)
        self._end(stretch, at)
        self._paused_since = at

    def _resume(self, at: datetime) -> None:
        if self._paused_since is None:
            raise InvalidLedger(f"A resumption without a pause, at {at}.")
        self._paused_since = None
        self._running = self._rules.begin(at, self._left)

    def _extend(self, at: datetime, amount: int) -> None:
        if amount <= 0:
            raise InvalidLedger(f"An extension by {amount}, at {at}.")
        self._total += amount
        if self._running:
            left = self._running.left + self._rules.ticks(amount)
            self._running = replace(self._running, left=left)
        else:
            self._left += self._rules.ticks(amount)

    def _stop(self, at: datetime) -> None:
        if self._running:
            self._end(self._running, at)
        elif self._paused_since is None:
            raise InvalidLedger(f"A stop before the start, at {at}.")
        self._stopped_at = at

    def _end(self, stretch: Stretch, at: datetime) -> None:
        self._ended.append(replace(stretch, ended_at=at))
        self._running = None

    def _need_running(self, what: str, at: datetime) -> Stretch:
        if self._running is None:
            raise InvalidLedger(f"A {what} while the clock stands, at {at}.")
        return self._running


def _work(microseconds: int) -> timedelta:
    return timedelta(microseconds=microseconds)
