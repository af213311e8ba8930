"""The file of a backup: a tar with the dump, the manifest, and the checksums of both.

`tar xf FILE && sha256sum -c SHA256SUMS` checks one by hand; `pg_restore` reads its database.dump.
"""

import hashlib
import json
import os
import secrets
import tarfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Any, BinaryIO

from onestop.backup.errors import BackupError

DUMP, MANIFEST, SUMS = "database.dump", "manifest.json", "SHA256SUMS"
_BLOCK = tarfile.BLOCKSIZE
_CHUNK = 1 << 20
_MOST_WORDS = 16 << 20  # of the manifest and the checksums


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that appears under its name whole and on the disk, or not at all.

    Only its owner may read it. Raises BackupError when the name is taken or it cannot be written.
    """
    taken = BackupError(f"{path} exists already: choose another name.")
    try:
        if path.exists():
            raise taken
        # Not by the process: that of a container has the same number each time.
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            _name(fresh, path)
            _sync_folder(path.parent)
        finally:
            fresh.unlink(missing_ok=True)
    except FileExistsError:
        raise taken from None
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}.") from None


def _name(fresh: Path, path: Path) -> None:
    """Give the file its name, unless another one got it meanwhile (FileExistsError)."""
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        fresh.rename(path)


class Writer:
    """Writes the members one after another; `close` adds their checksums."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._sums: list[str] = []

    def add(self, name: str, content: IO[bytes]) -> None:
        """Copy a stream whose length is not known before: its header is filled in afterwards."""
        begin = self._out.tell()
        self._out.write(bytes(_BLOCK))
        digest, size = hashlib.sha256(), 0
        while chunk := content.read(_CHUNK):
            self._out.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        self._out.write(bytes(-size % _BLOCK))
        end = self._out.tell()
        self._out.seek(begin)
        self._out.write(_header(name, size))
        self._out.seek(end)
        self._sums.append(f"{digest.hexdigest()}  {name}\n")

    def add_manifest(self, manifest: Mapping[str, Any]) -> None:
        text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
        self.add(MANIFEST, BytesIO(text.encode()))

    def close(self) -> None:
        self.add(SUMS, BytesIO("".join(self._sums).encode()))
        self._out.write(bytes(2 * _BLOCK))


def checked_manifest(path: Path) -> dict[str, Any]:
    """The manifest of a whole and unchanged file. Raises BackupError for any other."""
    try:
        if not path.is_file() and not path.is_dir() and path.exists():
            raise BackupError(f"{path} is no file.")  # one would wait for a pipe
        with tarfile.open(path, "r:") as tar:
            sums = {name: _digest(tar, name) for name in (DUMP, MANIFEST)}
            expected = _content(tar, SUMS).decode()
            manifest = json.loads(_content(tar, MANIFEST))
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror or error}.") from None
    except (tarfile.TarError, KeyError, EOFError, ValueError, RecursionError):
        raise BackupError(f"{path} is cut off or is no backup.") from None
    if expected != "".join(f"{digest}  {name}\n" for name, digest in sums.items()):
        raise BackupError(f"{path} was damaged: its checksums do not agree.")
    if not isinstance(manifest, dict):
        raise BackupError(f"{path} is no backup: its manifest says nothing.")
    return manifest


@contextmanager
def opened_dump(path: Path) -> Iterator[IO[bytes]]:
    """The dump as a stream."""
    with tarfile.open(path, "r:") as tar:
        yield _member(tar, DUMP)


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    """A plain file of the archive; a link or one with holes was not written by us."""
    info = tar.getmember(name)
    content = tar.extractfile(info) if info.isreg() and not info.issparse() else None
    if content is None:
        raise KeyError(name)
    return content


def _content(tar: tarfile.TarFile, name: str) -> bytes:
    content = _member(tar, name).read(_MOST_WORDS + 1)
    if len(content) > _MOST_WORDS:
        raise ValueError(name)
    return content


def _digest(tar: tarfile.TarFile, name: str) -> str:
    content, digest = _member(tar, name), hashlib.sha256()
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, int(time.time()), 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


def _sync_folder(folder: Path) -> None:
    """Else a power cut may forget the name of the file."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
