"""`manage.py doctor` on servers of its own that run, hang and are gone."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from onestop.launch import processes, programs, servers
from onestop.launch.folder import ROOT

pytestmark = [pytest.mark.processes, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def running() -> Iterator[servers.PrivateServers]:
    place = programs.short_folder("os-doctor-")
    started = servers.start(place, fast=True)
    yield started
    started.stop()
    servers.remove(place)


def _doctor(running: servers.PrivateServers, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "DATABASE_URL": str(running.database_url),
        "REDIS_URL": str(running.redis_url),
    }
    return subprocess.run(
        [sys.executable, "manage.py", "doctor", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _findings(answer: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    """The first finding of each check."""
    told: dict[str, dict[str, Any]] = {}
    for finding in json.loads(answer.stdout)["findings"]:
        told.setdefault(finding["check"], finding)
    return told


@contextmanager
def _stopped(*pids: int) -> Iterator[None]:
    """The processes stand still, as on a disk that hangs."""
    for pid in pids:
        processes.send(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            processes.send(pid, signal.SIGCONT)


def test_an_empty_installation_is_told_in_both_languages(running: servers.PrivateServers) -> None:
    told = _doctor(running)
    assert told.returncode == 2
    assert "Traceback" not in told.stderr
    assert "LỖI" in told.stdout
    assert "manage.py migrate" in told.stdout
    english = _doctor(running, "--language", "en")
    assert "FAULT     tables" in english.stdout


def test_servers_that_hang_are_told_within_seconds_and_hide_nothing(
    running: servers.PrivateServers,
) -> None:
    assert running.postgres
    assert running.valkey
    begin = time.monotonic()
    with _stopped(running.postgres.pid, running.valkey.pid):
        answer = _doctor(running, "--json", "--language", "en")
    assert time.monotonic() - begin < 20  # with the start of Python on a busy machine
    told = _findings(answer)
    assert told["database"]["level"] == told["broker"]["level"] == "fault"
    assert "No answer within 4 seconds" in told["database"]["sentence"]
    assert "mend first: database" in told["migrations"]["sentence"]
    assert "mend first: broker" in told["workers"]["sentence"]
    assert told["printing"]["level"] == "ok"
    assert answer.returncode == 2


def test_servers_that_are_gone_are_told_with_what_to_do(running: servers.PrivateServers) -> None:
    assert running.postgres
    assert running.valkey
    for pid in (running.postgres.pid, running.valkey.pid):
        processes.stop(pid, (signal.SIGKILL, 5.0))
    told = _findings(_doctor(running, "--json", "--language", "en"))
    running.revive()
    assert "Start PostgreSQL" in told["database"]["remedy"]
    assert "Start Valkey" in told["broker"]["remedy"]
