"""What limits have counted, for tests of every app: the broker outlives a test."""

import redis
from django.conf import settings


def forget_limits() -> None:
    """Tries that other tests counted are forgotten."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    for key in client.scan_iter("onestop:limit:*"):
        client.delete(key)
