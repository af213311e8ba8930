"""The forms for what stays switched: modes, one person's standing, templates."""

from collections.abc import Mapping
from itertools import groupby

from sandbox import fields
from sandbox.fault_table import ENABLE, MODES, STANDINGS, TEMPLATE_STATES, Mode
from sandbox.html import Html, el
from sandbox.modes import Modes
from sandbox.templates import Registry


def modes_from(form: Mapping[str, str]) -> dict[str, str]:
    """The value of every mode that the form asks for: an empty box is the normal value."""
    return {
        kind: form.get(kind, mode.normal)
        for kind, mode in MODES.items()
        if kind in form or _is_box(mode)
    }


def mode_form(modes: Modes, *, who: str) -> Html:
    """Every mode of the table, by groups that can be folded."""
    groups = groupby(MODES.values(), key=lambda mode: mode.group)
    return el(
        "form",
        {"method": "post", "action": "/_phone/modes", "class": "stack-s"},
        el("input", {"type": "hidden", "name": "who", "value": who}),
        *(_group(name, list(rows), modes) for name, rows in groups),
        el("p", {"class": "row"}, el("button", {"class": "btn"}, "Đặt cách trả lời")),
    )


def unusual(modes: Modes, templates: Registry) -> Html:
    """What is not as it normally is, in words."""
    rows = [
        f"{mode.words}: {mode.values[modes[kind]]}"
        for kind, mode in MODES.items()
        if modes[kind] != mode.normal
    ]
    rows += [
        f"Mẫu {template.name}: {TEMPLATE_STATES[templates.state_of(template)]}"
        for template in templates.by_id.values()
        if templates.state_of(template) != ENABLE
    ]
    if not rows:
        return el("p", None, "Mọi thứ trả lời bình thường.")
    return el("ul", {"class": "plain"}, *(el("li", None, row) for row in rows))


def template_form(templates: Registry, *, who: str) -> Html:
    """One template and how it stands from now on."""
    names = {template.name: template.name for template in templates.by_id.values()}
    return el(
        "form",
        {"method": "post", "action": "/_phone/template", "class": "stack-s"},
        el("input", {"type": "hidden", "name": "who", "value": who}),
        el(
            "div",
            {"class": "filters"},
            fields.select("template-name", "template", "Mẫu", names),
            fields.select("template-value", "value", "Trạng thái", TEMPLATE_STATES),
        ),
        el("p", {"class": "row"}, el("button", {"class": "btn btn-2"}, "Đổi trạng thái mẫu")),
    )


def standing_form(standing: str, *, who: str) -> Html:
    """How the person on the phone stands."""
    words = {value: row.words for value, row in STANDINGS.items()}
    return el(
        "form",
        {"method": "post", "action": "/_phone/standing", "class": "stack-s"},
        el("input", {"type": "hidden", "name": "who", "value": who}),
        fields.select("standing", "value", "Người này", words, chosen=standing),
        el("p", None, el("button", {"class": "btn btn-2"}, "Đổi")),
    )


def _is_box(mode: Mode) -> bool:
    return len(mode.values) == 2


def _group(name: str, rows: list[Mode], modes: Modes) -> Html:
    changed = sum(modes[row.kind] != row.normal for row in rows)
    title = f"{name} ({changed} mục khác thường)" if changed else name
    lists = [row for row in rows if not _is_box(row)]
    boxes = [row for row in rows if _is_box(row)]
    return el(
        "details",
        {"class": "disclose", "open": bool(changed)},
        el("summary", None, title),
        el(
            "div",
            {"class": "stack-s"},
            *(
                fields.select(
                    f"mode-{row.kind}", row.kind, row.words, row.values, chosen=modes[row.kind]
                )
                for row in lists
            ),
            *(_box(row, modes[row.kind]) for row in boxes),
        ),
    )


def _box(mode: Mode, value: str) -> Html:
    """A mode of two values: the tick is the one that is not normal."""
    fault = list(mode.values)[1]
    words = f"{mode.words}: {mode.values[fault]}"
    return fields.check("checkbox", mode.kind, fault, words, checked=value == fault)
