"""docs/settings.md, made of .env.example (words, order) and of the settings (type, default).

python -m onestop.launch.settings_page
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from onestop.launch.folder import ROOT

PAGE = ROOT / "docs" / "settings.md"
_EXAMPLE = ROOT / ".env.example"
_SETTINGS = ROOT / "onestop" / "settings.py"
_COMPOSE = ROOT / "docker-compose.yml"

_SECTION = re.compile(r"# -{3,} (.+?) -+$")
_VARIABLE = re.compile(r"(# )?([A-Z][A-Z_0-9]+)=(.*)$")
_TYPES = {
    "str": "text",
    "int": "number",
    "float": "number",
    "bool": "true or false",
    "list": "list",
}
_HEAD = """# Settings

<!-- Made by `make settings-page` from .env.example and onestop/settings.py: change those. -->

Every variable of the environment that the portal reads, each once and in one place. Lists are
separated by commas. *Every process* means web, workers, beat and `manage.py`: give all of them the
same. What administrators decide while the portal runs (days for missing papers, limits of the
look-up) is on the page *Settings* of the administration instead."""


@dataclass(frozen=True)
class Declared:
    """What the code says of a variable; `default` is None where it must be set."""

    type: str
    default: str | None


@dataclass(frozen=True)
class Variable:
    """What .env.example says of it: `value` is shown, `is_needed` where it is not commented out."""

    name: str
    value: str
    is_needed: bool
    words: str


@dataclass
class Section:
    """A heading of .env.example and what stands under it."""

    title: str
    variables: list[Variable] = field(default_factory=list)


def page() -> str:
    """The whole page."""
    declared, compose = declarations(), _COMPOSE.read_text(encoding="utf-8")
    parts = [_HEAD]
    for section in sections():
        parts.append(f"\n## {section.title[0].upper()}{section.title[1:]}\n")
        parts.append("| variable | type | default | meaning | read by |\n|---|---|---|---|---|")
        parts += [_row(each, declared.get(each.name), compose) for each in section.variables]
    return "\n".join(parts) + "\n"


def declarations() -> dict[str, Declared]:
    """Each call `env.TYPE("NAME", default=…)` of the settings; the default as it is written."""
    found = {}
    for node in ast.walk(ast.parse(_SETTINGS.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and (kind := _type_of(node)) and node.args:
            (name, *_more) = node.args
            if isinstance(name, ast.Constant):
                default = next((k.value for k in node.keywords if k.arg == "default"), None)
                found[str(name.value)] = Declared(kind, _shown(default))
    return found


def sections() -> Iterator[Section]:
    """The sections of .env.example; the words of a variable are the comment just above it."""
    section, words = Section(""), list[str]()
    for line in _EXAMPLE.read_text(encoding="utf-8").splitlines():
        if head := _SECTION.match(line):
            if section.variables:
                yield section
            section, words = Section(head[1]), []
        elif variable := _VARIABLE.match(line):
            text = " ".join(words)
            section.variables.append(Variable(variable[2], variable[3], not variable[1], text))
            words = []
        elif line.startswith("# "):
            words.append(line[2:])
        else:
            words = []
    yield section


def _type_of(call: ast.Call) -> str:
    """ "text", "number" …, or "" for another call."""
    function = call.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return _TYPES.get(function.attr, "") if function.value.id == "env" else ""
    if isinstance(function, ast.Name) and function.id == "env":
        cast = next((k.value for k in call.keywords if k.arg == "cast"), None)
        return _TYPES[cast.id] if isinstance(cast, ast.Name) else ""
    return ""


def _shown(default: ast.expr | None) -> str | None:
    """A default as it would be written in .env; "…" for one that is reckoned."""
    if default is None:
        return None
    try:
        value = ast.literal_eval(default)
    except ValueError:
        return "…"
    if isinstance(value, list):
        return ",".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _row(variable: Variable, declared: Declared | None, compose: str) -> str:
    value = variable.value.strip('"')
    if variable.is_needed:
        default = "**must be set**" + (f", such as `{value}`" if value else "")
    else:
        default = f"`{value}`" if value else "empty"
    cells = (
        f"`{variable.name}`",
        declared.type if declared else "text",
        default,
        variable.words.replace("|", "\\|"),
        _reader(variable.name, declared, compose),
    )
    return f"| {' | '.join(cells)} |"


def _reader(name: str, declared: Declared | None, compose: str) -> str:
    if declared:
        return "every process"
    return "docker-compose" if f"${{{name}" in compose else "`make demo`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
