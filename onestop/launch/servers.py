"""Private PostgreSQL and Valkey on one folder, for the demo and for the tests.

    servers = start(folder)            # data in the folder, sockets in a short temporary one
    ... servers.database_url, servers.redis_url ...
    servers.stop()

One process at a time owns a folder (the demo holds a lock, a test run makes its own folder), so
whatever still runs on it when it is started was left by a run that was killed, and is stopped.
"""

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from onestop.launch import postgres, valkey
from onestop.launch.environment import write_json
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
    postgres: Postgres | None = None
    valkey: Valkey | None = None

    @property
    def database_url(self) -> str | None:
        return self.postgres.url(DATABASE) if self.postgres else None

    @property
    def redis_url(self) -> str | None:
        return self.valkey.url(1) if self.valkey else None

    def stop(self) -> None:
        """Stop both, Valkey first, and remove the sockets. Stopping twice does nothing."""
        if self.valkey:
            valkey.stop(self.valkey.pid)
        if self.postgres:
            postgres.stop(self.postgres.pid)
        self.valkey = self.postgres = None
        shutil.rmtree(self.temporary, ignore_errors=True)
        (self.folder / STATE_FILE).unlink(missing_ok=True)


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
    logs = folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    clear_leftovers(folder)
    servers = PrivateServers(folder, short_folder("os-"))
    _write_state(servers)
    try:
        if with_postgres:
            programs = postgres_programs(copy_to=servers.temporary)
            sockets = servers.temporary / "pg"
            sockets.mkdir(mode=0o700)
            servers.postgres = postgres.start(
                programs=programs,
                data=_postgres_data(folder),
                sockets=sockets,
                log=logs / "postgres.log",
                fast=fast,
            )
            _write_state(servers)
            postgres.create_database(servers.postgres, programs, DATABASE)
        if with_valkey:
            servers.valkey = valkey.start(
                program=valkey_program(),
                data=folder / "valkey",
                sockets=servers.temporary,
                log=logs / "valkey.log",
                fast=fast,
            )
            _write_state(servers)
    except BaseException:
        servers.stop()
        raise
    return servers


def clear_leftovers(folder: Path) -> None:
    """Stop what a killed run left on this folder and remove its sockets."""
    folder = folder.resolve()
    valkey.stop_leftovers(folder / "valkey")
    for data in (folder / "pg", _moved_data(folder)):
        if data and data.is_dir():
            postgres.stop_leftovers(data)
    temporary = read_state(folder).get("temporary")
    if temporary and Path(temporary).name.startswith("os-"):
        shutil.rmtree(temporary, ignore_errors=True)
    (folder / STATE_FILE).unlink(missing_ok=True)


def remove(folder: Path) -> None:
    """Delete the folder and the data that had to live elsewhere; the servers must be stopped."""
    clear_leftovers(folder)
    moved = _moved_data(folder)
    if moved:
        shutil.rmtree(moved.parent, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def read_state(folder: Path) -> dict[str, str]:
    """What the last start wrote (`temporary`, `database_url`, `redis_url`); empty when nothing."""
    try:
        state = json.loads((folder / STATE_FILE).read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _write_state(servers: PrivateServers) -> None:
    state = {"temporary": str(servers.temporary)}
    state |= {"database_url": servers.database_url} if servers.database_url else {}
    state |= {"redis_url": servers.redis_url} if servers.redis_url else {}
    write_json(servers.folder / STATE_FILE, state)


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
    home.chmod(0o711)
    give_to(run_as, home)
    (folder / _PLACE_FILE).write_text(str(home / "pg"))
    return home / "pg"


def _moved_data(folder: Path) -> Path | None:
    try:
        place = Path((folder / _PLACE_FILE).read_text().strip())
    except OSError:
        return None
    return place if place.parent.name.startswith("onestop-") else None
