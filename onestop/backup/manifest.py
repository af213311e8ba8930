"""What a backup says of itself, and whether this installation can take it in. No secret is in it.

The keys of personal data are known by what they do: each leaves one known word encrypted, which
tells whoever has the keys that they are the right ones, and nobody else anything.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import django
import psycopg
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from common.fields import decrypt, keyed_hash
from onestop.backup.errors import BackupError

FORMAT = 1
_WORD = "onestop backup"
Link = psycopg.Connection[tuple[Any, ...]]


def describe(link: Link, *, dump_major: int) -> dict[str, Any]:
    """The manifest of the database as the transaction of `link` sees it."""
    return {
        "format": FORMAT,
        "made_at": _one(link, "SELECT now()").isoformat(),
        "django": django.get_version(),
        "postgresql": server_major(link),
        "pg_dump": dump_major,
        "migrations": sorted(
            f"{app}.{name}"
            for app, name in link.execute("SELECT app, name FROM django_migrations").fetchall()
        ),
        "tables": counts(link),
        "keys": {
            "encryption": [
                Fernet(key).encrypt(_WORD.encode()).decode()
                for key in settings.FIELD_ENCRYPTION_KEYS
            ],
            "search": keyed_hash(_WORD),
        },
    }


def counts(link: Link) -> dict[str, int]:
    """Rows of each table of the portal."""
    names = link.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    ).fetchall()
    found = {}
    for (name,) in names:
        statement = sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(name))
        row = link.execute(statement).fetchone()
        found[name] = int(row[0]) if row else 0
    return found


def server_major(link: Link) -> int:
    """Major version of the server."""
    return link.info.server_version // 10_000


def require_fitting(manifest: Mapping[str, Any]) -> None:
    """Raise BackupError unless this version and these keys can take the backup in."""
    if manifest.get("format") != FORMAT:
        raise BackupError("The backup was made by another version: its format is not known here.")
    if not _is_whole(manifest):
        raise BackupError("The manifest of the backup lacks what it must say: it was changed.")
    if unknown := _unknown_migrations(manifest["migrations"]):
        raise BackupError(
            f"The backup is newer than this version ({unknown[0]} is not known here): "
            "install the version that made it, or a newer one."
        )
    _require_keys(manifest["keys"])


def _is_whole(manifest: Mapping[str, Any]) -> bool:
    migrations, tables, keys = (manifest.get(name) for name in ("migrations", "tables", "keys"))
    return (
        isinstance(migrations, list)
        and all(isinstance(name, str) for name in migrations)
        and isinstance(tables, dict)
        and isinstance(keys, dict)
        and isinstance(keys.get("encryption"), list)
        and all(isinstance(word, str) for word in keys["encryption"])
        and isinstance(manifest.get("pg_dump"), int)
        and isinstance(manifest.get("made_at"), str)
    )


def missing_migrations(manifest: Mapping[str, Any]) -> list[str]:
    """Migrations of this version that the backup has not seen."""
    ours = _known_migrations()
    return sorted(ours - set(manifest["migrations"]))


def _require_keys(keys: Mapping[str, Any]) -> None:
    total = len(keys["encryption"])
    for number, stored in enumerate(keys["encryption"], start=1):
        try:
            decrypt(stored)
        except InvalidToken:
            raise BackupError(
                f"Key {number} of the {total} encryption keys that the backup was made with is not "
                "in FIELD_ENCRYPTION_KEYS: identity numbers could not be read."
            ) from None
    if keys.get("search") != keyed_hash(_WORD):
        raise BackupError(
            "FIELD_SEARCH_KEY is not the one that the backup was made with: nobody would be found "
            "by an identity number."
        )


def _unknown_migrations(names: Sequence[str]) -> list[str]:
    return sorted(set(names) - _known_migrations())


def _known_migrations() -> set[str]:
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


def _one(link: Link, statement: str) -> Any:
    row = link.execute(statement.encode()).fetchone()
    return row[0] if row else None
