"""docs/notifications.md says what the code does, and each promise names a test that exists.

`WRITE_DOCS=1 pytest notifications/tests/test_docs_page.py` writes its tables anew.
"""

import ast
import os
import re
from pathlib import Path

from django.conf import settings

from notifications.tests import docs_tables

ROOT = Path(settings.BASE_DIR)
PAGE = ROOT / "docs" / "notifications.md"
_PROMISE = re.compile(r"`([\w/]+\.py): (test_\w+)`")


def functions_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_the_tables_are_those_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    if os.environ.get("WRITE_DOCS"):
        PAGE.write_text(docs_tables.filled(page), encoding="utf-8")
        return

    assert docs_tables.filled(page) == page, "write the tables anew: see above"


def test_each_promise_names_a_test_that_exists() -> None:
    named = _PROMISE.findall(PAGE.read_text(encoding="utf-8"))

    missing = [
        f"{path}: {name}"
        for path, name in named
        if not (ROOT / path).exists() or name not in functions_in(ROOT / path)
    ]
    assert len(named) > 20
    assert missing == []


def test_each_row_of_the_guarantees_has_its_test() -> None:
    section = PAGE.read_text(encoding="utf-8").split("## What is promised")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][2:]

    assert [row for row in rows if not _PROMISE.search(row)] == []
