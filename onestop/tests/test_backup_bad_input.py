"""Files that are no backups, names that are taken, and two who restore at the same time."""

import hashlib
import json
import os
import tarfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from onestop.backup.archive import DUMP, MANIFEST, SUMS, checked_manifest, new_file
from onestop.backup.errors import BackupError
from onestop.backup.manifest import require_fitting
from onestop.backup.place import Place
from onestop.backup.restoring import _fresh_database

WHOLE: dict[str, Any] = {
    "format": 1,
    "made_at": "2026-11-24T08:00:00+07:00",
    "pg_dump": 18,
    "migrations": [],
    "tables": {},
    "keys": {"encryption": [], "search": "x"},
}


def _archive(path: Path, manifest: bytes, *, dump: tarfile.TarInfo | None = None) -> Path:
    """An archive whose checksums are right, whatever it says."""
    parts = {DUMP: b"dump", MANIFEST: manifest}
    sums = "".join(f"{hashlib.sha256(parts[n]).hexdigest()}  {n}\n" for n in (DUMP, MANIFEST))
    with tarfile.open(path, "w:", format=tarfile.GNU_FORMAT) as tar:
        for name, content in {**parts, SUMS: sums.encode()}.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            own = dump is not None and name == DUMP
            tar.addfile(dump if own and dump else info, None if own else BytesIO(content))
    return path


def _link(target: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(DUMP)
    info.type, info.linkname = tarfile.SYMTYPE, target
    return info


@pytest.mark.parametrize("text", [b"[]", b"null", b"1", b"[" * 100_000, b"9" * 5000])
def test_manifest_that_is_none_is_refused(tmp_path: Path, text: bytes) -> None:
    with pytest.raises(BackupError, match="no backup"):
        checked_manifest(_archive(tmp_path / "portal.tar", text))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *((key, None) for key in WHOLE),
        ("migrations", [1]),
        ("keys", {"encryption": [1], "search": "x"}),
        ("keys", []),
        ("pg_dump", "18"),
    ],
)
def test_manifest_without_what_it_must_say_is_refused(key: str, value: object) -> None:
    with pytest.raises(BackupError):
        require_fitting(WHOLE | {key: value})


@pytest.mark.parametrize("target", [DUMP, "/etc/passwd", "../../secret"])
def test_link_in_the_place_of_the_dump_is_refused(tmp_path: Path, target: str) -> None:
    path = _archive(tmp_path / "portal.tar", json.dumps(WHOLE).encode(), dump=_link(target))

    with pytest.raises(BackupError, match="no backup"):
        checked_manifest(path)


def test_manifest_without_end_is_not_read_into_memory(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no backup"):
        checked_manifest(_archive(tmp_path / "portal.tar", b" " * (17 << 20)))


def test_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(BackupError, match="no file"):
        checked_manifest(tmp_path / "pipe")


@pytest.mark.parametrize("name", ["x" * 300, "x" * 250])
def test_name_that_is_too_long_is_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(BackupError, match="File name too long"), new_file(tmp_path / name):
        pytest.fail("there is no such file")


def test_name_that_another_backup_took_meanwhile_is_left_to_it(tmp_path: Path) -> None:
    path = tmp_path / "portal.tar"

    with (
        pytest.raises(BackupError, match="exists already"),
        new_file(path) as slow,
    ):
        slow.write(b"slow")
        with new_file(path) as fast:
            fast.write(b"fast")

    assert path.read_bytes() == b"fast"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.django_db
@pytest.mark.processes
def test_second_restore_into_the_same_database_waits_for_nobody() -> None:
    place = Place.of_settings().beside("restored_twice")

    def second() -> None:
        with _fresh_database(place):
            pytest.fail("two at once")

    with _fresh_database(place) as fresh, ThreadPoolExecutor(1) as pool:
        with pytest.raises(BackupError, match="Another restore"):
            pool.submit(second).result(60)
        fresh.connect().close()
    with _fresh_database(place):
        pass
