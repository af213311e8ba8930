"""Limits on tries, counted in Valkey for all processes, in this process when it is gone."""

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import redis
from django.conf import settings
from django.http import HttpRequest

logger = logging.getLogger(__name__)

_SILENCE_S = 5.0

# Charges one try to every key, or to none when one of them is full: then the seconds to wait.
_CHARGE = """
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[i + 1]) then
    return math.max(redis.call('TTL', key), 1)
  end
end
for _, key in ipairs(KEYS) do
  if redis.call('INCR', key) == 1 then redis.call('EXPIRE', key, ARGV[1]) end
end
return 0
"""
_REFUND = """
for _, key in ipairs(KEYS) do
  if redis.call('EXISTS', key) == 1 then redis.call('DECR', key) end
end
"""


@dataclass
class _LocalCounts:
    """The same counting in one process, for the time without Valkey."""

    ends: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def charge(self, limits: Mapping[str, int], window_s: int) -> int:
        now = time.monotonic()
        with self.lock:
            for key in [key for key, end in self.ends.items() if end <= now]:
                del self.ends[key], self.counts[key]
            for key, limit in limits.items():
                if self.counts.get(key, 0) >= limit:
                    return max(int(self.ends[key] - now), 1)
            for key in limits:
                self.ends.setdefault(key, now + window_s)
                self.counts[key] = self.counts.get(key, 0) + 1
            return 0

    def refund(self, keys: Iterable[str]) -> None:
        with self.lock:
            for key in keys:
                self.counts[key] = max(self.counts.get(key, 0) - 1, 0)


_local = _LocalCounts()


@dataclass
class _Valkey:
    """The shared counts. After a failure they are left alone for a moment: a server that hangs
    would cost each request its time-out."""

    client: redis.Redis
    silent_until: float = 0.0

    def run(self, script: str, keys: list[str], *arguments: int) -> int | None:
        """What the script answers; None while Valkey does not."""
        if time.monotonic() < self.silent_until:
            return None
        try:
            return int(str(self.client.eval(script, len(keys), *keys, *arguments) or 0))
        except redis.RedisError:
            self.silent_until = time.monotonic() + _SILENCE_S
            logger.warning("limits are counted in this process only: Valkey does not answer")
            return None


@lru_cache(maxsize=1)
def _valkey() -> _Valkey:
    return _Valkey(
        redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=0.5, decode_responses=True
        )
    )


def charge(limits: Mapping[str, int], *, window_s: int) -> int:
    """Charges one try to each key of `limits` (key -> most tries in the window), all or none.

    Returns 0, or the seconds until the fullest key is free again. Safe against parallel tries.
    """
    wait = _valkey().run(_CHARGE, _keys(limits), window_s, *limits.values())
    return _local.charge(limits, window_s) if wait is None else wait


def refund(limits: Mapping[str, int]) -> None:
    """Takes one try back: it was a right one."""
    if _valkey().run(_REFUND, _keys(limits)) is None:
        _local.refund(key for key in limits if key in _local.counts)


def _keys(limits: Mapping[str, int]) -> list[str]:
    return [f"onestop:limit:{key}" for key in limits]


def client_address(request: HttpRequest) -> str:
    """The visitor's address: of the connection, or what the trusted proxies in front report."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop]
    trusted: int = settings.TRUSTED_PROXIES
    if trusted and len(hops) >= trusted:
        return hops[-trusted]
    address: str = request.META["REMOTE_ADDR"]
    return address
