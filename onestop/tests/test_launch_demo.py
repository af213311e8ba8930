"""`make demo` as a whole, on the real product: start, restart, recovery, end, reset."""

import urllib.request
from collections.abc import Iterator
from datetime import datetime

import pytest

from onestop.launch.report import DEMO_FILE
from onestop.tests.running_demo import RunningDemo
from onestop.tests.test_launch_supervise import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]
USER_KEYS = {"username", "password", "api_token", "roles", "office", "name"}


@pytest.fixture(scope="module")
def demo() -> Iterator[RunningDemo]:
    with RunningDemo(DEMO_DOSSIERS="12") as running:
        yield running


def _status(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return int(answer.status)


def _must_refuse(demo: RunningDemo, action: str, sentence: str) -> None:
    answer = demo.command("-m", "onestop.launch.demo", action)
    assert answer.returncode == 1
    assert len(answer.stderr.strip().splitlines()) == 1, answer.stderr
    assert sentence in answer.stderr


def test_a_demo_starts_refuses_a_second_one_recovers_and_ends(demo: RunningDemo) -> None:
    """One long walk: each start takes its seconds."""
    first = demo.info
    assert set(first) == {"web", "sandbox", "clock", "users"}
    assert datetime.fromisoformat(first["clock"]).utcoffset() is not None
    assert {frozenset(user) for user in first["users"]} == {frozenset(USER_KEYS)}
    assert _status(first["web"] + "/healthz") == 200
    assert _status(first["sandbox"] + "/_sandbox/messages") == 200
    assert first["users"][0]["password"] in demo.output()

    code = "from cases.models import Dossier; print(Dossier.objects.count())"
    counted = demo.command("manage.py", "shell", "--no-imports", "-c", code)
    assert int(counted.stdout.strip().splitlines()[-1]) > 0, counted.stderr

    _must_refuse(demo, "run", f"localhost:{demo.port}")
    _must_refuse(demo, "reset", f"localhost:{demo.port}")

    wait_until(lambda: demo.command("manage.py", "doctor").returncode == 0)

    (demo.folder / DEMO_FILE).unlink()
    wait_until((demo.folder / DEMO_FILE).exists)

    demo.kill()
    assert demo.left_running()
    demo.begin()
    assert "An earlier run was killed" in demo.output()
    again = demo.info
    assert again["users"] == first["users"]
    assert again["clock"] >= first["clock"]
    recounted = demo.command("manage.py", "shell", "--no-imports", "-c", code)
    assert recounted.stdout == counted.stdout

    assert demo.end() == 0
    assert "The demo has ended" in demo.output()
    assert "Traceback" not in demo.output()
    assert demo.left_running() == []
    assert "No demo runs here" in demo.command("manage.py", "check").stderr

    emptied = demo.command("-m", "onestop.launch.demo", "reset")
    assert emptied.returncode == 0, emptied.stderr
    assert not demo.folder.exists()
