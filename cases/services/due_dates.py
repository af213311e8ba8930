"""Due dates after the calendar changed: which open dossiers would move, and moving them.

A due date that was told stands until this moves it; each move is told and stands in the history
(design.md 4).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import DossierEvent, DuePromise
from cases.selectors.due_dates import DueMove, moved_by_now, running
from cases.workflow import Event
from common import bell, clock
from common.errors import DomainError
from common.text import nfc
from offices.models import Officer
from offices.selectors.calendars import calendars_kept

MOST_AT_ONCE = 2000
_CHUNK = 500
_LONGEST_REASON = 200


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


def _moves() -> Iterator[DueMove]:
    last = 0
    with calendars_kept():
        while chunk := list(
            running()
            .filter(pk__gt=last)
            .select_related("procedure_version")
            .prefetch_related("clock_entries")
            .order_by("pk")[:_CHUNK]
        ):
            last = chunk[-1].pk
            yield from filter(None, map(moved_by_now, chunk))


@transaction.atomic
def _move(dossier_id: int, officer: Officer, reason: str) -> bool:
    dossier = running().select_for_update(of=("self",)).filter(pk=dossier_id).first()
    move = moved_by_now(dossier) if dossier else None
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
