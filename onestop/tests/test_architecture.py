"""Habits of the code that are cheap to keep and dear to restore (docs/architecture.md)."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from cases import workflow
from cases.workflow import STAGE_OF, Event, Status
from notifications import kinds
from notifications.words import Source

ROOT = Path(settings.BASE_DIR)
LAYERS = ["onestop", "notifications", "cases", "citizens", "offices", "common"]
OURS = [*LAYERS, "sandbox", "bench"]


def python_files() -> list[Path]:
    """All Python files of the product, migrations left out."""
    return [
        path
        for app in OURS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def test_imports_go_one_way_only() -> None:
    linter = Path(sys.executable).with_name("lint-imports")

    result = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout


def test_no_foreign_key_points_upward() -> None:
    rank = {name: LAYERS.index(name) for name in LAYERS}
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in rank
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model is not None
        and not isinstance(field.related_model, str)
        and rank.get(field.related_model._meta.app_label, 99) < rank[model._meta.app_label]
    ]

    assert upward == []


def test_sandbox_imports_nobody_and_nobody_imports_it() -> None:
    pattern = re.compile(r"^\s*(?:from|import)\s+(\w+)", re.MULTILINE)
    wrong = []
    for path in python_files():
        imported = set(pattern.findall(path.read_text(encoding="utf-8")))
        inside = path.relative_to(ROOT).parts[0] == "sandbox"
        if (inside and imported & set(LAYERS)) or (not inside and imported & {"sandbox", "bench"}):
            wrong.append(path.relative_to(ROOT).as_posix())

    assert wrong == []


def test_no_file_is_longer_than_400_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {n}"
        for path in python_files()
        if (n := path.read_text(encoding="utf-8").count("\n")) > 400
    ]

    assert long == []


def test_no_function_is_longer_than_50_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in python_files()
        for node in functions(path)
        if (node.end_lineno or node.lineno) - node.lineno + 1 > 50
    ]

    assert long == []


def test_lint_and_type_exceptions_are_few_and_have_a_reason() -> None:
    pattern = re.compile(r"#\s*(?:noqa|type: ignore)\S*(?P<reason>.*)")
    found = []
    lines = 0
    for path in python_files():
        text = path.read_text(encoding="utf-8")
        lines += text.count("\n")
        if path == Path(__file__):
            continue
        found += [(path.name, match) for match in pattern.finditer(text)]

    assert [name for name, match in found if "#" not in match["reason"]] == []
    assert len(found) <= lines / 2000 + 1


@pytest.mark.parametrize("name", ["utils", "helpers", "signals"])
def test_no_file_is_called_by_what_it_is_not(name: str) -> None:
    assert [path for path in python_files() if path.stem == name] == []


def test_no_migration_has_a_name_by_chance() -> None:
    assert [path.name for path in ROOT.glob("*/migrations/*_auto_*.py")] == []


def test_every_status_belongs_to_a_stage() -> None:
    assert set(STAGE_OF) == set(Status)


def test_every_status_can_be_reached_by_the_table() -> None:
    targets = {row.target for row in workflow.TRANSITIONS}

    assert set(Status) - targets == {Status.SUBMITTED}


def test_every_event_tells_somebody_or_says_why_not() -> None:
    written = {row.event for row in workflow.TRANSITIONS} | workflow.EVENTS_WITHOUT_A_MOVE
    told = {kind.event for kind in kinds.KINDS if isinstance(kind.event, Event)}
    silent = {event for source, event in kinds.TELLS_NOBODY if source == Source.DOSSIER}

    assert written == set(Event)
    assert told | silent == written
    assert told & silent == set()
    assert all(reason.strip() for reason in kinds.TELLS_NOBODY.values())
