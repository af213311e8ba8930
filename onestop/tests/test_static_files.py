"""Stylesheets, fonts and vendored script: complete, light, with their licences."""

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

STATIC = Path(__file__).resolve().parents[1] / "static" / "onestop"
VENDOR = STATIC / "vendor"
KILOBYTE = 1024


def manifest() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((VENDOR / "manifest.json").read_text())
    return entries


def test_every_vendored_file_is_the_one_of_the_manifest() -> None:
    for entry in manifest():
        for name, digest in entry["files"].items():
            assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name


def test_every_vendored_file_is_in_the_manifest_with_its_licence() -> None:
    known = {"manifest.json"}
    for entry in manifest():
        assert entry["licence"] and (VENDOR / entry["licence_file"]).is_file()
        known |= {entry["licence_file"], *entry["files"]}
    there = {str(p.relative_to(VENDOR)) for p in VENDOR.rglob("*") if p.is_file()}
    assert there == known


def test_htmx_is_the_version_that_it_says() -> None:
    text = (VENDOR / "htmx-2.0.10" / "htmx.min.js").read_text()
    assert 'version:"2.0.10"' in text


def test_the_fonts_stand_beside_their_licence() -> None:
    licence = (STATIC / "fonts" / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in licence


@pytest.mark.parametrize("sheet", sorted((STATIC / "css").glob("*.css")), ids=lambda p: p.name)
def test_a_stylesheet_names_only_files_that_are_there(sheet: Path) -> None:
    for name in re.findall(r'url\("([^"]+)"\)', sheet.read_text(encoding="utf-8")):
        assert (sheet.parent / name).resolve().is_file(), name


@pytest.mark.parametrize("sheet", sorted((STATIC / "css").glob("*.css")), ids=lambda p: p.name)
def test_a_stylesheet_is_no_longer_than_a_file_may_be(sheet: Path) -> None:
    assert len(sheet.read_text(encoding="utf-8").splitlines()) <= 400


def test_a_citizens_first_page_brings_at_most_40_kilobytes_besides_its_html() -> None:
    sheets = ["tokens", "base", "components", "citizen", "print"]
    text = sum(len(gzip.compress((STATIC / "css" / f"{n}.css").read_bytes())) for n in sheets)
    script = len(gzip.compress((STATIC / "js" / "page.js").read_bytes()))
    fonts = sum(
        (STATIC / "fonts" / f"be-vietnam-pro-vi-{weight}.woff2").stat().st_size
        for weight in (400, 700)
    )
    icon = (STATIC / "favicon.svg").stat().st_size
    assert text + script + fonts + icon <= 40 * KILOBYTE
