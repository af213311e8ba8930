"""Writing an announcement: the form of one kind, with the phone's card beside it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from notifications.announcement_rules import longest
from notifications.forms import AnnouncementForm, initial_of
from notifications.models import Announcement
from notifications.selectors.announcements import Desk
from notifications.services import announcements, audience
from notifications.services.cards import card_of
from notifications.views.announcement_pages import announcement_for, desk_for, page
from notifications.words import AnnouncementKind, AnnouncementStatus
from offices.kinds import Role
from offices.models import Commune
from offices.requests import OfficerRequest, officers_only


@require_http_methods(["GET", "HEAD", "POST"])
@officers_only
def new(request: OfficerRequest, kind: str) -> HttpResponse:
    """An empty form of the kind; POST keeps a draft (`do` = save), submits it, or previews."""
    desk = desk_for(request, Role.ANNOUNCER)
    if kind not in AnnouncementKind.values:
        raise Http404
    return _form(request, desk, AnnouncementKind(kind), None)


@require_http_methods(["GET", "HEAD", "POST"])
@officers_only
def edit(request: OfficerRequest, token: str) -> HttpResponse:
    """The author's draft in its form."""
    desk = desk_for(request, Role.ANNOUNCER)
    announcement = announcement_for(desk, token)
    is_own_draft = (
        announcement.status == AnnouncementStatus.DRAFT
        and announcement.author_id == desk.officer.pk
    )
    if not is_own_draft and request.method != "POST":
        return redirect("announcement", token)
    return _form(request, desk, AnnouncementKind(announcement.kind), announcement)


def _form(
    request: OfficerRequest, desk: Desk, kind: AnnouncementKind, draft: Announcement | None
) -> HttpResponse:
    communes = list(desk.communes(Role.ANNOUNCER).order_by("sort_key"))
    if request.method != "POST":
        initial = initial_of(draft) if draft else {}
        form = AnnouncementForm(initial=initial, kind=kind, communes=communes)
        typed = AnnouncementForm(_as_typed(form), kind=kind, communes=communes)
        return _page(request, form, typed, draft)
    form = AnnouncementForm(request.POST, kind=kind, communes=communes)
    if request.POST.get("do") == "preview":
        return _preview(request, form, draft, communes)
    try:
        if form.is_valid():
            return _kept(request, desk, form, draft)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        _show(error, form)
    return _page(request, form, form, draft, status=400)


def _kept(
    request: OfficerRequest, desk: Desk, form: AnnouncementForm, draft: Announcement | None
) -> HttpResponse:
    content, officer = form.content(), desk.officer
    submits = request.POST.get("do") == "submit"
    if draft is None:
        kept = announcements.write(content=content, officer=officer, submits=submits)
    else:
        kept = announcements.change(
            token=draft.token,
            content=content,
            officer=officer,
            version=form.cleaned_data.get("version") or 0,
            submits=submits,
        )
    said = _("Submitted: another officer releases it.") if submits else _("Draft kept.")
    messages.success(request, said)
    return redirect("announcement", kept.token)


def _preview(
    request: OfficerRequest,
    form: AnnouncementForm,
    draft: Announcement | None,
    communes: list[Commune],
) -> HttpResponse:
    """The card for what was typed so far, without complaints."""
    form.is_valid()
    if "HX-Request" in request.headers:
        return render(request, "notifications/_preview.html", _previewed(form))
    calm = AnnouncementForm(initial=_raw(form), kind=form.kind, communes=communes)
    return _page(request, calm, form, draft)


def _page(
    request: OfficerRequest,
    form: AnnouncementForm,
    typed: AnnouncementForm,
    draft: Announcement | None,
    *,
    status: int = 200,
) -> HttpResponse:
    typed.is_valid()
    context = {
        "form": form,
        "kind_label": form.kind.label,
        "is_emergency": form.kind == AnnouncementKind.EMERGENCY,
        "draft": draft,
        "communes": [
            {"commune": c, "is_chosen": c.code in form.chosen, "number": n}
            for n, c in enumerate(form.offered)
        ],
    }
    return page(
        request, "notifications/announcement_form.html", context | _previewed(typed), status=status
    )


def _previewed(form: AnnouncementForm) -> dict[str, Any]:
    """For notifications/_preview.html; the form must have been validated."""
    content = form.content()
    chosen = [c.pk for c in form.offered if c.code in form.chosen]
    counters = [
        {"label": form.fields[name].label, "n": len(getattr(content, name).strip()),
         "most": longest(content.kind, param)}
        for name, param in (("text", "viec"), ("area", "khu_vuc"))
    ]  # fmt: skip
    return {
        "card": card_of(content, has_expiry=form.has_expiry),
        "counters": counters,
        "chosen": len(chosen),
        "audience": audience.size(kind=form.kind, communes=chosen) if chosen else None,
    }


def _raw(form: AnnouncementForm) -> dict[str, Any]:
    return {name: form[name].value() for name in form.fields}


def _as_typed(form: AnnouncementForm) -> dict[str, Any]:
    """The initial values as a browser would post them."""
    typed: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if name == "communes":
            typed[name] = list(value or [])
        elif value is not None:
            typed[name] = form.fields[name].widget.format_value(value) or ""
    return typed


def _show(error: DomainError, form: AnnouncementForm) -> None:
    """The refusal at its fields, else above the form."""
    known = {name: texts for name, texts in error.fields.items() if name in form.fields}
    for name, texts in known.items():
        for text in texts:
            form.add_error(name, text)
    if not known:
        form.add_error(None, error.message)
