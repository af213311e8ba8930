"""Typst from its wheel: a template and values in, the bytes of a PDF out."""

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import typst

FOLDER = Path(__file__).parent
_FONTS = typst.Fonts(
    include_system_fonts=False, include_embedded_fonts=False, font_paths=[FOLDER / "fonts"]
)
_local = threading.local()


def typeset(template: str, words: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of `template` (a file of this folder without .typ), dated `at`.

    PDF/A-2a, unless the font lacks a character; the same words and template give the same bytes.
    """
    printed = partial(
        _compiler(template).compile,
        format="pdf",
        sys_inputs={"data": json.dumps(words, ensure_ascii=False)},
        timestamp=int(at.timestamp()),
    )
    try:
        pdf = printed(pdf_standards=["a-2a"])
    except typst.TypstError:
        # PDF/A wants a glyph for every character, and a name may have one that our font lacks. A
        # form with a box in its place is better than none.
        pdf = printed()
    assert isinstance(pdf, bytes), "one document was asked for"
    return pdf


def pictures(template: str, words: Mapping[str, Any], *, ppi: float = 110) -> list[bytes]:
    """As `typeset`, each page as a PNG, to be looked at on a screen."""
    data = json.dumps(words, ensure_ascii=False)
    drawn = _compiler(template).compile(format="png", ppi=ppi, sys_inputs={"data": data})
    pages = drawn if isinstance(drawn, list) else [drawn]
    return [bytes(page) for page in pages if page is not None]


def typesets() -> str:
    """Why no form could be printed here; "" when one could: a line in Vietnamese as PDF/A."""
    if not _FONTS.families():
        return "no font"
    try:
        _compiler("probe").compile(format="pdf", pdf_standards=["a-2a"])
    except typst.TypstError as error:
        return str(error)
    return ""


def _compiler(template: str) -> typst.Compiler:
    """One compiler per thread and template, as the library asks."""
    file = FOLDER / f"{template}.typ"
    compilers: dict[Path, typst.Compiler] = _local.__dict__.setdefault("compilers", {})
    if file not in compilers:
        compilers[file] = typst.Compiler(file, root=FOLDER, font_paths=_FONTS)
    return compilers[file]
