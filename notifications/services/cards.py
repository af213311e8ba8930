"""An announcement as the phone will show it, by the template that the operator submitted."""

import re
from dataclasses import dataclass, replace

from common import clock
from notifications.announcement_rules import Content
from notifications.kinds import KIND
from notifications.models import Announcement
from notifications.services import reach, render
from notifications.services.facts import Facts
from notifications.words import AnnouncementKind
from notifications.zalo_templates import templates

BLANK = "…"
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Card:
    """A message card: `buttons` are their words."""

    tone: str
    title: str
    paragraphs: tuple[str, ...]
    buttons: tuple[str, ...]


def card_of(content: Content, *, has_expiry: bool = True) -> Card:
    """The card with what there is; an ellipsis stands for what is missing."""
    values = _values(content)
    is_blank = {
        "viec": not content.text.strip(),
        "khu_vuc": not content.area.strip(),
        "loai": not content.hazard,
        "muc": content.level is None,
        "han": not has_expiry
        if content.kind == AnnouncementKind.EMERGENCY
        else content.effective_from is None,
    }
    shown = {name: BLANK if is_blank.get(name) else value for name, value in values.items()}
    layout = templates()[content.kind].layout

    def fill(text: str) -> str:
        return _PLACE.sub(lambda place: shown.get(place[1], place[0]), text)

    return Card(
        tone=layout["tone"],
        title=fill(layout["title"]),
        paragraphs=tuple(fill(paragraph) for paragraph in layout["paragraphs"]),
        buttons=tuple(button["label"] for button in layout["buttons"]),
    )


def _values(content: Content) -> dict[str, str]:
    whole = replace(content, effective_from=content.effective_from or clock.now())
    announcement = Announcement(
        kind=whole.kind,
        text=whole.text,
        area=whole.area,
        hazard=whole.hazard,
        level=whole.level,
        effective_from=whole.effective_from,
        expires_at=whole.expires_at,
    )
    facts = Facts(
        notification_id=0,
        kind=KIND[whole.kind],
        recipient_key="",
        reach=reach.NOBODY,
        announcement=announcement,
    )
    return render.template_data(facts, {})
