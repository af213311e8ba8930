"""Runs processes.conf under supervisor and says aloud what goes wrong in it."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from configparser import RawConfigParser
from pathlib import Path

from onestop.launch import processes
from onestop.launch.folder import ROOT
from onestop.launch.logs import last_lines

CONFIGURATION = ROOT / "processes.conf"
# Given to supervisord and so to all below it, and to nobody else: finds what a crash left.
MARKER = "ONESTOP_DEMO_RUN"
_PID_FILE = "supervisord.pid"
_TAIL_LINES = 8
_LINE_WIDTH = 160
_QUIET_S = 60.0
# Longer than all stopwaitsecs of one run together.
STOP_WAIT_S = 120.0
_STARTED = re.compile(r"success: (\S+) entered RUNNING")
_ENDED = re.compile(r"(?:exited|gave up|spawnerr): (\S+) .*")


class Supervisor:
    """supervisord with all processes of processes.conf, in a session of its own."""

    def __init__(
        self,
        *,
        folder: Path,
        environment: Mapping[str, str],
        say: Callable[[str], None],
        configuration: Path = CONFIGURATION,
    ) -> None:
        self._folder = folder
        self._say = say
        self._is_stopping = False
        self._reported_at: dict[str, float] = {}
        self.running: set[str] = set()
        command = [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(configuration)]
        if os.geteuid() == 0:
            command += ["--user", "root"]
        self._child = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment, MARKER: str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._child.pid

    def has_ended(self) -> bool:
        return self._child.poll() is not None

    def are_running(self, names: set[str]) -> bool:
        """Whether each of these processes stayed up after its (last) start."""
        return names <= self.running

    def stop(self) -> None:
        """End all processes in the order of processes.conf and wait for that."""
        self._is_stopping = True
        processes.stop(self._child.pid, (signal.SIGTERM, STOP_WAIT_S))
        self._child.wait()
        stop_leftovers(self._folder)

    def _listen(self) -> None:
        assert self._child.stdout
        for line in self._child.stdout:
            if started := _STARTED.search(line):
                self.running.add(started[1])
            elif ended := _ENDED.search(line):
                self.running.discard(ended[1])
                if not self._is_stopping:
                    self._report(ended[1], ended[0])

    def _report(self, name: str, what: str) -> None:
        """Say that a process died and what it wrote last; not again while it keeps dying."""
        now = time.monotonic()
        if now - self._reported_at.get(name, -_QUIET_S) < _QUIET_S:
            return
        self._reported_at[name] = now
        log = self._folder / "logs" / f"{name}.log"
        self._say(f"! {what.strip()}; it is started again. The end of {log}:")
        for line in last_lines(log, _TAIL_LINES):
            self._say(f"    {line[:_LINE_WIDTH]}")


def program_names(*, with_sandbox: bool) -> set[str]:
    """The processes that processes.conf starts."""
    names = set(_commands())
    return names if with_sandbox else names - {"sandbox"}


def worker_names() -> set[str]:
    """What the Celery workers of processes.conf call themselves, without the host."""
    named = (re.search(r" -n (\w+)@", command) for command in _commands().values())
    return {found[1] for found in named if found}


def _commands() -> dict[str, str]:
    parser = RawConfigParser()
    parser.read(CONFIGURATION, encoding="utf-8")
    return {
        name.removeprefix("program:"): parser[name]["command"]
        for name in parser.sections()
        if name.startswith("program:")
    }


def stop_leftovers(folder: Path) -> int:
    """Stop what is left of an earlier run on this folder; how many processes that were.

    supervisord first, because it would start the others again; then whatever else was given this
    folder by its environment.
    """
    stopped = 0
    leader = _supervisor_pid(folder)
    if leader:
        processes.stop(leader, (signal.SIGTERM, STOP_WAIT_S))
        stopped += 1
    left = processes.with_environment(MARKER, str(folder))
    for pid in left:
        processes.send(pid, signal.SIGTERM)
    for pid in left:
        if not processes.wait_until_gone(pid, 10.0):
            processes.send(pid, signal.SIGKILL)
    return stopped + len(left)


def _supervisor_pid(folder: Path) -> int | None:
    """The supervisord of this folder, if it runs: its number may belong to another by now."""
    try:
        pid = int((folder / _PID_FILE).read_text())
    except (OSError, ValueError):
        return None
    is_ours = pid in processes.with_environment(MARKER, str(folder))
    return pid if is_ours or "supervisor.supervisord" in processes.arguments(pid) else None
