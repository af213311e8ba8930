"""`make demo`: the whole system on this machine, until Ctrl-C.

python -m onestop.launch.demo run|reset
"""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

from onestop.launch import clock, database, environment, ports, report, servers, supervise
from onestop.launch.errors import LaunchError, require_space, sentence
from onestop.launch.folder import ROOT, DemoLock, demo_folder, var_folder, write_json
from onestop.launch.logs import LogWatch, last_lines

_UP_WAIT_S = 180.0
_WATCH_S = 0.5
_POLL_S = 0.1
_CLOCK_FILE = "clock.txt"
_NEEDED_MB = 300
_FAR_AHEAD = timedelta(days=30)
_END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(Exception):
    """Somebody asked for the end: Ctrl-C, a closed terminal, a TERM."""


def main(arguments: list[str]) -> int:
    """0 after a clean end, 1 after one sentence that says what is wrong."""
    action = {"run": run, "reset": reset}.get(arguments[0] if arguments else "run")
    try:
        if not action:
            raise LaunchError("Say `run` or `reset`.")
        action(demo_folder())
    except (LaunchError, OSError) as error:
        print(sentence(error, var_folder()), file=sys.stderr, flush=True)
        return 1
    return 0


def run(folder: Path) -> None:
    """Run the demo on this folder until somebody ends it. Raises LaunchError."""
    for number in _END_SIGNALS:
        signal.signal(number, _raise_ended)
    try:
        with DemoLock(folder) as lock:
            port = ports.requested_port()
            lock.take(f"http://localhost:{port} (process {os.getpid()})")
            _recover(folder)
            require_space(folder, _NEEDED_MB)
            with ports.Reservation() as reserved:
                _run_until_ended(Demo(folder, port, reserved))
    except Ended:
        say("The demo has ended; its data is kept.")


def _run_until_ended(demo: "Demo") -> None:
    try:
        demo.start()
        demo.watch()
    except Ended:
        say("Stopping …")
        raise
    finally:
        for number in _END_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        demo.stop()


def reset(folder: Path) -> None:
    """Empty the demo's data. Raises LaunchError while it runs."""
    if os.environ.get("DATABASE_URL"):
        raise LaunchError(
            "DATABASE_URL is set: empty that database yourself, or unset it to empty the demo's."
        )
    with DemoLock(folder) as lock:
        lock.take("a reset")
        _recover(folder)
        servers.remove(folder)
    say("The demo's data is gone; `make demo` begins anew.")


class Demo:
    """One run: servers, preparation, processes, and what is told about them."""

    def __init__(self, folder: Path, port: int, reserved: ports.Reservation) -> None:
        self._folder = folder
        self._port = port
        self._reserved = reserved
        reserved.take(port)
        self._sandbox_port = None if environment.uses_own_zalo() else reserved.take_next(port)
        self._offset = timedelta()
        self._environment: dict[str, str] = {}
        self._servers: servers.PrivateServers | None = None
        self._supervisor: supervise.Supervisor | None = None
        names = supervise.program_names(with_sandbox=True)
        self._logs = LogWatch(folder / "logs", names)

    def start(self) -> None:
        """Bring everything up and say so. Raises LaunchError."""
        (self._folder / "logs").mkdir(parents=True, exist_ok=True)
        (self._folder / report.DEMO_FILE).unlink(missing_ok=True)
        environment.keys(self._folder)  # before the data that they open
        database_url, redis_url = self._start_servers()
        self._offset = timedelta(seconds=self._clock_offset_s(database_url))
        self._environment = environment.for_processes(
            folder=self._folder,
            port=self._port,
            sandbox_port=self._sandbox_port,
            database_url=database_url,
            redis_url=redis_url,
            offset_s=int(self._offset.total_seconds()),
        )
        self._prepare_data()
        write_json(self._folder / environment.ENVIRONMENT_FILE, self._environment)
        self._start_processes()
        self._tell()

    def watch(self) -> None:
        """Keep it running; returns only by an exception."""
        seen_s = 0.0
        while True:
            time.sleep(_WATCH_S)
            if self._supervisor and self._supervisor.has_ended():
                log = self._folder / "logs" / "supervisord.log"
                raise LaunchError(f"The supervisor of the processes has ended (see {log}).")
            for error in self._logs.new_errors():
                say(f"! {error}")
            for name in self._servers.revive() if self._servers else ():
                say(f"! {name} had died and was started again.")
            if not (self._folder / report.DEMO_FILE).exists():
                self._write_demo_file()
            if time.monotonic() - seen_s > 5:
                seen_s = time.monotonic()
                self._remember_clock()

    def stop(self) -> None:
        """Stop everything in order: processes, Valkey, PostgreSQL."""
        with suppress(OSError):  # on a full disk all the rest has to be stopped as well
            if self._environment:
                self._remember_clock()
        if self._supervisor:
            self._supervisor.stop()
        supervise.stop_leftovers(self._folder)
        if self._servers:
            self._servers.stop()
        (self._folder / environment.ENVIRONMENT_FILE).unlink(missing_ok=True)

    def _start_servers(self) -> tuple[str, str]:
        """Addresses of the database and the broker, of our own servers where none is given."""
        given = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
        for name, url in given.items():
            if url:
                say(f"{name}: {database.without_password(url)}")
        missing = [
            server
            for name, server in (("DATABASE_URL", "PostgreSQL"), ("REDIS_URL", "Valkey"))
            if not given[name]
        ]
        if missing:
            say(f"Starting a private {' and '.join(missing)}; data in {self._folder}.")
            self._servers = servers.start(
                self._folder,
                with_postgres=not given["DATABASE_URL"],
                with_valkey=not given["REDIS_URL"],
            )
            for note in self._servers.notes:
                say(f"! {note}")
            return (
                given["DATABASE_URL"] or self._servers.database_url or "",
                given["REDIS_URL"] or self._servers.redis_url or "",
            )
        return given["DATABASE_URL"], given["REDIS_URL"]

    def _clock_offset_s(self, database_url: str) -> int:
        chosen = os.environ.get("ONESTOP_CLOCK")
        newest = database.newest_event_at(database_url)
        asked = clock.parse_instant(chosen) if chosen else None
        if asked and newest and asked < newest:
            say(
                f"The clock starts at {newest.astimezone(clock.LOCAL):%Y-%m-%d %H:%M}, where the "
                "newest event is, not at ONESTOP_CLOCK: `make demo-reset` begins anew."
            )
        offset = clock.offset_s(
            real=datetime.now(UTC),
            chosen=asked,
            reached=clock.read_reached(self._folder / _CLOCK_FILE),
            newest_event=newest,
            calendar=clock.read_calendar(ROOT / "data" / "calendar_2024_2028.csv"),
        )
        if not asked and offset > _FAR_AHEAD.total_seconds():
            say(
                f"! The demo's clock goes on {offset // 86_400} days ahead of this machine's, "
                "which was wrong or was set back: `make demo-reset` begins anew."
            )
        return offset

    def _remember_clock(self) -> None:
        clock.write_reached(self._folder / _CLOCK_FILE, self._now())

    def _now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    @contextmanager
    def _preparing(self, half: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run one half of the preparation beside the block; it ends with the block at the latest
        when that fails."""
        with self._prepare_log(half).open("wb") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", "onestop.launch.prepare", half],
                cwd=ROOT,
                env={**os.environ, **self._environment},
                stdin=subprocess.DEVNULL,
                stderr=log,
            )
        try:
            yield child
        except BaseException:
            child.kill()
            raise
        finally:
            child.wait()

    def _prepare_log(self, half: str) -> Path:
        return self._folder / "logs" / f"prepare-{half}.log"

    def _failure(self, code: int, half: str) -> str:
        """Why that half failed; empty when it did not, or said so itself (2)."""
        if code in (0, 2):
            return ""
        log = self._prepare_log(half)
        spoken = [line for line in last_lines(log, 40) if line[:1].strip()]
        return f"{spoken[-1] if spoken else 'it said nothing'} (more in {log})"

    def _prepare_data(self) -> None:
        say("Preparing:")
        with self._preparing("data") as child:
            code = child.wait()
        if code:
            reason = self._failure(code, "data") or "see above"
            raise LaunchError(f"The demo cannot start: {reason}")

    def _start_processes(self) -> None:
        say("Starting web, workers, beat" + (", sandbox …" if self._sandbox_port else " …"))
        self._reserved.release()
        self._supervisor = supervise.Supervisor(
            folder=self._folder, environment=self._environment, say=say
        )
        names = supervise.program_names(with_sandbox=self._sandbox_port is not None)
        with self._preparing("senders") as child:
            end = time.monotonic() + _UP_WAIT_S
            while not (self._supervisor.are_running(names) and self._web_answers()):
                if time.monotonic() > end or self._supervisor.has_ended():
                    raise LaunchError(f"Not all processes came up: see {self._folder / 'logs'}.")
                time.sleep(_POLL_S)
            code = child.wait()
        if code:
            reason = self._failure(code, "senders") or "see above"
            say(f"! Messages cannot leave yet: {reason}")

    def _web_answers(self) -> bool:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self._port}/healthz", timeout=5
            ) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def _web(self) -> str:
        return self._environment["ONESTOP_PUBLIC_URL"]

    def _sandbox(self) -> str | None:
        return f"http://localhost:{self._sandbox_port}" if self._sandbox_port else None

    def _write_demo_file(self) -> None:
        report.write_demo_file(
            self._folder,
            web=self._web(),
            sandbox=self._sandbox(),
            clock=self._now(),
            users=report.read_users(self._folder),
        )

    def _tell(self) -> None:
        self._write_demo_file()
        report.print_welcome(
            say,
            web=self._web(),
            sandbox=self._sandbox(),
            clock=self._now(),
            is_shifted=bool(self._offset),
            users=report.read_users(self._folder),
            folder=self._folder,
        )


def say(line: str) -> None:
    """Print at once; a reader that has gone away is no reason to stop."""
    with suppress(OSError):
        print(line, flush=True)


def _recover(folder: Path) -> None:
    """Stop what an earlier run left that was killed."""
    left = supervise.stop_leftovers(folder) + servers.clear_leftovers(folder)
    if left:
        say(f"An earlier run was killed: {left} of its processes were still there and are stopped.")


def _raise_ended(number: int, frame: FrameType | None) -> None:
    raise Ended


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
