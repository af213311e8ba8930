"""The sandbox as its own process: starts by the command of the demo, keeps tokens over kill -9."""

import ast
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sandbox.config import REPO
from sandbox.template_calls import CREATED_BEFORE_MS
from sandbox.tests.running import ACCESS, REFRESH, SETTINGS

ENVIRONMENT = {
    "ZALO_APP_ID": SETTINGS.app_id,
    "ZALO_APP_SECRET": SETTINGS.app_secret,
    "ZALO_OA_ID": SETTINGS.oa_id,
    "ZALO_OA_SECRET_KEY": SETTINGS.oa_secret_key,
    "ZALO_ACCESS_TOKEN": ACCESS,
    "ZALO_REFRESH_TOKEN": REFRESH,
}
PRODUCT = ("onestop", "notifications", "cases", "citizens", "offices", "common")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "sandbox", "--templates", str(SETTINGS.templates), *arguments]


@contextmanager
def process(*arguments: str, port: int, **environ: str) -> Iterator[subprocess.Popen[bytes]]:
    started = subprocess.Popen(
        command("--port", str(port), *arguments),
        cwd=REPO,
        env=os.environ | ENVIRONMENT | environ,
    )
    try:
        deadline = time.monotonic() + 20
        while started.poll() is None:
            try:
                call(port, "/_sandbox/health")
                break
            except urllib.error.URLError:
                assert time.monotonic() < deadline, "the sandbox did not start"
                time.sleep(0.05)
        yield started
    finally:
        started.kill()
        started.wait()


def call(port: int, path: str, data: bytes | None = None, **headers: str) -> Any:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=5) as response:
        return json.loads(response.read())


@pytest.mark.processes
def test_killed_process_comes_back_with_its_rotated_tokens_and_chats(tmp_path: Path) -> None:
    port, state = free_port(), str(tmp_path / "sandbox.json")
    with process("--state", state, port=port) as first:
        form = f"app_id={SETTINGS.app_id}&grant_type=refresh_token&refresh_token={REFRESH}"
        pair = call(port, "/v4/oa/access_token", form.encode(), secret_key=SETTINGS.app_secret)
        first.send_signal(signal.SIGKILL)
        first.wait()
    with process("--state", state, port=port) as second:
        assert call(port, "/message/quota", access_token=pair["access_token"])["error"] == 0
        call(port, "/_sandbox/follow", b'{"user_id": "6630000000000000003", "follow": true}')
        second.terminate()
        assert second.wait(timeout=10) == 0
    with process("--state", state, port=port):
        (person,) = call(port, "/_sandbox/people")
        assert person["follows"] is True


@pytest.mark.processes
def test_clock_offset_moves_business_time_and_not_the_life_of_tokens() -> None:
    port, year_s = free_port(), 365 * 86_400
    with process(port=port, ONESTOP_CLOCK_OFFSET_S=str(year_s)):
        listed = call(port, "/template/all", access_token=ACCESS)
        created_s = (listed["data"][0]["createdTime"] + CREATED_BEFORE_MS) / 1000
        assert abs(created_s - time.time() - year_s) < 60


@pytest.mark.processes
@pytest.mark.parametrize(
    ("environ", "arguments", "words"),
    [
        ({"ZALO_APP_ID": ""}, (), "ZALO_APP_ID"),
        ({"ONESTOP_CLOCK_OFFSET_S": "soon"}, (), "ONESTOP_CLOCK_OFFSET_S"),
        ({}, ("--templates", "no-such-file.json"), "no-such-file.json"),
    ],
)
def test_start_that_cannot_work_says_why_in_one_sentence(
    environ: dict[str, str], arguments: tuple[str, ...], words: str
) -> None:
    done = subprocess.run(
        command("--port", str(free_port()), *arguments),
        cwd=REPO,
        env=os.environ | ENVIRONMENT | environ,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.processes
def test_port_in_use_is_said_in_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            command("--port", port),
            cwd=REPO,
            env=os.environ | ENVIRONMENT,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    assert done.returncode == 2
    assert port in done.stderr
    assert "Traceback" not in done.stderr


def test_sandbox_imports_no_part_of_the_product() -> None:
    for file in (REPO / "sandbox").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not [name for name in names if name.split(".")[0] in (*PRODUCT, "django")], file
