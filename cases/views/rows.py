"""Rows of a list of dossiers, as words: where each is, when it is due, what happened last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cases.models import Dossier, DossierStep
from cases.selectors.chips import Chip, chip_of
from cases.selectors.queues import Viewer
from cases.workflow import Action, Event, Status, find
from offices.selectors.calendars import calendars_for


@dataclass(frozen=True)
class Row:
    """One dossier of a list made by `for_list`."""

    dossier: Dossier
    status: str  # words
    steps: str
    chip: Chip | None
    holder: str
    event: str  # what happened last
    event_at: datetime | None
    can_take: bool


def rows_of(dossiers: Sequence[Dossier], viewer: Viewer, now: datetime) -> list[Row]:
    """Two queries more than the page itself, for the calendars of the deciding offices."""
    calendars = calendars_for({dossier.deciding_office_id for dossier in dossiers})
    return [_row(d, viewer, chip_of(d, calendars[d.deciding_office_id], now)) for d in dossiers]


def _row(dossier: Dossier, viewer: Viewer, chip: Chip | None) -> Row:
    status = Status(dossier.status)
    steps = _of_viewer(list(dossier.steps.all()), viewer)
    last = next(iter(dossier.events.all()), None)
    is_waiting = status == Status.SUPPLEMENT_REQUESTED
    return Row(
        dossier=dossier,
        status=str(status.label),
        steps="; ".join(dict.fromkeys(step.name for step in steps if not is_waiting)),
        chip=chip,
        holder=_holder(dossier, steps, viewer),
        event=str(Event(last.event).label) if last else "",
        event_at=last.at if last else None,
        can_take=_can_take(dossier, steps, viewer),
    )


def _of_viewer(steps: Sequence[DossierStep], viewer: Viewer) -> list[DossierStep]:
    """The open steps of the viewer's offices, their own first; all where none is theirs."""
    theirs = [step for step in steps if step.office_id in viewer.office_ids]
    return sorted(theirs or steps, key=lambda step: step.officer_id != viewer.officer.pk)


def _holder(dossier: Dossier, steps: Sequence[DossierStep], viewer: Viewer) -> str:
    if dossier.status == Status.SUPPLEMENT_REQUESTED:
        return _("The citizen")
    if dossier.status == Status.READY:
        return dossier.receiving_office.short_name
    if not steps:
        return "–"
    step = steps[0]
    if step.officer_id == viewer.officer.pk:
        return _("Me")
    if step.office_id not in viewer.office_ids:
        return step.office.short_name
    return step.officer.full_name if step.officer else _("Nobody yet")


def _can_take(dossier: Dossier, steps: Sequence[DossierStep], viewer: Viewer) -> bool:
    """True where nobody has the step and the table lets the viewer's role take it."""
    row = find(
        Action.TAKE,
        status=Status(dossier.status),
        is_accepted=dossier.is_accepted,
    )
    free = [s for s in steps if s.officer_id is None and (s.office_id, s.role) in viewer.pairs]
    mine = any(step.officer_id == viewer.officer.pk for step in steps)
    return row is not None and bool(free) and not mine
