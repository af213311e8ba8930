"""The one writer of `Dossier.status`: a short walk over the table of `cases.workflow`."""

from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Dossier, DossierEvent
from cases.selectors.access import facts_of, position_of, role_is_right, seen_by
from cases.services import clock as legal_clock
from cases.services import steps
from cases.services.change import Change, fingerprint
from cases.services.errors import IllegalMoveError, StaleError, possible_when
from cases.workflow import (
    STAGE_OF,
    Action,
    Stage,
    Status,
    Target,
    Transition,
    find,
    reasons_against,
)
from common import bell, clock
from common.errors import NotFoundError, RoleMissingError
from offices.models import Officer


class ActionInput(Protocol):
    """What an action needs from the person: checked against the dossier, then written."""

    def check(self, change: Change) -> None:
        """Raises DomainError with texts per field; writes nothing."""

    def write(self, change: Change) -> None:
        """Writes what only this action writes, and adds to `change.payload`."""


def apply(
    action: Action, *, dossier_id: int, officer: Officer, version: int, data: ActionInput
) -> Dossier:
    """Moves a dossier by one row of the table and leaves one event, in one transaction.

    Locks the dossier's row and reads it again. Raises NotFoundError for an office that may not see
    it, StaleError when `version` is not the newest, IllegalMoveError with all reasons,
    RoleMissingError, and what `data.check` raises.
    """
    with transaction.atomic():
        typed = fingerprint(data)
        change = _prepare(
            action, dossier_id=dossier_id, officer=officer, version=version, typed=typed
        )
        change.payload["typed"] = typed
        data.check(change)
        status_before = Status(change.dossier.status)
        _set_status(change)
        legal_clock.EFFECTS[change.row.clock](change)
        steps.EFFECTS[change.row.steps](change)
        data.write(change)
        change.dossier.save()
        _record(change, status_before)
        bell.ring("personal")
    return change.dossier


def _prepare(
    action: Action, *, dossier_id: int, officer: Officer, version: int, typed: str
) -> Change:
    dossier = (
        Dossier.objects.select_for_update(of=("self",))
        .select_related(
            "citizen__commune",
            "case",
            "procedure_version__procedure",
            "commune",
            "receiving_office",
            "deciding_office",
        )
        .get(pk=dossier_id)
    )
    position = position_of(officer, dossier)
    if not Dossier.objects.filter(seen_by(position.pairs), pk=dossier.pk).exists():
        raise NotFoundError(_("This page or dossier was not found."))
    if dossier.version != version:
        raise StaleError(dossier, action, officer, version=version, typed=typed)
    row = _row_for(action, dossier)
    if not role_is_right(row, dossier, position):
        raise RoleMissingError(
            _("“%(action)s” is not for your role at this step.") % {"action": action.label}
        )
    if reasons := reasons_against(row, facts_of(dossier, position)):
        raise IllegalMoveError(action, Status(dossier.status), reasons)
    return Change(dossier, officer, position, row, clock.now())


def _row_for(action: Action, dossier: Dossier) -> Transition:
    status = Status(dossier.status)
    row = find(action, status=status, is_accepted=dossier.is_accepted)
    if row is None:
        reason = possible_when(action, is_accepted=dossier.is_accepted)
        raise IllegalMoveError(action, status, [reason])
    return row


def _set_status(change: Change) -> None:
    dossier, target = change.dossier, change.row.target
    before = Status(dossier.status)
    if target is Target.BEFORE_PAUSE:
        target = Status(dossier.status_before_pause or before)
    dossier.status_before_pause = before if target == Status.SUPPLEMENT_REQUESTED else ""
    dossier.status = target
    dossier.version += 1
    if STAGE_OF[Status(target)] == Stage.CLOSED:
        dossier.closed_at = change.at


def _record(change: Change, status_before: Status) -> None:
    step = change.position.step
    DossierEvent.objects.create(
        event=change.row.event,
        at=change.at,
        payload=change.payload,
        dossier=change.dossier,
        dossier_version=change.dossier.version,
        actor=change.officer,
        office=step.office if step else change.dossier.receiving_office,
        status_before=status_before,
        status_after=change.dossier.status,
    )
