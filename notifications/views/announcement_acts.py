"""Acts on an announcement: public ones are asked about first on a page of their own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError
from notifications.forms import SendBackForm
from notifications.models import Announcement
from notifications.selectors.announcements import communes_of
from notifications.services import announcements, audience
from notifications.views.announcement_pages import announcement_for, desk_for, page, url_of
from notifications.words import AnnouncementKind
from offices.kinds import Role
from offices.requests import OfficerRequest, officers_only

_TEMPLATE = "notifications/announcement_confirm.html"


@require_POST
@officers_only
def submit(request: OfficerRequest, token: str) -> HttpResponse:
    """The draft waits for another officer from now on."""
    desk = desk_for(request, Role.ANNOUNCER)
    try:
        announcements.submit(token=token, officer=desk.officer, version=_version(request))
        messages.success(request, _("Submitted: another officer releases it."))
    except DomainError as error:
        _tell(request, error)
    return redirect("announcement", token)


@require_http_methods(["GET", "HEAD", "POST"])
@officers_only
def release(request: OfficerRequest, token: str) -> HttpResponse:
    """GET asks with the frozen words and how many people; POST releases exactly these."""
    desk = desk_for(request, Role.RELEASER)
    announcement = announcement_for(desk, token)
    if request.method != "POST":
        return page(request, _TEMPLATE, _release_question(announcement))
    try:
        announcements.release(
            token=token, officer=desk.officer, fingerprint=request.POST.get("fingerprint", "")
        )
        messages.success(request, _("Released. The messages are leaving now."))
    except DomainError as error:
        _tell(request, error)
    return redirect("announcement", token)


def _release_question(announcement: Announcement) -> dict[str, object]:
    kind = AnnouncementKind(announcement.kind)
    people = audience.size(
        kind=kind, communes=[commune.pk for commune in communes_of(announcement)]
    ).people
    told = ngettext("%(n)s person is told.", "%(n)s people are told.", people) % {"n": people}
    how = (
        _("The warning leaves at once, at night too, ahead of everything else.")
        if kind == AnnouncementKind.EMERGENCY
        else _("The news leaves by day, after personal messages.")
    )
    fingerprint = announcements.fingerprint_of(announcement)
    return {
        "title": _("Release this announcement?"),
        "object": str(announcement),
        "quote": announcement.text,
        "effects": [told, how, _("What has left cannot be recalled.")],
        "hidden": [{"name": "fingerprint", "value": fingerprint}],
        "submit": pgettext("action", "Release and send"),
        "cancel_url": url_of("announcement", announcement),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@officers_only
def send_back(request: OfficerRequest, token: str) -> HttpResponse:
    """GET asks what should be changed; POST makes it a draft again."""
    desk = desk_for(request)
    announcement = announcement_for(desk, token)
    form = SendBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            announcements.send_back(
                token=token, officer=desk.officer, reason=form.cleaned_data["reason"]
            )
            messages.success(request, _("Sent back to the author."))
            return redirect("announcement", token)
        except DomainError as error:
            if "reason" not in error.fields:
                _tell(request, error)
                return redirect("announcement", token)
            form.add_error("reason", error.message)
    context = {
        "title": _("Send this announcement back?"),
        "object": str(announcement),
        "quote": announcement.text,
        "effects": [_("It becomes a draft again. Nobody is told anything.")],
        "form": form,
        "submit": pgettext("action", "Send back to the author"),
        "cancel_url": url_of("announcement", announcement),
    }
    return page(request, _TEMPLATE, context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@officers_only
def cancel(request: OfficerRequest, token: str) -> HttpResponse:
    """GET says what stopping can still do; POST stops."""
    desk = desk_for(request)
    announcement = announcement_for(desk, token)
    if request.method != "POST":
        return page(request, _TEMPLATE, _stop_question(announcement))
    try:
        announcements.cancel(token=token, officer=desk.officer)
        messages.success(request, _("Stopped. What had not left is called off."))
    except DomainError as error:
        _tell(request, error)
    return redirect("announcement", token)


def _stop_question(announcement: Announcement) -> dict[str, object]:
    effects = (
        [
            _("Messages that have not left are called off."),
            _("Messages that have left cannot be recalled; their page says that it was stopped."),
        ]
        if announcement.released_at
        else [_("It can no longer be changed or released.")]
    )
    return {
        "title": _("Stop this announcement?"),
        "object": str(announcement),
        "quote": announcement.text,
        "effects": effects,
        "submit": pgettext("action", "Stop the announcement"),
        "danger": True,
        "cancel_url": url_of("announcement", announcement),
    }


def _version(request: OfficerRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _tell(request: OfficerRequest, error: DomainError) -> None:
    """A refusal on the next page, with every reason; a missing right is a page of its own."""
    if error.status in (403, 404):
        raise error
    texts = [text for group in error.fields.values() for text in group]
    messages.error(request, " ".join([error.message, *texts]))
