"""Building HTML so that text is escaped unless it was built here."""

import re
from collections.abc import Iterable, Mapping
from html import escape

VOID = frozenset({"input", "link", "meta", "br"})
LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)]")


class Html(str):
    """Markup that is safe to send as it is."""

    __slots__ = ()


Attributes = Mapping[str, str | bool | None]


def el(name: str, attributes: Attributes | None = None, *children: str) -> Html:
    """One element. Plain text in it is escaped; attributes of None or False are left out."""
    pairs = "".join(_attribute(key, value) for key, value in (attributes or {}).items())
    if name in VOID:
        return Html(f"<{name}{pairs}>")
    return Html(f"<{name}{pairs}>{join(children)}</{name}>")


def join(parts: Iterable[str]) -> Html:
    """Several pieces one after the other."""
    return Html(
        "".join(part if isinstance(part, Html) else escape(part, quote=False) for part in parts)
    )


def linked(text: str) -> Html:
    """Text whose web addresses can be followed."""
    parts: list[str] = []
    end = 0
    for match in LINK.finditer(text):
        parts += [text[end : match.start()], el("a", outward(match[0]), match[0])]
        end = match.end()
    return join([*parts, text[end:]])


def outward(address: str, **more: str) -> dict[str, str | bool | None]:
    """Attributes of a link that leaves the page for a new tab; `tel:` stays."""
    attributes: dict[str, str | bool | None] = {"href": address, **more}
    if not address.startswith("tel:"):
        attributes |= {"target": "_blank", "rel": "noopener noreferrer"}
    return attributes


def _attribute(key: str, value: str | bool | None) -> str:
    if value is None or value is False:
        return ""
    return f" {key}" if value is True else f' {key}="{escape(value)}"'
