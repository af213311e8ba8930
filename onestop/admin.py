"""What belongs to no single app: the history of the administration, and groups of rights."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common import clock
from common.admin import AccentFreeSearch, ChoiceFilter, LongList, ReadOnlyMixin

_ACTIONS = {
    ADDITION: pgettext_lazy("history", "added"),
    CHANGE: pgettext_lazy("history", "changed"),
    DELETION: pgettext_lazy("history", "deleted"),
}
_RIGHTS = {
    "view": pgettext_lazy("right", "look at"),
    "add": pgettext_lazy("right", "add"),
    "change": pgettext_lazy("right", "change"),
    "delete": pgettext_lazy("right", "delete"),
}


def _kind_of(content_type: ContentType | None) -> str:
    """What sort of thing it is, in the reader's language."""
    model = content_type.model_class() if content_type else None
    return capfirst(str(model._meta.verbose_name)) if model else "–"


class KindFilter(ChoiceFilter):
    """Of which sort the changed thing is."""

    title = _("kind of object")
    parameter_name = "kind"
    field = "content_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        kinds = ContentType.objects.get_for_models(*admin.site._registry).values()
        return sorted(((str(kind.pk), _kind_of(kind)) for kind in kinds), key=lambda row: row[1])


class ActionFilter(ChoiceFilter):
    """Whether something was added, changed or deleted."""

    title = _("action")
    parameter_name = "did"
    field = "action_flag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(flag), capfirst(words)) for flag, words in _ACTIONS.items()]


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyMixin, LongList, AccentFreeSearch):
    """Who changed what in the administration, and from which value to which."""

    list_display = ("at", "user", "action", "kind", "what", "message")
    list_display_links = None
    list_filter = (ActionFilter, KindFilter, "action_time")
    list_select_related = ("user", "content_type")
    search_fields = ("user__search_text", "user__username")
    search_help_text = _("Name or account of the person.")
    date_hierarchy = "action_time"
    ordering = ("-id",)
    fields = readonly_fields = list_display

    @admin.display(description=_("at"), ordering="action_time")
    def at(self, entry: LogEntry) -> Any:
        return localize(clock.local(clock.shifted(entry.action_time)))

    @admin.display(description=_("action"))
    def action(self, entry: LogEntry) -> Any:
        return _ACTIONS[entry.action_flag]

    @admin.display(description=_("kind of object"))
    def kind(self, entry: LogEntry) -> str:
        return _kind_of(entry.content_type)

    @admin.display(description=_("object"))
    def what(self, entry: LogEntry) -> str | SafeString:
        url = None if entry.is_deletion() else entry.get_admin_url()
        return (
            format_html('<a href="{}">{}</a>', url, entry.object_repr) if url else entry.object_repr
        )

    @admin.display(description=_("what was changed"))
    def message(self, entry: LogEntry) -> str:
        return entry.get_change_message()


class RightsField(forms.ModelMultipleChoiceField[Permission]):
    """Rights in words of the administration, not in those of the program."""

    def label_from_instance(self, obj: Permission) -> str:
        verb = _RIGHTS.get(obj.codename.partition("_")[0], obj.name)
        return f"{_kind_of(obj.content_type)}: {verb}"


admin.site.unregister(Group)


@admin.register(Group)
class GroupsAdmin(GroupAdmin):
    """For superusers; the rights of administrators follow from the role."""

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        if db_field.name == "permissions":
            kwargs["form_class"] = RightsField
        return super().formfield_for_manytomany(db_field, request, **kwargs)
