"""Variables of the environment: one that cannot be what it must be is named, not guessed.

A refusal names the variable and never says its value, which may be a password.
"""

from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_YES_OR_NO = {*environ.Env.BOOLEAN_TRUE_STRINGS, "false", "off", "n", "no", "0", ""}
_DATABASES = ("postgres", "postgresql", "psql", "pgsql")
_BROKERS = ("redis", "rediss", "unix")
Name = str  # the class has a method of that name


class Variables:
    """`environ.Env`, whose types it has as methods; raises ImproperlyConfigured."""

    def __init__(self) -> None:
        self._env = environ.Env()

    def __call__(self, name: Name, **options: Any) -> Any:
        return self._read(self._env, name, options)

    def str(self, name: Name, **options: Any) -> Any:
        return self._read(self._env.str, name, options)

    def list(self, name: Name, **options: Any) -> Any:
        return self._read(self._env.list, name, options)

    def int(self, name: Name, **options: Any) -> Any:
        return self._read(self._env.int, name, options)

    def float(self, name: Name, **options: Any) -> Any:
        return self._read(self._env.float, name, options)

    def bool(self, name: Name, **options: Any) -> Any:
        """What is neither yes nor no is not taken for a no."""
        if self._env.ENVIRON.get(name, "").strip().lower() not in _YES_OR_NO:
            raise ImproperlyConfigured(f"{name} is neither true nor false.")
        return self._read(self._env.bool, name, options)

    def _read(self, reader: Any, name: Any, options: dict[Any, Any]) -> Any:
        try:
            return reader(name, **options)
        except ValueError:
            raise ImproperlyConfigured(f"{name} is not a number.") from None


def database(url: str) -> dict[str, Any]:
    """What Django is told of DATABASE_URL. Raises ImproperlyConfigured for any but PostgreSQL."""
    try:
        # Asked first: environ would print an address that it does not know.
        told = environ.Env.db_url_config(url) if urlsplit(url).scheme in _DATABASES else {}
    except ValueError:
        told = {}
    if not told.get("NAME"):
        raise ImproperlyConfigured("DATABASE_URL is no address of a PostgreSQL database.")
    return dict(told)


def broker(url: str) -> str:
    """REDIS_URL as it is. Raises ImproperlyConfigured for what is no such address."""
    try:
        is_address = urlsplit(url).scheme in _BROKERS and urlsplit(url).port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise ImproperlyConfigured("REDIS_URL is no address of a Valkey or Redis server.")
    return url
