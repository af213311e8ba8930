"""Forms of a draft: lists one to a line, choices as boxes, the same words as the import file."""

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.forms.models import BaseInlineFormSet
from django.utils.text import capfirst
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from cases.admin import law
from cases.models import Fee, ProcedureCase, ProcedureStep, ProcedureVersion, RequiredDocument
from cases.procedure_rules import CHANNELS, DOCUMENT_KINDS, FEE_KINDS, LEVELS, ON_RESUME, STEP_ROLES
from offices.kinds import RECEIVING_KINDS

_LABELS = {
    "counter": _("at the counter"),
    "online": _("online"),
    "postal": _("by post"),
    "province": _("province"),
    "commune": _("commune"),
    "resume": _("the rest of the time runs on"),
    "restart": _("the time starts anew"),
    "submit": _("hand in"),
    "present": _("show"),
    "fee": _("fee"),
    "charge": _("charge"),
}


def _choices(values: Any) -> list[tuple[str, Any]]:
    return [(value, _LABELS[value]) for value in values]


def _lines(
    *, max_length: int, label: Any, help_text: Any, required: bool = True
) -> SimpleArrayField:
    return SimpleArrayField(
        forms.CharField(max_length=max_length),
        delimiter="\n",
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        label=label,
        help_text=help_text,
        required=required,
    )


def _boxes(choices: Any, *, label: Any, help_text: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=choices, widget=forms.CheckboxSelectMultiple, label=label, help_text=help_text
    )


class VersionForm(forms.ModelForm[ProcedureVersion]):
    """What a draft says besides its cases and steps."""

    level = forms.ChoiceField(
        choices=_choices(LEVELS), label=capfirst(_("level")), help_text=law.VERSION["level"]
    )
    on_resume = forms.ChoiceField(
        choices=_choices(ON_RESUME),
        label=capfirst(_("on resumption")),
        help_text=law.VERSION["on_resume"],
    )
    receives = _boxes(
        [(kind.value, kind.label) for kind in sorted(RECEIVING_KINDS)],
        label=capfirst(_("received by")),
        help_text=law.VERSION["receives"],
    )
    channels = _boxes(
        _choices(CHANNELS), label=capfirst(_("filed by")), help_text=law.VERSION["channels"]
    )
    result_documents = _lines(
        max_length=300,
        label=capfirst(_("results")),
        help_text=law.VERSION["result_documents"],
    )
    legal_basis = _lines(
        max_length=60,
        label=capfirst(_("legal basis")),
        help_text=law.VERSION["legal_basis"],
        required=False,
    )
    other_deciding_offices = _lines(
        max_length=80,
        label=capfirst(_("other deciding offices")),
        help_text=law.VERSION["other_deciding_offices"],
        required=False,
    )

    class Meta:
        model = ProcedureVersion
        fields = (
            "name",
            "short_name",
            "field",
            "level",
            "receives",
            "deciding_office",
            "other_deciding_offices",
            "external_system",
            "result_documents",
            "channels",
            "max_supplement_requests",
            "supplement_within_days",
            "on_resume",
            "legal_basis",
        )
        help_texts = law.VERSION


class CaseForm(forms.ModelForm[ProcedureCase]):
    """A case with its legal deadline."""

    class Meta:
        model = ProcedureCase
        fields = (
            "position", "code", "name", "deadline_amount", "deadline_unit", "same_day", "note",
        )  # fmt: skip
        help_texts = law.CASE


class DocumentForm(forms.ModelForm[RequiredDocument]):
    kind = forms.ChoiceField(
        choices=_choices(DOCUMENT_KINDS), label=capfirst(_("hand in or present"))
    )
    channels = forms.MultipleChoiceField(
        choices=_choices(CHANNELS),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=capfirst(_("only when filed")),
    )

    class Meta:
        model = RequiredDocument
        fields = (
            "position",
            "key",
            "name",
            "short_name",
            "originals",
            "copies",
            "kind",
            "required",
            "when",
            "from_database",
            "channels",
        )
        widgets = {
            "name": forms.Textarea(attrs={"rows": 3, "cols": 40}),
            "when": forms.Textarea(attrs={"rows": 3, "cols": 30}),
        }
        help_texts = law.DOCUMENT

    def clean_channels(self) -> list[str] | None:
        """No box ticked means every channel, which is written as NULL."""
        return self.cleaned_data["channels"] or None


class FeeForm(forms.ModelForm[Fee]):
    channel = forms.ChoiceField(choices=_choices(CHANNELS), label=capfirst(_("channel")))
    kind = forms.ChoiceField(
        choices=_choices(FEE_KINDS), label=capfirst(_("kind")), help_text=law.FEE["kind"]
    )

    class Meta:
        model = Fee
        fields = ("position", "channel", "kind", "amount_vnd", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": 2, "cols": 60})}
        help_texts = law.FEE


class StepForm(forms.ModelForm[ProcedureStep]):
    role = forms.ChoiceField(
        choices=[(role.value, role.label) for role in STEP_ROLES],
        label=capfirst(_("role")),
        help_text=law.STEP["role"],
    )

    class Meta:
        model = ProcedureStep
        fields = (
            "position",
            "key",
            "name",
            "office",
            "role",
            "working_hours",
            "parallel_group",
        )
        help_texts = law.STEP


class StepFormSet(BaseInlineFormSet[ProcedureStep, Any, Any]):
    """Steps of a version, or of one of its cases: the key names a step once."""

    def clean(self) -> None:
        super().clean()
        seen: set[str] = set()
        for form in self.forms:
            key = form.cleaned_data.get("key") if hasattr(form, "cleaned_data") else None
            if not key or form in self.deleted_forms:
                continue
            if key in seen:
                form.add_error("key", _g("The key stands twice."))
            seen.add(key)


class CaseStepFormSet(StepFormSet):
    """The steps of one case; each also belongs to the version of the case."""

    def save_new(self, form: Any, commit: bool = True) -> ProcedureStep:
        case: ProcedureCase = self.instance
        form.instance.version = case.version
        return super().save_new(form, commit)
