"""What the pages of docs/ name exists: files, what is in them, commands, words of the code."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
PAGES = sorted((ROOT / "docs").rglob("*.md"))
_QUOTED = re.compile(r"`([^`\n]+)`")
_FILE = re.compile(r"(?P<path>(?:[\w.-]+/)+[\w.-]*|[\w-]+\.conf)(?:: (?P<name>\w+))?")
_APPS = ("onestop", "notifications", "cases", "citizens", "offices", "common", "sandbox", "docs")


def quoted(page: Path) -> list[str]:
    """What stands in back quotes, blocks of code left out."""
    text = re.sub(r"^```.*?^```|^ {4}.*?$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    return _QUOTED.findall(text)


def is_defined(name: str | None, path: Path) -> bool:
    """Whether the file has such a function, class or constant; nothing is asked by None."""
    if name is None:
        return True
    pattern = rf"^(?:\s*(?:def|class) {name}\b|{name}(?::.*)? = )"
    return re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE) is not None


@cache
def words_of_the_code() -> frozenset[str]:
    files = [path for app in _APPS for path in (ROOT / app).rglob("*.py")]
    return frozenset(
        word for path in files for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_and_what_is_said_to_be_in_it_exists(page: Path) -> None:
    missing = []
    for text in quoted(page):
        named = _FILE.fullmatch(text)
        if named is None or named["path"].partition("/")[0] not in _APPS:
            continue
        path = ROOT / named["path"]
        if not path.exists() or not is_defined(named["name"], path):
            missing.append(text)

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_the_program_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    commands = set(re.findall(r"(?:`|python )manage\.py ([a-z_]+)", text))
    targets = set(re.findall(r"`make ([a-z-]+)`", text))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert commands - set(get_commands()) == set()
    assert {name for name in targets if not re.search(rf"^{name}:", makefile, re.M)} == set()


def test_every_name_that_the_architecture_quotes_is_in_the_code() -> None:
    page = ROOT / "docs" / "architecture.md"
    names = {
        part
        for text in quoted(page)
        if re.fullmatch(r"[A-Za-z_]+(?:\.[A-Za-z_]+)?", text)
        for part in text.split(".")
    }

    assert names - words_of_the_code() - {"conf", "py"} == set()
