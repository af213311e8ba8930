"""Backup and restore, on real databases: what goes in comes out, and nothing else ever happens."""

import json
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models
from psycopg import sql
from pytest_django import Settings

from citizens.models import Citizen
from citizens.tests.cast import add_citizen
from onestop.backup import programs
from onestop.backup.archive import DUMP, MANIFEST, Writer, new_file
from onestop.backup.errors import BackupError
from onestop.backup.making import back_up
from onestop.backup.place import Place
from onestop.backup.restoring import restore
from onestop.launch.folder import ROOT

pytestmark = [pytest.mark.processes, pytest.mark.timeout(120)]

Change = Callable[[bytes, dict[str, Any]], tuple[bytes, dict[str, Any]]]


@pytest.fixture
def source(transactional_db: None) -> Place:
    """The test database, with one person in it."""
    add_citizen()
    return Place.of_settings()


@pytest.fixture
def target(source: Place) -> Iterator[Place]:
    """An empty database on the same server."""
    place = source.beside(f"{source.name[:40]}_target_{os.getpid()}")
    _on_server(source, "CREATE DATABASE {}", place.name)
    yield place
    _on_server(source, "DROP DATABASE {} WITH (FORCE)", place.name)
    assert _databases_beside(place) == []


@pytest.fixture
def saved(source: Place, tmp_path: Path) -> Path:
    """A backup of the test database."""
    path = tmp_path / "portal.tar"
    back_up(path, place=source)
    return path


def _on_server(place: Place, statement: str, name: str) -> None:
    with place.beside("postgres").connect(autocommit=True) as link:
        link.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _databases_beside(place: Place) -> list[str]:
    """What a restore may have left."""
    with place.beside("postgres").connect() as link:
        rows = link.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{place.name[:40]}\\_%"]
        ).fetchall()
    return [name for (name,) in rows if re.search(r"_(restore|before)_[0-9a-f]{8}$", name)]


def _content(place: Place) -> dict[str, list[str]]:
    """Every row of every table as text, in order; and where each sequence stands."""
    with place.connect() as link:
        tables = link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = sorted(name for (name,) in tables.fetchall())
        found = {
            name: sorted(
                row
                for (row,) in link.execute(
                    sql.SQL("SELECT t::text FROM public.{} t").format(sql.Identifier(name))
                ).fetchall()
            )
            for name in names
        }
        sequences = link.execute(
            "SELECT sequencename, last_value::text FROM pg_sequences WHERE schemaname = 'public'"
        ).fetchall()
    return found | {f"sequence {name}": [str(value)] for name, value in sequences}


def _restored(path: Path, place: Place, *, replace: bool = False) -> list[str]:
    said: list[str] = []
    restore(path, place=place, replace=replace, say=said.append)
    return said


# ---- what goes in comes out ----------------------------------------------------------------------
def test_every_row_comes_back_in_another_database(
    saved: Path, source: Place, target: Place
) -> None:
    before = _content(source)
    assert before["citizens_citizen"]

    _restored(saved, target)

    assert _content(target) == before
    with target.connect() as link, pytest.raises(psycopg.Error, match="never removed"):
        link.execute("TRUNCATE cases_dossierevent CASCADE")  # its triggers came as well


def test_the_commands_put_back_what_was_there(source: Place, tmp_path: Path) -> None:
    path = tmp_path / "portal.tar"
    before = _content(source)
    call_command("backup", str(path))
    Citizen.objects.update(full_name="Somebody else")

    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", str(path))
    assert Citizen.objects.get().full_name == "Somebody else"
    call_command("restore", str(path), replace=True)

    assert _content(source) == before
    assert Citizen.objects.get().full_name != "Somebody else"


def test_a_file_checks_by_the_usual_tools_and_tells_no_secret(
    saved: Path, tmp_path: Path, settings: Settings
) -> None:
    with tarfile.open(saved) as tar:
        tar.extractall(tmp_path / "out", filter="data")
    subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "out", check=True)
    manifest = (tmp_path / "out" / MANIFEST).read_text()
    assert json.loads(manifest)["tables"]["citizens_citizen"] == 1
    for secret in (*settings.FIELD_ENCRYPTION_KEYS, settings.FIELD_SEARCH_KEY):
        assert secret not in manifest
    assert settings.SECRET_KEY not in manifest
    assert saved.stat().st_mode & 0o077 == 0


def test_nothing_is_kept_outside_of_the_database() -> None:
    """Who adds a stored file adds it to the backup."""
    kept = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.FileField)
    ]
    assert kept == []


# ---- what is refused, and then nothing has changed ----------------------------------------------
def test_a_backup_never_takes_the_place_of_another_file(saved: Path, source: Place) -> None:
    before = saved.read_bytes()
    with pytest.raises(BackupError, match="exists already"):
        back_up(saved, place=source)
    assert saved.read_bytes() == before


def test_a_full_disk_leaves_nothing_half(source: Place, small_disk: Path) -> None:
    with pytest.raises(BackupError, match="No space left"):
        back_up(small_disk / "portal.tar", place=source)
    assert list(small_disk.iterdir()) == []


def test_a_cut_file_is_refused(saved: Path, target: Place) -> None:
    whole = saved.read_bytes()
    for part in (0.0, 0.3, 0.98):
        saved.write_bytes(whole[: int(len(whole) * part)])
        with pytest.raises(BackupError, match=r"cut off|no backup"):
            _restored(saved, target)
    assert _content(target) == {}


def test_a_changed_byte_is_refused(saved: Path, target: Place) -> None:
    whole = saved.read_bytes()
    with tarfile.open(saved) as tar:
        places = [tar.getmember(name).offset_data + 300 for name in (DUMP, MANIFEST)]
    for place in places:
        saved.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(BackupError, match=r"damaged|no backup"):
            _restored(saved, target)
    assert _content(target) == {}


def test_wrong_keys_are_refused(saved: Path, target: Place, settings: Settings) -> None:
    right = settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(BackupError, match="FIELD_ENCRYPTION_KEYS"):
        _restored(saved, target)
    settings.FIELD_ENCRYPTION_KEYS = right
    settings.FIELD_SEARCH_KEY = "another"
    with pytest.raises(BackupError, match="FIELD_SEARCH_KEY"):
        _restored(saved, target)
    assert _content(target) == {}


def test_a_newer_backup_is_refused(source: Place, target: Place, tmp_path: Path) -> None:
    path = tmp_path / "newer.tar"
    with source.connect(autocommit=True) as link:
        add = (
            "INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '9999_new', now())"
        )
        link.execute(add)
        back_up(path, place=source)
        link.execute("DELETE FROM django_migrations WHERE name = '9999_new'")
    with pytest.raises(BackupError, match=r"newer than this version .*9999_new"):
        _restored(path, target)


def test_a_restore_that_fails_half_way_leaves_the_old_database(
    source: Place, target: Place, saved: Path, tmp_path: Path
) -> None:
    """The dump ends in the middle although its checksums are right."""
    path = tmp_path / "half.tar"
    _rewrite(saved, path, lambda dump, manifest: (dump[: len(dump) * 2 // 3], manifest))
    before = _content(source)
    with pytest.raises(BackupError, match="pg_restore failed"):
        _restored(path, source, replace=True)
    assert _content(source) == before
    assert _databases_beside(source) == []


def test_a_table_with_too_few_rows_is_noticed(source: Place, saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "fewer.tar"

    def expect_more(dump: bytes, manifest: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
        manifest["tables"]["citizens_citizen"] += 1
        return dump, manifest

    _rewrite(saved, path, expect_more)
    with pytest.raises(BackupError, match=r"Rows are missing .*citizens_citizen"):
        _restored(path, source, replace=True)
    assert Citizen.objects.count() == 1


def _rewrite(old: Path, new: Path, change: Change) -> None:
    with tarfile.open(old) as tar:
        parts = {name: tar.extractfile(name) for name in (DUMP, MANIFEST)}
        read = {name: part.read() for name, part in parts.items() if part}
    dump, manifest = change(read[DUMP], json.loads(read[MANIFEST]))
    with new_file(new) as out:
        writer = Writer(out)
        writer.add(DUMP, BytesIO(dump))
        writer.add_manifest(manifest)
        writer.close()


# ---- older versions, busy databases, old programs ------------------------------------------------
def test_an_older_backup_is_brought_to_this_version(
    source: Place, target: Place, saved: Path, tmp_path: Path
) -> None:
    _restored(saved, target)
    _migrate(target, "notifications", "0005")
    older = tmp_path / "older.tar"
    made = back_up(older, place=target)
    assert not any(name.startswith("notifications.0006") for name in made["migrations"])

    said = _restored(older, target, replace=True)

    assert any("older than this version" in line for line in said)
    assert _content(target)["django_migrations"] != []
    with target.connect() as link:
        row = link.execute(
            "SELECT count(*) FROM django_migrations WHERE name LIKE '0006_chat%'"
        ).fetchone()
    assert row == (1,)


def _migrate(place: Place, app: str, name: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", app, name, "--verbosity=0"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": place.url()},
        check=True,
    )


def test_somebody_who_is_connected_is_cut_off(saved: Path, source: Place) -> None:
    connection.ensure_connection()
    with source.connect() as link:
        _restored(saved, source, replace=True)
        with pytest.raises(psycopg.OperationalError):
            link.execute("SELECT 1")
    connection.close()
    assert Citizen.objects.count() == 1


def test_what_a_killed_restore_left_is_dropped_by_the_next(saved: Path, target: Place) -> None:
    left = f"{target.name[:40]}_restore_0123abcd"
    _on_server(target, "CREATE DATABASE {}", left)
    assert _databases_beside(target) == [left]
    _restored(saved, target)
    assert _databases_beside(target) == []


def test_an_owner_who_may_make_databases_needs_no_more_rights(saved: Path, source: Place) -> None:
    role, password = f"owner_{os.getpid()}", source.parameters.get("password", "any")
    place = source.beside(f"owned_{os.getpid()}")
    place = replace(place, parameters={**source.parameters, "user": role, "password": password})
    with source.beside("postgres").connect(autocommit=True) as link:
        name = sql.Identifier(role)
        make = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
        link.execute(make.format(name, sql.Literal(password)))
        make = sql.SQL("CREATE DATABASE {} OWNER {}")
        link.execute(make.format(sql.Identifier(place.name), name))
        try:
            _restored(saved, place)
            assert _content(place) == _content(source)
        finally:
            _on_server(source, "DROP DATABASE {} WITH (FORCE)", place.name)
            link.execute(sql.SQL("DROP ROLE {}").format(name))


def test_programs_older_than_the_server_are_told_in_one_sentence() -> None:
    with pytest.raises(BackupError, match=r"PostgreSQL 99 .*install postgresql-client-99"):
        programs.find(99)


def test_a_database_that_is_not_there_is_told_in_one_sentence(
    source: Place, tmp_path: Path
) -> None:
    with pytest.raises(BackupError, match="nowhere cannot be used"):
        back_up(tmp_path / "portal.tar", place=source.beside("nowhere"))
    assert list(tmp_path.iterdir()) == []
