"""Form fields of the page: label, error and input belong together."""

from collections.abc import Mapping

from sandbox.html import Html, el

Options = Mapping[str, str] | Mapping[str, Mapping[str, str]]


def field_error(field_id: str, words: str) -> Html:
    """The error line above a field, or nothing."""
    if not words:
        return Html("")
    hidden = el("span", {"class": "vh"}, "Lỗi: ")
    return el("p", {"class": "error", "id": f"{field_id}-error"}, hidden, words)


def select(
    field_id: str, name: str, label: str, options: Options, *, chosen: str = "", error: str = ""
) -> Html:
    """A list to choose from; `options` from value to words, or groups of such."""
    parts = [
        _option(key, words, chosen)
        if isinstance(words, str)
        else el("optgroup", {"label": key}, *(_option(k, w, chosen) for k, w in words.items()))
        for key, words in options.items()
    ]
    attributes = {"class": "select", "id": field_id, "name": name, **described(field_id, error)}
    return _field(field_id, label, el("select", attributes, *parts), error)


def number(field_id: str, name: str, label: str, *, value: str = "", error: str = "") -> Html:
    """A line for a number."""
    attributes = {
        "class": "input",
        "id": field_id,
        "name": name,
        "value": value,
        "autocomplete": "off",
        **described(field_id, error),
    }
    return _field(field_id, label, el("input", attributes), error)


def check(kind: str, name: str, value: str, words: str, *, checked: bool) -> Html:
    """A box to tick, or one of several to choose."""
    box = el("input", {"type": kind, "name": name, "value": value, "checked": checked})
    return el("label", {"class": "check"}, box, el("span", None, words))


def described(field_id: str, error: str) -> dict[str, str | bool | None]:
    """The attributes that tie a field to its error."""
    return {
        "aria-invalid": "true" if error else None,
        "aria-describedby": f"{field_id}-error" if error else None,
    }


def _field(field_id: str, label: str, control: Html, error: str) -> Html:
    words = el("label", {"class": "label", "for": field_id}, label)
    return el("div", {"class": "field"}, words, field_error(field_id, error), control)


def _option(value: str, words: str, chosen: str) -> Html:
    return el("option", {"value": value, "selected": value == chosen}, words)
