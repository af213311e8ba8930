"""The action bar of a dossier: what the table lets this officer do, and what not yet and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Dossier
from cases.selectors.access import AllowedMove
from cases.workflow import STAGE_OF, Clock, Event, Stage, Status, Steps, Transition

# What an event means for the citizen; an event that is not here tells them nothing.
_TOLD: dict[Event, str | Promise] = {
    Event.ACCEPTED: _("The citizen is told that the dossier is in, and until when."),
    Event.HANDED_OVER: _("The citizen is told when another office takes over."),
    Event.SUPPLEMENT_REQUESTED: _(
        "The citizen is told which papers are missing, why and until when."
    ),
    Event.SUPPLEMENT_RECEIVED: _("The citizen is told the new due date."),
    Event.COMPLETED: _("The citizen is told that the result is ready and where to collect it."),
    Event.RETURNED: _("The citizen is told that the result was handed over."),
    Event.REFUSED: _("The citizen is told that the dossier was not accepted, with the reason."),
    Event.WITHDRAWN: _("The citizen is told that processing has stopped."),
    Event.CANCELLED: _("The citizen is told that the acceptance was undone, with the reason."),
}  # fmt: skip
_CLOCK: dict[Clock, str | Promise] = {
    Clock.START: _("The legal clock starts."),
    Clock.PAUSE: _("The legal clock stands still until the papers are in."),
    Clock.RESUME: _("The legal clock runs again."),
    Clock.STOP: _("The legal clock stops for good."),
}


def effects_of(row: Transition) -> list[str]:
    """What making a move means, in sentences, the citizen first."""
    texts = [_TOLD.get(row.event), _CLOCK.get(row.clock)]
    return [str(text) for text in texts if text]


def tells_the_citizen(row: Transition) -> bool:
    """True where making the move sends the citizen word."""
    return row.event in _TOLD


@dataclass(frozen=True)
class Button:
    """One move. With `reasons` it is off; `posts` does it at once, else a page asks first."""

    action: str
    label: str
    url: str
    css: str
    posts: bool
    reasons: tuple[str, ...]


def buttons_of(dossier: Dossier, moves: Sequence[AllowedMove]) -> list[Button]:
    """The moves of a dossier as buttons, the first free one that leads on as the primary one."""
    primary = next((m.row for m in moves if not m.reasons and _leads_on(m.row)), None)
    return [
        Button(
            action=move.row.action.value,
            label=str(move.row.action.label),
            url=reverse("move", args=[dossier.handle, move.row.action.value]),
            css=_css(move.row, is_primary=move.row is primary),
            posts=not move.row.fields and not effects_of(move.row),
            reasons=move.reasons,
        )
        for move in moves
    ]


def _leads_on(row: Transition) -> bool:
    """Towards the result: a step is taken, opened or finished, or the result handed over."""
    return row.steps not in (Steps.KEEP, Steps.DROP) or row.target == Status.RETURNED


def ends_without_result(row: Transition) -> bool:
    """Refused, withdrawn, undone: what nobody does by accident."""
    is_end = isinstance(row.target, Status) and STAGE_OF[row.target] == Stage.CLOSED
    return is_end and row.target != Status.RETURNED


def _css(row: Transition, *, is_primary: bool) -> str:
    if is_primary:
        return "btn"
    return "btn btn-quiet" if ends_without_result(row) else "btn btn-2"
