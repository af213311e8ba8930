"""The one clock of business time.

Everything that a person may read as a time of the administration comes from here. Leases and
time-outs do not: they use the database's own now() and never meet business time.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The business instant, aware, in UTC. In the demo and in tests it may be shifted."""
    return timezone.now() + timedelta(seconds=settings.ONESTOP_CLOCK_OFFSET_S)


def local(instant: datetime) -> datetime:
    """The same instant on a wall clock in Vietnam (Asia/Ho_Chi_Minh)."""
    return instant.astimezone(VIETNAM)


def today() -> date:
    """The business day in Vietnam."""
    return local(now()).date()


def is_shifted() -> bool:
    """True when the clock does not show the real time (demo and tests only)."""
    return bool(settings.ONESTOP_CLOCK_OFFSET_S)
