"""The OpenAPI document as people read it: flat rows for the tables of the page, no logic there."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.api.document import Document
from common.problems import CONTENT_TYPE

_CHOICE = re.compile(r"^\* `(?P<value>[^`]+)` - (?P<label>.+)$", re.MULTILINE)
_CODE = re.compile(r"`([^`]+)`")
_DEEPEST = 6


@dataclass(frozen=True)
class Row:
    """A parameter or a member: `name` is a path such as `applicant.phone` or `steps[].key`.

    `place` is path, query or header for a parameter, else empty.
    """

    name: str
    kind: str
    required: bool
    about: SafeString
    choices: tuple[tuple[str, str], ...] = ()
    place: str = ""


@dataclass(frozen=True)
class Refused:
    """One code of a refusal and what it means."""

    status: str
    code: str
    meaning: SafeString


@dataclass(frozen=True)
class Call:
    """One operation. `shape` names the object that is answered, empty for a file."""

    key: str
    method: str
    path: str
    title: str
    about: tuple[SafeString, ...]
    curl: str
    parameters: tuple[Row, ...]
    body: tuple[Row, ...]
    request: str
    status: str
    answer: SafeString
    shape: str
    is_list: bool
    example: str
    refusals: tuple[Refused, ...]


@dataclass(frozen=True)
class Shape:
    """An object that calls answer with."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Page:
    """All of it. `every` are the refusals of every call with a token."""

    title: str
    about: str
    groups: tuple[tuple[str, str, tuple[Call, ...]], ...]
    every: tuple[Refused, ...]
    shapes: tuple[Shape, ...]


def page_of(document: Document, *, base: str) -> Page:
    """The page for the document in its language; `base` is the address before /api/."""
    calls = [
        (method, path, call)
        for path, methods in document["paths"].items()
        for method, call in methods.items()
    ]
    every = _of_every_call([call for _method, _path, call in calls if call.get("security")])
    reader = _Reader(document, base, frozenset(refused.code for refused in every))
    shown = [(call["tags"][0], reader.call(method, path, call)) for method, path, call in calls]
    shapes = dict.fromkeys(call.shape for _tag, call in shown if call.shape)
    return Page(
        title=document["info"]["title"],
        about=document["info"]["description"],
        groups=tuple(
            (key, label, tuple(call for tag, call in shown if tag == key))
            for key, label in _groups().items()
        ),
        every=every,
        shapes=tuple(reader.shape(name) for name in [*shapes, "Problem"]),
    )


def _groups() -> dict[str, str]:
    return {
        "dossiers": _("Dossiers"),
        "procedures": _("Procedures"),
        "lookup": _("Public look-up"),
    }


def _of_every_call(calls: list[Any]) -> tuple[Refused, ...]:
    found = [{refused.code: refused for refused in _refusals(call)} for call in calls]
    shared = set.intersection(*(set(codes) for codes in found))
    return tuple(refused for code, refused in found[0].items() if code in shared)


def _refusals(call: Any) -> Iterator[Refused]:
    for status, response in call["responses"].items():
        if CONTENT_TYPE in response.get("content", {}):
            for line in _CHOICE.finditer(response["description"]):
                yield Refused(status, line["value"], inline(line["label"]))


def inline(text: str) -> SafeString:
    """Text with what stands in backticks as code."""
    parts = _CODE.split(text)
    return format_html_join(
        "",
        "{}{}",
        (
            (plain, format_html("<code>{}</code>", code) if code else "")
            for plain, code in zip(parts[::2], [*parts[1::2], ""], strict=True)
        ),
    )


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


class _Reader:
    """Reads operations and schemas of one document."""

    def __init__(self, document: Document, base: str, every: frozenset[str]) -> None:
        self.schemas = document["components"]["schemas"]
        self.base = base
        self.every = every

    def call(self, method: str, path: str, call: Any) -> Call:
        status, answer = next((s, r) for s, r in call["responses"].items() if s < "300")
        media_type, content = next(iter(answer["content"].items()))
        body = call.get("requestBody", {}).get("content", {}).get("application/json", {})
        schema = content["schema"]
        is_list = schema.get("type") == "array"
        return Call(
            key=call["operationId"],
            method=method.upper(),
            path=path,
            title=call["summary"],
            about=tuple(inline(line) for line in call["description"].splitlines()),
            curl=self._curl(method, path, call, media_type),
            parameters=tuple(self._parameter(one) for one in call["parameters"]),
            body=tuple(self._members(body["schema"])) if body else (),
            request=_example(body),
            status=status,
            answer=inline(answer["description"]),
            shape=_name(schema["items"] if is_list else schema),
            is_list=is_list,
            example=_example(content),
            refusals=tuple(r for r in _refusals(call) if r.code not in self.every),
        )

    def shape(self, name: str) -> Shape:
        return Shape(name, tuple(self._members(self.schemas[name])))

    def _curl(self, method: str, path: str, call: Any, media_type: str) -> str:
        parts = [f'curl "{self.base}{path}"']
        if call.get("security"):
            parts.append('-H "Authorization: Token $TOKEN"')
        if method == "post":
            parts += ['-H "Content-Type: application/json"', "-d @request.json"]
        if media_type == "application/pdf":
            parts.append("-o receipt.pdf")
        return " \\\n  ".join(parts)

    def _parameter(self, one: Any) -> Row:
        choices = tuple(one["schema"].get("enum", ()))
        text = one.get("description", "")
        labels = dict(_CHOICE.findall(text))
        return Row(
            name=one["name"],
            kind=one["schema"]["type"],
            required=one.get("required", False),
            about=inline(_CHOICE.sub("", text).strip()),
            choices=tuple((value, labels.get(value, "")) for value in choices if value),
            place=_places()[one["in"]],
        )

    def _members(self, schema: Any, prefix: str = "", depth: int = 0) -> Iterator[Row]:
        schema = self._resolved(schema)
        needed = schema.get("required", ())
        for name, member in schema.get("properties", {}).items():
            path = f"{prefix}{name}"
            yield self._member(path, member, required=name in needed)
            inside = self._resolved(member)
            if inside.get("type") == "array" or "items" in inside:
                inside, path = self._resolved(inside["items"]), f"{path}[]"
            if "properties" in inside and depth < _DEEPEST:
                yield from self._members(inside, f"{path}.", depth + 1)

    def _member(self, name: str, member: Any, *, required: bool) -> Row:
        found = self._resolved(member)
        text = member.get("description", "")
        choices = _CHOICE.findall(found.get("description", "")) or [
            (value, "") for value in found.get("enum", ()) if value is not None
        ]
        return Row(
            name=name,
            kind=self._kind(member),
            required=required,
            about=inline(_CHOICE.sub("", text).strip()),
            choices=tuple((str(value), label) for value, label in choices),
        )

    def _kind(self, schema: Any) -> str:
        """The type as JSON has it, format and bounds: `string date-time`, `object[] ≤ 50`."""
        options = schema.get("oneOf", [])
        is_null = any(self._resolved(option).get("type") == "null" for option in options)
        found = self._resolved(schema)
        types = found.get("type", "string")
        names = [types] if isinstance(types, str) else [name for name in types if name != "null"]
        kind = " | ".join(names)
        if kind == "array":
            kind = f"{self._kind(found['items'])}[]"
        or_null = " | null" if is_null or "null" in types else ""
        return f"{kind}{_format(found)}{_bounds(found)}{or_null}"

    def _resolved(self, schema: Any) -> Any:
        """The schema behind references and behind “or null”."""
        for option in schema.get("oneOf", schema.get("allOf", ())):
            found = self._resolved(option)
            if found.get("type") != "null":
                return found
        if "$ref" in schema:
            return self.schemas[schema["$ref"].rpartition("/")[2]]
        return schema


def _format(schema: Any) -> str:
    return f" {schema['format']}" if "format" in schema else ""


def _bounds(schema: Any) -> str:
    """Least and most of a number, most characters or entries: ` 1…99`, ` ≤ 50`."""
    if "minimum" in schema and "maximum" in schema:
        return f" {schema['minimum']}…{schema['maximum']}"
    most = schema.get("maxLength", schema.get("maxItems"))
    return "" if most is None else f" ≤ {most}"


def _places() -> dict[str, str]:
    return {
        "path": pgettext("parameter", "in the address"),
        "query": pgettext("parameter", "query"),
        "header": pgettext("parameter", "header"),
    }


def _name(schema: Any) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _example(content: Any) -> str:
    example = next(iter(content.get("examples", {}).values()), None)
    return "" if example is None else _pretty(example["value"])
