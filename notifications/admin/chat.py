"""What the official account answers: words to change, answers to look at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cases.admin.searching import FoundByDossier
from common import clock
from common.admin import ChoiceFilter, RefusalsAsMessages
from notifications.models import ChatAnswer, ChatReply
from notifications.services.chat_answers import DEFAULTS


@admin.register(ChatAnswer)
class ChatAnswerAdmin(RefusalsAsMessages):
    """Words change here and are used for the next answer; keys belong to the program."""

    list_display = ["when", "text", "updated_at"]
    list_filter = ["updated_at"]
    search_fields = ["when", "text"]
    fields = ["when", "key", "text", "updated_at"]
    readonly_fields = ["when", "key", "updated_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ChatAnswer | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ChatAnswer, form: Any, change: bool) -> None:
        obj.updated_at = clock.now()
        super().save_model(request, obj, form, change)


def _when(key: str) -> str:
    """When an answer is given, in the words of its entry; the key where there is none."""
    return next((when for known, (when, _text) in DEFAULTS.items() if known == key), key)


class AnswerFilter(ChoiceFilter):
    """By the answer that was given."""

    title = _("answer")
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(key.value, when) for key, (when, _text) in DEFAULTS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        return queryset.filter(event=chosen) if chosen else queryset


@admin.register(ChatReply)
class ChatReplyAdmin(FoundByDossier):
    """Whom it answers is nobody's business here: the account is not shown."""

    list_display = ["when", "at", "dossier", "dispatched_at"]
    list_filter = [AnswerFilter, "at"]
    list_select_related = ["dossier"]
    ordering = ["-id"]
    fields = ["when", "at", "dossier", "dispatched_at"]

    @admin.display(description=_("answer"), ordering="event")
    def when(self, row: ChatReply) -> str:
        return _when(row.event)
