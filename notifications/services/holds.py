"""What sending must wait for, kept in the database: by template, channel or account."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from notifications import policies
from notifications.models import ChannelHold
from notifications.policies import scaled
from notifications.states import Why
from notifications.words import Channel

_CACHE_S = 1.0
_DETAIL = 120

_PUT = """
INSERT INTO notifications_channelhold (key, why, code, detail, since, until, openings)
VALUES (%(key)s, %(why)s, %(code)s, %(detail)s, now(), now() + %(first)s * interval '1 second', 1)
ON CONFLICT (key) DO UPDATE SET
  why = excluded.why, code = excluded.code, detail = excluded.detail,
  openings = CASE WHEN notifications_channelhold.until > now()
                  THEN notifications_channelhold.openings
                  ELSE notifications_channelhold.openings + 1 END,
  until = CASE WHEN notifications_channelhold.until > now() AND NOT %(replace)s
               THEN notifications_channelhold.until
               ELSE now() + LEAST(%(longest)s, %(first)s * CASE WHEN %(replace)s THEN 1
                 ELSE 2 ^ LEAST(notifications_channelhold.openings, 16) END)
                 * interval '1 second' END
RETURNING EXTRACT(epoch FROM until - now())
"""

ACCOUNT = "account"


@dataclass(frozen=True)
class Hold:
    """An entry: why, and how many seconds it still lasts (negative: over, not yet proven)."""

    why: Why
    left_s: float


def template_key(name: str) -> str:
    """The hold of one template."""
    return f"template:{name}"


def channel_key(channel: Channel) -> str:
    """The hold of one channel."""
    return f"channel:{channel.value}"


def put(key: str, why: Why, *, code: int | None, detail: str, for_s: float | None = None) -> float:
    """Hold `key` back; seconds until it is tried again.

    Without `for_s`: 15 s, doubling to 5 min with each opening that follows a failed try.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _PUT,
            {
                "key": key,
                "why": why.value,
                "code": code,
                "detail": detail[:_DETAIL],
                "first": for_s if for_s is not None else scaled(policies.HOLD_FIRST_S),
                "longest": for_s if for_s is not None else scaled(policies.HOLD_LONGEST_S),
                "replace": for_s is not None,
            },
        )
        left = float(cursor.fetchone()[0])
    _cache.forget()
    return max(left, 0.0)


def release(keys: Iterable[str]) -> None:
    """A success proves that these are in order; costs nothing where nothing is held.

    A pause for too many calls is not ended by a success.
    """
    held = [key for key in keys if key in _cache.read()]
    if held:
        ChannelHold.objects.filter(key__in=held).exclude(why=Why.RATE).delete()
        _cache.forget()


def against(keys: Iterable[str]) -> Hold | None:
    """The hold that lasts longest among `keys`, or None when all are free."""
    known = _cache.read()
    holds = [known[key] for key in keys if key in known]
    holds = [hold for hold in holds if hold.left_s > 0]
    return max(holds, key=lambda hold: hold.left_s, default=None)


class _Cache:
    """The whole small table, read at most once a second per process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._holds: dict[str, tuple[Why, float]] = {}

    def read(self) -> dict[str, Hold]:
        now = time.monotonic()
        with self._lock:
            if now - self._read_at > scaled(_CACHE_S):
                self._holds = {key: (Why(why), now + left) for key, why, left in _rows()}
                self._read_at = now
            return {key: Hold(why, until - now) for key, (why, until) in self._holds.items()}

    def forget(self) -> None:
        with self._lock:
            self._read_at = float("-inf")


def _rows() -> list[tuple[str, str, float]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, why, EXTRACT(epoch FROM until - now())::float8 "
            "FROM notifications_channelhold"
        )
        return list(cursor.fetchall())


_cache = _Cache()


def forget_cache() -> None:
    """Read the table again at the next question; for tests and after a change by hand."""
    _cache.forget()
