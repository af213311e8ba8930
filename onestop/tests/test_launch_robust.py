"""A start that something is in the way of: it recovers, or says one clear sentence and ends."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from onestop.launch import environment, ports, processes, programs, servers
from onestop.launch.errors import LaunchError, sentence
from onestop.launch.folder import ROOT
from onestop.tests.test_launch_supervise import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.timeout(120)]
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
_OWN_SERVERS = ("DATABASE_URL", "REDIS_URL")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that PostgreSQL's user can reach; whatever runs on it is stopped at the end."""
    path = programs.short_folder("os-robust-")
    yield path
    servers.remove(path)


def _python(
    *arguments: str, cwd: Path = ROOT, as_nobody: bool = False, **variables: str
) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _OWN_SERVERS and not name.startswith("PYTEST_")
    }
    python = _python_of_nobody() if as_nobody else sys.executable
    return subprocess.run(
        [python, *arguments],
        cwd=cwd,
        env=kept | variables,
        capture_output=True,
        text=True,
        check=False,
        **(programs.unprivileged() if as_nobody else {}),
    )


def _python_of_nobody() -> str:
    """Root's own may lie in a closed home. No package is needed for what is tried here."""
    for path in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        check = "import sys; sys.exit(sys.version_info < (3, 11))"
        try:
            answer = subprocess.run([path, "-c", check], check=False, **programs.unprivileged())
        except OSError:
            continue
        if answer.returncode == 0:
            return path
    pytest.skip("no Python that an unprivileged user can run")


def _says_one_sentence(answer: subprocess.CompletedProcess[str], words: str) -> None:
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1, answer.stderr
    assert words in answer.stderr


# ---- disk and folder -----------------------------------------------------------------------------
def test_a_full_disk_is_told_in_one_sentence(small_disk: Path) -> None:
    demo = _python("-m", "onestop.launch.demo", "run", ONESTOP_VAR_DIR=str(small_disk / "var"))
    _says_one_sentence(demo, f"The disk of {small_disk / 'var'} is full")
    once = _python("-m", "onestop.launch.private", "-c", "1", TMPDIR=str(small_disk))
    _says_one_sentence(once, "is full")
    assert not [path for path in small_disk.rglob("*") if path.name.startswith("pg")]
    tests = _python("-m", "pytest", "-q", "onestop/tests/test_formats.py", TMPDIR=str(small_disk))
    assert tests.returncode == pytest.ExitCode.USAGE_ERROR
    assert tests.stderr.strip() == (
        f"ERROR: The disk of {small_disk} is full: make room there, then start again."
    )


def test_a_disk_that_fills_while_the_database_is_made_is_told(small_disk: Path) -> None:
    try:
        with pytest.raises(LaunchError, match="No space left") as told:
            servers.start(small_disk / "var", with_valkey=False)
    finally:
        servers.clear_leftovers(small_disk / "var")
    assert "is full" in sentence(told.value, small_disk)
    assert not (small_disk / "var" / "pg").exists()


@needs_root
def test_a_read_only_folder_is_told_in_one_sentence(place: Path) -> None:
    programs.give_to(programs.unprivileged(), place)
    place.chmod(0o555)
    answer = _python(
        "-m", "onestop.launch.demo", "run", as_nobody=True, ONESTOP_VAR_DIR=str(place / "var")
    )
    _says_one_sentence(answer, "cannot be used for the demo's data: Permission denied")


# ---- packages ------------------------------------------------------------------------------------
@pytest.fixture
def clone(place: Path) -> Path:
    """What the installation needs of a clone; its requirement files ask for nothing."""
    home = place / "clone"
    (home / "onestop" / "launch").mkdir(parents=True)
    for name in ("__init__.py", "launch/__init__.py", "launch/install.py", "launch/errors.py"):
        shutil.copy(ROOT / "onestop" / name, home / "onestop" / name)
    for name in ("requirements.txt", "requirements-demo.txt", "requirements-dev.txt"):
        (home / name).write_text("# nothing\n")
    return home


def test_a_python_without_venv_is_told_which_package_to_install(clone: Path) -> None:
    fake = clone / "fake"
    fake.mkdir()
    (fake / "venv.py").write_text("raise ModuleNotFoundError(\"No module named 'venv'\")\n")
    answer = _python("-m", "onestop.launch.install", "demo", cwd=clone, PYTHONPATH=str(fake))
    _says_one_sentence(answer, "No module named 'venv'")
    assert "apt install python3-venv" in answer.stderr
    assert not (clone / ".venv").exists()


@needs_root
def test_a_read_only_clone_is_told_in_one_sentence(clone: Path) -> None:
    clone.chmod(0o555)
    answer = _python("-m", "onestop.launch.install", "demo", cwd=clone, as_nobody=True)
    _says_one_sentence(answer, "Permission denied")


def test_an_installation_killed_half_way_is_finished_by_two_at_once(clone: Path) -> None:
    command = [sys.executable, "-m", "onestop.launch.install", "demo"]
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    first = subprocess.Popen(command, cwd=clone, start_new_session=True, **quiet)  # type: ignore[call-overload]  # options by name
    wait_until((clone / ".venv" / "bin" / "python").exists)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()

    both = [subprocess.Popen(command, cwd=clone, **quiet) for _n in range(2)]  # type: ignore[call-overload]  # options by name
    said = [child.communicate()[0] for child in both]

    assert [child.returncode for child in both] == [0, 0], said
    assert sum("Making .venv" in text for text in said) == 1, said
    pip = [str(clone / ".venv" / "bin" / "python"), "-m", "pip", "--version"]
    subprocess.run(pip, check=True, capture_output=True)


# ---- database ------------------------------------------------------------------------------------
def test_an_initdb_that_is_killed_is_told_and_the_next_start_makes_it_anew(place: Path) -> None:
    code = "from pathlib import Path; from onestop.launch import servers, errors; import sys\n"
    code += "try: servers.start(Path(sys.argv[1]), with_valkey=False)\n"
    code += "except errors.LaunchError as error: sys.exit(str(error))"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(place)], cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as child:
        wait_until(lambda: bool(processes.find("initdb", str(place / "pg.new"))))
        for pid in processes.find("initdb", str(place / "pg.new")):
            processes.send(pid, signal.SIGKILL)
        _nothing, told = child.communicate()
    assert child.returncode == 1
    assert told.startswith("PostgreSQL's data could not be made"), told
    _starts(place)


def test_a_launcher_killed_while_the_database_is_made_leaves_nothing_in_the_way(
    place: Path,
) -> None:
    code = "from pathlib import Path; from onestop.launch import servers; import sys\n"
    code += "servers.start(Path(sys.argv[1]), with_valkey=False)"
    child = subprocess.Popen([sys.executable, "-c", code, str(place)], cwd=ROOT)
    wait_until(lambda: bool(processes.find("initdb", str(place / "pg.new"))))
    child.kill()
    child.wait()
    _starts(place)
    assert processes.find("initdb", str(place / "pg.new")) == []


def test_a_database_that_is_not_there_yet_is_made(place: Path) -> None:
    running = servers.start(place, with_valkey=False, fast=True)
    assert running.postgres
    with psycopg.connect(running.postgres.url("postgres"), autocommit=True) as link:
        link.execute("DROP DATABASE onestop")
    running.stop()
    _starts(place)


def _starts(place: Path) -> None:
    running = servers.start(place, with_valkey=False, fast=True)
    assert running.database_url
    with psycopg.connect(running.database_url) as link:
        assert link.execute("SELECT 1").fetchone() == (1,)
    running.stop()


def test_migrations_that_are_killed_go_on_where_they_were(place: Path) -> None:
    running = servers.start(place, fast=True)
    assert running.database_url
    known = {**os.environ, "DATABASE_URL": running.database_url}
    command = [sys.executable, "manage.py", "migrate", "offices", "--verbosity=0"]
    with psycopg.connect(running.database_url, autocommit=True) as link:

        def applied() -> int:
            there = link.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
            if there != (True,):
                return 0
            row = link.execute("SELECT count(*) FROM django_migrations").fetchone()
            return int(row[0]) if row else 0

        with subprocess.Popen(command, cwd=ROOT, env=known) as child:
            wait_until(lambda: applied() > 3)
            child.kill()
        half = applied()
        subprocess.run(command, cwd=ROOT, env=known, check=True)
        assert applied() > half
    running.stop()


def test_keys_that_are_lost_are_told_before_anything_starts(place: Path) -> None:
    environment.keys(place)
    (place / "pg").mkdir()
    assert environment.keys(place)
    (place / "secrets.json").unlink()
    with pytest.raises(LaunchError, match=r"secrets\.json is gone"):
        environment.keys(place)
    (place / "secrets.json").write_text("")  # as a power cut leaves it on some file systems
    with pytest.raises(LaunchError, match="is damaged"):
        environment.keys(place)


# ---- broker --------------------------------------------------------------------------------------
@pytest.mark.parametrize("damaged", ["incr.aof", "manifest"])
def test_a_broker_whose_files_a_power_cut_damaged_begins_anew(damaged: str, place: Path) -> None:
    running = servers.start(place, with_postgres=False)
    redis.from_url(str(running.redis_url)).set("kept", "yes")
    running.stop()
    (file,) = [path for path in (place / "valkey").rglob("*") if path.name.endswith(damaged)]
    file.write_bytes(file.read_bytes() + bytes(4096) if damaged == "incr.aof" else b"")

    running = servers.start(place, with_postgres=False)

    assert redis.from_url(str(running.redis_url)).ping()
    assert len(running.notes) == 1
    assert "began anew" in running.notes[0]
    assert (place / "valkey.damaged").is_dir()
    running.stop()
    assert servers.start(place, with_postgres=False).notes == []


# ---- two at once ---------------------------------------------------------------------------------
def test_two_demos_side_by_side_have_servers_of_their_own(place: Path) -> None:
    one, two = (servers.start(place / name, fast=True) for name in ("one", "two"))
    try:
        assert one.database_url != two.database_url
        assert one.redis_url != two.redis_url
        for number, running in enumerate((one, two)):
            redis.from_url(str(running.redis_url)).set("mine", number)
        assert redis.from_url(str(one.redis_url)).get("mine") == b"0"
    finally:
        one.stop()
        two.stop()


def test_a_port_that_one_demo_has_chosen_is_taken_by_no_other() -> None:
    with ports.Reservation() as one, ports.Reservation() as two:
        web = one.take_next(20_000)
        sandbox = one.take_next(web)
        with pytest.raises(LaunchError, match=f"Port {sandbox} is in use"):
            two.take(sandbox)
        assert two.take_next(web) > sandbox
        one.release()
        assert ports.is_free(web)
        assert ports.is_free(sandbox)
