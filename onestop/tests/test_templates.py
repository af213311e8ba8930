"""Habits of every template: nothing inline that the policy refuses, all load."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path
    for path in ROOT.glob("*/templates/**/*.html")
    if not path.is_relative_to(ROOT / ".venv") and path.parts[len(ROOT.parts)] != "sandbox"
)
FORBIDDEN = {
    "an inline style": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline script": r"<script\b(?![^>]*\bsrc=)",
    "an event handler": r"<[a-z][^>]*\son[a-z]+\s*=",
    "a script address": r"javascript:",
    "hx-on": r"\bhx-on\b",
    "values computed by script": r"""hx-(vals|headers|vars)\s*=\s*["']js:""",
    "a file of another host": r"""<(script|link|img)\b[^>]*(src|href)=["']https?:""",
}
COMMENT = re.compile(r"{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}|{#.*?#}", re.DOTALL)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_holds_nothing_that_the_policy_refuses(path: Path) -> None:
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    found = [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text, re.IGNORECASE)]
    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_loads(path: Path) -> None:
    inside = path.parts[path.parts.index("templates") + 1 :]
    get_template("/".join(inside))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_is_no_longer_than_a_file_may_be(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_each_component_says_what_it_takes() -> None:
    folder = ROOT / "onestop" / "templates" / "components"
    opening = "{% comment %}"
    silent = [p.name for p in folder.glob("*.html") if not p.read_text().startswith(opening)]
    assert silent == []
