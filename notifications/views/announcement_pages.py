"""What the pages of announcements share: who may come in, the frame, words for states."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.selectors.queues import counts, viewer_of
from cases.views.navigation import side_nav
from common import clock
from common.errors import NotFoundError
from notifications.models import Announcement
from notifications.selectors.announcements import Desk, desk_of, visible_to
from notifications.services.announcements import role_missing
from notifications.words import AnnouncementStatus
from offices.kinds import Role
from offices.requests import OfficerRequest

_TONES = {
    AnnouncementStatus.DRAFT: ("mute", "doc"),
    AnnouncementStatus.SUBMITTED: ("warn", "clock"),
    AnnouncementStatus.RELEASED: ("good", "check"),
    AnnouncementStatus.CANCELLED: ("mute", "stop"),
}


@dataclass(frozen=True)
class Tag:
    """A state in words, with tone and icon."""

    words: str
    tone: str
    icon: str


def tag_of(announcement: Announcement) -> Tag:
    """The state as people read it; what was released and is over says so."""
    is_released = announcement.status == AnnouncementStatus.RELEASED
    if is_released and announcement.expires_at <= clock.now():
        return Tag(_("Over"), "mute", "clock")
    tone, icon = _TONES[AnnouncementStatus(announcement.status)]
    words = str(announcement.get_status_display())
    return Tag(words[:1].upper() + words[1:], tone, icon)


def desk_for(request: OfficerRequest, *roles: Role) -> Desk:
    """The officer's desk. Raises RoleMissingError unless one of the roles (or any) is there."""
    desk = desk_of(request.user)
    if not desk.roles & set(roles or (Role.ANNOUNCER, Role.RELEASER)):
        raise role_missing(*(roles or (Role.ANNOUNCER, Role.RELEASER)))
    return desk


def announcement_for(desk: Desk, token: str) -> Announcement:
    """The announcement if this desk sees it. Raises NotFoundError."""
    announcement = visible_to(desk).filter(token=token).first()
    if announcement is None:
        raise NotFoundError(_("This page or dossier was not found."))
    return announcement


def page(
    request: OfficerRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The template in the officers' frame with the queues at the side."""
    viewer = viewer_of(request.user)
    groups = side_nav(request, viewer, counts(viewer, clock.now()))
    here = reverse("announcements")
    for item in (item for group in groups for item in group["items"]):
        item["current"] = item["url"] == here and request.path.startswith(here)
    return render(request, template, {"side_nav": groups} | context, status=status)


def url_of(name: str, announcement: Announcement) -> str:
    """The address of a page about the announcement."""
    return reverse(name, args=[announcement.token])
