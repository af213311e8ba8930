"""What officers do to a dossier, as verbs. Each builds its input and calls `apply`."""

from collections.abc import Sequence
from datetime import datetime

from cases.models import Dossier
from cases.services import inputs
from cases.services.transitions import apply
from cases.workflow import Action
from offices.models import Officer


def accept(*, dossier: Dossier, officer: Officer, version: int) -> Dossier:
    """All papers are in: draws the code, starts the clock, issues form 01."""
    return apply(
        Action.ACCEPT,
        dossier_id=dossier.pk,
        officer=officer,
        version=version,
        data=inputs.Accept(),
    )


def take(*, dossier: Dossier, officer: Officer, version: int) -> Dossier:
    """The open step of the officer's role becomes theirs, also from a colleague."""
    return apply(
        Action.TAKE, dossier_id=dossier.pk, officer=officer, version=version, data=inputs.Take()
    )


def hand_over(*, dossier: Dossier, officer: Officer, version: int, note: str = "") -> Dossier:
    """Closes the officer's step and opens the next, or the join after a parallel group."""
    return apply(
        Action.HAND_OVER,
        dossier_id=dossier.pk,
        officer=officer,
        version=version,
        data=inputs.HandOver(note),
    )


def request_supplement(
    *,
    dossier: Dossier,
    officer: Officer,
    version: int,
    items: Sequence[inputs.MissingPaper],
    reason: str,
    due_at: datetime | None = None,
) -> Dossier:
    """Asks for everything that is missing; after acceptance the clock pauses."""
    return apply(
        Action.REQUEST_SUPPLEMENT,
        dossier_id=dossier.pk,
        officer=officer,
        version=version,
        data=inputs.RequestSupplement(items, reason, due_at),
    )


def receive_supplement(*, dossier: Dossier, officer: Officer, version: int) -> Dossier:
    """The papers are in: the clock goes on, or before acceptance the dossier is accepted."""
    return apply(
        Action.RECEIVE_SUPPLEMENT,
        dossier_id=dossier.pk,
        officer=officer,
        version=version,
        data=inputs.ReceiveSupplement(),
    )


def complete(
    *,
    dossier: Dossier,
    officer: Officer,
    version: int,
    outcome: str,
    note: str = "",
    parcel_code: str = "",
) -> Dossier:
    """The citizen can have the result; early, on time or late is fixed."""
    return apply(
        Action.COMPLETE,
        dossier_id=dossier.pk,
        officer=officer,
        version=version,
        data=inputs.Complete(outcome, note, parcel_code),
    )


def return_result(
    *, dossier: Dossier, officer: Officer, version: int, collected_by: str
) -> Dossier:
    """The result is in the citizen's hands."""
    return apply(
        Action.RETURN_RESULT,
        dossier_id=dossier.pk,
        officer=officer,
        version=version,
        data=inputs.ReturnResult(collected_by),
    )


def refuse(*, dossier: Dossier, officer: Officer, version: int, reason: str) -> Dossier:
    """Not accepted, with the reason (form 03)."""
    return _close(Action.REFUSE, dossier, officer, version, reason)


def withdraw(*, dossier: Dossier, officer: Officer, version: int, reason: str) -> Dossier:
    """Ended at the citizen's request, before there is a decision."""
    return _close(Action.WITHDRAW, dossier, officer, version, reason)


def cancel(*, dossier: Dossier, officer: Officer, version: int, reason: str) -> Dossier:
    """Undoes an intake within five minutes; its number is never used again."""
    return _close(Action.CANCEL, dossier, officer, version, reason)


def _close(
    action: Action, dossier: Dossier, officer: Officer, version: int, reason: str
) -> Dossier:
    return apply(
        action,
        dossier_id=dossier.pk,
        officer=officer,
        version=version,
        data=inputs.Close(reason),
    )
