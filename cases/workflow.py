"""The whole life of a dossier as one table.

Buttons, API, messages and rules all read `TRANSITIONS`: delete a row and its button, its API action
and its message are gone. `cases.services.transitions.apply` is the only reader that writes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from django.db import models
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from offices.kinds import Role


class Stage(models.TextChoices):
    """The four stages of the customer, then closed."""

    INTAKE = "intake", _("Intake")
    PROCESSING = "processing", _("Processing")
    SUPPLEMENT_REQUESTED = "supplement_requested", _("Papers missing")
    READY = "ready", _("Result ready")
    CLOSED = "closed", _("Closed")


class Status(models.TextChoices):
    """Where a dossier stands; each belongs to one stage."""

    SUBMITTED = "submitted", _("Submitted, awaiting acceptance")
    RECEIVED = "received", _("Received")
    PROCESSING = "processing", _("Being processed")
    SUPPLEMENT_REQUESTED = "supplement_requested", _("Papers missing")
    READY = "ready", _("Result ready")
    RETURNED = "returned", _("Result handed over")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CANCELLED = "cancelled", _("Intake cancelled")


STAGE_OF: dict[Status, Stage] = {
    Status.SUBMITTED: Stage.INTAKE,
    Status.RECEIVED: Stage.INTAKE,
    Status.PROCESSING: Stage.PROCESSING,
    Status.SUPPLEMENT_REQUESTED: Stage.SUPPLEMENT_REQUESTED,
    Status.READY: Stage.READY,
    Status.RETURNED: Stage.CLOSED,
    Status.REFUSED: Stage.CLOSED,
    Status.WITHDRAWN: Stage.CLOSED,
    Status.CANCELLED: Stage.CLOSED,
}


class Action(models.TextChoices):
    """What an officer can do to a dossier; the label says what happens next."""

    ACCEPT = "accept", pgettext_lazy("action", "Accept and print")
    TAKE = "take", pgettext_lazy("action", "Take")
    HAND_OVER = "hand_over", pgettext_lazy("action", "Hand over")
    REQUEST_SUPPLEMENT = "request_supplement", pgettext_lazy("action", "Request papers")
    RECEIVE_SUPPLEMENT = "receive_supplement", pgettext_lazy("action", "Papers received")
    COMPLETE = "complete", pgettext_lazy("action", "Mark ready")
    RETURN_RESULT = "return_result", pgettext_lazy("action", "Hand over result")
    REFUSE = "refuse", pgettext_lazy("action", "Refuse")
    WITHDRAW = "withdraw", pgettext_lazy("action", "Withdraw")
    CANCEL = "cancel", pgettext_lazy("action", "Undo")


class Event(models.TextChoices):
    """Facts in a dossier's history. `notifications/kinds.py` says whom each one tells."""

    SUBMITTED = "submitted", _("Dossier handed in")
    ACCEPTED = "accepted", _("Dossier accepted")
    TAKEN = "taken", _("Taken for processing")
    HANDED_OVER = "handed_over", _("Handed over")
    SUPPLEMENT_REQUESTED = "supplement_requested", _("Missing papers requested")
    SUPPLEMENT_RECEIVED = "supplement_received", _("Missing papers received")
    COMPLETED = "completed", pgettext_lazy("event", "Result ready")
    RETURNED = "returned", pgettext_lazy("event", "Result handed over")
    REFUSED = "refused", _("Acceptance refused")
    WITHDRAWN = "withdrawn", _("Withdrawn at the citizen's request")
    CANCELLED = "cancelled", _("Acceptance cancelled")
    DUE_MOVED = "due_moved", _("Due date moved by the calendar")


# Written beside the table: before its first row, and when the calendar moves a due date.
EVENTS_WITHOUT_A_MOVE = frozenset({Event.SUBMITTED, Event.DUE_MOVED})


class Outcome(models.TextChoices):
    """What the deciding office decided."""

    GRANTED = "granted", _("Granted")
    DENIED = "denied", _("Denied")


class ResultChannel(models.TextChoices):
    """How the citizen gets the result."""

    COUNTER = "counter", _("At the counter")
    POST = "post", _("By post")
    ELECTRONIC = "electronic", _("Electronically")


class PaperState(models.TextChoices):
    """How a required paper was handed in."""

    ORIGINAL = "original", _("Original")
    COPY = "copy", _("Copy")
    DATABASE = "database", _("From database")
    MISSING = "missing", _("Missing")


class StepState(models.TextChoices):
    """Where a step of the dossier stands."""

    WAITING = "waiting", _("Waiting")
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Not needed")


class Clock(Enum):
    """What a move does to the legal clock."""

    KEEP = "keep"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


class Steps(Enum):
    """What a move does to the steps of the procedure."""

    KEEP = "keep"
    OPEN_FIRST = "open_first"
    TAKE = "take"
    ADVANCE = "advance"
    PAUSE = "pause"
    RESUME = "resume"
    FINISH = "finish"
    DROP = "drop"


class Where(Enum):
    """Which office of the dossier the acting officer must belong to."""

    COUNTER = "counter"  # the receiving office, with one of the row's roles
    STEP = "step"  # an open step, with the role that the step asks for
    COUNTER_OR_STEP = "counter_or_step"


class Target(Enum):
    """A target that depends on the dossier: the status that it had before the pause."""

    BEFORE_PAUSE = "before_pause"


@dataclass(frozen=True)
class Facts:
    """What guards may look at: the dossier as locked and the officer who acts."""

    step_is_mine: bool  # the officer has an open step
    step_holder: str  # name of the colleague who has the officer's kind of step, or ""
    at_completion_point: bool  # the officer's step is where the result is completed
    requests_made: int  # supplement requests since acceptance
    requests_allowed: int
    hand_overs: int
    since_acceptance: timedelta | None
    missing_papers: tuple[str, ...]
    cancel_within: timedelta


Guard = Callable[[Facts], str | None]
"""A reason in words why not, or None. Guards never stop at the first: all reasons are shown."""


def holds_the_step(facts: Facts) -> str | None:
    """The officer has the step, or nobody has it yet: then acting takes it."""
    if facts.step_holder and not facts.step_is_mine:
        return _g("%(officer)s has this step; take it first.") % {"officer": facts.step_holder}
    return None


def does_not_hold_it(facts: Facts) -> str | None:
    """Taking what one has already changes nothing."""
    return _g("You have this step already.") if facts.step_is_mine else None


def not_at_completion(facts: Facts) -> str | None:
    """The last step is not handed over: its work is to mark the result ready."""
    if facts.at_completion_point:
        return _g("This is the last step: mark the result ready instead.")
    return None


def at_completion(facts: Facts) -> str | None:
    """Ready means that the citizen can have it, so only the last step may say so."""
    return None if facts.at_completion_point else _g("The steps before are not finished.")


def papers_are_complete(facts: Facts) -> str | None:
    """A dossier is accepted only with all required papers (Decree 118/2025)."""
    if facts.missing_papers:
        return _g("Still missing: %(papers)s.") % {"papers": "; ".join(facts.missing_papers)}
    return None


def may_request_again(facts: Facts) -> str | None:
    """The procedure limits how often papers may be asked for after acceptance."""
    if facts.requests_made >= facts.requests_allowed:
        return _g("Papers were already requested %(n)s time(s); the procedure allows no more.") % {
            "n": facts.requests_made
        }
    return None


def within_cancel_time(facts: Facts) -> str | None:
    """An intake can be undone for five minutes only."""
    if facts.since_acceptance is None or facts.since_acceptance > facts.cancel_within:
        return _g("The five minutes for undoing are over.")
    return None


def before_first_hand_over(facts: Facts) -> str | None:
    """Once another office works on it, an intake is withdrawn, not undone."""
    return _g("The dossier has already been handed over.") if facts.hand_overs else None


@dataclass(frozen=True)
class Field:
    """A value that the action takes from the person, by its name in the API."""

    name: str
    required: bool = True


@dataclass(frozen=True)
class Transition:
    """One row of the table."""

    action: Action
    sources: frozenset[Status]
    target: Status | Target
    event: Event
    where: Where
    roles: frozenset[Role] = frozenset()
    accepted: bool | None = None  # only before (False) or only after (True) acceptance
    clock: Clock = Clock.KEEP
    steps: Steps = Steps.KEEP
    guards: tuple[Guard, ...] = ()
    fields: tuple[Field, ...] = ()


_RUNNING = frozenset({Status.RECEIVED, Status.PROCESSING})
_WAITING = frozenset({Status.SUPPLEMENT_REQUESTED})
_BEFORE = frozenset({Status.SUBMITTED})
_DESK = frozenset({Role.FRONT_DESK})
_REASON = (Field("reason"),)
_RESULT = (
    Field("outcome"),
    Field("note", required=False),
    Field("parcel_code", required=False),
)
_PAPERS = (Field("items"), Field("reason"), Field("due", required=False))

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        Action.ACCEPT, _BEFORE, Status.RECEIVED, Event.ACCEPTED, Where.COUNTER, _DESK,
        accepted=False, clock=Clock.START, steps=Steps.OPEN_FIRST, guards=(papers_are_complete,),
    ),
    Transition(
        Action.TAKE, _RUNNING, Target.BEFORE_PAUSE, Event.TAKEN, Where.STEP,
        accepted=True, steps=Steps.TAKE, guards=(does_not_hold_it,),
    ),
    Transition(
        Action.HAND_OVER, _RUNNING, Status.PROCESSING, Event.HANDED_OVER, Where.STEP,
        accepted=True, steps=Steps.ADVANCE, guards=(holds_the_step, not_at_completion),
        fields=(Field("note", required=False),),
    ),
    Transition(
        Action.REQUEST_SUPPLEMENT, _BEFORE, Status.SUPPLEMENT_REQUESTED,
        Event.SUPPLEMENT_REQUESTED, Where.COUNTER, _DESK, accepted=False, fields=_PAPERS,
    ),
    Transition(
        Action.REQUEST_SUPPLEMENT, _RUNNING, Status.SUPPLEMENT_REQUESTED,
        Event.SUPPLEMENT_REQUESTED, Where.STEP, accepted=True, clock=Clock.PAUSE, steps=Steps.PAUSE,
        guards=(holds_the_step, may_request_again), fields=_PAPERS,
    ),
    Transition(
        Action.RECEIVE_SUPPLEMENT, _WAITING, Status.RECEIVED, Event.ACCEPTED, Where.COUNTER, _DESK,
        accepted=False, clock=Clock.START, steps=Steps.OPEN_FIRST,
    ),
    Transition(
        Action.RECEIVE_SUPPLEMENT, _WAITING, Target.BEFORE_PAUSE, Event.SUPPLEMENT_RECEIVED,
        Where.COUNTER_OR_STEP, _DESK, accepted=True, clock=Clock.RESUME, steps=Steps.RESUME,
    ),
    Transition(
        Action.COMPLETE, _RUNNING, Status.READY, Event.COMPLETED, Where.STEP,
        accepted=True, clock=Clock.STOP, steps=Steps.FINISH, guards=(holds_the_step, at_completion),
        fields=_RESULT,
    ),
    Transition(
        Action.RETURN_RESULT, frozenset({Status.READY}), Status.RETURNED, Event.RETURNED,
        Where.COUNTER, _DESK, fields=(Field("collected_by"),),
    ),
    Transition(
        Action.REFUSE, _BEFORE | _WAITING, Status.REFUSED, Event.REFUSED, Where.COUNTER, _DESK,
        accepted=False, fields=_REASON,
    ),
    Transition(
        Action.WITHDRAW, _RUNNING | _WAITING | _BEFORE, Status.WITHDRAWN, Event.WITHDRAWN,
        Where.COUNTER, _DESK, clock=Clock.STOP, steps=Steps.DROP, fields=_REASON,
    ),
    Transition(
        Action.CANCEL, frozenset({Status.RECEIVED}), Status.CANCELLED, Event.CANCELLED,
        Where.COUNTER, _DESK, accepted=True, clock=Clock.STOP, steps=Steps.DROP,
        guards=(within_cancel_time, before_first_hand_over), fields=_REASON,
    ),
)  # fmt: skip


def rows_of(action: Action) -> tuple[Transition, ...]:
    """All rows of an action, in table order; empty when the table no longer has it."""
    return tuple(row for row in TRANSITIONS if row.action == action)


def find(action: Action, *, status: Status, is_accepted: bool) -> Transition | None:
    """The one row by which `action` leaves `status`, or None: the move is illegal."""
    rows = leaving(status=status, is_accepted=is_accepted)
    return next((row for row in rows if row.action == action), None)


def leaving(*, status: Status, is_accepted: bool) -> tuple[Transition, ...]:
    """The rows that lead away from a status: the buttons of a page, before roles and guards."""
    return tuple(
        row for row in TRANSITIONS if status in row.sources and row.accepted in (None, is_accepted)
    )


def reasons_against(row: Transition, facts: Facts) -> list[str]:
    """Every reason why the guards refuse, none when the move is free."""
    return [reason for guard in row.guards if (reason := guard(facts))]
