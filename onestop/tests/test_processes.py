"""What runs where: processes.conf, docker-compose.yml, .env.example and the settings agree."""

import re
import shlex
from configparser import RawConfigParser
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
import yaml
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from notifications import bootstep
from notifications.services import tokens
from onestop.launch import placeholders, postgres, supervise
from onestop.launch.environment import for_processes
from onestop.launch.supervise import program_names

ROOT = Path(settings.BASE_DIR)
# Told to the launcher or to compose, not to the settings.
LAUNCH_ONLY = {
    "PORT",
    "DEMO_DOSSIERS",
    "ONESTOP_CLOCK",
    "ZALO_ACCESS_TOKEN",
    "ZALO_REFRESH_TOKEN",
}
COMPOSE_ONLY = {"POSTGRES_PASSWORD"}
# Run in a demo only: production talks to the real Zalo.
DEMO_ONLY = {"sandbox"}
# Run under compose only: the launcher starts or does these itself.
COMPOSE_SERVERS = {"postgres", "redis", "migrate"}

COMPOSE_SCHEMA = {
    "type": "object",
    "required": ["services", "volumes"],
    "patternProperties": {"^x-": {}},
    "properties": {
        "volumes": {"type": "object", "additionalProperties": {"type": ["object", "null"]}},
        "services": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "required": ["image", "restart"],
                "additionalProperties": False,
                "properties": {
                    "build": {"type": "string"},
                    "image": {"type": "string", "pattern": r"^[\w./-]+(:[\w.-]+)?$"},
                    "command": {"type": "string"},
                    "env_file": {"type": "string"},
                    "environment": {
                        "type": "object",
                        "additionalProperties": {"type": "string"},
                    },
                    "user": {"type": "string", "pattern": r"^[1-9]\d*:[1-9]\d*$"},
                    "read_only": {"type": "boolean"},
                    "tmpfs": {"$ref": "#/$defs/strings"},
                    "volumes": {"$ref": "#/$defs/strings"},
                    "ports": {"$ref": "#/$defs/strings"},
                    "cap_drop": {"$ref": "#/$defs/strings"},
                    "security_opt": {"$ref": "#/$defs/strings"},
                    "restart": {"enum": ["always", "no"]},
                    "stop_signal": {"type": "string", "pattern": "^SIG[A-Z]+$"},
                    "stop_grace_period": {"$ref": "#/$defs/duration"},
                    "depends_on": {
                        "type": "object",
                        "additionalProperties": {
                            "type": "object",
                            "required": ["condition"],
                            "additionalProperties": False,
                            "properties": {
                                "condition": {
                                    "enum": [
                                        "service_started",
                                        "service_healthy",
                                        "service_completed_successfully",
                                    ]
                                }
                            },
                        },
                    },
                    "healthcheck": {
                        "type": "object",
                        "required": ["test", "interval", "timeout", "retries"],
                        "additionalProperties": False,
                        "properties": {
                            "test": {
                                "type": "array",
                                "items": {"type": "string"},
                                "prefixItems": [{"enum": ["CMD", "CMD-SHELL"]}],
                                "minItems": 2,
                            },
                            "interval": {"$ref": "#/$defs/duration"},
                            "timeout": {"$ref": "#/$defs/duration"},
                            "start_period": {"$ref": "#/$defs/duration"},
                            "retries": {"type": "integer", "minimum": 1},
                        },
                    },
                },
            },
        },
    },
    "additionalProperties": False,
    "$defs": {
        "strings": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        "duration": {"type": "string", "pattern": r"^\d+(s|m)$"},
    },
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


@pytest.fixture(scope="module")
def processes() -> dict[str, dict[str, str]]:
    """Options of each program of processes.conf."""
    parser = RawConfigParser()
    parser.read(ROOT / "processes.conf", encoding="utf-8")
    return {
        name.removeprefix("program:"): dict(parser[name])
        for name in parser.sections()
        if name.startswith("program:")
    }


def _words(command: str) -> list[str]:
    """The command without what differs between a clone and a container: how Python is called,
    the address that is listened to, the folder that is written to, the spelling of `%`."""
    text = command.replace("python -m ", "").replace("%%", "%")
    text = re.sub(r"--bind \S+", "--bind HERE", text)
    return shlex.split(re.sub(r"-s \S+/beat\.db", "-s beat.db", text))


def _queues(command: str) -> set[str]:
    words = shlex.split(command)
    return set(words[words.index("-Q") + 1].split(",")) if "-Q" in words else set()


# ---- the list of processes -----------------------------------------------------------------------
def test_every_queue_has_exactly_one_process_that_consumes_it(
    processes: dict[str, dict[str, str]],
) -> None:
    consumed = [queue for options in processes.values() for queue in _queues(options["command"])]
    assert sorted(consumed) == sorted(settings.QUEUES)


def test_every_task_and_every_periodic_job_goes_to_a_consumed_queue() -> None:
    current_app.loader.import_default_modules()
    own = [name for name in current_app.tasks if not name.startswith("celery.")]
    assert own
    for name in own:
        route = current_app.amqp.router.route({}, name)
        assert name in settings.CELERY_TASK_ROUTES, name
        assert route["queue"].name in settings.QUEUES, name
    schedule: dict[str, Any] = cast(Any, settings.CELERY_BEAT_SCHEDULE)
    for name, job in schedule.items():
        assert job["task"] in current_app.tasks, name
        assert job["options"]["queue"] in settings.QUEUES, name


def test_each_process_is_restarted_and_killed_with_its_children(
    processes: dict[str, dict[str, str]],
) -> None:
    for name, options in processes.items():
        assert options["autorestart"] == "true", name
        assert options["killasgroup"] == "true", name
        assert int(options["stopwaitsecs"]) >= 10, name


def test_processes_stop_in_the_order_web_beat_workers_sandbox(
    processes: dict[str, dict[str, str]],
) -> None:
    by_priority = sorted(processes, key=lambda name: int(processes[name]["priority"]))
    order = [re.sub("-.*", "", name) for name in reversed(by_priority)]
    assert list(dict.fromkeys(order)) == ["web", "beat", "worker", "sandbox"]


def test_all_workers_stop_side_by_side(processes: dict[str, dict[str, str]]) -> None:
    parser = RawConfigParser()
    parser.read(ROOT / "processes.conf", encoding="utf-8")
    workers = {name for name in processes if name.startswith("worker-")}
    assert set(parser["group:workers"]["programs"].split(",")) == workers
    assert {processes[name]["priority"] for name in workers} == {
        parser["group:workers"]["priority"]
    }


def test_senders_may_end_what_they_wait_for_before_they_are_killed(
    processes: dict[str, dict[str, str]],
) -> None:
    """The next token pair may be in the memory of a sender only."""
    assert tokens.longest_renewal_s() + 5 < bootstep.STOP_WITHIN_S
    for name, options in processes.items():
        if "--drain-lane" in options["command"]:
            assert int(options["stopwaitsecs"]) > bootstep.STOP_WITHIN_S + 5, name
    by_priority: dict[str, list[int]] = {}
    for options in processes.values():
        by_priority.setdefault(options["priority"], []).append(int(options["stopwaitsecs"]))
    assert sum(max(waits) for waits in by_priority.values()) < supervise.STOP_WAIT_S


def test_the_launcher_reads_the_same_names(processes: dict[str, dict[str, str]]) -> None:
    assert program_names(with_sandbox=True) == set(processes)
    assert program_names(with_sandbox=False) == set(processes) - DEMO_ONLY


def test_each_variable_of_processes_conf_is_given_by_the_launcher(tmp_path: Path) -> None:
    named = set(re.findall(r"%\(ENV_(\w+)\)s", (ROOT / "processes.conf").read_text()))
    given = for_processes(
        folder=tmp_path,
        port=8000,
        sandbox_port=8001,
        database_url="postgresql://x",
        redis_url="redis://x",
        offset_s=0,
    )
    assert named <= set(given)


# ---- compose -------------------------------------------------------------------------------------
def test_compose_is_well_formed(compose: dict[str, Any]) -> None:
    jsonschema.validate(compose, COMPOSE_SCHEMA)
    for name, service in compose["services"].items():
        assert set(service.get("depends_on", {})) <= set(compose["services"]), name
        for volume in service.get("volumes", ()):
            assert volume.split(":")[0] in compose["volumes"], name


def test_compose_runs_the_processes_of_processes_conf(
    compose: dict[str, Any], processes: dict[str, dict[str, str]]
) -> None:
    services = compose["services"]
    assert set(services) - COMPOSE_SERVERS == set(processes) - DEMO_ONLY
    for name in set(processes) - DEMO_ONLY:
        options = processes[name]
        assert _words(services[name]["command"]) == _words(options["command"]), name
        assert services[name]["stop_grace_period"] == options["stopwaitsecs"] + "s", name
        own = dict(re.findall(r'(\w+)="(.*?)"', options.get("environment", "")))
        assert own.items() <= services[name]["environment"].items(), name
        assert services[name]["restart"] == "always"


def test_compose_stops_web_then_beat_then_workers_then_servers(compose: dict[str, Any]) -> None:
    """Compose stops a service before those that it depends on."""
    services = compose["services"]
    workers = {name for name in services if name.startswith("worker-")}
    assert "beat" in services["web"]["depends_on"]
    assert workers <= set(services["beat"]["depends_on"])
    for name in workers:
        assert {"migrate", "redis"} <= set(services[name]["depends_on"])
    assert "postgres" in services["migrate"]["depends_on"]


def test_compose_runs_as_nobody_special_and_watches_each_service(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if service["image"] == "onestop":
            assert service["user"] == "10001:10001", name
            assert service["read_only"] is True, name
            assert service["cap_drop"] == ["ALL"], name
        if name != "migrate":
            assert "healthcheck" in service, name
    assert "USER 10001:10001" in (ROOT / "Dockerfile").read_text()
    assert compose["services"]["migrate"]["restart"] == "no"


def test_compose_makes_its_database_as_the_launcher_does(compose: dict[str, Any]) -> None:
    arguments = compose["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    assert set(arguments) <= set(postgres.INITDB)
    assert "--locale-provider=builtin" in arguments
    assert compose["services"]["postgres"]["image"].startswith(f"postgres:{postgres.MAJOR}-")


def test_the_image_starts_web_as_compose_does(compose: dict[str, Any]) -> None:
    found = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert found
    assert yaml.safe_load(found[1]) == shlex.split(compose["services"]["web"]["command"])


# ---- settings and .env.example -------------------------------------------------------------------
def _env_example() -> dict[str, str]:
    """Names and values of .env.example, those that are commented out too."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    matches = (re.match(r"(?:# )?([A-Z_]+)=(.*)$", line) for line in lines)
    return {found[1]: found[2] for found in matches if found}


def _settings_names() -> set[str]:
    text = (ROOT / "onestop" / "settings.py").read_text(encoding="utf-8")
    return set(re.findall(r"\benv(?:\.\w+)?\(\s*\"([A-Z_0-9]+)\"", text))


def test_env_example_explains_every_setting_and_no_other() -> None:
    assert _settings_names() | LAUNCH_ONLY | COMPOSE_ONLY == set(_env_example())


def test_each_setting_of_env_example_has_words_above_it() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("SECRET_KEY="))
    assert lines[first - 1].startswith("# ")
    assert not any(line.rstrip().endswith("=password") for line in lines)


def test_compose_takes_from_env_what_env_example_names(compose: dict[str, Any]) -> None:
    named = set(re.findall(r"\$\{(\w+)", yaml.safe_dump(compose)))
    assert named <= set(_env_example())


def test_nothing_but_the_settings_and_the_launcher_reads_the_environment() -> None:
    reading = r"os\.(environ|getenv)(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE\")"
    readers = {
        path.relative_to(ROOT).as_posix()
        for app in ("common", "offices", "citizens", "cases", "notifications", "onestop")
        for path in (ROOT / app).rglob("*.py")
        if "tests" not in path.parts and "launch" not in path.parts
        if re.search(reading, path.read_text())
    }
    assert readers == set()


def test_placeholders_fill_only_what_the_settings_know() -> None:
    assert set(placeholders.NAMES) <= _settings_names()


# ---- the servers of this test run ----------------------------------------------------------------
@pytest.mark.django_db
def test_the_tests_run_on_postgresql_18() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        row = cursor.fetchone()
    assert row is not None
    assert int(row[0]) >= 180000


def test_the_cache_is_a_real_valkey() -> None:
    cache.set("there", "yes", 10)
    assert cache.get("there") == "yes"
