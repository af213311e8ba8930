"""Makes a backup: dump and counts are of one and the same instant."""

import subprocess
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

import psycopg

from onestop.backup import archive, manifest, programs
from onestop.backup.errors import BackupError
from onestop.backup.place import Place


def back_up(path: Path, *, place: Place) -> dict[str, Any]:
    """Write the backup of a database to a new file; its manifest.

    All is read in one snapshot, while the portal goes on. Raises BackupError; then there is no
    file.
    """
    try:
        with archive.new_file(path) as out, place.connect() as link:
            return _write(out, link, place)
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise BackupError(f"The database server failed: {reason}") from None


def _write(out: BinaryIO, link: manifest.Link, place: Place) -> dict[str, Any]:
    link.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    found = programs.find(manifest.server_major(link))
    snapshot = link.execute("SELECT pg_export_snapshot()").fetchone()
    assert snapshot
    described = manifest.describe(link, dump_major=found.major)
    writer = archive.Writer(out)
    _dump(writer, found.dump, place=place, snapshot=snapshot[0])
    writer.add_manifest(described)
    writer.close()
    return described


def _dump(writer: archive.Writer, program: Path, *, place: Place, snapshot: str) -> None:
    command = [str(program), "--format=custom", "--no-owner", "--no-privileges"]
    command += ["--no-password", f"--snapshot={snapshot}", "--lock-wait-timeout=30s"]
    with tempfile.TemporaryFile() as words:
        child = subprocess.Popen(
            command, env=place.environment(), stdout=subprocess.PIPE, stderr=words
        )
        assert child.stdout
        try:
            writer.add(archive.DUMP, child.stdout)
        except BaseException:
            child.kill()
            raise
        finally:
            child.stdout.close()
            code = child.wait()
        if code:
            words.seek(0)
            said = words.read().decode(errors="replace").strip().splitlines()
            raise BackupError(f"pg_dump failed: {said[-1] if said else f'it ended with {code}'}")
