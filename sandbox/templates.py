"""The message templates that the product submits: read, checked, filled in.

The file is a list of `{"name", "params": [{"name", "type", "max_length"}], "layout"}`; a layout has
`tone` (plain, warn, good), `title`, `paragraphs`, `table` rows `{label, value}` and `buttons`
`{label, type: url | phone, url | phone}`. An entry may have a `tag` (TRANSACTION, CUSTOMER_CARE,
PROMOTION), a parameter `require`, `min_length` and `accept_null`. `{name}` stands for a parameter,
`{base_url}` for the product's public address. Limits: zalo-contract 3.3 and screens 5, "Template
shape".
"""

import json
import re
import unicodedata
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sandbox.config import ConfigError
from sandbox.fault_table import DELETE, DISABLE, ENABLE, PHONE_ONLY, QUOTA_OUT

TYPE_CAPS: Mapping[str, int] = {
    "name": 30, "phone": 15, "address": 200, "code": 30, "label": 30, "status": 30, "contact": 50,
    "title": 5, "product": 200, "amount": 20, "date": 20, "otp": 10, "url": 200, "vnd": 12,
    "bank_note": 90,
}  # fmt: skip
TAGS = ("TRANSACTION", "CUSTOMER_CARE", "PROMOTION")
TONES = ("plain", "warn", "good")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
BASE_URL = "base_url"
FORMATS: Mapping[str, re.Pattern[str]] = {
    "code": re.compile(r"[\w ./_-]+"),
    "phone": re.compile(r"\+?[0-9 ]+"),
    "date": re.compile(r"([0-9]{2}:[0-9]{2} )?[0-9]{2}/[0-9]{2}/[0-9]{4}"),
    "otp": re.compile(r"[0-9A-Za-z]+"),
    "url": re.compile(r"https?://\S+"),
    "vnd": re.compile(r"[0-9]+"),
}
FIRST_ID, IDS = 400_001, 99_000


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a template; lengths are counted in NFC."""

    name: str
    type: str
    max_length: int
    min_length: int = 0
    require: bool = True
    accept_null: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a card: a link, or a number to call (`tel:`)."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """A template with its values filled in, as the phone shows it."""

    tone: str
    title: str
    paragraphs: tuple[str, ...]
    table: tuple[tuple[str, str], ...]
    buttons: tuple[Button, ...]

    @property
    def text(self) -> str:
        """The whole card as plain text, buttons left out."""
        rows = tuple(f"{label}: {value}" for label, value in self.table)
        return "\n".join((self.title, *self.paragraphs, *rows))


@dataclass(frozen=True, slots=True)
class Refusal:
    """An application error of the contract: its code and its English message."""

    error: int
    message: str


@dataclass(frozen=True, slots=True)
class Template:
    """One registered template."""

    id: str
    name: str
    params: tuple[Param, ...]
    layout: Mapping[str, Any] = field(repr=False)
    tag: str = "TRANSACTION"

    def check(self, data: object) -> Refusal | None:
        """The first thing wrong with a request's `template_data` by the contract's code, if any."""
        if data is None or data == {} or data == "":
            needs_data = any(param.require for param in self.params)
            return Refusal(-111, "Template data is empty") if needs_data else None
        if not isinstance(data, dict):
            return Refusal(-112, "Template data is invalid")
        unknown = data.keys() - {param.name for param in self.params}
        if unknown:
            return Refusal(-112, f"Parameter {min(unknown)} is not defined in the template")
        return next(filter(None, (_check_value(param, data) for param in self.params)), None)

    def fill(self, data: Mapping[str, Any], *, base_url: str) -> Card:
        """The card for checked data; what may be left out is empty.

        Values inside addresses are percent-encoded.
        """
        layout = self.layout
        data = {param.name: data.get(param.name) or "" for param in self.params}
        text = _filler(data, base_url=base_url, convert=nfc)
        link = _filler(data, base_url=base_url, convert=lambda value: quote(value, safe=""))
        return Card(
            tone=layout["tone"],
            title=text(layout["title"]),
            paragraphs=tuple(text(paragraph) for paragraph in layout["paragraphs"]),
            table=tuple((row["label"], text(row["value"])) for row in layout["table"]),
            buttons=tuple(
                Button(label=b["label"], url=link(b["url"]) if "url" in b else f"tel:{b['phone']}")
                for b in layout["buttons"]
            ),
        )


class Registry:
    """All templates by id. Ids follow from names, so reordering the file does not move them."""

    def __init__(self, entries: list[Any]) -> None:
        self.by_id: dict[str, Template] = {}
        self._states: dict[str, str] = {}
        for place, entry in enumerate(entries, start=1):
            template = self._read(entry, place)
            if template.name in {known.name for known in self.by_id.values()}:
                raise ConfigError(f"Template {place}: the name {template.name!r} occurs twice.")
            self.by_id[template.id] = template

    def state_of(self, template: Template) -> str:
        """One of `fault_table.TEMPLATE_STATES`."""
        return self._states.get(template.id, ENABLE)

    def status_of(self, template: Template) -> str:
        """The status on the wire: what only restricts sending leaves it enabled."""
        state = self.state_of(template)
        return ENABLE if state in (PHONE_ONLY, QUOTA_OUT) else state

    def set_state(self, template: Template, state: str) -> None:
        """Switches one template."""
        self._states[template.id] = state

    def reset(self) -> None:
        """Every template enabled again."""
        self._states.clear()

    def find(self, template_id: object) -> Template | None:
        """The template with this id, unless it was deleted."""
        template = self.by_id.get(str(template_id))
        return None if template is None or self.state_of(template) == DELETE else template

    def listed(self) -> list[Template]:
        """Every template that was not deleted."""
        return [t for t in self.by_id.values() if self.state_of(t) != DELETE]

    def by_name(self, name: object) -> Template | None:
        """The template with this name, deleted or not."""
        return next((t for t in self.by_id.values() if t.name == name), None)

    def quality_of(self, template: Template) -> str:
        """LOW for one that was disabled for it."""
        return "LOW" if self.state_of(template) == DISABLE else "HIGH"

    def _read(self, entry: Any, place: int) -> Template:
        try:
            name = entry["name"]
            params = tuple(Param(**param) for param in entry["params"])
            tag = entry.get("tag", TAGS[0])
            problems = find_problems(params, entry["layout"])
        except (KeyError, TypeError, AttributeError) as error:
            raise ConfigError(f"Template {place} is not of the right shape: {error!r}.") from error
        if tag not in TAGS:
            problems = [f"the tag {tag!r} is unknown"]
        if problems:
            raise ConfigError(f"Template {place} ({name}): {problems[0]}")
        number = zlib.crc32(str(name).encode()) % IDS
        while str(FIRST_ID + number) in self.by_id:
            number = (number + 1) % IDS
        return Template(str(FIRST_ID + number), name, params, entry["layout"], tag)


def load(path: Path) -> Registry:
    """The registry of a template file; ConfigError says what is wrong with it and where."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"The template file {path} cannot be read: {error}.") from error
    if not isinstance(entries, list):
        raise ConfigError(f"The template file {path} is not a list.")
    return Registry(entries)


def find_problems(params: tuple[Param, ...], layout: Mapping[str, Any]) -> list[str]:
    """What a reviewer at Zalo would refuse, with every parameter at its longest."""
    longest = {param.name: "x" * param.max_length for param in params}
    used = set(PLACEHOLDER.findall(json.dumps(layout))) - {BASE_URL}
    fill = _filler(longest, base_url="", convert=str)
    problems = [f"{{{name}}} is used and not declared" for name in sorted(used - set(longest))]
    problems += [f"{{{name}}} is declared and not used" for name in sorted(set(longest) - used)]
    problems += [
        f"{{{p.name}}} may be {TYPE_CAPS.get(p.type, 0)} characters at most"
        for p in params
        if not 0 < p.max_length <= TYPE_CAPS.get(p.type, 0)
    ]
    problems += [
        f"{{{p.name}}} may not be shorter than it may be long"
        for p in params
        if not 0 <= p.min_length <= p.max_length
    ]
    if problems:
        return problems
    rows, buttons, paragraphs = layout["table"], layout["buttons"], layout["paragraphs"]
    checks = [
        (layout["tone"] in TONES, "the tone is unknown"),
        (9 <= len(fill(layout["title"])) <= 65, "the title is not 9 to 65 characters"),
        (1 <= len(paragraphs) <= 4, "there are not 1 to 4 paragraphs"),
        (all(9 <= len(fill(p)) <= 400 for p in paragraphs), "a paragraph is not 9 to 400"),
        (len(rows) in (0, *range(2, 9)), "the table has not 2 to 8 rows"),
        (all(3 <= len(row["label"]) <= 35 for row in rows), "a row's name is not 3 to 35"),
        (all(3 <= len(fill(row["value"])) <= 90 for row in rows), "a row's value is not 3 to 90"),
        (len(buttons) <= 2, "there are more than 2 buttons"),
        (all(5 <= len(b["label"]) <= 30 for b in buttons), "a button's words are not 5 to 30"),
        (all(b["type"] in b for b in buttons), "a button has no address or number"),
        (len(used) <= 10, "there are more than 10 parameters"),
    ]
    return [problem for holds, problem in checks if not holds]


def nfc(text: str) -> str:
    """The text in NFC, in which lengths are measured."""
    return unicodedata.normalize("NFC", text)


def _check_value(param: Param, data: Mapping[str, Any]) -> Refusal | None:
    value = data.get(param.name)
    if value is None or (isinstance(value, str) and not value.strip()):
        may_lack = param.accept_null if param.name in data else not param.require
        return None if may_lack else Refusal(-1122, f"Parameter {param.name} is missing")
    if not isinstance(value, str):
        return Refusal(-1124, f"Parameter {param.name} is not a string")
    value = nfc(value)
    if len(value) > param.max_length:
        return Refusal(-1121, f"Parameter {param.name} exceeds {param.max_length} characters")
    if len(value) < param.min_length:
        return Refusal(-1124, f"Parameter {param.name} is under {param.min_length} characters")
    pattern = FORMATS.get(param.type)
    if not value.isprintable() or (pattern is not None and not pattern.fullmatch(value)):
        return Refusal(-1124, f"Parameter {param.name} has an invalid format")
    return None


def _filler(
    data: Mapping[str, str], *, base_url: str, convert: Callable[[str], str]
) -> Callable[[str], str]:
    def value(match: re.Match[str]) -> str:
        name = match[1]
        return base_url if name == BASE_URL else convert(data[name])

    return lambda text: PLACEHOLDER.sub(value, text)
