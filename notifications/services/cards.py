"""A message as the phone will show it, by the template that the operator submitted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from cases.models import Dossier
from common import clock
from notifications.announcement_rules import Content
from notifications.kinds import KIND, Fact
from notifications.models import Announcement
from notifications.services import reach, render
from notifications.services.dispatch import tellings_of
from notifications.services.facts import Facts, of_telling
from notifications.services.sources import Occurrence
from notifications.words import AnnouncementKind, Source
from notifications.zalo_templates import templates

BLANK = "…"
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Card:
    """A message card: `table` is rows of label and value, `buttons` are their words."""

    tone: str
    title: str
    paragraphs: tuple[str, ...]
    table: tuple[tuple[str, str], ...]
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
    return _filled(content.kind, shown)


def first_card_of(dossier: Dossier) -> Card | None:
    """What the citizen of the dossier is told first; None where nothing tells them anything."""
    occurrences = [
        Occurrence(
            Source.DOSSIER,
            event.pk,
            Fact(event.event, event.status_before, event.payload),
            dossier_id=dossier.pk,
            citizen_id=dossier.citizen_id,
        )
        for event in dossier.events.order_by("id")
    ]
    told = [t for t in tellings_of(occurrences) if t.addressee.citizen_id is not None]
    if not told:
        return None
    facts = of_telling(told[0])
    return _filled(facts.kind.template_name, render.template_data(facts, {}))


def _filled(template_name: str, values: Mapping[str, str]) -> Card:
    layout = templates()[template_name].layout

    def fill(text: str) -> str:
        return _PLACE.sub(lambda place: values.get(place[1], place[0]), text)

    return Card(
        tone=layout["tone"],
        title=fill(layout["title"]),
        paragraphs=tuple(fill(paragraph) for paragraph in layout["paragraphs"]),
        table=tuple((row["label"], fill(row["value"])) for row in layout.get("table", ())),
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
