"""The launcher: ports, the folder of a demo, its environment, packages, manage.py."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from onestop.launch import environment, folder, install, ports
from onestop.launch.errors import LaunchError
from onestop.launch.folder import DemoLock


# ---- ports, folder, keys -------------------------------------------------------------------------
@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_in_use_is_told_in_one_sentence(busy_port: int) -> None:
    with pytest.raises(LaunchError, match=f"Port {busy_port} is in use: .*PORT="):
        ports.require_free(busy_port)


def test_the_sandbox_takes_the_next_free_port(busy_port: int) -> None:
    assert ports.next_free_port(busy_port - 1) > busy_port


@pytest.mark.parametrize("text", ["http", "0", "-1", "65535", "70000", "８０００"])
def test_a_port_that_is_none_is_told_in_one_sentence(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(LaunchError, match="is no port"):
        ports.requested_port()


def test_a_second_demo_on_a_folder_hears_where_the_first_one_is(tmp_path: Path) -> None:
    with DemoLock(tmp_path) as first, DemoLock(tmp_path) as second:
        first.take("http://localhost:8000 (process 1)")
        assert second.is_held()
        with pytest.raises(LaunchError, match="http://localhost:8000"):
            second.take("http://localhost:8001")
    with DemoLock(tmp_path) as third:
        assert not third.is_held()


def test_the_keys_of_a_folder_are_made_once_and_read_by_their_owner_only(tmp_path: Path) -> None:
    made = environment.keys(tmp_path)
    assert environment.keys(tmp_path) == made
    assert len(set(made.values())) == len(made)
    assert [path.stat().st_mode & 0o077 for path in tmp_path.iterdir()] == [0]


def test_a_folder_with_other_files_is_no_folder_for_a_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "letter.txt").write_text("dear …")
    monkeypatch.setenv("ONESTOP_VAR_DIR", str(tmp_path))
    with pytest.raises(LaunchError, match="holds other files"):
        folder.demo_folder()
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    "name", ["ZALO_OPENAPI_BASE_URL", "ZALO_OAUTH_BASE_URL", "ZALO_BUSINESS_BASE_URL"]
)
def test_the_demo_refuses_the_real_zalo(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "https://openapi.zalo.me")
    with pytest.raises(LaunchError, match="real Zalo"):
        _demo_environment(tmp_path, sandbox_port=None)


def test_a_zalo_server_of_the_environment_serves_all_three_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ZALO_OAUTH_BASE_URL", "ZALO_BUSINESS_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ZALO_OPENAPI_BASE_URL", "http://127.0.0.1:9000")
    made = _demo_environment(tmp_path, sandbox_port=None)
    assert made["ZALO_OAUTH_BASE_URL"] == "http://127.0.0.1:9000"
    assert made["ZALO_BUSINESS_BASE_URL"] == "http://127.0.0.1:9000"
    assert made["SANDBOX_AUTOSTART"] == "false"
    assert made["ZALO_ACCESS_TOKEN"] == ""


def _demo_environment(path: Path, *, sandbox_port: int | None) -> dict[str, str]:
    return environment.for_processes(
        folder=path,
        port=8000,
        sandbox_port=sandbox_port,
        database_url="postgresql://x",
        redis_url="redis://x",
        offset_s=0,
    )


def test_packages_are_installed_again_only_when_a_requirement_file_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("requirements.txt", "requirements-demo.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("# nothing\n")
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    install.install("dev")
    stamp = tmp_path / ".venv" / ".installed-dev"
    first = stamp.stat().st_mtime_ns
    install.install("dev")
    install.install("demo")  # the larger set holds it
    assert stamp.stat().st_mtime_ns == first
    (tmp_path / "requirements-dev.txt").write_text("# changed\n")
    install.install("dev")
    assert stamp.stat().st_mtime_ns > first


def test_importing_the_launcher_imports_no_django() -> None:
    names = [
        f"onestop.launch.{path.stem}"
        for path in (folder.ROOT / "onestop" / "launch").glob("*.py")
        if path.stem not in ("__init__", "pytest_plugin")
    ]
    code = (
        "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]; "
        "sys.exit('django' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, *names], cwd=folder.ROOT, check=True)


# ---- manage.py -----------------------------------------------------------------------------------
def _manage(*arguments: str, path: Path) -> subprocess.CompletedProcess[str]:
    hidden = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=folder.ROOT,
        env=kept | {"ONESTOP_VAR_DIR": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_manage_says_in_one_sentence_that_no_demo_runs(tmp_path: Path) -> None:
    answer = _manage("migrate", path=tmp_path)
    assert answer.returncode == 1
    assert answer.stderr.strip().splitlines() == [
        "No demo runs here: start it by `make demo`, or set DATABASE_URL and REDIS_URL."
    ]


def test_manage_finds_the_servers_of_the_running_demo(tmp_path: Path) -> None:
    with DemoLock(tmp_path) as lock:
        lock.take("here")
        folder.write_json(
            tmp_path / environment.ENVIRONMENT_FILE,
            {
                "DATABASE_URL": os.environ["DATABASE_URL"],
                "REDIS_URL": os.environ["REDIS_URL"],
                "ONESTOP_CLOCK_OFFSET_S": "77",
            },
        )
        code = "from django.conf import settings as s; print(s.ONESTOP_CLOCK_OFFSET_S)"
        answer = _manage("shell", "--no-imports", "-c", code, path=tmp_path)
    assert answer.stdout.strip().endswith("77"), answer.stderr


# ---- the test run itself -------------------------------------------------------------------------
@pytest.mark.parametrize(("in_ci", "code"), [("true", 1), ("", 0)])
def test_a_skipped_journey_fails_in_ci_only(in_ci: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = journey: in a browser\n")
    (tmp_path / "test_journey.py").write_text(
        "import pytest\n\n@pytest.mark.journey\ndef test_it():\n    pytest.skip('no browser')\n"
    )
    plugins = ["-p", "no:django", "-p", "no:valkey", "-p", "onestop.launch.pytest_plugin"]
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=folder.ROOT,
        env={**os.environ, "CI": in_ci},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == code, answer.stdout + answer.stderr
    assert "no browser" in answer.stdout or code == 0
