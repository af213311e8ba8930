"""Processes under supervisor: started again, stopped in order, found after a crash."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from onestop.launch import processes, programs, servers, supervise
from onestop.launch.logs import LogWatch

# Writes its name and pid when it starts and again when it is told to stop.
PROGRAM = """
import os, signal, sys
def note(word):
    with open(sys.argv[1], "a") as journal:
        journal.write(f"{word} {sys.argv[2]} {os.getpid()}\\n")
def stop(number, frame):
    note("stop")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
note("start")
signal.pause()
"""
CONFIGURATION = """
[supervisord]
nodaemon = true
logfile = {folder}/logs/supervisord.log
pidfile = {folder}/supervisord.pid

[program:first]
command = {python} {program} {journal} first
priority = 10
autorestart = true
startsecs = 0

[program:second]
command = {python} {program} {journal} second
priority = 20
autorestart = true
startsecs = 0
"""


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "waited 20 s in vain"
        time.sleep(0.02)


class Stage:
    """A folder with two small programs, the journal that they write and what is said aloud."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []
        self._journal = folder / "journal"
        program = folder / "program.py"
        program.write_text(PROGRAM)
        (folder / "logs").mkdir()
        self._configuration = folder / "two.conf"
        self._configuration.write_text(
            CONFIGURATION.format(
                folder=folder, python=sys.executable, program=program, journal=self._journal
            )
        )

    def supervisor(self) -> supervise.Supervisor:
        return supervise.Supervisor(
            folder=self.folder,
            environment={},
            say=self.said.append,
            configuration=self._configuration,
        )

    def notes(self, word: str) -> list[tuple[str, int]]:
        """(name, pid) of each start or stop, in order."""
        lines = self._journal.read_text().splitlines() if self._journal.exists() else []
        words = [line.split() for line in lines if line.startswith(word)]
        return [(name, int(pid)) for _, name, pid in words]


@pytest.fixture
def stage() -> Iterator[Stage]:
    folder = programs.short_folder("os-stage-")
    yield Stage(folder)
    supervise.stop_leftovers(folder)
    servers.remove(folder)


@pytest.mark.processes
def test_processes_stop_in_the_reverse_order_of_their_start(stage: Stage) -> None:
    supervisor = stage.supervisor()
    wait_until(lambda: len(stage.notes("start")) == 2)
    supervisor.stop()
    assert [name for name, _ in stage.notes("stop")] == ["second", "first"]
    assert supervisor.has_ended()
    assert stage.said == []


@pytest.mark.processes
def test_a_process_that_dies_is_started_again_and_said_aloud(stage: Stage) -> None:
    supervisor = stage.supervisor()
    wait_until(lambda: len(stage.notes("start")) == 2)
    processes.send(dict(stage.notes("start"))["first"], signal.SIGKILL)
    wait_until(lambda: len(stage.notes("start")) == 3)
    wait_until(lambda: bool(stage.said))
    supervisor.stop()
    assert stage.said[0].startswith("! exited: first (terminated by SIGKILL")


@pytest.mark.processes
def test_what_a_killed_supervisor_left_is_found_and_stopped(stage: Stage) -> None:
    supervisor = stage.supervisor()
    wait_until(lambda: len(stage.notes("start")) == 2)
    children = [pid for _, pid in stage.notes("start")]
    processes.send(supervisor.pid, signal.SIGKILL)
    wait_until(supervisor.has_ended)
    assert all(processes.is_running(pid) for pid in children)
    assert supervise.stop_leftovers(stage.folder) == 2
    assert not any(processes.is_running(pid) for pid in children)
    assert supervise.stop_leftovers(stage.folder) == 0


@pytest.mark.processes
def test_a_supervisor_whose_launcher_was_killed_is_stopped_with_its_processes(
    stage: Stage,
) -> None:
    supervisor = stage.supervisor()
    wait_until(lambda: len(stage.notes("start")) == 2)
    wait_until((stage.folder / "supervisord.pid").exists)
    assert supervise.stop_leftovers(stage.folder) == 1
    wait_until(supervisor.has_ended)
    assert len(stage.notes("stop")) == 2


def test_errors_in_the_logs_are_told_once_and_shortly(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text('{"event": "old", "level": "error"}\n')
    watch = LogWatch(tmp_path, {"web", "beat"})
    assert list(watch.new_errors()) == []
    with log.open("a") as output:
        output.write('{"event": "fine", "level": "info"}\n{"event": "bad", "level": "error"}\n')
        output.write('{"event": "half a li')
    (tmp_path / "beat.log").write_text("[2026-11-23 08:00] [7] [ERROR] no broker\n")
    assert sorted(watch.new_errors()) == [
        "beat: [2026-11-23 08:00] [7] [ERROR] no broker",
        "web: bad",
    ]
    with log.open("a") as output:
        output.write('ne", "level": "critical"}\n')
    assert list(watch.new_errors()) == ["web: half a line"]
