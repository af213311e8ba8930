"""Stand-ins for what the settings demand, for commands and checkers that need no server."""

import os

NAMES = {
    "SECRET_KEY": "no-server-is-meant",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/onestop",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "FIELD_ENCRYPTION_KEYS": "bm8tc2VydmVyLWlzLW1lYW50LW5vLXNlcnZlci1pcy0=",
    "FIELD_SEARCH_KEY": "no-server-is-meant",
}


def fill() -> None:
    """Set what is unset."""
    for name, value in NAMES.items():
        os.environ.setdefault(name, value)
