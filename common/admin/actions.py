"""Actions on many rows of a list: asked for first where they cannot be undone, said afterwards."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

_CONFIRMED = "confirmed"
_SHOWN = 100


def ask_first(
    page: admin.ModelAdmin[Any],
    request: HttpRequest,
    rows: QuerySet[Any],
    *,
    title: str,
    text: str,
    button: str,
) -> TemplateResponse | None:
    """The page that says what will happen to which rows; None once that was agreed to."""
    if request.POST.get(_CONFIRMED):
        return None
    chosen: list[Model] = list(rows[: _SHOWN + 1])
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": title,
        "text": text,
        "button": button,
        "rows": chosen[:_SHOWN],
        "has_more": len(chosen) > _SHOWN,
        "action": request.POST.get("action", ""),
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "select_across": request.POST.get("select_across", "0"),
        "checkbox": ACTION_CHECKBOX_NAME,
        "confirmed": _CONFIRMED,
    }
    return TemplateResponse(request, "admin/confirm_action.html", context)


def done(request: HttpRequest, rows: Iterable[Model], *, said: str, message: str) -> None:
    """Says the outcome to who did it, and writes `message` in the history of each row."""
    changed = list(rows)
    if changed and request.user.pk is not None:
        LogEntry.objects.log_actions(request.user.pk, changed, CHANGE, change_message=message)
    (messages.success if changed else messages.info)(request, said)
