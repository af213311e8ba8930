"""The official account, its templates, what is held back, and what Zalo reports."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import ChoiceFilter, ReadOnlyAdmin
from common.admin.actions import done
from common.errors import DomainError
from notifications.admin.whole_terms import WholeTermSearch
from notifications.labels import (
    EVENT_LABELS,
    event_label,
    held_label,
    kind_label,
    quality_label,
    renewal_label,
)
from notifications.models import ChannelHold, WebhookInbox, ZaloAccount, ZaloTemplate
from notifications.services import inbox, templates
from notifications.states import Why


@admin.register(ZaloTemplate)
class ZaloTemplateAdmin(ReadOnlyAdmin):
    """What Zalo said of each template; asked again by the button above the list."""

    change_list_template = "admin/notifications/zalotemplate/change_list.html"
    list_display = ["label", "name", "template_id", "status", "rating", "phone_only", "problem",
                    "synced_at"]  # fmt: skip
    fields = ["account", "label", "name", "template_id", "status", "rating", "parameters",
              "phone_only", "problem", "synced_at"]  # fmt: skip
    list_filter = ["status", "phone_only"]
    search_fields = ["name", "template_id"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.ask_view)
        return [path("ask/", view, name="notifications_zalotemplate_ask"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"may_ask": self.may_ask(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def may_ask(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.change_zalotemplate")

    def ask_view(self, request: HttpRequest) -> HttpResponse:
        """POST asks Zalo for the state of every template and says what it found."""
        if not self.may_ask(request):
            raise PermissionDenied
        back = HttpResponseRedirect(reverse("admin:notifications_zalotemplate_changelist"))
        if request.method != "POST":
            return back
        try:
            found = templates.sync(me="administration")
        except DomainError as error:
            messages.error(request, str(error))
            return back
        said = ngettext("%(n)d template is in order.", "%(n)d templates are in order.",
                        len(found.enabled))  # fmt: skip
        messages.success(request, said % {"n": len(found.enabled)})
        for name, problem in found.unusable.items():
            messages.warning(request, f"{kind_label(name)}: {problem}")
        for name in found.missing:
            messages.warning(request, f"{kind_label(name)}: {_g('no such template')}")
        return back

    @admin.display(description=_("kind"))
    def label(self, row: ZaloTemplate) -> str:
        return kind_label(row.name)

    @admin.display(description=_("quality"), ordering="quality")
    def rating(self, row: ZaloTemplate) -> str:
        return quality_label(row.quality)

    @admin.display(description=_("parameters"))
    def parameters(self, row: ZaloTemplate) -> str:
        """Names and the longest values that Zalo takes."""
        return ", ".join(
            f"{param['name']} (≤ {param['maxLength']})" if param.get("maxLength") else param["name"]
            for param in row.params
        )


@admin.register(ZaloAccount)
class ZaloAccountAdmin(ReadOnlyAdmin):
    """Health of the token pair; the pair itself is never shown."""

    list_display = ["oa_id", "status", "generation", "obtained_at", "expires_at", "outcome"]
    fields = ["oa_id", "status", "generation", "obtained_at", "expires_at", "outcome",
              "refresh_started_at", "refresh_tries", "next_refresh_at"]  # fmt: skip

    @admin.display(description=_("last result"), ordering="last_result")
    def outcome(self, row: ZaloAccount) -> str:
        return renewal_label(row.last_result)


class WhyFilter(ChoiceFilter):
    """By cause."""

    title = _("why")
    parameter_name = "why"
    field = "why"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Why.choices)


@admin.register(ChannelHold)
class ChannelHoldAdmin(ReadOnlyAdmin):
    list_display = ["what", "cause", "code", "detail", "since", "until", "openings"]
    fields = ["what", "cause", "code", "detail", "since", "until", "openings"]
    list_filter = [WhyFilter]
    search_fields = ["key", "detail"]

    @admin.display(description=_("what"), ordering="key")
    def what(self, row: ChannelHold) -> str:
        return held_label(row.key)

    @admin.display(description=_("why"), ordering="why")
    def cause(self, row: ChannelHold) -> str:
        return str(Why(row.why).label) if row.why in Why.values else row.why


class EventFilter(ChoiceFilter):
    """By event, of those that the program acts on."""

    title = _("event")
    parameter_name = "event_name"
    field = "event_name"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(EVENT_LABELS.items())


@admin.register(WebhookInbox)
class WebhookInboxAdmin(WholeTermSearch, ReadOnlyAdmin):
    """What came and what became of it; bodies hold personal data and are not shown."""

    actions = ["again"]
    list_display = ["what", "received_at", "verified", "state", "tries", "outcome"]
    list_filter = ["state", EventFilter, "verified", "received_at"]
    search_fields = ["msg_id", "tracking_id"]
    search_help_text = _("Whole message id at Zalo, or whole tracking id.")
    fields = ["what", "received_at", "verified", "state", "tries", "outcome",
              "processed_at", "next_try_at", "msg_id", "tracking_id"]  # fmt: skip

    def rows_named(self, term: str) -> Q:
        return Q(msg_id=term) | Q(tracking_id=term.upper())

    @admin.action(description=_("Work on the selected webhooks again"), permissions=["again"])
    def again(self, request: HttpRequest, queryset: QuerySet[WebhookInbox]) -> None:
        taken = inbox.work_again(queryset.values_list("pk", flat=True))
        said = ngettext(
            "%(n)d webhook is worked on again.", "%(n)d webhooks are worked on again.", len(taken)
        )
        rows = WebhookInbox.objects.filter(pk__in=taken)
        done(request, rows, said=said % {"n": len(taken)}, message=_g("Worked on again."))

    def has_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.change_webhookinbox")

    @admin.display(description=_("event"), ordering="event_name")
    def what(self, row: WebhookInbox) -> str:
        return event_label(row.event_name)
