"""Form 02: papers of the checklist and free lines, why they are needed, and until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from cases.forms.base import MoveForm
from cases.forms.phrases import WHY_MISSING, joined_reason, supplement_preview
from cases.services.inputs import MissingPaper, RequestSupplement
from cases.services.supplements import default_due, due_on
from cases.services.transitions import ActionInput
from cases.workflow import PaperState
from common import clock

# No key of a paper can hold a plus sign (cases.procedure_rules).
_FREE_LINES = ("+1", "+2", "+3")
_AS = [("original", _("Original")), ("copy", _("Certified copy")), ("photo", _("Photocopy"))]


@dataclass(frozen=True)
class Line:
    """One row of the table: a paper of the checklist (`name`), or one to be named."""

    name: str
    need: BoundField
    kind: BoundField
    copies: BoundField


class SupplementForm(MoveForm):
    """Which papers, why, until when."""

    fields_template = "cases/moves/supplement.html"

    phrases = forms.MultipleChoiceField(
        label=_("Ready reasons"),
        required=False,
        choices=[(phrase, phrase) for phrase in WHY_MISSING],
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("Reason in own words"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    due = forms.DateField(
        label=_("Papers to be brought by"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input-short"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._papers = list(self.dossier.papers.all())
        at = clock.now()
        self.initial.setdefault("due", clock.local(default_due(self.dossier, at)).date())
        for paper in self._papers:
            is_missing = paper.required and paper.state == PaperState.MISSING
            need = forms.BooleanField(label=paper.short_name, required=False, initial=is_missing)
            self._add_line(paper.key, need)
        for key in _FREE_LINES:
            self._add_line(
                key, forms.CharField(label=_("Another paper"), required=False, max_length=300)
            )

    def _add_line(self, key: str, need: forms.Field) -> None:
        self.fields[f"need_{key}"] = need
        self.fields[f"as_{key}"] = forms.ChoiceField(
            label=_("Needed as"), choices=_AS, widget=forms.Select(attrs={"class": "select"})
        )
        self.fields[f"copies_{key}"] = forms.IntegerField(
            label=_("Number of copies"),
            min_value=1,
            max_value=99,
            initial=1,
            required=False,
            widget=forms.NumberInput(attrs={"class": "input count num"}),
        )

    def lines(self) -> list[Line]:
        """The rows of the table in order, free ones last."""
        named = [(paper.key, paper.name) for paper in self._papers]
        return [
            Line(name, self[f"need_{key}"], self[f"as_{key}"], self[f"copies_{key}"])
            for key, name in [*named, *((key, "") for key in _FREE_LINES)]
        ]

    def how_often(self) -> str:
        """ "Request 1 of 1": the procedure limits them after acceptance."""
        if not self.dossier.is_accepted:
            return ""
        made = self.dossier.supplement_requests.filter(is_before_acceptance=False).count()
        allowed = self.dossier.procedure_version.max_supplement_requests
        return _g("Request %(n)s of %(allowed)s") % {"n": made + 1, "allowed": allowed}

    def to_input(self) -> ActionInput:
        return RequestSupplement(self._items(), self._reason(), self._due_at())

    def field_for(self, name: str) -> str | None:
        if name == "items":
            return next(iter(field for field in self.fields if field.startswith("need_")), None)
        return super().field_for(name)

    def preview(self) -> list[str]:
        if not self.is_bound or not self.is_valid():
            return []
        return supplement_preview(
            papers=[item.name for item in self._items()] or ["…"],
            reason=self._reason() or "…",
            due_at=self._due_at(),
            place=self.dossier.receiving_office.name,
            clock_runs=self.dossier.is_accepted,
        )

    def _items(self) -> list[MissingPaper]:
        names = {paper.key: paper.short_name for paper in self._papers}
        chosen = [key for key in [*names, *_FREE_LINES] if self.cleaned_data.get(f"need_{key}")]
        return [
            MissingPaper(
                name=names.get(key) or self.cleaned_data[f"need_{key}"],
                key=key if key in names else "",
                original=self.cleaned_data[f"as_{key}"] == "original",
                copies=self._number(key, "copy"),
                photocopies=self._number(key, "photo"),
            )
            for key in chosen
        ]

    def _number(self, key: str, kind: str) -> int:
        is_this = self.cleaned_data[f"as_{key}"] == kind
        return (self.cleaned_data[f"copies_{key}"] or 1) if is_this else 0

    def _reason(self) -> str:
        return joined_reason(self.cleaned_data["phrases"], self.cleaned_data["reason"])

    def _due_at(self) -> datetime:
        return due_on(self.dossier, self.cleaned_data["due"])
