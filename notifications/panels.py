"""What this app adds to the pages of dossiers: delivery states, and who will be told how."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cases.models import Dossier
from cases.panels import Recipient
from citizens.models import Citizen, ZaloLink
from common import clock
from common.panels import Panel
from common.text import mask_digits
from notifications.labels import kind_label
from notifications.selectors.told import Told, told_about
from notifications.services.cards import first_card_of
from notifications.states import Reason, State, Why

_LOOKUP_ROWS = 5


def first_message(request: HttpRequest, dossier: Dossier) -> Panel:
    """What the citizen of a dossier is told first, as the phone shows it."""
    card = first_card_of(dossier)
    return None if card is None else ("notifications/panel_first_message.html", {"card": card})


@dataclass(frozen=True)
class Line:
    """One message in a panel: its name, a tag, when it went and arrived, and why it did not."""

    label: str
    tag: str
    tone: str
    icon: str
    why: str
    to_officer: bool
    needs_call: bool
    sent_at: datetime | None
    seen_at: datetime | None
    decided_at: datetime


def dossier_messages(request: HttpRequest, dossier: Dossier) -> Panel:
    """The messages of a dossier with their delivery states, newest first; one query."""
    lines = [_line(told) for told in reversed(told_about(dossier))]
    context = {
        "citizen_lines": [line for line in lines if not line.to_officer],
        "officer_lines": [line for line in lines if line.to_officer],
        "calls": any(line.needs_call for line in lines),
        "phone": mask_digits(dossier.citizen.phone, head=2, tail=4),
    }
    return "notifications/panel_dossier.html", context


def lookup_messages(request: HttpRequest, dossier: Dossier) -> Panel:
    """What has reached the citizen, newest first, without numbers or names; one query."""
    arrived = [
        told for told in told_about(dossier) if not told.to_officer and told.accepted_at is not None
    ]
    if not arrived:
        return None
    lines = [_line(told) for told in reversed(arrived[-_LOOKUP_ROWS:])]
    return "notifications/panel_lookup.html", {"lines": lines, "newest": arrived[-1]}


def who_is_told(request: HttpRequest, recipient: Recipient) -> Panel:
    """By which way the citizen will hear of this; at most one query."""
    link = _link(recipient.citizen)
    phone = mask_digits(recipient.phone, head=2, tail=4)
    context = {"phone": phone, "way": _way(recipient, link)}
    return "notifications/panel_who_is_told.html", context


def _link(citizen: Citizen | None) -> ZaloLink | None:
    return None if citizen is None else ZaloLink.objects.filter(citizen=citizen).first()


def _way(recipient: Recipient, link: ZaloLink | None) -> str:
    """linked, phone, closed, no_consent or none."""
    if not recipient.agrees:
        return "no_consent"
    if link is not None and link.is_open:
        return "linked"
    if not recipient.phone:
        return "none"
    return "closed" if _is_closed(recipient) else "phone"


def _is_closed(recipient: Recipient) -> bool:
    citizen = recipient.citizen
    if citizen is None or citizen.phone != recipient.phone:
        return False
    until = citizen.zalo_phone_closed_until
    is_for_now = until is not None and until > clock.now()
    return is_for_now or citizen.zalo_phone_closed_until_opt_in


_LOOKS: dict[State, tuple[str, str]] = {
    State.CREATED: ("info", "clock"),
    State.DEFERRED: ("mute", "clock"),
    State.SENDING: ("info", "clock"),
    State.UNKNOWN: ("warn", "alert"),
    State.ACCEPTED: ("good", "check"),
    State.DELIVERED: ("good", "check"),
    State.SEEN: ("good", "check"),
    State.FAILED: ("mute", "x-circle"),
    State.CANCELLED: ("mute", "x-circle"),
}


def _line(told: Told) -> Line:
    tone, icon = _LOOKS[told.state]
    tag = str(told.state.label)
    if told.needs_call:
        tone, icon, tag = "warn", "phone", _("Call this citizen")
    label = kind_label(told.kind)
    if told.to_officer:
        label = f"{label}: {told.officer_name}"
    return Line(
        label=label,
        tag=tag,
        tone=tone,
        icon=icon,
        why=_why(told),
        to_officer=told.to_officer,
        needs_call=told.needs_call,
        sent_at=told.accepted_at,
        seen_at=told.seen_at,
        decided_at=told.created_at,
    )


def _why(told: Told) -> str:
    """Why it stands so, in words; "" where the times say all."""
    if told.state == State.FAILED:
        return str(Reason(told.reason).label)
    if told.state == State.DEFERRED and told.why:
        return str(Why(told.why).label)
    if told.state == State.UNKNOWN:
        return _("Zalo has not answered; nothing is sent again before it is known.")
    return ""
