"""What the launcher asks a database directly, before Django is there."""

import re
from datetime import datetime

from onestop.launch.errors import LaunchError

_EVENTS = ("cases_dossierevent", "notifications_announcementevent")


def without_password(url: str) -> str:
    """The address, fit to be shown."""
    return re.sub(r"://([^:@/]*):[^@]*@", r"://\1:…@", url)


def require_createdb(url: str) -> None:
    """Raise LaunchError unless the server answers and its user may create the test database."""
    row = _fetch(url, "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
    if row != [(True,)]:
        raise LaunchError(
            f"The user of DATABASE_URL ({without_password(url)}) may not create the test "
            "database: give it the right by ALTER ROLE … CREATEDB, or unset DATABASE_URL."
        )


def newest_event_at(url: str) -> datetime | None:
    """When the newest event of any dossier or announcement happened; None in an empty database.

    Raises LaunchError when the database does not answer.
    """
    found = []
    for table in _EVENTS:
        if _fetch(url, f"SELECT to_regclass('{table}') IS NOT NULL") == [(True,)]:
            found += [row[0] for row in _fetch(url, f"SELECT max(at) FROM {table}")]
    return max((at for at in found if isinstance(at, datetime)), default=None)


def _fetch(url: str, statement: str) -> list[tuple[object, ...]]:
    import psycopg

    # django-environ also knows postgres://, psql:// and pgsql://.
    address = re.sub(r"^\w+://", "postgresql://", url)
    try:
        with psycopg.connect(address, connect_timeout=10) as link:
            return link.execute(statement.encode()).fetchall()
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1]
        raise LaunchError(
            f"The database of DATABASE_URL ({without_password(url)}) cannot be used: {reason}"
        ) from None
