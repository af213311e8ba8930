"""Versions of procedures: a draft is edited and published, a published one is only read."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from cases.admin.forms import (
    CaseForm,
    CaseStepFormSet,
    DocumentForm,
    FeeForm,
    StepForm,
    StepFormSet,
    VersionForm,
)
from cases.admin.samples import sample_of
from cases.admin.words import InWords
from cases.models import Fee, ProcedureCase, ProcedureStep, ProcedureVersion, RequiredDocument
from cases.models.procedure import FROZEN, VersionState
from cases.services.catalogue import create_draft, differences, problems_of, publish
from common.admin import AccentFreeSearch, RefusalsAsMessages
from common.errors import DomainError
from offices.models import Officer


def _is_open(obj: Any) -> bool:
    """False for a published version and its cases: the database would refuse the change anyway."""
    version = obj.version if isinstance(obj, ProcedureCase) else obj
    return version is None or not version.is_published


class _DraftAdmin(RefusalsAsMessages):
    """Rights to change hold for drafts only; what is published meanwhile is refused in words."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ProgrammingError as error:
            if FROZEN not in str(error):
                raise
            text = _g("This draft has been published meanwhile; nothing was changed.")
            return self.refused(request, DomainError(text, code="published", status=409))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_open(obj) and super().has_delete_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a draft begins as a copy, a case on the page of its version


class _DraftInline(InWords, admin.TabularInline[Any, Any]):
    """Rows of a draft, or of a case of one."""

    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_open(obj) and super().has_delete_permission(request, obj)


class Cases(_DraftInline):
    model = ProcedureCase
    form = CaseForm
    fields = ("position", "code", "name", "deadline_amount", "deadline_unit", "same_day")
    show_change_link = True


class VersionSteps(_DraftInline):
    """The steps that count for every case without steps of its own."""

    model = ProcedureStep
    form = StepForm
    formset = StepFormSet
    coded = ("role",)
    offices = ("office",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProcedureStep]:
        # Not in the formset: what narrows there is asked of the database again for every form.
        return super().get_queryset(request).filter(case=None)


class Documents(_DraftInline):
    model = RequiredDocument
    form = DocumentForm
    coded = ("kind", "channels")


class Fees(_DraftInline):
    model = Fee
    form = FeeForm
    coded = ("channel", "kind")


class CaseSteps(_DraftInline):
    model = ProcedureStep
    form = StepForm
    formset = CaseStepFormSet
    coded = ("role",)
    offices = ("office",)
    verbose_name_plural = _("steps of this case, in place of those of the version")


@admin.register(ProcedureVersion)
class ProcedureVersionAdmin(InWords, _DraftAdmin, AccentFreeSearch):
    """“Make a draft” and “Publish” are pages of their own that say what will happen."""

    form = VersionForm
    coded = ("level", "receives", "channels", "on_resume")
    offices = ("deciding_office", "other_deciding_offices")
    list_display = ("short_name", "code", "number", "state", "published_at", "published_by")
    list_filter = ("state", "field")
    list_select_related = ("procedure", "published_by")
    search_fields = ("search_text",)
    list_per_page = 50
    show_full_result_count = False
    readonly_fields = ("state", "published_at", "published_by")
    inlines = (Cases, VersionSteps)
    change_form_template = "admin/cases/procedureversion/change_form.html"

    @admin.display(description=_("code"), ordering="procedure__code")
    def code(self, version: ProcedureVersion) -> str:
        return version.procedure.code

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ProcedureVersion]) -> None:
        super().delete_queryset(request, queryset.filter(state=VersionState.DRAFT))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:version_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"cases_procedureversion_{name}",
            )
            for name, view in (("draft", self.draft_view), ("publish", self.publish_view))
        ]
        return [*own, *super().get_urls()]

    def draft_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """GET asks, POST copies the version into a draft and opens it."""
        version = self._version(request, version_id)
        if request.method == "POST":
            return self._do(request, lambda _officer: create_draft(version))
        return self._ask(request, version, "draft", _("Make a draft"), {})

    def publish_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """GET shows what changes for dossiers from now on, POST publishes."""
        version = self._version(request, version_id)
        if request.method == "POST":
            return self._do(request, lambda by: publish(version, officer=by))
        problems = problems_of(version)
        shown = {
            "problems": problems,
            "differences": differences(version),
            "sample": None if problems or version.is_published else sample_of(request, version),
        }
        return self._ask(request, version, "publish", pgettext("action", "Publish"), shown)

    def _version(self, request: HttpRequest, version_id: int) -> ProcedureVersion:
        version: ProcedureVersion | None = self.get_object(request, str(version_id))
        if version is None:
            raise Http404
        if not request.user.has_perm("cases.change_procedureversion"):
            raise PermissionDenied
        return version

    def _do(
        self,
        request: HttpRequest,
        work: Callable[[Officer], ProcedureVersion],
    ) -> HttpResponse:
        assert isinstance(request.user, Officer)
        try:
            done = work(request.user)
        except DomainError as error:
            return self.refused(request, error)
        words = _g("Version %(number)d published.") if done.is_published else _g("Draft made.")
        self.log_change(request, done, words % {"number": done.number})
        text = (
            _g("Version %(number)d is published: the next dossier is received by it.")
            if done.is_published
            else _g("This is the draft, version %(number)d. It counts once it is published.")
        )
        messages.success(request, text % {"number": done.number})
        return HttpResponseRedirect(reverse("admin:cases_procedureversion_change", args=[done.pk]))

    def _ask(
        self,
        request: HttpRequest,
        version: ProcedureVersion,
        name: str,
        title: Any,
        shown: dict[str, Any],
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": version,
            "title": title,
            **shown,
        }
        return TemplateResponse(request, f"admin/cases/procedureversion/{name}.html", context)


@admin.register(ProcedureCase)
class ProcedureCaseAdmin(_DraftAdmin):
    """A case with its papers, fees and own steps; reached from the version."""

    form = CaseForm
    list_display = ("name", "version", "deadline_amount", "deadline_unit", "same_day")
    list_filter = ("version__state", "deadline_unit", "same_day")
    list_select_related = ("version__procedure",)
    search_fields = ("name", "version__search_text")
    show_full_result_count = False
    fields = (
        "version",
        "position",
        "code",
        "name",
        "deadline_amount",
        "deadline_unit",
        "same_day",
        "note",
    )
    readonly_fields = ("version",)
    inlines = (Documents, Fees, CaseSteps)
