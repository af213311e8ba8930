"""The budget of a dossier and the entries of its clock: what a due date is reckoned from."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_AMOUNT = 10_000
"""A budget above this is a slip of the pen, in days or in hours."""


class Unit(models.TextChoices):
    """In what a legal deadline is counted (procedures.json)."""

    WORKING_DAYS = "working_days", _("working days")
    WORKING_HOURS = "working_hours", _("working hours")
    CALENDAR_DAYS = "calendar_days", _("calendar days")


class EntryKind(models.TextChoices):
    """What an entry does to the clock. A start while paused begins the budget anew."""

    START = "start", _("start")
    PAUSE = "pause", _("pause")
    RESUME = "resume", _("resume")
    EXTEND = "extend", _("extend")
    STOP = "stop", _("stop")


class InvalidLedger(ValueError):
    """The entries tell no possible history: a fault of the writer, not of a user."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How much time the law gives. Amount 0 means the same day; 0 hours become 0 working days.

    Raises `ValueError` for an unknown unit and for an amount below 0 or above `MAX_AMOUNT`.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        unit = Unit(self.unit)
        if unit == Unit.WORKING_HOURS and self.amount == 0:
            unit = Unit.WORKING_DAYS
        object.__setattr__(self, "unit", unit)
        if not 0 <= self.amount <= MAX_AMOUNT:
            raise ValueError(f"A deadline is between 0 and {MAX_AMOUNT}, not {self.amount}.")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the append-only clock ledger. `kind` is an `EntryKind`, `at` is aware.

    `amount` is for `extend`, in the unit of the budget. Entries count in the order of the ledger;
    one dated before its predecessor (the clocks of two servers differ) counts at its moment.
    """

    kind: str
    at: datetime
    amount: int = 0
