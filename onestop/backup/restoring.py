"""Takes a backup in: beside the database in use, which it replaces only when all is well."""

import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from common.fields import encrypted_columns, is_readable
from onestop.backup import archive, manifest, programs
from onestop.backup.errors import BackupError
from onestop.backup.place import Place

# A database with rows in one of these is in use; migrations alone fill others.
_IN_USE = ("offices_officer", "offices_office", "citizens_citizen", "cases_dossier")
_SWAP_TRIES = 5
# As docker-compose.yml and the launcher make theirs.
_CREATE = (
    "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' "
    "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
)


def restore(path: Path, *, place: Place, replace: bool, say: Callable[[str], object]) -> None:
    """Put the backup into the place of a database.

    File, version and keys are checked before anything is touched; the rows go into a new
    database, are counted and brought to this version's tables there; then the two change names in
    one transaction and the old one is dropped. Raises BackupError; the old one is as it was then.
    """
    described = archive.checked_manifest(path)
    manifest.require_fitting(described)
    try:
        _restore(path, described, place=place, replace=replace, say=say)
    except psycopg.Error as error:
        raise BackupError(f"The database server failed: {_first(error)}") from None


def _restore(
    path: Path,
    described: Mapping[str, Any],
    *,
    place: Place,
    replace: bool,
    say: Callable[[str], object],
) -> None:
    with place.connect() as link:
        if not replace and _is_in_use(link):
            raise BackupError(f"The database {place.name} holds data: say --replace to lose it.")
        needed = max(manifest.server_major(link), int(described["pg_dump"]))
    found = programs.find(needed)
    with _fresh_database(place) as fresh:
        say(f"Restoring the state of {described['made_at']} …")
        _fill(path, found.restore, fresh)
        _compare(described, fresh)
        if missing := manifest.missing_migrations(described):
            say(f"The backup is older than this version: {len(missing)} migrations follow …")
            _migrate(fresh)
        _swap(place, fresh)


def _is_in_use(link: manifest.Link) -> bool:
    for table in _IN_USE:
        there = link.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{table}"]).fetchone()
        if there == (True,):
            statement = sql.SQL("SELECT EXISTS (SELECT FROM public.{})")
            row = link.execute(statement.format(sql.Identifier(table))).fetchone()
            if row == (True,):
                return True
    return False


@contextmanager
def _fresh_database(place: Place) -> Iterator[Place]:
    """A new, empty database on the same server; dropped again unless it was renamed."""
    fresh = place.beside(f"{place.name[:40]}_restore_{secrets.token_hex(4)}")
    name = sql.Identifier(fresh.name)
    with _server(place) as alone:
        _require_alone(alone, place)
        _drop_leftovers(alone, place)
        try:
            alone.execute(sql.SQL(_CREATE).format(name))
        except psycopg.Error as error:
            raise BackupError(
                f"No new database can be made ({_first(error)}): the user of DATABASE_URL needs "
                "the right CREATEDB for a restore."
            ) from None
        try:
            yield fresh
        finally:
            with _server(place) as link:
                link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def _require_alone(link: manifest.Link, place: Place) -> None:
    """Refuse a second restore as long as `link` is open: it would take ours for a leftover."""
    key = f"onestop restore {place.name}"
    row = link.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key]).fetchone()
    if row != (True,):
        raise BackupError(f"Another restore into {place.name} is running: wait for its end.")


def _drop_leftovers(link: manifest.Link, place: Place) -> None:
    """What a restore left that was killed: people's data that nobody would look for."""
    rows = link.execute(
        "SELECT datname FROM pg_database WHERE datname ~ %s "
        "AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = pg_database.datname)",
        [f"^{re.escape(place.name[:40])}_(restore|before)_[0-9a-f]{{8}}$"],
    ).fetchall()
    for (name,) in rows:
        link.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _fill(path: Path, program: Path, fresh: Place) -> None:
    command = [str(program), "--exit-on-error", "--no-owner", "--no-privileges", "--no-password"]
    with tempfile.TemporaryFile() as words, archive.opened_dump(path) as dump:
        child = subprocess.Popen(
            [*command, f"--dbname={fresh.name}"],
            env=fresh.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=words,
        )
        assert child.stdin
        try:
            while chunk := dump.read(1 << 20):
                child.stdin.write(chunk)
            child.stdin.close()
        except BrokenPipeError:
            child.stdin = None  # it has ended and says why
        except OSError as error:
            child.kill()
            raise BackupError(f"{path} cannot be read: {error.strerror or error}.") from None
        except BaseException:
            child.kill()
            raise
        finally:
            code = child.wait()
        if code:
            words.seek(0)
            said = words.read().decode(errors="replace").strip().splitlines()
            raise BackupError(f"pg_restore failed: {said[-1] if said else f'it ended with {code}'}")


def _compare(described: Mapping[str, Any], fresh: Place) -> None:
    """Raise BackupError unless each table has its rows and a stored value can be read."""
    with fresh.connect() as link:
        found = manifest.counts(link)
        different = {
            table
            for table in found.keys() | described["tables"].keys()
            if found.get(table) != described["tables"].get(table)
        }
        if different:
            raise BackupError(f"Rows are missing after the restore in {sorted(different)[0]}.")
        for table, column in encrypted_columns():
            if table in found:
                _read_one(link, table, column)


def _read_one(link: manifest.Link, table: str, column: str) -> None:
    text = "SELECT {column} FROM public.{table} WHERE length({column}) > 0 LIMIT 1"
    names = {"column": sql.Identifier(column), "table": sql.Identifier(table)}
    try:
        row = link.execute(sql.SQL(text).format(**names)).fetchone()
    except psycopg.errors.UndefinedColumn:  # of an older version
        link.rollback()
        return
    if row and not is_readable(row[0]):
        raise BackupError(f"{table}.{column} cannot be read with these keys.")


def _migrate(fresh: Place) -> None:
    answer = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--noinput", "--verbosity=0"],
        cwd=settings.BASE_DIR,
        env=fresh.environment() | {"DATABASE_URL": fresh.url()},
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        said = answer.stderr.strip().splitlines()
        raise BackupError(f"The migrations failed: {said[-1] if said else 'without a word'}")


def _swap(place: Place, fresh: Place) -> None:
    """Give the fresh database the name of the old one, which is dropped.

    Whoever is connected is cut off; the portal's processes connect again, to the new one.
    """
    old = place.beside(f"{place.name[:40]}_before_{secrets.token_hex(4)}")
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    here, new, gone = (sql.Identifier(each.name) for each in (place, fresh, old))
    with _server(place) as link:
        for left in reversed(range(_SWAP_TRIES)):
            link.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY(%s)",
                [[place.name, fresh.name]],
            )
            try:
                with link.transaction():
                    link.execute(rename.format(here, gone))
                    link.execute(rename.format(new, here))
                break
            except psycopg.errors.ObjectInUse:
                if not left:
                    raise BackupError(
                        f"Others keep connecting to {place.name}: stop web, workers and beat."
                    ) from None
            except psycopg.Error as error:
                raise BackupError(f"The databases cannot change names: {_first(error)}") from None
        link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(gone))


def _server(place: Place) -> manifest.Link:
    """A connection to the server that is in neither database."""
    try:
        return place.beside("postgres").connect(autocommit=True)
    except BackupError:
        return place.beside("template1").connect(autocommit=True)


def _first(error: psycopg.Error) -> str:
    return str(error).strip().splitlines()[0]
