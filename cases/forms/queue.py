"""The filters above a queue."""

from collections.abc import Sequence
from datetime import datetime

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.selectors.queues import at_step, due_soon, due_today, late, with_words

_DUE = [
    ("", _("Soonest first")),
    ("today", _("Due today")),
    ("soon", _("Within 3 days")),
    ("late", _("Late")),
]
_CONDITIONS = {"today": due_today, "soon": due_soon, "late": late}


class QueueFilters(forms.Form):
    """All optional; what is not among the choices counts for nothing."""

    f = forms.CharField(label=_("Filter the list"), required=False, max_length=80)
    procedure = forms.ChoiceField(label=_("Procedure"), required=False)
    step = forms.ChoiceField(label=_("Step"), required=False)
    due = forms.ChoiceField(label=_("Due"), required=False, choices=_DUE)

    def offer(self, procedures: Sequence[tuple[str, str]], steps: Sequence[str]) -> None:
        """Sets what can be chosen: codes with short names, and names of steps."""
        procedure, step = self.fields["procedure"], self.fields["step"]
        assert isinstance(procedure, forms.ChoiceField)
        assert isinstance(step, forms.ChoiceField)
        procedure.choices = [("", _("All procedures")), *procedures]
        step.choices = [("", _("All steps")), *((name, name) for name in steps)]

    def condition(self, now: datetime) -> tuple[Q, bool]:
        """The condition on dossiers, and whether it narrows anything."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        condition = Q()
        if "f" in chosen:
            condition &= with_words(chosen["f"])
        if "procedure" in chosen:
            condition &= Q(procedure_version__procedure__code=chosen["procedure"])
        if "step" in chosen:
            condition &= at_step(chosen["step"])
        if "due" in chosen:
            condition &= _CONDITIONS[chosen["due"]](now)
        return condition, bool(chosen)
