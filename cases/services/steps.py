"""The steps of a dossier: opened in order, parallel ones together, joined before the next."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import pairwise

from cases.deadlines import EntryKind, step_due
from cases.models import DossierOffice, DossierStep
from cases.selectors.catalogue import steps_of
from cases.selectors.dossiers import steps_to_open
from cases.services.change import Change
from cases.workflow import Steps, StepState
from offices.models import Office
from offices.selectors.calendars import calendar_for
from offices.selectors.officers import only_officer_with
from offices.selectors.tree import resolve_office


def _open_first(change: Change) -> None:
    """Acceptance: every step is laid out, the first is open with the officer who accepted."""
    dossier = change.dossier
    steps = [
        DossierStep(
            dossier=dossier,
            position=step.position,
            key=step.key,
            name=step.name,
            office=resolve_office(
                step.office,
                step.role,
                commune=dossier.commune,
                receiving=dossier.receiving_office,
            ),
            role=step.role,
            working_hours=step.working_hours,
            parallel_group=step.parallel_group,
        )
        for step in steps_of(dossier.case, dossier.procedure_version)
    ]
    first = steps[0]
    first.officer = change.officer
    _mark_open(change, first)
    DossierStep.objects.bulk_create(steps)
    _let_see(change, [first.office])


def _take(change: Change) -> None:
    step = _own_step(change)
    change.payload["step"] = step.id
    step.officer = change.officer
    step.save(update_fields=["officer"])


def _advance(change: Change) -> None:
    """Closes the officer's step; opens the next, or the join when the last of a group is closed."""
    step = _own_step(change)
    holder = change.position.open_steps[0]
    _close(change, step)
    parallel = list(change.position.open_steps)  # `step` is done, so it is not among them
    opened = [] if parallel else steps_to_open(change.position.steps)
    for following in opened:
        _mark_open(change, following)
        following.officer = only_officer_with(following.role, following.office)
        following.save(update_fields=["officer", "state", "opened_at", "due_at"])
    _let_see(change, [s.office for s in opened])
    now_holds = next(iter([*parallel, *opened]), holder)
    change.payload |= {
        "from_step": step.id,
        "opened_steps": [s.id for s in opened],
        "from_office": step.office_id,
        "to_office": now_holds.office_id,
        "holder_changed": now_holds.office_id != holder.office_id,
    }


def _pause(change: Change) -> None:
    """Open steps wait with the dossier: they have no due date until it goes on."""
    change.dossier.steps.filter(state=StepState.OPEN).update(due_at=None)


def _resume(change: Change) -> None:
    """Open steps get the time back that they waited."""
    for step in change.position.open_steps:
        step.due_at = _due(change, step)
        step.save(update_fields=["due_at"])


def _finish(change: Change) -> None:
    """The result is there: the last step is done, one that is not needed is skipped."""
    _close(change, _own_step(change))
    change.dossier.steps.filter(state=StepState.WAITING).update(state=StepState.SKIPPED)


def _drop(change: Change) -> None:
    """The dossier ends here: nobody has anything to do any more."""
    change.dossier.steps.filter(state=StepState.OPEN).update(
        state=StepState.SKIPPED, closed_at=change.at
    )
    change.dossier.steps.filter(state=StepState.WAITING).update(state=StepState.SKIPPED)


def _keep(change: Change) -> None:
    """The move leaves the steps alone."""


def _own_step(change: Change) -> DossierStep:
    step = change.position.step
    assert step is not None, "the table lets only the holder of a step do this"
    return step


def _mark_open(change: Change, step: DossierStep) -> None:
    step.state = StepState.OPEN
    step.opened_at = change.at
    step.due_at = _due(change, step)


def _close(change: Change, step: DossierStep) -> None:
    step.officer = step.officer or change.officer
    step.state = StepState.DONE
    step.closed_at = change.at
    step.save(update_fields=["officer", "state", "closed_at"])


def _due(change: Change, step: DossierStep) -> datetime | None:
    assert step.opened_at is not None
    return step_due(
        step.opened_at,
        step.working_hours,
        calendar_for(step.office),
        pauses=_pauses(change),
    )


def _pauses(change: Change) -> list[tuple[datetime, datetime | None]]:
    """The pauses of the dossier's clock as (from, to), each ended by the entry that follows it."""
    kinds = (EntryKind.START, EntryKind.PAUSE, EntryKind.RESUME)
    entries = change.dossier.clock_entries.filter(kind__in=kinds).values_list("kind", "at")
    return [
        (at, following)
        for (kind, at), (_kind, following) in pairwise(entries)
        if kind == EntryKind.PAUSE
    ]


def _let_see(change: Change, offices: Iterable[Office]) -> None:
    DossierOffice.objects.bulk_create(
        [DossierOffice(dossier=change.dossier, office=office) for office in offices],
        ignore_conflicts=True,
    )


EFFECTS: dict[Steps, Callable[[Change], None]] = {
    Steps.KEEP: _keep,
    Steps.OPEN_FIRST: _open_first,
    Steps.TAKE: _take,
    Steps.PAUSE: _pause,
    Steps.ADVANCE: _advance,
    Steps.RESUME: _resume,
    Steps.FINISH: _finish,
    Steps.DROP: _drop,
}
