"""The night: between 22:00 and 06:00 only emergencies and chat answers leave (delivery-rules 6)."""

import random
from collections.abc import Callable
from datetime import datetime, time, timedelta

from common.clock import local
from notifications.policies import scaled

# Two minutes before the provider's own night, half a minute after it.
STOPS = time(21, 58)
STARTS = time(6, 0, 30)
_SPREAD_S = 15 * 60.0
_NEXT_DAY = time(0, 5)
_NEXT_DAY_SPREAD_S = 25 * 60.0

Uniform = Callable[[float, float], float]


def is_night(now: datetime) -> bool:
    """True where messages that may not go at night wait; `now` is business time."""
    clock = local(now).time()
    return clock >= STOPS or clock < STARTS


def until_morning_s(now: datetime, *, uniform: Uniform = random.uniform) -> float:
    """Seconds from `now` to the morning's start, spread so that not all leave at once."""
    return _until(now, STARTS) + uniform(0, scaled(_SPREAD_S))


def until_next_day_s(now: datetime, *, uniform: Uniform = random.uniform) -> float:
    """Seconds from `now` to shortly after the next midnight, when daily quotas are new."""
    here = local(now)
    tomorrow = here.date() + timedelta(days=1)
    target = datetime.combine(tomorrow, _NEXT_DAY, here.tzinfo)
    return (target - here).total_seconds() + uniform(0, scaled(_NEXT_DAY_SPREAD_S))


def _until(now: datetime, clock: time) -> float:
    here = local(now)
    target = datetime.combine(here.date(), clock, here.tzinfo)
    if target <= here:
        target += timedelta(days=1)
    return (target - here).total_seconds()
