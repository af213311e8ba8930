"""What a draft would change, for the person who publishes it."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cases.models import Fee, ProcedureCase, ProcedureStep, ProcedureVersion, RequiredDocument
from cases.procedure_content import VersionContent
from cases.services.catalogue.rows import read_version

_PARTS: dict[str, tuple[type[Model], str]] = {
    "cases": (ProcedureCase, "code"),
    "documents": (RequiredDocument, "key"),
    "fees": (Fee, "channel"),
    "steps": (ProcedureStep, "key"),
}


@dataclass(frozen=True)
class Difference:
    """One value that differs; "" where it is not there on that side."""

    place: str
    before: str
    after: str


def differences(version: ProcedureVersion) -> list[Difference]:
    """Where the version says something else than the current one, in the version's order."""
    current = version.procedure.current
    before = dict(_said(read_version(current))) if current else {}
    after = dict(_said(read_version(version)))
    return [
        Difference(place, before.get(place, ""), after.get(place, ""))
        for place in {**after, **before}
        if before.get(place, "") != after.get(place, "")
    ]


def _said(content: VersionContent) -> Iterator[tuple[str, str]]:
    yield from _values(content, ProcedureVersion, "")


def _values(content: Any, model: type[Model], prefix: str) -> Iterator[tuple[str, str]]:
    for item in fields(content):
        value = getattr(content, item.name)
        if item.name in _PARTS:
            yield from _parts(value, item.name, prefix)
        elif item.name != "code" or model is ProcedureCase:
            column = model._meta.get_field(item.name)
            label = str(getattr(column, "verbose_name", item.name))
            yield f"{prefix}{label}" if prefix else capfirst(label), _text(value)


def _parts(values: tuple[Any, ...], name: str, prefix: str) -> Iterator[tuple[str, str]]:
    model, key = _PARTS[name]
    for number, value in enumerate(values, 1):
        assert is_dataclass(value)
        # Two fees may share a channel; all else is named once.
        own = getattr(value, key) + (f" {number}" if model is Fee else "")
        place = f"{capfirst(str(model._meta.verbose_name))} {own}: "
        yield from _values(value, model, prefix + place)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple):
        return "; ".join(value)
    return "" if value is None else str(value)
