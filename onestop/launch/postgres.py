"""A private PostgreSQL: made, started, found again after a crash, and stopped."""

import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from onestop.launch import processes
from onestop.launch.errors import LaunchError
from onestop.launch.programs import PostgresPrograms, clean_environment, give_to

MAJOR = "18"
_START_WAIT_S = 60.0
_SHARED_MEMORY_WAIT_S = 10.0
_POLL_S = 0.03
# The builtin provider, because the wheel has no ICU; docker-compose.yml says the same.
INITDB = (
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)
# A refused statement, and the row in its detail, may hold a name; docker-compose.yml says the same.
_LOG_NO_ROWS = ("log_min_error_statement=panic", "log_error_verbosity=terse")
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Postgres:
    """A running private server, reached by the socket in `sockets` only."""

    pid: int
    data: Path
    sockets: Path

    def url(self, database: str) -> str:
        """The DATABASE_URL of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self.sockets}&port=5432"


def start(
    *, programs: PostgresPrograms, data: Path, sockets: Path, log: Path, fast: bool
) -> Postgres:
    """Start the server on `data` (made when missing) and wait until it answers.

    With `fast` it forgets about power cuts: for tests. A server that an earlier, killed run left
    on the same data is stopped first. Raises LaunchError.
    """
    _make_data(programs, data)
    stop_leftovers(data)
    give_to(programs.run_as, sockets)
    end = time.monotonic() + _SHARED_MEMORY_WAIT_S
    while True:
        child = _spawn(programs, data, sockets, log, fast)
        if _answers(programs, child, sockets):
            return Postgres(child.pid, data, sockets)
        reason = _last_words(log)
        if "shared memory block" not in reason or time.monotonic() > end:
            raise LaunchError(_explain(reason, data, log))
        time.sleep(_POLL_S * 10)  # backends of the killed server are still leaving


def create_database(server: Postgres, programs: PostgresPrograms, name: str) -> None:
    """Create the database if it is not there yet."""
    there = f"SELECT 1 FROM pg_database WHERE datname = '{name}'"
    if _psql(programs, server.sockets, there).strip() != "1":
        _psql(programs, server.sockets, f'CREATE DATABASE "{name}"')


def stop(pid: int) -> None:
    """Stop the server: a fast shutdown, then an immediate one."""
    processes.stop(pid, (signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0))


def stop_leftovers(data: Path) -> int:
    """Stop the servers that a killed run left on this data; how many."""
    left = processes.find("postgres", str(data))
    for pid in left:
        stop(pid)
    _forget_reused_pid(data)
    return len(left)


def _make_data(programs: PostgresPrograms, data: Path) -> None:
    version = data / "PG_VERSION"
    if version.exists():
        found = version.read_text().strip()
        if found != MAJOR:
            raise LaunchError(
                f"{data} was made by PostgreSQL {found}, this is {MAJOR}: "
                "dump it with the old version, or empty it by `make demo-reset`."
            )
        return
    # Made beside and renamed: a half-made folder is never taken for data.
    fresh = data.with_name(data.name + ".new")
    for pid in (*processes.find("initdb", str(fresh)), *processes.inside(fresh)):
        stop(pid)  # its launcher was killed
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    give_to(programs.run_as, fresh)
    answer = subprocess.run(
        [programs.path("initdb"), "-D", str(fresh), *INITDB],
        cwd="/",
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
        **programs.run_as,
    )
    if answer.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        reason = _telling(answer.stderr) or f"initdb ended with {answer.returncode}"
        raise LaunchError(f"PostgreSQL's data could not be made in {data}: {reason}.")
    fresh.rename(data)


def _spawn(
    programs: PostgresPrograms, data: Path, sockets: Path, log: Path, fast: bool
) -> subprocess.Popen[bytes]:
    options = ["max_connections=200", *_LOG_NO_ROWS, *(_FAST if fast else ())]
    settings = [word for option in options for word in ("-c", option)]
    with log.open("wb") as output:
        return subprocess.Popen(
            [programs.path("postgres"), "-D", str(data), *_listen_on(sockets), *settings],
            cwd="/",
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # Else Ctrl-C in the terminal would end the database before the workers.
            start_new_session=True,
            **programs.run_as,
        )


def _listen_on(sockets: Path) -> tuple[str, ...]:
    return ("-k", str(sockets), "-h", "", "-p", "5432")


def _answers(programs: PostgresPrograms, child: subprocess.Popen[bytes], sockets: Path) -> bool:
    command = [programs.path("pg_isready"), "-q", "-U", "postgres", "-h", str(sockets)]
    end = time.monotonic() + _START_WAIT_S
    while time.monotonic() < end and child.poll() is None:
        if subprocess.run(command, env=clean_environment(), check=False).returncode == 0:
            return True
        time.sleep(_POLL_S)
    if child.poll() is None:
        stop(child.pid)
    return False


def _psql(programs: PostgresPrograms, sockets: Path, statement: str) -> str:
    options = ("-X", "-A", "-t", "-U", "postgres", "-h", str(sockets), "-d", "postgres")
    answer = subprocess.run(
        [programs.path("psql"), *options, "-c", statement],
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise LaunchError(f"The private PostgreSQL refused a statement: {answer.stderr.strip()}")
    return answer.stdout


def _forget_reused_pid(data: Path) -> None:
    """Remove a postmaster.pid whose number now belongs to some other program: PostgreSQL would
    believe that it still runs."""
    lock = data / "postmaster.pid"
    if not lock.exists():
        return
    first = lock.read_text().split("\n", 1)[0].strip()
    if not first.isdigit() or processes.is_running(int(first)):
        lock.unlink()


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return "\n".join(lines[-8:])


def _explain(reason: str, data: Path, log: Path) -> str:
    holders = ", ".join(str(pid) for pid in processes.inside(data))
    if holders:
        return f"PostgreSQL does not start, processes {holders} still use {data}."
    return f"PostgreSQL does not start: {_telling(reason) or 'it said nothing'} (see {log})."


def _telling(words: str) -> str:
    """The line that says why: the last one of a fault, else the last one."""
    lines = words.strip().splitlines()
    faults = [line for line in lines if re.search(r"FATAL|PANIC|error:|could not", line)]
    return (faults or lines or [""])[-1].strip().rstrip(".")
