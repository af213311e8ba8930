"""`make test-api`: schemathesis against the running API, with dossiers in every state.

Not collected by a plain `pytest`: it is named on the command line. What is generated is the same in
each run. Each call is made by the officer who may make it, of one office and with one role, on
dossiers that are ready for it, so that accepted calls are tried as well as refused ones.
"""

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from cases.tests.api_caller import COUNTER, Caller, caller
from cases.tests.api_contract import address_of, operation_at, operations
from cases.tests.api_scenes import Scene, scene_of
from offices.kinds import Role
from offices.tests.cast import officer_of

pytestmark = [
    pytest.mark.processes,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]

DOSSIERS_FOR_EACH_ACTION = 4
OFTEN = 0.8
"""How often a value that is there takes the place of a generated one."""
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)


def test_whatever_is_sent_the_api_answers_as_its_document_says(
    live_server: LiveServer, settings: Settings, tmp_path: Path
) -> None:
    settings.API_CALLS_PER_MINUTE = 10**9
    configured = tmp_path / "schemathesis.toml"
    configured.write_text(configuration(caller(officer_of(COUNTER, Role.FRONT_DESK))))
    calls = tmp_path / "calls.har"

    run = subprocess.run(
        command(live_server.url, configured, calls),
        cwd=tmp_path,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    accepted = accepted_calls(calls)
    assert set(accepted) == set(operations()), "some were never accepted: not really tried"


def command(url: str, configured: Path, calls: Path) -> list[str]:
    """The program with all that does not depend on the data."""
    program = Path(sys.executable).with_name("schemathesis")
    options = [
        "--phases=examples,coverage,fuzzing",
        f"--checks={','.join(CHECKS)}",
        "--max-examples=15",
        "--seed=20261124",
        "--generation-deterministic",
        "--continue-on-failure",
        "--warnings=off",
        f"--report-har-path={calls}",
    ]
    schema = f"{url}/api/v1/schema/?format=json"
    return [str(program), "--no-color", "--config-file", str(configured), "run", schema, *options]


# ---- what is there -------------------------------------------------------------------------------


def configuration(desk: Caller) -> str:
    """schemathesis.toml: by operation its caller, and the values of dossiers that await it."""
    return "\n".join(part for name in operations() for part in configured_call(name, desk))


def configured_call(name: str, desk: Caller) -> list[str]:
    """The lines of one operation: its dictionaries of values, its token, where values go."""
    amount = DOSSIERS_FOR_EACH_ACTION if "/actions/" in address_of(name) else 1
    scenes = [scene_of(name, desk) for _turn in range(amount)]
    token = "" if name == "lookup_read" else scenes[0].caller.token
    before, after = [], []
    for place, values in values_of(name, scenes).items():
        key = f"{name}-{place}".replace(".", "-")
        before += [f"[dictionaries.{key}]", f"values = {json.dumps(values)}"]
        after.append(f'"{place}" = {{ dictionary = "{key}", probability = {OFTEN} }}')
    headers = [f'headers = {{ Authorization = "Token {token}" }}'] if token else []
    chosen = ["[[operations]]", f'include-operation-id = "{name}"', *headers]
    return [*before, *chosen, "[operations.parameters]", *after]


def values_of(name: str, scenes: list[Scene]) -> dict[str, list[Any]]:
    """Values of the scenes by their place: `path.handle`, `body.version`; single ones only."""
    template = address_of(name).removeprefix("/api/v1/").split("/")
    found: dict[str, list[Any]] = defaultdict(list)
    for scene in scenes:
        for part, value in zip(template, scene.path.split("/"), strict=True):
            if part.startswith("{"):
                found[f"path.{part.strip('{}')}"].append(value)
        for member, value in (scene.body or {}).items():
            if not isinstance(value, (dict, list)):
                found[f"body.{member}"] = [value]
    return dict(found)


def accepted_calls(calls: Path) -> dict[str, int]:
    """How many calls of each operation were answered with 2xx."""
    accepted: dict[str, int] = defaultdict(int)
    for entry in json.loads(calls.read_text())["log"]["entries"]:
        if 200 <= entry["response"]["status"] < 300:
            accepted[operation_at(entry["request"]["method"], entry["request"]["url"])] += 1
    accepted.pop("", None)  # OPTIONS
    return dict(accepted)
