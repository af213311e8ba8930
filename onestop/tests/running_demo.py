"""A demo for tests, started by the demo's own code on a folder and ports of its own."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from onestop.launch import ports, processes, servers, supervise
from onestop.launch.environment import ENVIRONMENT_FILE
from onestop.launch.folder import ROOT
from onestop.launch.pytest_plugin import owned_folder
from onestop.launch.report import DEMO_FILE

_UP_WAIT_S = 240.0
_END_WAIT_S = 120.0
# Of the test run: the demo shall start as it does on a bare machine.
_HIDDEN = re.compile(r"^(DATABASE_URL|REDIS_URL|ONESTOP_|ZALO_|SECRET_KEY|FIELD_|DJANGO_|PYTEST_)")


class RunningDemo:
    """Starts on entering, ends and leaves nothing on leaving.

    `variables` are added to its environment (such as ONESTOP_CLOCK). The folder stays from start
    to start, so `end` and `begin` restart it on its data.
    """

    def __init__(self, **variables: str) -> None:
        # The next test run removes it, and ends the demo, should this one be killed.
        self._home = owned_folder()
        self.folder = self._home / "var"
        self.port = ports.next_free_port(18_000 + os.getpid() % 10_000)
        self._variables = variables
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def info(self) -> dict[str, Any]:
        """What demo.json says."""
        content: dict[str, Any] = json.loads((self.folder / DEMO_FILE).read_text())
        return content

    @property
    def clock_offset_s(self) -> int:
        """By how much its clock of business time is ahead of the machine's."""
        content = json.loads((self.folder / ENVIRONMENT_FILE).read_text())
        return int(content["ONESTOP_CLOCK_OFFSET_S"])

    def user(self, role: str, *, office: str | None = None) -> dict[str, Any]:
        """The first log-in with this role (and of this office)."""
        users: list[dict[str, Any]] = self.info["users"]
        return next(
            user
            for user in users
            if role in user["roles"] and (office is None or user["office"] == office)
        )

    def environment(self) -> dict[str, str]:
        """For commands on this demo, such as manage.py."""
        kept = {name: value for name, value in os.environ.items() if not _HIDDEN.match(name)}
        place = {"ONESTOP_VAR_DIR": str(self.folder), "PORT": str(self.port)}
        return kept | place | self._variables

    def output(self) -> str:
        """What it has printed since its last start."""
        return self._output.read_text(encoding="utf-8", errors="replace")

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a Python command in the clone with this demo's environment."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def begin(self) -> float:
        """Start it and wait until it says that it is up; the seconds that took."""
        began = time.monotonic()
        with self._output.open("wb") as output:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "onestop.launch.demo", "run"],
                cwd=ROOT,
                env=self.environment() | {supervise.MARKER: str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while "Ctrl-C ends it" not in self.output():
            assert self._child.poll() is None, f"the demo ended:\n{self.output()}"
            assert time.monotonic() - began < _UP_WAIT_S, f"not up in time:\n{self.output()}"
            time.sleep(0.1)
        return time.monotonic() - began

    def end(self) -> int:
        """Press Ctrl-C and wait; the exit code."""
        assert self._child
        self._child.send_signal(signal.SIGINT)
        return self._child.wait(_END_WAIT_S)

    def kill(self) -> None:
        """`kill -9` to the launcher; all that it started lives on."""
        assert self._child
        self._child.kill()
        self._child.wait()

    def left_running(self) -> list[int]:
        """Pids of all that runs for this demo."""
        return [
            *processes.with_environment(supervise.MARKER, str(self.folder)),
            *processes.find("postgres", str(self.folder / "pg")),
            *processes.find("valkey-server", str(self.folder / "valkey")),
        ]

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._child and self._child.poll() is None:
            self.end()
        supervise.stop_leftovers(self.folder)
        servers.remove(self.folder)
        shutil.rmtree(self._home)

    @property
    def _output(self) -> Path:
        return self._home / "output"
