"""The launcher: private servers, their recovery, the clock, the folder of a demo."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st

from onestop.launch import clock, environment, folder, install, ports, processes, programs, servers
from onestop.launch.clock import LOCAL, DemoCalendar
from onestop.launch.errors import LaunchError
from onestop.launch.folder import DemoLock

CALENDAR = DemoCalendar(
    days_off=frozenset({date(2026, 11, 24)}), days_worked=frozenset({date(2026, 11, 28)})
)


def local(text: str) -> datetime:
    """An instant of Đồng Tháp."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


# ---- clock ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("real", "opening"),
    [
        ("2026-11-23T09:15", "2026-11-23T09:15"),  # open: the real time
        ("2026-11-23T05:00", "2026-11-23T07:00"),
        ("2026-11-23T11:30", "2026-11-23T13:30"),  # the intervals are half open
        ("2026-11-23T17:00", "2026-11-25T07:00"),  # Tuesday 24 is a day off
        ("2026-11-27T18:00", "2026-11-28T07:00"),  # a Saturday that is worked
        ("2026-11-29T10:00", "2026-11-30T07:00"),  # Sunday
    ],
)
def test_the_clock_begins_at_the_next_opening(real: str, opening: str) -> None:
    offset = clock.offset_s(
        real=local(real), chosen=None, reached=None, newest_event=None, calendar=CALENDAR
    )
    assert local(real) + timedelta(seconds=offset) == local(opening)


def test_the_clock_never_begins_before_the_newest_event() -> None:
    offset = clock.offset_s(
        real=local("2026-11-23T09:00"),
        chosen=None,
        reached=None,
        newest_event=local("2026-11-25T10:30"),
        calendar=CALENDAR,
    )
    assert local("2026-11-23T09:00") + timedelta(seconds=offset) == local("2026-11-25T10:30")


def test_a_restart_goes_on_where_the_clock_had_been() -> None:
    offset = clock.offset_s(
        real=local("2026-11-23T21:00"),
        chosen=None,
        reached=local("2026-11-25T08:40"),
        newest_event=local("2026-11-25T08:10"),
        calendar=CALENDAR,
    )
    assert local("2026-11-23T21:00") + timedelta(seconds=offset) == local("2026-11-25T08:40")


def test_a_chosen_clock_may_show_the_night_but_not_the_time_before_the_newest_event() -> None:
    real = local("2026-11-23T09:00")
    night = local("2026-11-26T23:30")

    def begins(chosen: datetime) -> datetime:
        return real + timedelta(
            seconds=clock.offset_s(
                real=real,
                chosen=chosen,
                reached=None,
                newest_event=local("2026-11-25T10:00"),
                calendar=CALENDAR,
            )
        )

    assert begins(night) == night
    assert begins(local("2026-11-20T08:00")) == local("2026-11-25T10:00")


@given(
    real=st.datetimes(datetime(2024, 1, 1), datetime(2028, 10, 1)).map(
        lambda moment: moment.replace(tzinfo=UTC)
    ),
    ahead=st.timedeltas(timedelta(0), timedelta(days=30)),
)
def test_the_clock_of_a_demo_always_shows_office_hours(real: datetime, ahead: timedelta) -> None:
    calendar = clock.read_calendar(folder.ROOT / "data" / "calendar_2024_2028.csv")
    offset = clock.offset_s(
        real=real, chosen=None, reached=real + ahead, newest_event=None, calendar=calendar
    )
    start = real + timedelta(seconds=offset)
    assert start >= real + ahead
    # Seconds are whole, so it may begin up to one later than the instant it aims at.
    assert clock.is_open(start, calendar) or clock.is_open(start - timedelta(seconds=1), calendar)


def test_the_calendar_file_knows_days_off_and_worked_saturdays() -> None:
    calendar = clock.read_calendar(folder.ROOT / "data" / "calendar_2024_2028.csv")
    assert not calendar.is_working_day(date(2026, 11, 24))
    assert calendar.is_working_day(date(2026, 8, 22))
    assert not calendar.is_working_day(date(2026, 8, 29))


def test_a_calendar_without_a_working_day_is_told_in_one_sentence() -> None:
    never = DemoCalendar(
        days_off=frozenset(date(2026, 11, 23) + timedelta(days=n) for n in range(90))
    )
    with pytest.raises(LaunchError, match="no working day"):
        clock.next_opening(local("2026-11-23T09:00"), never)


def test_onestop_clock_is_local_time_unless_it_names_a_zone() -> None:
    assert clock.parse_instant("2026-11-23T08:00") == local("2026-11-23T08:00")
    assert clock.parse_instant("2026-11-23T01:00Z") == local("2026-11-23T08:00")
    with pytest.raises(LaunchError, match="ONESTOP_CLOCK is 'tomorrow'"):
        clock.parse_instant("tomorrow")


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


# ---- servers -------------------------------------------------------------------------------------
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
