"""The private servers: start, stop and recovery, with real processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from onestop.launch import database, folder, processes, programs, servers
from onestop.launch.errors import LaunchError


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that PostgreSQL's user can reach; whatever runs on it is stopped at the end."""
    path = programs.short_folder("os-launch-")
    yield path
    servers.remove(path)


def _answers(running: servers.PrivateServers) -> bool:
    assert running.database_url
    assert running.redis_url
    with psycopg.connect(running.database_url) as link:
        row = link.execute("SELECT datlocprovider FROM pg_database LIMIT 1").fetchone()
    return row == ("b",) and bool(redis.from_url(running.redis_url).ping())


@pytest.mark.processes
def test_both_servers_start_keep_their_data_and_stop(place: Path) -> None:
    first = servers.start(place)
    assert _answers(first)
    assert first.database_url
    assert first.redis_url
    with psycopg.connect(first.database_url) as link:
        link.execute("CREATE TABLE kept (n int)")
    redis.from_url(first.redis_url).set("kept", "yes")
    first.stop()
    assert not first.temporary.exists()
    assert processes.inside(place / "pg") == []

    second = servers.start(place)
    assert second.database_url
    assert second.redis_url
    with psycopg.connect(second.database_url) as link:
        assert link.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    assert redis.from_url(second.redis_url).get("kept") == b"yes"
    second.stop()


@pytest.mark.processes
def test_servers_that_a_killed_launcher_left_are_replaced(place: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from onestop.launch import servers; "
        "servers.start(Path(sys.argv[1])); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(place)], cwd=folder.ROOT, check=False)
    left = processes.find("postgres", str(place / "pg"))
    assert len(left) == 1
    running = servers.start(place)
    assert _answers(running)
    assert not processes.is_running(left[0])
    running.stop()


@pytest.mark.processes
def test_a_killed_server_comes_back_at_the_same_address(place: Path) -> None:
    running = servers.start(place)
    assert running.postgres
    assert running.valkey
    before = (running.database_url, running.redis_url)
    for pid in (running.postgres.pid, running.valkey.pid):
        processes.stop(pid, (signal.SIGKILL, 5.0))
    assert running.revive() == ["PostgreSQL", "Valkey"]
    assert (running.database_url, running.redis_url) == before
    assert _answers(running)
    assert running.revive() == []
    running.stop()


@pytest.mark.processes
def test_a_pid_file_that_names_another_program_does_not_stop_the_start(place: Path) -> None:
    servers.start(place, with_valkey=False).stop()
    (place / "pg" / "postmaster.pid").write_text(f"{os.getpid()}\n{place / 'pg'}\n1\n5432\n\n\n")
    running = servers.start(place, with_valkey=False)
    assert running.database_url
    running.stop()


@pytest.mark.processes
def test_data_of_another_postgresql_is_refused_with_advice(place: Path) -> None:
    (place / "pg").mkdir()
    (place / "pg" / "PG_VERSION").write_text("17\n")
    with pytest.raises(LaunchError, match=r"PostgreSQL 17, this is 18: .*make demo-reset"):
        servers.start(place)


@pytest.mark.processes
def test_a_user_who_may_not_create_databases_is_told_what_to_do(place: Path) -> None:
    running = servers.start(place, with_valkey=False, fast=True)
    assert running.database_url
    database.require_createdb(running.database_url)
    with psycopg.connect(running.database_url) as link:
        link.execute("CREATE ROLE weak LOGIN")
    weak = running.database_url.replace("postgres@", "weak:secret@")
    with pytest.raises(LaunchError, match="may not create the test database") as told:
        database.require_createdb(weak)
    assert "secret" not in str(told.value)
    running.stop()
    with pytest.raises(LaunchError, match="cannot be used"):
        database.require_createdb(weak)


@pytest.mark.processes
def test_only_the_missing_server_is_started(place: Path) -> None:
    running = servers.start(place, with_postgres=False)
    assert running.database_url is None
    assert running.redis_url
    running.stop()


@pytest.mark.processes
@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give up its rights")
def test_postgresql_starts_where_its_user_reaches_neither_programs_nor_folder(
    tmp_path: Path,
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    running = servers.start(closed / "var", with_valkey=False)
    try:
        assert running.postgres
        data = running.postgres.data
        assert closed not in data.parents
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        running.stop()
        servers.remove(closed / "var")
    assert not data.exists()


def test_a_pid_is_told_from_its_reuse() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    born = processes.birth(child.pid)
    assert born
    assert processes.birth(child.pid) == born
    child.kill()
    child.wait()
    assert processes.birth(child.pid) == ""
    assert not processes.is_running(child.pid)


def test_a_process_that_ignores_term_is_killed() -> None:
    code = (
        "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "print(1, flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdout
    child.stdout.readline()
    begin = time.monotonic()
    processes.stop(child.pid, (signal.SIGTERM, 0.2))
    assert child.wait() == -signal.SIGKILL
    assert time.monotonic() - begin < 5
