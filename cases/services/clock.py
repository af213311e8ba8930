"""The legal clock of a dossier: a ledger of entries, and the due date projected from it."""

from collections.abc import Callable

from cases.deadlines import EntryKind
from cases.models import ClockEntry, Dossier, DuePromise
from cases.procedure_rules import RESTART
from cases.selectors.legal_clock import reckon
from cases.services.change import Change
from cases.services.codes import draw_code
from cases.workflow import Clock


def project(dossier: Dossier) -> None:
    """Sets `due_at` and `paused_at` from the ledger; while paused the last due date stays."""
    result = reckon(dossier)
    dossier.due_at = result.due_at or dossier.due_at
    dossier.paused_at = result.paused_since


def _enter(change: Change, kind: EntryKind) -> None:
    ClockEntry.objects.create(dossier=change.dossier, kind=kind, at=change.at)


def _write(change: Change, kind: EntryKind) -> None:
    _enter(change, kind)
    project(change.dossier)


def _start(change: Change) -> None:
    """Acceptance: the code is drawn, the clock runs, the first promise is made."""
    dossier = change.dossier
    dossier.received_at = change.at
    dossier.code = draw_code(office=dossier.receiving_office, at=change.at)
    _write(change, EntryKind.START)
    dossier.promised_at = dossier.due_at
    _promise(change)


def _pause(change: Change) -> None:
    _write(change, EntryKind.PAUSE)


def _resume(change: Change) -> None:
    """The clock goes on, or begins anew where the procedure says so."""
    anew = change.dossier.procedure_version.on_resume == RESTART
    _write(change, EntryKind.START if anew else EntryKind.RESUME)
    _promise(change)


def _stop(change: Change) -> None:
    """The end of counting; the date told stays. Before acceptance there is no clock to stop."""
    if change.dossier.is_accepted:
        _enter(change, EntryKind.STOP)
        change.dossier.paused_at = None


def _promise(change: Change) -> None:
    """Writes down the date that the citizen is told now."""
    dossier = change.dossier
    assert dossier.due_at is not None, "a running clock has a due date"
    DuePromise.objects.create(dossier=dossier, due_at=dossier.due_at, at=change.at)
    change.payload["due"] = dossier.due_at.isoformat()


def _keep(change: Change) -> None:
    """The move leaves the clock alone."""


EFFECTS: dict[Clock, Callable[[Change], None]] = {
    Clock.KEEP: _keep,
    Clock.START: _start,
    Clock.PAUSE: _pause,
    Clock.RESUME: _resume,
    Clock.STOP: _stop,
}
