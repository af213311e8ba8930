"""The one clock of business time.

Everything that a person may read as a time of the administration comes from here. Leases and
time-outs do not: they use the database's own now() and never meet business time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """The business instant, aware, in UTC. In the demo and in tests it may be shifted."""
    standing = _standing.get()
    if standing is not None:
        return standing
    return timezone.now() + timedelta(seconds=settings.ONESTOP_CLOCK_OFFSET_S)


def shifted(instant: datetime) -> datetime:
    """The business instant of a real one that others wrote, such as Django's last log-in."""
    return instant + timedelta(seconds=settings.ONESTOP_CLOCK_OFFSET_S)


@contextmanager
def standing_at(instant: datetime) -> Iterator[None]:
    """Inside, business time stands still at the aware `instant`: the seed of a demo plays history.

    Raises RuntimeError outside of the demo and of tests.
    """
    if not (settings.DEMO or settings.TESTING):
        raise RuntimeError("The clock is moved in the demo and in tests only.")
    before = _standing.set(instant)
    try:
        yield
    finally:
        _standing.reset(before)


def local(instant: datetime) -> datetime:
    """The same instant on a wall clock in Vietnam (Asia/Ho_Chi_Minh)."""
    return instant.astimezone(VIETNAM)


def today() -> date:
    """The business day in Vietnam."""
    return local(now()).date()


def is_shifted() -> bool:
    """True when the clock does not show the real time (demo and tests only)."""
    return bool(settings.ONESTOP_CLOCK_OFFSET_S)
