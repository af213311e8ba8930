"""The sign of life of beat: left in the broker by the job that beat asks for most regularly.

Lost with the broker and there again 15 s later; nothing is decided by it, people are only told.
"""

import time

from django.core.cache import cache

_KEY = "pulse-of-beat"
_KEPT_S = 24 * 3600


def note() -> None:
    """A job of the schedule runs. Raises what the cache raises."""
    cache.set(_KEY, time.time(), _KEPT_S)


def age_s() -> float | None:
    """Seconds since the last one; None when there was none for a day, or the broker lost it."""
    noted = cache.get(_KEY)
    return None if noted is None else max(0.0, time.time() - float(noted))
