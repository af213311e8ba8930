"""`/tin/<token>`: what the button of a message opens; for everybody, without signing in."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common import clock
from notifications.models import Announcement
from notifications.selectors.announcements import communes_of, content_of, offices_of
from notifications.services.cards import card_of
from notifications.services.render import LEVELS
from notifications.views.announcement_pages import Tag
from notifications.words import AnnouncementKind, AnnouncementStatus, Level


@dataclass(frozen=True)
class Look:
    """How the state of an announcement is shown: tone of the panel, tag, sentence, what to do."""

    tone: str
    tag: Tag
    say: str
    advice: str


@require_safe
def news(request: HttpRequest, token: str) -> HttpResponse:
    """The announcement: what, where, until when, what to do, whom to call."""
    announcement = _released(token)
    is_emergency = announcement.kind == AnnouncementKind.EMERGENCY
    look = _look(announcement)
    context = {
        "announcement": announcement,
        "heading": card_of(content_of(announcement)).title,
        "look": look,
        "is_emergency": is_emergency,
        "is_current": look.tone != "info" or not is_emergency,
        "communes": communes_of(announcement),
        "offices": offices_of(announcement) if is_emergency else [],
    }
    return render(request, "notifications/news.html", context)


def _look(announcement: Announcement) -> Look:
    if announcement.status == AnnouncementStatus.CANCELLED:
        tag = Tag(_("Stopped"), "solid-info", "stop")
        return Look("info", tag, _("This is no longer valid: it was stopped."), announcement.text)
    if announcement.kind == AnnouncementKind.POLICY_NEWS:
        return Look("info", Tag(_("Policy news"), "solid-info", "info"), announcement.text, "")
    if announcement.expires_at <= clock.now():
        tag = Tag(_("Over"), "solid-info", "clock")
        return Look("info", tag, _("The warning is over."), announcement.text)
    level = LEVELS[announcement.level or Level.WATCH]
    return Look("bad", Tag(level, "solid-bad", "alert"), announcement.text, "")


@require_safe
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """How to stop policy news: here nobody is known, so in the chat, at the counter, by phone."""
    announcement = _released(token)
    if announcement.kind != AnnouncementKind.POLICY_NEWS:
        raise Http404
    return render(request, "notifications/news_stop.html", {"announcement": announcement})


def _released(token: str) -> Announcement:
    """What was released once; a draft is not there for anybody."""
    announcement = Announcement.objects.filter(token=token, released_at__isnull=False).first()
    if announcement is None:
        raise Http404
    return announcement
