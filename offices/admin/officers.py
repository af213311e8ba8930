"""Officers with their roles, passwords and API tokens."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UsernameField
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from common.admin import (
    AccentFreeSearch,
    CarefulForms,
    ChoiceFilter,
    ReadOnlyInline,
    RefusalsAsMessages,
    presence,
)
from common.admin.actions import ask_first, done
from offices.admin.forms import OfficerForm, RoleForm, RoleFormSet
from offices.kinds import Role
from offices.models import ApiToken, Office, Officer, RoleAssignment
from offices.services.officers import (
    close_accounts,
    end_roles,
    open_accounts,
    require_administrator,
    revoke_tokens,
)
from offices.services.roles import sync_administration
from offices.services.tokens import create_api_token


def _officer(request: HttpRequest) -> Officer:
    assert isinstance(request.user, Officer)
    return request.user


class NewOfficerForm(AdminUserCreationForm[Officer]):
    """User name, name and first password of an officer."""

    class Meta:
        model = Officer
        fields = ("username", "full_name", "title", "office", "phone")
        field_classes = {"username": UsernameField}


class Roles(CarefulForms, admin.TabularInline[RoleAssignment, Officer]):
    model = RoleAssignment
    form = RoleForm
    formset = RoleFormSet
    extra = 0
    autocomplete_fields = ("office",)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.by = request.user  # the class is made for this request alone
        return formset

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoleAssignment]:
        rows: QuerySet[RoleAssignment] = super().get_queryset(request)
        return rows.select_related("office")


class RoleFilter(ChoiceFilter):
    """Officers by a role they have, without any, or with one in a closed office."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*Role.choices, ("none", _("no role")), ("closed", _("in a closed office"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Officer]) -> QuerySet[Officer]:
        chosen = self.value()
        if chosen == "none":
            return queryset.filter(role_assignments=None)
        if chosen is None:
            return queryset
        is_closed = chosen == "closed"
        of = Q(office__in=Office.objects.closed()) if is_closed else Q(role=chosen)
        having = RoleAssignment.objects.filter(of, officer=OuterRef("pk"))
        return queryset.filter(Exists(having))


class Tokens(ReadOnlyInline):
    """Tokens that exist; the secret itself was shown once and is nowhere."""

    model = ApiToken
    fields = ("label", "created_at", "revoked_at")
    readonly_fields = fields


class ApiTokenForm(forms.Form):
    """What the new token is for."""

    label = forms.CharField(label=_("label"), max_length=60)


@admin.register(Officer)
class OfficerAdmin(RefusalsAsMessages, AccentFreeSearch, UserAdmin[Officer]):
    """Accounts are closed by “active”, never deleted: their names stand in histories."""

    list_display = ("full_name", "username", "title", "office", "roles", "is_active")
    list_display_links = ("full_name", "username")
    list_filter = ("is_active", RoleFilter, "last_login")
    list_select_related = ("office",)
    search_fields = ("search_text", "username", "office__search_text")
    ordering = ("username",)
    list_per_page = 50
    show_full_result_count = False
    autocomplete_fields = ("office",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    inlines = (Roles, Tokens)
    form = OfficerForm
    add_form = NewOfficerForm
    actions = ("close", "open", "end_roles")
    add_form_template = None
    change_form_template = "admin/offices/officer/change_form.html"
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        (None, {"fields": ("full_name", "title", "office", "phone")}),
        (None, {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        (None, {"fields": ("full_name", "title", "office", "phone")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Officer]:
        rows: QuerySet[Officer] = super().get_queryset(request)
        return rows.prefetch_related("role_assignments__office")

    @admin.display(description=_("roles"))
    def roles(self, officer: Officer) -> str:
        """Each role once; its office where it is not the officer's own."""
        return "; ".join(
            str(given.get_role_display() if given.office_id == officer.office_id else given)
            for given in officer.role_assignments.all()
        )

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # A new password for a superuser's account would be a way to superuser rights.
        if isinstance(obj, Officer) and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        sync_administration(form.instance)
        if change:
            require_administrator()

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user  # the class is made for this request alone
        return form

    @admin.action(description=_("Close the selected accounts"), permissions=["change"])
    def close(self, request: HttpRequest, queryset: QuerySet[Officer]) -> HttpResponse | None:
        page = ask_first(
            self, request, queryset,
            title=_g("Close the selected accounts"),
            text=_g(
                "Nobody logs in with these accounts any more, and their API tokens end for good."
                " The dossiers in their hands are taken over by colleagues."
            ),
            button=pgettext("action", "Close the accounts"),
        )  # fmt: skip
        if page is not None:
            return page
        closed = close_accounts(officers=queryset, by=_officer(request))
        said = ngettext("%(n)d account was closed.", "%(n)d accounts were closed.", len(closed))
        done(request, closed, said=said % {"n": len(closed)}, message=_g("Account closed."))
        return None

    @admin.action(description=_("Open the selected accounts"), permissions=["change"])
    def open(self, request: HttpRequest, queryset: QuerySet[Officer]) -> None:
        opened = open_accounts(officers=queryset, by=_officer(request))
        said = ngettext("%(n)d account was opened.", "%(n)d accounts were opened.", len(opened))
        done(request, opened, said=said % {"n": len(opened)}, message=_g("Account opened."))

    @admin.action(description=_("End all roles of the selected officers"), permissions=["change"])
    def end_roles(self, request: HttpRequest, queryset: QuerySet[Officer]) -> HttpResponse | None:
        if not request.user.has_perm("offices.delete_roleassignment"):
            raise PermissionDenied
        page = ask_first(
            self, request, queryset,
            title=_g("End all roles of the selected officers"),
            text=_g(
                "These officers keep their accounts and can do nothing until they get a role again."
                " What they had is written in the history of each."
            ),
            button=pgettext("action", "End the roles"),
        )  # fmt: skip
        if page is not None:
            return page
        taken = end_roles(officers=queryset, by=_officer(request))
        for officer, roles in taken.items():
            text = _g("Roles ended: %(roles)s.") % {"roles": "; ".join(roles)}
            self.log_change(request, officer, text)
        said = ngettext(
            "The roles of %(n)d officer were ended.", "The roles of %(n)d officers were ended.",
            len(taken),
        )  # fmt: skip
        messages.success(request, said % {"n": len(taken)})
        return None

    def get_urls(self) -> list[URLPattern]:
        token = path(
            "<path:object_id>/api-token/",
            self.admin_site.admin_view(self.api_token_view),
            name="offices_officer_api_token",
        )
        return [token, *super().get_urls()]

    def api_token_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET asks what the token is for; POST makes it and shows it this once."""
        officer = self.get_object(request, object_id)
        if officer is None:
            raise Http404
        can_add = request.user.has_perm("offices.add_apitoken")
        if not can_add or not self.has_change_permission(request, officer):
            raise PermissionDenied
        form = ApiTokenForm(request.POST or None)
        token = ""
        if request.method == "POST" and form.is_valid():
            token = create_api_token(officer=officer, label=form.cleaned_data["label"])
            made = _g("API token made: %(label)s.") % {"label": form.cleaned_data["label"]}
            self.log_change(request, officer, made)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": officer,
            "title": _("New API token"),
            "form": form,
            "token": token,
        }
        answer = TemplateResponse(request, "admin/offices/officer/api_token.html", context)
        answer["Cache-Control"] = "no-store"
        return answer


@admin.register(ApiToken)
class ApiTokenAdmin(AccentFreeSearch):
    """All tokens, to find and revoke one; a new one is made on the officer's page.

    No field is for typing: who could give a token to another officer would act in that name.
    """

    list_display = ("officer", "label", "created_at", "revoked_at")
    fields = readonly_fields = list_display
    list_display_links = None
    list_filter = (
        presence("revoked_at", title=_("state"), missing=_("in use"), present=_("revoked token")),
    )
    list_select_related = ("officer",)
    search_fields = ("label", "officer__username", "officer__search_text")
    list_per_page = 50
    show_full_result_count = False
    actions = ("revoke",)

    @admin.action(description=_("Revoke the selected tokens"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> HttpResponse | None:
        page = ask_first(
            self, request, queryset,
            title=_g("Revoke the selected tokens"),
            text=_g("Programs that use these tokens are refused from now on. This is for good."),
            button=pgettext("action", "Revoke"),
        )  # fmt: skip
        if page is not None:
            return page
        revoked = revoke_tokens(tokens=queryset)
        said = ngettext("%(n)d token was revoked.", "%(n)d tokens were revoked.", len(revoked))
        done(request, revoked, said=said % {"n": len(revoked)}, message=_g("Token revoked."))
        return None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Without buttons: there is nothing to save."""
        bare = {"show_save": False, "show_save_and_continue": False, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, bare)
