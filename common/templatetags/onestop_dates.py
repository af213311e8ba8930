"""Dates in words: `{% load onestop_dates %}`; thin filters over common/dates.py.

Every instant comes in aware and is told in Vietnam's time and the page's language, with no-break
spaces inside the day. An empty value gives an empty string.

    at|due_phrase   17:00, thứ Sáu 27/11/2026      at|date_time_phrase  thứ Sáu 27/11/2026, 17:00
    at|day_phrase   thứ Sáu 27/11/2026             at|short_due         17:00 thứ Sáu 27/11
    at|short_when   15:20 23/11                    at|short_day         23/11
    at|hour         17:00                          at|iso               2026-11-27T17:00:00+07:00
"""

from collections.abc import Callable
from datetime import date, datetime

from django import template

from common import clock, dates

register = template.Library()


def _tied(phrase: Callable[..., str]) -> Callable[[datetime | None], str]:
    def filtered(at: datetime | None) -> str:
        return phrase(at, no_break=True) if at else ""

    return filtered


register.filter("due_phrase", _tied(dates.due_phrase))
register.filter("date_time_phrase", _tied(dates.date_time_phrase))
register.filter("day_phrase", _tied(dates.day_phrase))
register.filter("short_due", _tied(dates.short_due_phrase))


@register.filter
def short_when(at: datetime | None) -> str:
    """ "15:20 23/11"."""
    return dates.stamp(at) if at else ""


@register.filter
def short_day(day: date | None) -> str:
    """ "23/11"."""
    return dates.short_day(day) if day else ""


@register.filter
def hour(at: datetime | None) -> str:
    """ "17:00"."""
    return dates.clock_phrase(at) if at else ""


@register.filter
def iso(at: datetime | None) -> str:
    """For the `datetime` attribute of <time>."""
    return clock.local(at).isoformat(timespec="seconds") if at else ""
