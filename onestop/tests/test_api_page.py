"""docs/api.md is true: its examples run against a running portal, its table is the code's."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django.live_server_helper import LiveServer

from cases.api.refusals import REFUSALS
from cases.models import Dossier
from cases.tests.api_caller import COUNTER, caller
from offices.kinds import Role
from offices.tests.cast import officer_of

PAGE = (Path(django_settings.BASE_DIR) / "docs" / "api.md").read_text("utf-8")
REGISTRY = "van-phong-dang-ky-dat-dai-my-tho"

running = pytest.mark.django_db(transaction=True)


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language, in the order of the page."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def variables(live_server: LiveServer) -> dict[str, str]:
    """What the page asks the reader to set."""
    return {
        "ONESTOP": live_server.url,
        "TOKEN": caller(officer_of(COUNTER, Role.FRONT_DESK)).token,
        "REGISTRY_TOKEN": caller(officer_of(REGISTRY, Role.PROCESSOR)).token,
    }


def run(command: list[str], folder: Path, variables: dict[str, str]) -> None:
    """Runs it as the reader would, with this Python as `python3`; it must end well."""
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | variables | {"PATH": tools},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@running
def test_the_walk_with_curl_runs_as_it_stands(variables: dict[str, str], tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        reason = "no curl on this machine: the examples of docs/api.md were not run"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    script = tmp_path / "walk.sh"
    script.write_text("set -euo pipefail\n" + "".join(blocks("bash")))

    run(["bash", str(script)], tmp_path, variables)

    dossier = Dossier.objects.get()
    assert dossier.code == json.loads((tmp_path / "dossier.json").read_text())["code"]
    assert dossier.code == json.loads((tmp_path / "seen.json").read_text())["code"]
    assert dossier.status == "processing"
    assert (tmp_path / "receipt.pdf").read_bytes().startswith(b"%PDF-")


@running
def test_the_client_in_python_runs_as_it_stands(variables: dict[str, str], tmp_path: Path) -> None:
    script = tmp_path / "client.py"
    script.write_text("".join(blocks("python")))

    run([sys.executable, "-I", str(script)], tmp_path, variables)

    dossier = Dossier.objects.get()
    assert (dossier.status, dossier.supplement_requests.count()) == ("processing", 1)


def test_the_examples_read_the_variables_that_the_page_names() -> None:
    (to_set,) = blocks("sh")
    named = set(re.findall(r"^export (\w+)=", to_set, re.MULTILINE))

    assert named == {"ONESTOP", "TOKEN", "REGISTRY_TOKEN"}
    assert set(re.findall(r'os\.environ\["(\w+)"\]', "".join(blocks("python")))) == named


def test_every_block_of_the_page_is_one_that_is_run() -> None:
    fences = re.findall(r"^```(\w+)$", PAGE, re.MULTILINE)

    assert set(fences) == {"sh", "bash", "python"}
    assert len(blocks("bash")) >= 7
    assert len(blocks("python")) >= 4


def test_the_table_of_refusals_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| (\d{3}) \| `(\w+)` \|", PAGE, re.MULTILINE)

    assert rows == [(str(refusal.status), refusal.code) for refusal in REFUSALS]
