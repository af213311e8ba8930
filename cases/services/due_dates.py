"""Due dates after the calendar changed: which open dossiers would move, and moving them.

A due date that was told stands until this moves it; each move is told and stands in the history
(design.md 4).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cases.deadlines import Entry, EntryKind
from cases.models import Dossier, DossierEvent, DuePromise
from cases.selectors.legal_clock import reckon
from cases.workflow import Event
from common import bell, clock
from common.errors import DomainError
from common.text import nfc
from offices.models import Officer
from offices.selectors import calendars_kept

MOST_AT_ONCE = 2000
_CHUNK = 500
_LONGEST_REASON = 200


@dataclass(frozen=True)
class DueMove:
    """A running dossier whose date by the calendar of now is not the one that was told."""

    dossier: Dossier
    told_at: datetime
    due_at: datetime


@dataclass(frozen=True)
class Preview:
    """How many dossiers would move, and the first of them."""

    count: int
    first: tuple[DueMove, ...]


def preview_moves(*, show: int = 50) -> Preview:
    """Reads every running dossier once, three queries for each 500. Raises NoWorkingDay."""
    count = 0
    first: list[DueMove] = []
    for move in _moves():
        count += 1
        if len(first) < show:
            first.append(move)
    return Preview(count, tuple(first))


def move_due_dates(*, officer: Officer, reason: str, most: int = MOST_AT_ONCE) -> int:
    """Moves up to `most` dossiers, one transaction each, and says how many.

    Each gets the new date as a promise and an event that tells the citizen. What is moved is not
    found again, so a second call goes on where a first one ended or was cut off. Raises DomainError
    at field `reason`, and NoWorkingDay.
    """
    words = nfc(reason)
    if not any(c.isalpha() for c in words) or len(words) > _LONGEST_REASON:
        text = _("Write the reason in words that the citizen understands.")
        raise DomainError(text, fields={"reason": [text]})
    found = [move.dossier.pk for move in islice(_moves(), most)]
    return sum(_move(dossier_id, officer, words) for dossier_id in found)


def _running() -> QuerySet[Dossier]:
    """The clock runs: neither paused nor at its end."""
    return Dossier.objects.filter(
        received_at__isnull=False, paused_at=None, ready_at=None, closed_at=None
    ).select_related("deciding_office", "receiving_office")


def _moves() -> Iterator[DueMove]:
    last = 0
    with calendars_kept():
        while chunk := list(
            _running()
            .filter(pk__gt=last)
            .select_related("procedure_version")
            .prefetch_related("clock_entries")
            .order_by("pk")[:_CHUNK]
        ):
            last = chunk[-1].pk
            yield from filter(None, map(_moved, chunk))


def _moved(dossier: Dossier) -> DueMove | None:
    entries = [Entry(EntryKind(e.kind), e.at, e.amount) for e in dossier.clock_entries.all()]
    due_at, told_at = reckon(dossier, entries).due_at, dossier.due_at
    if due_at is None or told_at is None or due_at == told_at:
        return None
    return DueMove(dossier, told_at, due_at)


@transaction.atomic
def _move(dossier_id: int, officer: Officer, reason: str) -> bool:
    dossier = _running().select_for_update(of=("self",)).filter(pk=dossier_id).first()
    move = _moved(dossier) if dossier else None
    if move is None:  # somebody paused, ended or moved it since it was found
        return False
    dossier, now = move.dossier, clock.now()
    dossier.due_at = move.due_at
    dossier.version += 1
    dossier.save(update_fields=["due_at", "version"])
    DuePromise.objects.create(dossier=dossier, due_at=move.due_at, at=now)
    DossierEvent.objects.create(
        event=Event.DUE_MOVED,
        at=now,
        payload={
            "due": move.due_at.isoformat(),
            "due_before": move.told_at.isoformat(),
            "reason": reason,
        },
        dossier=dossier,
        dossier_version=dossier.version,
        actor=officer,
        office=officer.office,
        status_before=dossier.status,
        status_after=dossier.status,
    )
    bell.ring("personal")
    return True
