"""Legal deadlines: a budget, the entries of a clock, and what they come to. Plain functions."""

from cases.deadlines.explanation import explain
from cases.deadlines.ledger import Budget, Entry, EntryKind, InvalidLedger, Unit
from cases.deadlines.reckoning import (
    CUTOFF,
    MINUTES,
    Due,
    Remaining,
    SkippedDay,
    Stretch,
    days_used,
    due,
)
from cases.deadlines.standing import (
    Cell,
    CellKind,
    Share,
    Standing,
    StandingKind,
    Timeliness,
    early_working_days,
    share,
    standing,
    step_due,
    timeliness,
)
from offices.worktime import (
    Calendar,
    DayRule,
    Interval,
    NoWorkingDay,
    default_calendar,
    receipt_day,
)

__all__ = [
    "CUTOFF",
    "MINUTES",
    "Budget",
    "Calendar",
    "Cell",
    "CellKind",
    "DayRule",
    "Due",
    "Entry",
    "EntryKind",
    "Interval",
    "InvalidLedger",
    "NoWorkingDay",
    "Remaining",
    "Share",
    "SkippedDay",
    "Standing",
    "StandingKind",
    "Stretch",
    "Timeliness",
    "Unit",
    "days_used",
    "default_calendar",
    "due",
    "early_working_days",
    "explain",
    "receipt_day",
    "share",
    "standing",
    "step_due",
    "timeliness",
]
