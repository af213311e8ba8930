"""One form per action of the table: what it asks the officer, and the input that it makes."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases.deadlines import Timeliness
from cases.forms.base import MoveForm
from cases.forms.supplement import SupplementForm
from cases.selectors.dossiers import steps_to_open
from cases.selectors.legal_clock import came
from cases.services import inputs
from cases.services.transitions import ActionInput
from cases.workflow import Action, Outcome, ResultChannel, StepState
from common import clock

_TEXT = 500


class AcceptForm(MoveForm):
    def to_input(self) -> ActionInput:
        return inputs.Accept()


class TakeForm(MoveForm):
    def to_input(self) -> ActionInput:
        return inputs.Take()


class HandOverForm(MoveForm):
    note = forms.CharField(
        label=_("Note for the next step"),
        required=False,
        max_length=_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def to_input(self) -> ActionInput:
        return inputs.HandOver(self.cleaned_data["note"])

    def effects(self) -> list[str]:
        steps = self.dossier.steps.select_related("office").order_by("position")
        if sum(step.state == StepState.OPEN for step in steps) > 1:
            return [_g("Others work on it at the same time; the next step waits for them.")]
        following = steps_to_open(steps)
        names = "; ".join(f"{step.name} ({step.office.short_name})" for step in following)
        return [_g("Next: %(steps)s") % {"steps": names}] if names else []


class ReceiveSupplementForm(MoveForm):
    def to_input(self) -> ActionInput:
        return inputs.ReceiveSupplement()


class CompleteForm(MoveForm):
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the outcome.")},
    )
    parcel_code = forms.CharField(label=_("Parcel code"), max_length=30, required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.dossier.result_channel != ResultChannel.POST:
            del self.fields["parcel_code"]

    def to_input(self) -> ActionInput:
        data = self.cleaned_data
        return inputs.Complete(data["outcome"], data["note"], data.get("parcel_code", ""))

    def effects(self) -> list[str]:
        how, early_days = came(self.dossier, clock.now())
        if how == Timeliness.EARLY:
            return [
                ngettext(
                    "That is %(n)d working day early: the message says so.",
                    "That is %(n)d working days early: the message says so.",
                    early_days,
                )
                % {"n": early_days}
            ]
        on_time = _g("That is on time.")
        return [_g("That is late.") if how == Timeliness.LATE else on_time]


class ReturnResultForm(MoveForm):
    collected_by = forms.CharField(
        label=_("Collected by"),
        help_text=_("Name of the person at the counter. Somebody else shows an authorisation."),
        max_length=80,
        error_messages={"required": _("Enter the name of the person who collects the result.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("collected_by", self.dossier.citizen.full_name)

    def to_input(self) -> ActionInput:
        return inputs.ReturnResult(self.cleaned_data["collected_by"])


class CloseForm(MoveForm):
    reason = forms.CharField(
        label=_("Reason, in words that the citizen understands"),
        max_length=_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason in words that the citizen understands.")},
    )

    def to_input(self) -> ActionInput:
        return inputs.Close(self.cleaned_data["reason"])


FORMS: dict[Action, type[MoveForm]] = {
    Action.ACCEPT: AcceptForm,
    Action.TAKE: TakeForm,
    Action.HAND_OVER: HandOverForm,
    Action.REQUEST_SUPPLEMENT: SupplementForm,
    Action.RECEIVE_SUPPLEMENT: ReceiveSupplementForm,
    Action.COMPLETE: CompleteForm,
    Action.RETURN_RESULT: ReturnResultForm,
    Action.REFUSE: CloseForm,
    Action.WITHDRAW: CloseForm,
    Action.CANCEL: CloseForm,
}
