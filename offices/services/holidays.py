"""Days off and made-up working days of a year as the library knows them: a draft to be checked.

The library misses swaps that are decided late (onestop-rules 3.1), so nothing is entered unseen.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import holidays
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.text import nfc
from offices.kinds import DayKind
from offices.models import CalendarDay
from offices.services.calendar import require_working_days

_LAST_WORKDAY = 4
_MADE_UP = "Làm bù"


@dataclass(frozen=True)
class Proposed:
    """A national day that the library knows and the calendar does not have."""

    date: date
    kind: DayKind
    name: str


def proposed_days(year: int) -> list[Proposed]:
    """What is not entered yet, by date; days off that fall on a weekend are left out."""
    known = holidays.country_holidays("VN", years=year, language="vi")
    entered = set(
        CalendarDay.objects.filter(office=None, date__year=year).values_list("date", flat=True)
    )
    days = [
        Proposed(day, DayKind.OFF, nfc(name)[:120])
        for day, name in known.items()
        if day.weekday() <= _LAST_WORKDAY
    ]
    days += [
        Proposed(day, DayKind.WORK, _MADE_UP) for day in known.weekend_workdays if day.year == year
    ]
    return sorted((day for day in days if day.date not in entered), key=lambda day: day.date)


@transaction.atomic
def enter_days(*, year: int, days: Collection[date], legal_reference: str) -> list[CalendarDay]:
    """Enters those of the proposed days that were chosen, for the whole country.

    Raises DomainError without a legal reference or a day, and as `require_working_days`.
    """
    reference = nfc(legal_reference).strip()
    if not reference:
        text = _("Name the text that says so: citizens read it.")
        raise DomainError(text, fields={"legal_reference": [text]})
    chosen = [day for day in proposed_days(year) if day.date in days]
    if not chosen:
        text = _("Choose at least one day.")
        raise DomainError(text, fields={"days": [text]})
    rows = [
        CalendarDay(date=d.date, kind=d.kind, name=d.name, legal_reference=reference)
        for d in chosen
    ]
    try:
        with transaction.atomic():
            CalendarDay.objects.bulk_create(rows)
    except IntegrityError:
        text = _("Somebody else has just entered these days.")
        raise DomainError(text, status=409, fields={"days": [text]}) from None
    require_working_days()
    return rows
