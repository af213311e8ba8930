"""What the official account answers: words to change, answers to look at."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from cases.admin.searching import FoundByDossier
from common import clock
from common.admin import ChoiceFilter, RefusalsAsMessages
from notifications.models import ChatAnswer, ChatReply
from notifications.models.chat import NAMES
from notifications.services.chat_answers import DEFAULTS, names_in, names_of, needed_by


class AnswerForm(forms.ModelForm[ChatAnswer]):
    """The words of one answer; its names in braces are those known when it is given."""

    class Meta:
        model = ChatAnswer
        fields = ("text",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "text" in self.fields:  # not where the answer is only looked at
            known = ", ".join(f"{{{name}}}" for name in sorted(names_of(self.instance.key)))
            self.fields["text"].help_text = _g(
                "Filled in when it is sent: %(names)s. No personal data: anybody may hold the "
                "phone (Law 91/2025)."
            ) % {"names": known}

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        used = names_in(text)
        if used is None:
            return text  # the row itself says what is wrong with its braces
        key = self.instance.key
        if unknown := sorted((used & NAMES) - names_of(key)):
            raise forms.ValidationError(
                _g("Not known when this answer is given: %(names)s.")
                % {"names": ", ".join(unknown)}
            )
        needed = needed_by(key)
        if needed and needed not in used:
            raise forms.ValidationError(
                _g("Without {%(name)s} this answer says nothing.") % {"name": needed}
            )
        return text


@admin.register(ChatAnswer)
class ChatAnswerAdmin(RefusalsAsMessages):
    """Words change here and are used for the next answer; keys belong to the program."""

    form = AnswerForm
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
    field = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(key.value, when) for key, (when, _text) in DEFAULTS.items()]


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
