"""Why a move is refused, in words that say what the person can do about it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from cases.models import Dossier, DossierEvent
from cases.workflow import Action, Event, Status, rows_of
from common import clock
from common.errors import DomainError
from offices.models import Officer


class StaleError(DomainError):
    """Somebody moved the dossier since the page was shown.

    The code is `already_done` where that was this very move: sent by the same officer from the
    same `version` with the same input, of which `typed` is the fingerprint. Else it is `stale`.
    """

    def __init__(
        self, dossier: Dossier, action: Action, officer: Officer, *, version: int, typed: str
    ) -> None:
        last = DossierEvent.objects.select_related("actor").filter(dossier=dossier).latest("id")
        code, message = (
            "stale",
            _(
                "%(officer)s did “%(what)s” at %(time)s. Look at the change and try again; "
                "your text is kept."
            ),
        )
        is_this_move = (
            last.dossier_version == version + 1
            and last.actor_id == officer.id
            and last.event in {row.event for row in rows_of(action)}
            and last.payload.get("typed") == typed
        )
        if is_this_move:
            code, message = "already_done", _("This was done at %(time)s. Nothing was repeated.")
        who = last.actor.full_name if last.actor else _("The system")
        words = {
            "officer": who,
            "what": Event(last.event).label,
            "time": f"{clock.local(last.at):%H:%M}",
        }
        super().__init__(message % words, code=code, status=409)
        self.last_event = last


def possible_when(action: Action, *, is_accepted: bool) -> str:
    """In which states the table knows the action, as a reason why not now."""
    rows = rows_of(action)
    if is_accepted and all(row.accepted is False for row in rows):
        return _("This can be done before acceptance only.")
    sources = {status for row in rows for status in row.sources}
    names = [f"“{status.label}”" for status in Status if status in sources]
    return _("This can be done while the dossier is %(statuses)s.") % {"statuses": ", ".join(names)}


class IllegalMoveError(DomainError):
    """The table or a guard refuses the move; `reasons` holds all reasons."""

    def __init__(self, action: Action, status: Status, reasons: Sequence[str]) -> None:
        message = _("Cannot “%(action)s” while the dossier is “%(status)s”: %(reasons)s") % {
            "action": action.label,
            "status": status.label,
            "reasons": " ".join(reasons),
        }
        super().__init__(message, code="illegal_move", status=409, reasons=reasons)
