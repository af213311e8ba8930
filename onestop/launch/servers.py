"""Private PostgreSQL and Valkey on one folder, for the demo and for the tests.

    running = servers.start(folder)    # data in the folder, sockets in a short temporary one
    ... running.database_url, running.redis_url ...
    running.stop()

One process at a time owns a folder (the demo holds a lock, a test run makes its own folder), so
whatever still runs on it when it is started was left by a run that was killed, and is stopped.
"""

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from onestop.launch import postgres, processes, valkey
from onestop.launch.folder import write_json
from onestop.launch.postgres import Postgres
from onestop.launch.programs import (
    give_to,
    is_reachable,
    postgres_programs,
    short_folder,
    unprivileged,
    valkey_program,
)
from onestop.launch.valkey import Valkey

DATABASE = "onestop"
STATE_FILE = "servers.json"
_PLACE_FILE = "postgres.path"


@dataclass
class PrivateServers:
    """Running servers; an address is None where that server was not asked for."""

    folder: Path
    temporary: Path
    fast: bool
    postgres: Postgres | None = None
    valkey: Valkey | None = None

    @property
    def database_url(self) -> str | None:
        return self.postgres.url(DATABASE) if self.postgres else None

    @property
    def redis_url(self) -> str | None:
        return self.valkey.url(1) if self.valkey else None

    @property
    def notes(self) -> list[str]:
        """What the user should know about how they started."""
        return [self.valkey.note] if self.valkey and self.valkey.note else []

    def revive(self) -> list[str]:
        """Start again, at the same address, what has died; the names of those."""
        revived = []
        if self.postgres and not processes.is_running(self.postgres.pid):
            self.start_postgres()
            revived.append("PostgreSQL")
        if self.valkey and not processes.is_running(self.valkey.pid):
            self.start_valkey()
            revived.append("Valkey")
        return revived

    def stop(self) -> None:
        """Stop both, Valkey first, and remove the sockets. Stopping twice does nothing."""
        if self.valkey:
            valkey.stop(self.valkey.pid)
        if self.postgres:
            postgres.stop(self.postgres.pid)
        self.valkey = self.postgres = None
        shutil.rmtree(self.temporary, ignore_errors=True)
        (self.folder / STATE_FILE).unlink(missing_ok=True)

    def start_postgres(self) -> None:
        """Start PostgreSQL and make its database when it is new."""
        programs = postgres_programs(copy_to=self.temporary)
        sockets = self.temporary / "pg"
        sockets.mkdir(mode=0o700, exist_ok=True)
        self.postgres = postgres.start(
            programs=programs,
            data=_postgres_data(self.folder),
            sockets=sockets,
            log=self.folder / "logs" / "postgres.log",
            fast=self.fast,
        )
        self._remember()
        postgres.create_database(self.postgres, programs, DATABASE)

    def start_valkey(self) -> None:
        """Start Valkey."""
        self.valkey = valkey.start(
            program=valkey_program(),
            data=self.folder / "valkey",
            sockets=self.temporary,
            log=self.folder / "logs" / "valkey.log",
            fast=self.fast,
        )
        self._remember()

    def _remember(self) -> None:
        write_json(self.folder / STATE_FILE, {"temporary": str(self.temporary)})


def start(
    folder: Path,
    *,
    with_postgres: bool = True,
    with_valkey: bool = True,
    fast: bool = False,
) -> PrivateServers:
    """Start the servers on the data in `folder` (made when missing).

    `fast` trades safety for speed: for tests. Raises LaunchError; then nothing is left running.
    """
    folder = folder.resolve()
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    clear_leftovers(folder)
    servers = PrivateServers(folder, short_folder("os-"), fast)
    try:
        if with_postgres:
            servers.start_postgres()
        if with_valkey:
            servers.start_valkey()
    except BaseException:
        servers.stop()
        raise
    return servers


def clear_leftovers(folder: Path) -> int:
    """Stop what a killed run left on this folder and remove its sockets; how many servers."""
    folder = folder.resolve()
    stopped = valkey.stop_leftovers(folder / "valkey")
    for data in (folder / "pg", _moved_data(folder)):
        if data and data.is_dir():
            stopped += postgres.stop_leftovers(data)
    temporary = Path(_read_state(folder).get("temporary", ""))
    if temporary.name.startswith("os-"):
        shutil.rmtree(temporary, ignore_errors=True)
    (folder / STATE_FILE).unlink(missing_ok=True)
    return stopped


def remove(folder: Path) -> None:
    """Delete the folder and the data that had to live elsewhere; what still runs is stopped."""
    clear_leftovers(folder)
    moved = _moved_data(folder)
    if moved:
        shutil.rmtree(moved.parent, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _read_state(folder: Path) -> dict[str, str]:
    try:
        state: dict[str, str] = json.loads((folder / STATE_FILE).read_text())
    except (OSError, ValueError):
        return {}
    return state


def _postgres_data(folder: Path) -> Path:
    """Where PostgreSQL's data lies: in the folder, unless its user cannot reach that (root's
    closed home); then in a folder of its own, whose place is remembered."""
    run_as = unprivileged()
    moved = _moved_data(folder)
    if moved and moved.is_dir():
        return moved
    if not run_as or is_reachable(folder, run_as):
        return folder / "pg"
    home = Path(tempfile.mkdtemp(prefix="onestop-", dir="/var/tmp"))
    give_to(run_as, home)
    (folder / _PLACE_FILE).write_text(str(home / "pg"))
    return home / "pg"


def _moved_data(folder: Path) -> Path | None:
    try:
        place = Path((folder / _PLACE_FILE).read_text().strip())
    except OSError:
        return None
    return place if place.parent.name.startswith("onestop-") else None
