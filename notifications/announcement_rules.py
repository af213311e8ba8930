"""What an announcement may say and what may happen to it. Plain rules, no ORM."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.utils.translation import gettext as _

from common.text import abbreviations, nfc
from notifications.words import (
    AnnouncementFact,
    AnnouncementKind,
    AnnouncementStatus,
    Hazard,
    Level,
)
from notifications.zalo_templates import templates
from offices.kinds import Role

LONGEST_RUN = {
    AnnouncementKind.EMERGENCY: timedelta(days=7),
    AnnouncementKind.POLICY_NEWS: timedelta(days=30),
}
_FARTHEST_START = timedelta(days=5 * 366)
_SHORTEST_TEXT, _SHORTEST_AREA = 10, 3
_LINK = re.compile(
    r"https?://|www\.|\b[\w-]+\.(?:vn|com|net|org|gov|info|xyz|top|me|io)\b|[a-z]\.[a-z]{2,}/",
    re.IGNORECASE,
)
# Sums ("1.500.000") and dates ("05.12.2026") are no phone numbers.
_PHONE = re.compile(
    r"(?<![\d.])(?:(?:\+?84|0)(?:[\s.\-]?\d){8,10}|1[89]00(?:[\s.\-]?\d){4,6})(?!\d)"
)


class Act(Enum):
    """What an officer does with an announcement."""

    CHANGE = "change"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    RELEASE = "release"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Step:
    """One row: from any of `sources` by `act` of an officer with one of `roles` to `target`."""

    act: Act
    sources: frozenset[AnnouncementStatus]
    target: AnnouncementStatus
    roles: frozenset[Role]
    fact: AnnouncementFact | None


_S = AnnouncementStatus
_WRITERS, _RELEASERS = frozenset({Role.ANNOUNCER}), frozenset({Role.RELEASER})
STEPS: tuple[Step, ...] = (
    Step(Act.CHANGE, frozenset({_S.DRAFT}), _S.DRAFT, _WRITERS, None),
    Step(Act.SUBMIT, frozenset({_S.DRAFT}), _S.SUBMITTED, _WRITERS, AnnouncementFact.SUBMITTED),
    Step(
        Act.SEND_BACK, frozenset({_S.SUBMITTED}), _S.DRAFT, _WRITERS | _RELEASERS,
        AnnouncementFact.SENT_BACK,
    ),
    Step(
        Act.RELEASE, frozenset({_S.SUBMITTED}), _S.RELEASED, _RELEASERS, AnnouncementFact.RELEASED
    ),
    Step(
        Act.CANCEL, frozenset({_S.DRAFT, _S.SUBMITTED, _S.RELEASED}), _S.CANCELLED,
        _WRITERS | _RELEASERS, AnnouncementFact.CANCELLED,
    ),
)  # fmt: skip
STEP: dict[Act, Step] = {step.act: step for step in STEPS}


@dataclass(frozen=True)
class Content:
    """What is told to whom; instants are aware. `communes` are codes."""

    kind: str
    text: str
    area: str
    expires_at: datetime
    communes: Sequence[str]
    hazard: str = ""
    level: int | None = None
    effective_from: datetime | None = None


def longest(kind: str, param: str) -> int:
    """How many characters the template of the kind takes for a parameter."""
    return next(p.max_length for p in templates()[kind].params if p.name == param)


def problems(content: Content, now: datetime) -> dict[str, list[str]]:
    """What stands against the content, by field; empty when it may be told."""
    found = {
        "text": _wrong_text(content),
        "area": _wrong_area(content),
        "expires_at": _wrong_expiry(content, now),
        "communes": [] if content.communes else [_("Choose at least one commune.")],
    }
    if content.kind == AnnouncementKind.EMERGENCY:
        found["hazard"] = [] if content.hazard in Hazard.values else [_("Choose the hazard.")]
        found["level"] = [] if content.level in Level.values else [_("Choose the level.")]
    else:
        found["effective_from"] = _wrong_start(content.effective_from, now)
    return {name: texts for name, texts in found.items() if texts}


def fingerprint(content: Content) -> str:
    """SHA-256 of all that a release binds: words, template, area, communes, expiry."""
    kind = content.kind
    bound = {
        "kind": kind,
        "text": nfc(content.text),
        "area": nfc(content.area),
        "hazard": content.hazard,
        "level": content.level,
        "effective_from": content.effective_from and content.effective_from.timestamp(),
        "expires_at": content.expires_at.timestamp(),
        "communes": sorted(content.communes),
        "template": templates()[kind].layout,
        "audience": AUDIENCE[AnnouncementKind(kind)].value,
    }
    canonical = json.dumps(bound, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


class Audience(Enum):
    """Who of the communes' people is told."""

    CONSENTED = "who asked for news"
    NOT_REFUSED = "everybody who has not refused warnings"


AUDIENCE = {
    AnnouncementKind.POLICY_NEWS: Audience.CONSENTED,
    AnnouncementKind.EMERGENCY: Audience.NOT_REFUSED,
}


def _wrong_text(content: Content) -> list[str]:
    text, most = nfc(content.text), longest(content.kind, "viec")
    if len(text) < _SHORTEST_TEXT:
        return [_("Write what people should know or do, in a sentence.")]
    wrong = [_too_long(text, most)] if len(text) > most else []
    plain = unicodedata.normalize("NFKC", text)  # wide digits and letters are such too
    if _LINK.search(plain):
        wrong.append(_("No address of a website: the message has a button."))
    if _PHONE.search(plain):
        wrong.append(_("No phone number in the text: the message has a button."))
    return wrong + _shortened(text)


def _wrong_area(content: Content) -> list[str]:
    area, most = nfc(content.area), longest(content.kind, "khu_vuc")
    if len(area) < _SHORTEST_AREA:
        return [_("Name the area in words.")]
    return ([_too_long(area, most)] if len(area) > most else []) + _shortened(area)


def _too_long(text: str, most: int) -> str:
    words = _("At most %(most)s characters; these are %(n)s too many.")
    return words % {"most": most, "n": len(text) - most}


def _shortened(text: str) -> list[str]:
    short = abbreviations(text)
    if not short:
        return []
    return [_("Write “%(word)s” out in full.") % {"word": short[0]}]


def _wrong_start(start: datetime | None, now: datetime) -> list[str]:
    if start is None:
        return [_("Enter the day from which it applies.")]
    # A year typed wrong: the database would keep it, but Python could not read it any more.
    return [] if abs(start - now) < _FARTHEST_START else [_("Look at the year again.")]


def _wrong_expiry(content: Content, now: datetime) -> list[str]:
    if content.expires_at <= now:
        return [_("The end must lie ahead.")]
    longest_run = LONGEST_RUN[AnnouncementKind(content.kind)]
    if content.expires_at > now + longest_run:
        return [_("At most %(n)s days ahead.") % {"n": longest_run.days}]
    return []
