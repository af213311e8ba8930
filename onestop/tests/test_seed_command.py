"""`manage.py seed_demo` on databases of its own."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cases.models import Dossier
from common import clock
from offices.models import Officer
from onestop.tests.database import DATA

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=clock.VIETNAM)


def seed(count: int) -> None:
    with clock.standing_at(NOW):
        call_command("seed_demo", dossiers=count)


@pytest.fixture
def var(tmp_path: Path, settings: Any) -> Path:
    settings.VAR_DIR = tmp_path / "var"
    return tmp_path / "var"


def log_ins(var: Path) -> list[dict[str, Any]]:
    users: list[dict[str, Any]] = json.loads((var / "demo-users.json").read_text("utf-8"))
    return users


def test_empty_database_becomes_a_plausible_province(empty_province: None, var: Path) -> None:
    call_command("import_offices", str(DATA / "offices.csv"))
    call_command("import_former_communes", str(DATA / "former_communes.csv"))
    call_command("import_calendar", str(DATA / "calendar_2024_2028.csv"))
    call_command("import_procedures", str(DATA / "procedures.json"))

    seed(15)

    assert Dossier.objects.count() == 15
    assert Officer.objects.count() == len(log_ins(var)) > 1000


def test_officers_alone_need_no_dossiers(province: None, var: Path) -> None:
    seed(0)

    assert not Dossier.objects.exists()
    assert log_ins(var)


def test_seed_is_for_a_demo_only(province: None, settings: Any) -> None:
    settings.TESTING = settings.DEMO = False

    with pytest.raises(CommandError):
        call_command("seed_demo")
    with pytest.raises(RuntimeError), clock.standing_at(NOW):
        pass

    assert not Officer.objects.exists()


def test_seed_needs_the_catalogue(empty_province: None, var: Path) -> None:
    with pytest.raises(CommandError):
        seed(0)


def test_clock_stands_only_inside() -> None:
    with clock.standing_at(NOW):
        assert clock.now() == NOW
        with clock.standing_at(NOW - timedelta(days=1)):
            assert clock.today() == NOW.date() - timedelta(days=1)
        assert clock.now() == NOW
    assert clock.now() != NOW
