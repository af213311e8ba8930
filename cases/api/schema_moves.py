"""One operation of the OpenAPI document for each action, written from the workflow table."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework.serializers import Serializer

from cases import workflow
from cases.api.examples import answer_of, request_of
from cases.api.moves import MOVES
from cases.api.refusals import WRITE, refusals
from cases.api.schema import HANDLE, POST_PARAMETERS
from cases.api.serializers_dossiers import DossierSerializer
from cases.workflow import Action, Clock, Guard, Steps, Transition, Where, rows_of

GUARD_WORDS: Mapping[Guard, str | Promise] = {
    workflow.holds_the_step: _("a colleague has the step and has not let go of it"),
    workflow.does_not_hold_it: _("the caller has the step already"),
    workflow.not_at_completion: _("it is the last step: `complete` ends it"),
    workflow.at_completion: _("earlier steps are not finished"),
    workflow.papers_are_complete: _("required papers are missing"),
    workflow.may_request_again: _("the procedure allows no further request for papers"),
    workflow.within_cancel_time: _("five minutes have passed since acceptance"),
    workflow.before_first_hand_over: _("the dossier was handed over already"),
}
_WHERE: Mapping[Where, str | Promise] = {
    Where.COUNTER: _("the front desk of the receiving office"),
    Where.STEP: _("an officer with the role of an open step, in its office"),
    Where.COUNTER_OR_STEP: _("the front desk, or an officer with the role of an open step"),
}
_DATES_STEPS = frozenset({Steps.OPEN_FIRST, Steps.ADVANCE, Steps.RESUME})
_RECKONS = frozenset({Clock.START, Clock.PAUSE, Clock.RESUME})


def codes_of(action: Action) -> tuple[str, ...]:
    """The codes with which a move can be refused, as its rows of the table say."""
    rows = rows_of(action)
    codes = [*WRITE, "not_found", "stale", "already_done", "illegal_move"]
    if any(row.clock in _RECKONS or row.steps in _DATES_STEPS for row in rows):
        codes.append("no_working_day")
    if any(row.steps == Steps.OPEN_FIRST for row in rows):
        codes.append("office_missing")
    return tuple(codes)


def lines_of(row: Transition) -> list[str]:
    """A row of the table in words: whence and whither, who may, what stands against it."""
    if isinstance(row.target, workflow.Target):
        target = _g("the status before")
    else:
        target = f"`{row.target.value}`"
    sources = ", ".join(f"`{s.value}`" for s in workflow.Status if s in row.sources)
    lines = [
        _g("From %(sources)s to %(target)s, by %(who)s.")
        % {"sources": sources, "target": target, "who": _WHERE[row.where]}
    ]
    if row.guards:
        against = "; ".join(str(GUARD_WORDS[guard]) for guard in row.guards)
        lines.append(_g("Refused with `illegal_move` when %(reasons)s.") % {"reasons": against})
    return lines


class MoveSchema(AutoSchema):
    """The operation of the one action that the document's view was made for."""

    @property
    def _action(self) -> Action:
        view: Any = self.view
        return Action(view.move)

    def get_operation_id(self) -> str:
        return f"dossiers_{self._action.value}"

    def get_summary(self) -> str:
        return str(self._action.label)

    def get_description(self, path: str = "", method: str = "") -> str:
        return "\n".join(line for row in rows_of(self._action) for line in lines_of(row))

    def get_override_parameters(self) -> list[Any]:
        return [HANDLE, *POST_PARAMETERS]

    def get_request_serializer(self) -> type[Serializer[Any]]:
        return MOVES[self._action].body

    def get_response_serializers(self) -> Any:
        answer = OpenApiResponse(
            DossierSerializer,
            description=_("The dossier after the move."),
            examples=answer_of(self.get_operation_id()),
        )
        return {200: answer, **refusals(*codes_of(self._action))}

    def get_examples(self) -> list[OpenApiExample]:
        return request_of(self.get_operation_id())
