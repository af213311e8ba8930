"""Words, icons and tones of states: how a dossier and its deadline are named to people.

`{% load onestop_status %}` gives `status_tag`, `deadline_chip`, `tag` and `share_of_time`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from common import dates, icons
from common.numbers import grouped

register = template.Library()


class Look(NamedTuple):
    """What a state looks like: words, shape and colour, so that it reads in black and white."""

    words: str | Promise
    icon: str
    tone: str


STATUSES: dict[str, Look] = {
    "submitted": Look(
        pgettext_lazy("citizen status", "Sent, awaiting acceptance"), "clock", "tone-mute"
    ),
    "received": Look(
        pgettext_lazy("citizen status", "Received, being processed"), "doc-check", "tone-info"
    ),
    "supplement": Look(pgettext_lazy("citizen status", "Papers missing"), "doc-plus", "tone-warn"),
    "payment": Look(pgettext_lazy("citizen status", "Fee to pay"), "coin", "tone-warn"),
    "financial": Look(
        pgettext_lazy("citizen status", "Tax or land charge to pay"), "bank", "tone-warn"
    ),
    "refused": Look(pgettext_lazy("citizen status", "Refused"), "x-circle", "tone-bad"),
    "stopped": Look(pgettext_lazy("citizen status", "Stopped"), "stop", "tone-mute"),
    "withdrawing": Look(pgettext_lazy("citizen status", "Being withdrawn"), "back", "tone-mute"),
    "withdrawn": Look(pgettext_lazy("citizen status", "Withdrawn"), "back", "tone-mute"),
    "ready": Look(pgettext_lazy("citizen status", "Result ready"), "check-circle", "solid-good"),
    "returned": Look(
        pgettext_lazy("citizen status", "Result handed over"), "handover", "tone-good"
    ),
}

# Statuses of the workflow table that a citizen sees under another of the names above.
_SHOWN_AS = {
    "draft": "submitted",
    "processing": "received",
    "supplement_requested": "supplement",
    "cancelled": "stopped",
}


def status_look(status: str) -> Look:
    """The look of a workflow status or of one of the names in STATUSES."""
    return STATUSES[_SHOWN_AS.get(status, status)]


def _badge(css: str, icon: str, words: object) -> SafeString:
    return format_html('<span class="{}">{}{}</span>', css, icons.svg(icon), words)


@register.simple_tag
def tag(words: object, tone: str = "mute", icon: str = "info") -> SafeString:
    """Words with an icon on a tone: info, warn, bad, good, mute or solid-good, solid-bad …"""
    return _badge(f"tag {_tone(tone)}", icon, words)


def _tone(tone: str) -> str:
    return tone if "-" in tone else f"tone-{tone}"


@register.simple_tag
def status_tag(status: str, solid: bool = False) -> SafeString:
    """The state of a dossier, by workflow status or citizen's name; `solid` on a tinted panel."""
    look = status_look(status)
    tone = look.tone.replace("tone-", "solid-") if solid else look.tone
    return _badge(f"tag {tone}", look.icon, look.words)


def _amount(n: int, unit: str) -> str:
    if unit == "hours":
        return ngettext("%(n)d hour", "%(n)d hours", n) % {"n": n}
    return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}


def _chip_look(kind: str, n: int, unit: str, at: datetime | None) -> Look:
    hour = dates.clock_phrase(at) if at else ""
    day = dates.short_day(at) if at else ""
    amount = _amount(n, unit)
    looks = {
        "left": Look(_("%(amount)s left") % {"amount": amount}, "clock", "chip-plain"),
        "soon": Look(_("%(amount)s left") % {"amount": amount}, "clock", "tone-warn"),
        "due_on": Look(_("Due on %(day)s") % {"day": day}, "clock", "tone-warn"),
        "today": Look(_("Today %(hour)s") % {"hour": hour}, "clock", "tone-warn"),
        "late": Look(_("%(amount)s late") % {"amount": amount}, "alert", "solid-bad"),
        "paused": Look(_("Paused since %(day)s") % {"day": day}, "pause", "tone-mute"),
        "done_early": Look(_("%(amount)s early") % {"amount": amount}, "check-circle", "tone-good"),
        "done_on_time": Look(_("On time"), "check", "tone-info"),
        "done_late": Look(_("%(amount)s late") % {"amount": amount}, "alert", "tone-bad"),
    }
    return looks[kind]


@register.simple_tag
def deadline_chip(
    kind: str, n: int = 0, at: datetime | None = None, unit: str = "days"
) -> SafeString:
    """How a dossier stands against its due date.

    kind: left, soon (as left, tinted), due_on and today (need `at`), late, paused (needs `at`),
    done_early, done_on_time, done_late. n: whole working days, or hours with unit="hours".
    """
    look = _chip_look(kind, n, unit, at)
    return _badge(f"chip {look.tone}", look.icon, look.words)


class Block(NamedTuple):
    """One rectangle of the bar, in the units of its 700 x 32 drawing."""

    css: str
    x: str
    width: str
    dashed: bool


_BAR = 700.0
# More pieces than this are thinner than a finger's line on a phone: draw one piece per part.
_MOST_PIECES = 20


def _blocks(parts: Sequence[tuple[str, float]]) -> list[Block]:
    total = sum(amount for _css, amount in parts)
    if total <= 0:
        return []
    in_days = total <= _MOST_PIECES and all(float(a).is_integer() for _css, a in parts)
    pieces = [
        (css, 1.0 if in_days else amount)
        for css, amount in parts
        if amount > 0
        for _n in range(int(amount) if in_days else 1)
    ]
    step, x, blocks = _BAR / total, 0.0, []
    for css, amount in pieces:
        width = max(amount * step - 3.5, 1.0)
        blocks.append(Block(css, f"{x + 2:.1f}", f"{width:.1f}", css == "f-warn"))
        x += amount * step
    return blocks


def _share_sentence(used: float, total: float, unit: str) -> str:
    names = {"used": grouped(used), "total": grouped(total)}
    if unit == "working_hours":
        return _("The office has used %(used)s of %(total)s working hours.") % names
    if unit == "calendar_days":
        return _("The office has used %(used)s of %(total)s days.") % names
    return _("The office has used %(used)s of %(total)s working days.") % names


def _wait_sentence(waited: float, unit: str, staff: bool) -> str:
    names = {"waited": grouped(waited)}
    if unit == "working_hours":
        hours = _("Waiting for you: %(waited)s hours, not counted against the office.")
        staff_hours = _(
            "Waiting for the citizen: %(waited)s hours, not counted against the office."
        )
        return (staff_hours if staff else hours) % names
    days = _("Waiting for you: %(waited)s days, not counted against the office.")
    staff_days = _("Waiting for the citizen: %(waited)s days, not counted against the office.")
    return (staff_days if staff else days) % names


@register.inclusion_tag("components/share_of_time.html")
def share_of_time(
    used: float,
    total: float,
    waited: float = 0,
    unit: str = "working_days",
    state: str = "running",
    caption: str = "",
    staff: bool = False,
) -> dict[str, Any]:
    """The bar of working time: what the office used, what was waited for, what is left.

    state: running, paused, late (all used and more), done (the rest is "earlier than promised").
    unit: working_days, working_hours, calendar_days. caption: own sentence instead of ours.
    staff: the words of officers' pages ("the citizen" and not "you").
    """
    sentences = [_share_sentence(used, total, unit)]
    if waited > 0:
        sentences.append(_wait_sentence(waited, unit, staff))
    late = max(used - total, 0)
    left = max(total - used, 0)
    parts = [("f-leaf", min(used, total)), ("f-warn", waited), ("f-bad", late), ("f-rest", left)]
    return {
        "blocks": _blocks(parts),
        "caption": caption or " ".join(sentences),
        "staff": staff,
        "has_wait": waited > 0,
        "has_late": late > 0,
        "has_rest": left > 0,
        "done": state == "done",
    }
