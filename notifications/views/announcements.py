"""`/tin-dien-rong/`: the list of announcements, one of them, and how far it has come."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from common import clock
from common.numbers import grouped
from notifications.announcement_rules import STEP, Act
from notifications.models import Announcement, AnnouncementEvent
from notifications.selectors.announcements import (
    Desk,
    communes_of,
    content_of,
    desk_of,
    events_of,
    page_of,
)
from notifications.selectors.progress import Progress, progress_of, recent_progress_of
from notifications.services import audience
from notifications.services.announcements import fingerprint_of
from notifications.services.cards import card_of
from notifications.states import Reason
from notifications.views.announcement_pages import (
    Tag,
    announcement_for,
    desk_for,
    page,
    tag_of,
    url_of,
)
from notifications.words import AnnouncementFact, AnnouncementKind, AnnouncementStatus
from offices.kinds import Role
from offices.models import Officer
from offices.requests import OfficerRequest, officers_only

# Calls that the account may make in a minute, templates by user id included (zalo-contract 2).
_CALLS_PER_MINUTE = 4_000
# Receipts come in for a while after the last message has left.
_SETTLES_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    announcement: Announcement
    url: str
    tag: Tag
    progress: Progress | None


@dataclass(frozen=True)
class Button:
    """An act on the page; off with its reason."""

    label: str
    url: str
    variant: str
    reason: str = ""
    by_post: bool = False


@require_safe
@officers_only
def listing(request: OfficerRequest) -> HttpResponse:
    """All that the officer may see, newest first; `?status=` narrows."""
    desk = desk_for(request)
    status = request.GET.get("status", "")
    marks = {name: request.GET.get(name, "")[:30] for name in ("after", "before")}
    found = page_of(desk, status=status, **marks)
    released = [a.pk for a in found.rows if a.released_at is not None]
    progress = recent_progress_of(released)
    context = {
        "rows": [_row(a, progress) for a in found.rows],
        "tabs": _tabs(status),
        "desk": desk,
        "kinds": AnnouncementKind,
        "is_narrowed": status in AnnouncementStatus.values,
        "newer_url": _beside(status, "before", found.newer),
        "older_url": _beside(status, "after", found.older),
    }
    return page(request, "notifications/announcements.html", context)


def _row(announcement: Announcement, progress: dict[int, Progress]) -> Row:
    return Row(
        announcement,
        url_of("announcement", announcement),
        tag_of(announcement),
        progress.get(announcement.pk),
    )


def _tabs(current: str) -> list[dict[str, Any]]:
    every = [("", pgettext("announcements", "All"))]
    states = [(s.value, str(s.label)[:1].upper() + str(s.label)[1:]) for s in AnnouncementStatus]
    return [
        {"label": label, "url": f"?status={value}" if value else "?", "current": value == current}
        for value, label in every + states
    ]


def _beside(status: str, name: str, token: str) -> str:
    return f"?status={status}&{name}={token}" if token else ""


@require_safe
@officers_only
def show(request: OfficerRequest, token: str) -> HttpResponse:
    """One announcement: its frozen words, its people, what may be done, and its numbers."""
    desk = desk_for(request)
    announcement = announcement_for(desk, token)
    communes = communes_of(announcement)
    context = {
        "announcement": announcement,
        "tag": tag_of(announcement),
        "card": card_of(content_of(announcement)),
        "communes": communes,
        "fingerprint": fingerprint_of(announcement),
        "buttons": buttons_of(announcement, desk),
        "history": _history(events_of(announcement)),
        "public_url": request.build_absolute_uri(reverse("news", args=[announcement.token])),
    }
    if announcement.released_at is None:
        context |= _audience(announcement, [commune.pk for commune in communes])
    else:
        context |= _numbers(announcement, progress_of([announcement.pk]))
    return page(request, "notifications/announcement.html", context)


@require_safe
@officers_only
def numbers(request: OfficerRequest, token: str) -> HttpResponse:
    """The numbers alone, for the page that asks every two seconds; else the whole page."""
    announcement = announcement_for(desk_for(request), token)
    if "HX-Request" not in request.headers or announcement.released_at is None:
        return redirect("announcement", announcement.token)
    context = _numbers(announcement, recent_progress_of([announcement.pk]))
    return render(request, "notifications/_numbers.html", context)


def _numbers(announcement: Announcement, counted: dict[int, Progress]) -> dict[str, Any]:
    progress = counted[announcement.pk]
    reasons = [
        {"label": Reason(reason).label, "number": number}
        for reason, number in progress.failed_by_reason.items()
    ]
    return {
        "announcement": announcement,
        "progress": progress,
        "reasons": reasons,
        "at": clock.now(),
        "is_moving": _is_moving(announcement, progress),
        "share": f"{grouped(progress.sent)} / {grouped(progress.planned)}",
    }


def _is_moving(announcement: Announcement, progress: Progress) -> bool:
    """True while the numbers may still change soon."""
    is_released = announcement.status == AnnouncementStatus.RELEASED
    is_new = announcement.released_at is not None and _is_recent(announcement.released_at)
    return (is_released and progress.waiting > 0) or is_new


def _is_recent(at: datetime) -> bool:
    return clock.now() - at < _SETTLES_WITHIN


def _audience(announcement: Announcement, commune_ids: Sequence[int]) -> dict[str, Any]:
    size = audience.size(kind=AnnouncementKind(announcement.kind), communes=commune_ids)
    minutes = max(1, math.ceil(size.people / _CALLS_PER_MINUTE))
    return {"audience": size, "minutes": minutes}


# ---- what may be done ----------------------------------------------------------------------------


def buttons_of(announcement: Announcement, desk: Desk) -> list[Button]:
    """The acts that the state allows and the officer's roles know, the next one first.

    Releasing is always shown where it is next, to say who does it.
    """
    acts = [
        act
        for act in (Act.RELEASE, Act.SUBMIT, Act.CHANGE, Act.SEND_BACK, Act.CANCEL)
        if announcement.status in STEP[act].sources
        and (act is Act.RELEASE or desk.roles & STEP[act].roles)
    ]
    return [_button(act, announcement, desk) for act in acts]


def _button(act: Act, announcement: Announcement, desk: Desk) -> Button:
    is_own = announcement.author_id == desk.officer.pk
    only_author = "" if is_own else _("Only its author changes a draft.")
    not_releaser = _("Who wrote an announcement cannot release it.") if is_own else ""
    if not desk.releases:
        not_releaser = _("Another officer releases it: one with the role %(role)s.") % {
            "role": Role.RELEASER.label
        }
    labels = {
        Act.RELEASE: (pgettext("action", "Release and send"), "primary", not_releaser),
        Act.SUBMIT: (pgettext("action", "Submit for release"), "primary", only_author),
        Act.CHANGE: (pgettext("action", "Change the draft"), "secondary", only_author),
        Act.SEND_BACK: (pgettext("action", "Send back to the author"), "secondary", ""),
        Act.CANCEL: (pgettext("action", "Stop the announcement"), "danger", ""),
    }
    label, variant, reason = labels[act]
    url = url_of(f"announcement-{act.value.replace('_', '-')}", announcement)
    return Button(label, url, variant, reason, by_post=act is Act.SUBMIT)


def _history(events: Sequence[AnnouncementEvent]) -> list[dict[str, Any]]:
    """For components/timeline.html."""
    return [
        {
            "at": event.at,
            "title": AnnouncementFact(event.event).label,
            "text": ". ".join(filter(None, [_who(event), str(event.payload.get("reason", ""))])),
            "state": "past",
        }
        for event in events
    ]


def _who(event: AnnouncementEvent) -> str:
    return event.actor.full_name if event.actor else _("The system")


def workspace_links(request: HttpRequest) -> list[tuple[str, str]]:
    """WORKSPACE_LINKS: announcements, for those who write or release them."""
    if not isinstance(request.user, Officer) or not desk_of(request.user).roles:
        return []
    return [(_("Announcements"), reverse("announcements"))]
