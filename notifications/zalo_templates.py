"""The templates as the product defines them: the file that an operator submits to Zalo."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("zalo_templates.json")


@dataclass(frozen=True)
class Param:
    """A parameter of a template; `max_length` in NFC characters."""

    name: str
    type: str
    max_length: int


@dataclass(frozen=True)
class Template:
    """A template by the name of its kind; `layout` is what the operator submits."""

    name: str
    params: tuple[Param, ...]
    layout: dict[str, Any]


@lru_cache(maxsize=1)
def templates() -> dict[str, Template]:
    """All templates of the file by name."""
    return {
        entry["name"]: Template(
            entry["name"], tuple(Param(**param) for param in entry["params"]), entry["layout"]
        )
        for entry in json.loads(FILE.read_text(encoding="utf-8"))
    }
