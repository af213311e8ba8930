"""How a dossier stands against its due date, as the deadline chip of screens.md 2 shows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.deadlines import Calendar, StandingKind, Timeliness, standing
from cases.models import Dossier
from common import clock

_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Chip:
    """What `deadline_chip` of onestop_status draws: `n` in `unit` (days or hours), `at` UTC."""

    kind: str
    n: int = 0
    at: datetime | None = None
    unit: str = "days"


def chip_of(dossier: Dossier, calendar: Calendar, now: datetime) -> Chip | None:
    """The chip at `now`, by the deciding office's calendar; None before acceptance or where the
    dossier ended without a result."""
    if dossier.timeliness and dossier.ready_at:
        return _done(dossier, calendar, dossier.ready_at)
    if dossier.closed_at is not None:
        return None
    state = standing(dossier.due_at, dossier.paused_at, now, calendar)
    if state is None:
        return None
    if state.kind == StandingKind.PAUSED:
        return Chip("paused", at=dossier.paused_at)
    if state.kind == StandingKind.TODAY:
        return Chip("today", at=dossier.due_at)
    if state.kind == StandingKind.LATE:
        return _late("late", state.working_days, now, dossier.due_at)
    if state.working_days == 0:  # the due day was made a day off after it had been promised
        return Chip("due_on", at=dossier.due_at)
    return Chip("soon" if state.working_days == 1 else "left", state.working_days)


def _done(dossier: Dossier, calendar: Calendar, ready_at: datetime) -> Chip:
    if dossier.timeliness == Timeliness.EARLY:
        return Chip("done_early", dossier.early_days)
    if dossier.timeliness == Timeliness.ON_TIME or dossier.due_at is None:
        return Chip("done_on_time")
    due_day, ready_day = clock.local(dossier.due_at).date(), clock.local(ready_at).date()
    days = calendar.count_working_days(due_day, ready_day)
    return _late("done_late", days, ready_at, dossier.due_at)


def _late(kind: str, days: int, until: datetime, due_at: datetime | None) -> Chip:
    """Late by working days; since the same day by hours, begun ones counted."""
    if days or due_at is None:
        return Chip(kind, days)
    return Chip(kind, max(1, -((due_at - until) // _HOUR)), unit="hours")
