"""The demo and the tests never talk to the real Zalo."""

from urllib.parse import urlsplit

from django.conf import settings


class RealHostError(RuntimeError):
    """A demo or a test was about to call a real host of Zalo."""


def check(url: str) -> None:
    """Raise RealHostError when this is a demo or a test and `url` is a real host."""
    if not (settings.DEMO or settings.TESTING):
        return
    host = (urlsplit(url).hostname or "").lower().rstrip(".")
    if any(host == real or host.endswith("." + real) for real in settings.ZALO_REAL_HOSTS):
        raise RealHostError(f"The demo and the tests do not talk to {host}.")
