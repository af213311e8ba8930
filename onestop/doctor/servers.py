"""The two servers: PostgreSQL and Valkey (or Redis)."""

from collections.abc import Iterator
from typing import Any

import redis
from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from onestop.doctor.findings import Finding, fault, ok, run, warning

NEEDED_MAJOR = 18
_SOCKET_S = 2.0
_FULL_SHARE = 0.8


# ---- PostgreSQL ----------------------------------------------------------------------------------
def database() -> Iterator[Finding]:
    """It answers."""
    try:
        major = _major()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        yield fault(
            _("The database does not answer: %(reason)s.") % {"reason": reason.rstrip(".")},
            _("Start PostgreSQL, or correct DATABASE_URL."),
        )
        return
    yield ok(_("PostgreSQL %(n)d answers.") % {"n": major})


def database_settings() -> Iterator[Finding]:
    """Version, encoding and sort order, safety of writes, and no names in the server's log."""
    major = _major()
    if major < NEEDED_MAJOR:
        yield fault(
            _("The server is PostgreSQL %(n)d.") % {"n": major},
            _("Move to version %(n)d: backup, new server, restore.") % {"n": NEEDED_MAJOR},
        )
        return
    encoding, provider, locale = _row(
        "SELECT pg_encoding_to_char(encoding), datlocprovider::text, datlocale "
        "FROM pg_database WHERE datname = current_database()"
    )
    if encoding != "UTF8" or (provider, locale) != ("b", "C.UTF-8"):
        yield fault(
            _("The database is %(encoding)s with locale %(locale)s, not UTF8 with C.UTF-8.")
            % {"encoding": encoding, "locale": locale},
            _("Make it by initdb --locale-provider=builtin --builtin-locale=C.UTF-8, and restore."),
        )
    if not settings.DEMO and (off := _switched_off()):
        yield fault(
            _("Switched off: %(names)s. A power cut may lose dossiers.")
            % {"names": ", ".join(off)},
            _("Switch it on in postgresql.conf."),
        )
    if _show("log_min_error_statement") != "panic" or _show("log_error_verbosity") != "terse":
        yield warning(
            _("The server's log may hold names of citizens."),
            _("Set log_min_error_statement=panic and log_error_verbosity=terse."),
        )
    yield ok(_("PostgreSQL %(n)d, %(encoding)s.") % {"n": major, "encoding": encoding})


def migrations() -> Iterator[Finding]:
    """The tables are those of this version."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    missing = executor.migration_plan(loader.graph.leaf_nodes())
    strange = sorted(set(loader.applied_migrations) - set(loader.disk_migrations))
    if missing:
        yield fault(
            _("%(n)d migrations are not applied, first %(name)s.")
            % {"n": len(missing), "name": missing[0][0]},
            run("manage.py migrate"),
        )
    if strange:
        yield fault(
            _("The database is newer than the program: %(name)s is not known here.")
            % {"name": ".".join(strange[0])},
            _("Install the version that made it, or restore a backup of this one."),
        )
    if not missing and not strange:
        yield ok(_("All migrations are applied."))


def _switched_off() -> list[str]:
    names = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")
    return [name for name in names if _show(name) == "off"]


def _major() -> int:
    return int(_row("SHOW server_version_num")[0]) // 10_000


def _show(name: str) -> str:
    return str(_row(f"SHOW {name}")[0])


def _row(statement: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    assert row is not None
    return tuple(row)


# ---- Valkey --------------------------------------------------------------------------------------
def broker() -> Iterator[Finding]:
    """It answers."""
    try:
        with _client() as client:
            version = _info(client, "server").get("valkey_version") or "Redis"
    except redis.RedisError as error:
        yield fault(
            _("The broker does not answer: %(reason)s.") % {"reason": str(error).rstrip(".")},
            _("Start Valkey, or correct REDIS_URL. Messages leave all the same, a little later."),
        )
        return
    yield ok(_("Valkey %(version)s answers.") % {"version": version})


def broker_settings() -> Iterator[Finding]:
    """It never drops a key, keeps its data, and has room."""
    with _client() as client:
        memory, kept = _info(client, "memory"), _info(client, "persistence")
    policy = memory.get("maxmemory_policy")
    if policy != "noeviction":
        yield fault(
            _("The broker drops keys when it is full (%(policy)s).") % {"policy": policy},
            _("Set maxmemory-policy noeviction."),
        )
    most, used = int(memory.get("maxmemory", 0)), int(memory.get("used_memory", 0))
    if most and used > _FULL_SHARE * most:
        yield warning(
            _("The broker is full to %(n)d %%.") % {"n": 100 * used / most},
            _("See which worker does not empty its queue, or give it more memory."),
        )
    if not kept.get("aof_enabled"):
        yield warning(
            _("The broker keeps nothing on its disk: a restart forgets counted tries of limits."),
            _("Start it with --appendonly yes."),
        )
    elif kept.get("aof_last_write_status") != "ok":
        yield fault(
            _("The broker cannot write to its disk."), _("Make room on the disk of the broker.")
        )
    yield ok(_("%(n).1f MB in use.") % {"n": used / 1e6})


def _client() -> "redis.Redis":
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=_SOCKET_S, socket_connect_timeout=_SOCKET_S, retry=None
    )


def _info(client: "redis.Redis", section: str) -> dict[str, Any]:
    found: dict[str, Any] = client.info(section)
    return found
