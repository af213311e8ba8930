"""Building blocks of pages: icons, buttons, fields, error summaries, notices, numbers.

`{% load onestop_ui %}`; the states of a dossier are in `onestop_status`.
"""

from collections.abc import Sequence
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common import icons
from common.numbers import grouped
from common.text import mask_digits, mask_name

register = template.Library()

register.filter("mask_name", mask_name)


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of the drawings of common/icons.svg, without its "i-": `{% icon "clock" %}`."""
    return icons.svg(name)


# ---- numbers and masks ---------------------------------------------------------------------------


@register.filter
def number(value: float | None) -> str:
    """1234.5 -> "1.234,5" (English "1,234.5"); whole numbers without a fraction."""
    return "" if value is None else grouped(value)


@register.filter
def money(dong: int | None) -> str:
    """150000 -> "150.000 đồng"."""
    if dong is None:
        return ""
    return _("%(amount)s dong") % {"amount": grouped(dong)}


@register.filter
def mask_identity(digits: str) -> str:
    """An identity number with its middle hidden: "087******143"."""
    return mask_digits(digits, head=3, tail=3)


@register.filter
def mask_phone(digits: str) -> str:
    """A phone number with its middle hidden: "09****0143"."""
    return mask_digits(digits, head=2, tail=4)


@register.filter
def tel(phone: str) -> str:
    """The address that a tap calls: "0277 3898989" -> "tel:02773898989"."""
    return "tel:" + "".join(c for c in phone if c.isdigit() or c == "+")


# ---- buttons and notices -------------------------------------------------------------------------

_VARIANTS = {"primary": "btn", "secondary": "btn btn-2", "quiet": "btn btn-quiet"}
_VARIANTS["danger"] = "btn btn-danger"


@register.inclusion_tag("components/button.html")
def button(label: object, variant: str = "primary", **options: Any) -> dict[str, Any]:
    """A button, or a link that looks like one; the parameters are in components/button.html."""
    css = _VARIANTS[variant] + (" btn-wide" if options.get("wide") else "")
    own_id = options.get("id") or options.get("name") or "off"
    why_id = options.get("reason_id") or f"{own_id}-why"
    return {"label": label, "css": css, "type": "submit", "why_id": why_id} | options


_NOTICE_ICONS = {"good": "check-circle", "info": "info", "warn": "alert", "bad": "x-circle"}


@register.simple_block_tag
def notice(
    content: str, tone: str = "info", role: str = "auto", focus: bool = False, id: str = ""
) -> SafeString:
    """`{% notice "warn" %}<p>…</p>{% endnotice %}`: what happened, where it happened.

    tone: good, info, warn, bad. role: auto (status, alert for bad), status, alert or "" for text
    that was there from the start. focus: the page opens on it.
    """
    if role == "auto":
        role = "alert" if tone == "bad" else "status"
    values = {"tone": tone, "icon": _NOTICE_ICONS[tone], "role": role, "focus": focus, "id": id}
    return render_to_string("components/notice.html", values | {"content": content})


@register.filter
def message_tone(level_tag: str) -> str:
    """The tone of a notice for the level of a Django message."""
    tones = {"success": "good", "warning": "warn", "error": "bad"}
    return tones.get(level_tag, "info")


# ---- forms ---------------------------------------------------------------------------------------


def _control(widget: forms.Widget) -> str:
    """How a widget is laid out: check, choices, file, textarea, select or input."""
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect):  # CheckboxSelectMultiple is one of them
        return "choices"
    if isinstance(widget, forms.Select):
        return "select"
    if isinstance(widget, forms.Textarea):
        return "textarea"
    return "file" if isinstance(widget, forms.FileInput) else "input"


_CONTROL_CSS = {"select": "select", "check": "", "choices": ""}


def _described_by(bound: BoundField, *, has_hint: bool, source: str) -> str:
    base = bound.auto_id
    ids = [f"{base}-hint"] if has_hint else []
    ids += [f"{base}-error"] if bound.errors else []
    ids += [f"{base}-source"] if source else []
    return " ".join(ids)


def _attributes(
    bound: BoundField, control: str, *, described_by: str, locked: bool
) -> dict[str, Any]:
    own = str(bound.field.widget.attrs.get("class", ""))
    css = " ".join(filter(None, [_CONTROL_CSS.get(control, "input"), own]))
    attrs: dict[str, Any] = {"class": css} if css else {}
    if described_by and control != "choices":
        attrs["aria-describedby"] = described_by
    if locked:
        attrs["readonly"] = True
    return attrs


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField,
    hint: object = "",
    label: object = "",
    css: str = "",
    optional: bool = True,
    locked: bool = False,
    source: str = "",
) -> dict[str, Any]:
    """One field of a form with label, hint, error and control; see components/field.html."""
    control = _control(bound.field.widget)
    hint = hint or bound.help_text
    described_by = _described_by(bound, has_hint=bool(hint), source=source)
    attrs = _attributes(bound, control, described_by=described_by, locked=locked)
    return {
        "bound": bound,
        "id": bound.auto_id,
        "label": label or bound.label,
        "hint": hint,
        "control": control,
        "widget": "" if control == "choices" else bound.as_widget(attrs=attrs),
        "described_by": described_by,
        "optional": optional and not bound.field.required and control != "check",
        "locked": locked,
        "source": source,
        "css": css,
    }


def _summary_rows(form: forms.BaseForm) -> list[dict[str, str]]:
    rows = []
    for name, errors in form.errors.items():
        bound = form[name] if name in form.fields else None
        hidden = bound is None or bound.is_hidden
        if not hidden and bound is not None:
            several = _control(bound.field.widget) == "choices"
            target = f"#{bound.auto_id}_0" if several else f"#{bound.auto_id}"
        else:
            target = ""
        rows += [{"text": str(text), "target": target} for text in errors]
    return rows


@register.inclusion_tag("components/error_summary.html")
def error_summary(
    *sources: forms.BaseForm | forms.BaseFormSet[Any] | Sequence[str] | None, focus: bool = True
) -> dict[str, Any]:
    """All errors of forms and formsets, and of lists of plain sentences, in one box.

    Renders nothing where there is none. Each line links to its field and says the same words.
    The page opens on it unless `focus` is off.
    """
    rows: list[dict[str, str]] = []
    for source in sources:
        if isinstance(source, forms.BaseFormSet):
            rows += [{"text": str(text), "target": ""} for text in source.non_form_errors()]
            for form in source.forms:
                rows += _summary_rows(form)
        elif isinstance(source, forms.BaseForm):
            rows += _summary_rows(source)
        elif source:
            rows += [{"text": str(text), "target": ""} for text in source]
    unique = list({(row["text"], row["target"]): row for row in rows}.values())
    return {"rows": unique, "focus": focus}


_PAPER_KEYS = {"original": "1", "copy": "2", "database": "3", "missing": "0"}


@register.inclusion_tag("components/checklist_row.html")
def checklist_row(
    position: int, name: str, state: BoundField, count: BoundField, **options: Any
) -> dict[str, Any]:
    """One paper of an intake; the parameters are in components/checklist_row.html."""
    choices = [
        {"tag": choice.tag(), "label": choice.choice_label, "key": _PAPER_KEYS.get(str(value), ""),
         "missing": value == "missing"}
        for choice in state
        for value in [choice.data["value"]]
    ]  # fmt: skip
    widget = count.as_widget(attrs={"class": "input count num"})
    return {
        "position": position,
        "name": name,
        "state": state,
        "choices": choices,
        "count": count,
        "count_widget": widget,
        "errors": [*state.errors, *count.errors],
    } | options
