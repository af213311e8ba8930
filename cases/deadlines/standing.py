"""Where a dossier stands against its due date: early or late, days left, the share of time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.deadlines.ledger import Budget, Entry, EntryKind, Unit
from cases.deadlines.reckoning import MINUTES, Due, Stretch, days_used
from offices.worktime import Calendar, local_time

_MINUTES_A_DAY = 480


class Timeliness(models.TextChoices):
    """How a result came against the due date last told, fixed when it is ready."""

    EARLY = "early", _("early")
    ON_TIME = "on_time", _("on time")
    LATE = "late", _("late")


class StandingKind(StrEnum):
    """The four deadline chips of a running dossier (screens.md 2)."""

    LEFT = "left"
    TODAY = "today"
    LATE = "late"
    PAUSED = "paused"


class CellKind(StrEnum):
    """What one day of the share of time was."""

    USED = "used"
    WAITING = "waiting"
    LEFT = "left"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Standing:
    """`working_days` left or late; 0 today, while paused, and when late since today."""

    kind: StandingKind
    working_days: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the bar; `day` is None for what is left while the clock is paused."""

    day: date | None
    kind: CellKind


@dataclass(frozen=True, slots=True)
class Share:
    """The share of time as cells in order: the days of the office and those it waited."""

    cells: tuple[Cell, ...]

    @property
    def used(self) -> int:
        """Days that the office has used, those after the due date included."""
        return self._count(CellKind.USED) + self._count(CellKind.LATE)

    @property
    def waited(self) -> int:
        """Working days waited for the citizen, which do not count."""
        return self._count(CellKind.WAITING)

    @property
    def total(self) -> int:
        """Days that the office has in all."""
        return self._count(CellKind.USED) + self._count(CellKind.LEFT)

    def _count(self, kind: CellKind) -> int:
        return sum(1 for cell in self.cells if cell.kind == kind)


def early_working_days(ready_at: datetime, due_at: datetime, calendar: Calendar) -> int:
    """Working days strictly after the day it is ready, up to and including the due day."""
    ready_day, due_day = local_time(ready_at).date(), local_time(due_at).date()
    return calendar.count_working_days(ready_day, due_day)


def timeliness(
    ready_at: datetime, due_at: datetime, budget: Budget, calendar: Calendar
) -> Timeliness:
    """Late after `due_at`, early by one working day or more; what is counted in hours never is."""
    if ready_at > due_at:
        return Timeliness.LATE
    if budget.unit == Unit.WORKING_HOURS:
        return Timeliness.ON_TIME
    early = early_working_days(ready_at, due_at, calendar)
    return Timeliness.EARLY if early else Timeliness.ON_TIME


def is_missed(
    promises: Sequence[tuple[datetime, datetime]], entries: Sequence[Entry], until: datetime
) -> bool:
    """Whether a date that was told passed while the clock ran, whatever was told afterwards.

    `promises` are (told at, due at). Each holds from when it was told until the clock pauses or
    stops, or the next is told; the newest until `until` unless the clock stands.
    """
    stands = [e.at for e in entries if e.kind in (EntryKind.PAUSE, EntryKind.STOP)]
    told = [at for at, _due_at in promises]
    for (told_at, due_at), next_at in zip(promises, [*told[1:], until], strict=True):
        held_until = min([next_at, *(at for at in stands if at >= told_at)])
        if held_until > due_at:
            return True
    return False


def standing(
    due_at: datetime | None, paused_since: datetime | None, now: datetime, calendar: Calendar
) -> Standing | None:
    """The deadline chip of a dossier at `now`; None where no clock has started."""
    if paused_since is not None:
        return Standing(StandingKind.PAUSED)
    if due_at is None:
        return None
    today, due_day = local_time(now).date(), local_time(due_at).date()
    if now > due_at:
        return Standing(StandingKind.LATE, calendar.count_working_days(due_day, today))
    if today == due_day:
        return Standing(StandingKind.TODAY)
    return Standing(StandingKind.LEFT, calendar.count_working_days(today, due_day))


def step_due(
    opened_at: datetime,
    working_hours: float,
    calendar: Calendar,
    pauses: Iterable[tuple[datetime, datetime | None]] = (),
) -> datetime | None:
    """When an internal step is due, in working time exact to the minute; None while paused.

    `pauses` are (from, to) of the dossier's clock, `to` None for one that lasts; what lies before
    the step opened is left out. A step that had run out before a pause stays due where it was.
    """
    left, begin = timedelta(hours=working_hours), opened_at
    for paused_at, resumed_at in sorted(pauses, key=lambda pause: pause[0]):
        if resumed_at is not None and resumed_at <= begin:
            continue
        if paused_at > begin:
            worked = calendar.worked_between(begin, paused_at)
            if worked >= left:
                break
            left -= worked
        if resumed_at is None:
            return None
        begin = resumed_at
    return calendar.after_working(begin, left)


def share(due: Due, until: datetime) -> Share:
    """The share of time up to `until` (at most up to the stop), one cell a working day.

    Counted in calendar days, one cell a day. For the same day it is one cell, the due day.
    """
    if due.stopped_at is not None:
        until = min(until, due.stopped_at)
    if not due.stretches:
        return Share(())
    cells = [*_spent(due, until), *_waiting_now(due, until), *_ahead(due, until)]
    if not due.total and due.due_at is not None:
        due_day = local_time(due.due_at).date()
        come = local_time(until).date() >= due_day
        cells.insert(0, Cell(due_day, CellKind.USED if come else CellKind.LEFT))
    return Share((*cells, *_overtime(due, until)))


def _spent(due: Due, until: datetime) -> list[Cell]:
    cells: list[Cell] = []
    previous: Stretch | None = None
    for stretch in due.stretches:
        if previous is not None:
            cells += _cells(due.waited_between(previous, stretch), CellKind.WAITING)
        cells += _cells(days_used(due, stretch, stretch.ended_at or until), CellKind.USED)
        previous = stretch
    return cells


def _waiting_now(due: Due, until: datetime) -> list[Cell]:
    if due.paused_since is None:
        return []
    since = max(local_time(due.paused_since).date(), due.stretches[-1].received_on)
    days = due.calendar.working_days_between(since, local_time(until).date())
    return _cells(days, CellKind.WAITING)


def _ahead(due: Due, until: datetime) -> list[Cell]:
    if due.remaining is not None:
        amount = due.remaining.amount
        days = -(-amount // _MINUTES_A_DAY) if due.remaining.unit == MINUTES else amount
        return [Cell(None, CellKind.LEFT)] * days
    if due.due_at is None:
        return []
    last = due.stretches[-1]
    used = len(days_used(due, last, last.ended_at or until))
    return _cells(days_used(due, last, due.due_at)[used:], CellKind.LEFT)


def _overtime(due: Due, until: datetime) -> list[Cell]:
    if due.due_at is None:
        return []
    due_day = local_time(due.due_at).date()
    days = due.calendar.working_days_between(due_day, local_time(until).date())
    return _cells(days, CellKind.LATE)


def _cells(days: Sequence[date], kind: CellKind) -> list[Cell]:
    return [Cell(day, kind) for day in days]
