"""What each action takes from the person, checked against the dossier and written.

One dataclass per action; `check` refuses with a text per field and writes nothing, `write` writes
only what this action alone writes. Status, clock and steps are the table's business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from cases.models import SupplementItem, SupplementRequest
from cases.selectors.legal_clock import came
from cases.services.change import Change
from cases.services.issued_forms import freeze_receipt, freeze_supplement
from cases.services.supplements import default_due, mark_papers
from cases.workflow import Outcome, PaperState, ResultChannel
from common.errors import DomainError
from common.text import nfc

_LONGEST = 500
_FARTHEST = timedelta(days=366)


def _refuse(**fields: str) -> None:
    raise DomainError(
        _("Some values need mending."), fields={name: [text] for name, text in fields.items()}
    )


def _reason(text: str) -> str:
    """A reason in words, NFC. Raises DomainError at field `reason`."""
    reason = nfc(text)
    if not any(c.isalpha() for c in reason):
        _refuse(reason=_("Write the reason in words that the citizen understands."))
    if len(reason) > _LONGEST:
        _refuse(reason=_("At most %(n)s characters.") % {"n": _LONGEST})
    return reason


def _check_date(due_at: datetime, now: datetime) -> None:
    if due_at <= now:
        _refuse(due=_("The date for the papers must lie ahead."))
    if due_at > now + _FARTHEST:
        _refuse(due=_("The date for the papers lies more than a year ahead."))


@dataclass(frozen=True)
class Accept:
    """All papers are in: form 01 is issued."""

    def check(self, change: Change) -> None:
        """The guards of the table say all."""

    def write(self, change: Change) -> None:
        freeze_receipt(change.dossier, officer=change.officer)


@dataclass(frozen=True)
class Take:
    """The step becomes the officer's."""

    def check(self, change: Change) -> None:
        """The guards of the table say all."""

    def write(self, change: Change) -> None:
        """The step itself is written by the table's effect."""


@dataclass(frozen=True)
class HandOver:
    """The officer's step is done."""

    note: str = ""

    def check(self, change: Change) -> None:
        if len(nfc(self.note)) > _LONGEST:
            _refuse(note=_("At most %(n)s characters.") % {"n": _LONGEST})

    def write(self, change: Change) -> None:
        step = change.position.step
        if step and self.note:
            step.note = nfc(self.note)
            step.save(update_fields=["note"])


@dataclass(frozen=True)
class MissingPaper:
    """A paper that the citizen shall bring: the original, so many certified copies, so many plain
    photocopies. `key` names a line of the checklist, if it is one."""

    name: str
    original: bool = True
    copies: int = 0
    key: str = ""
    photocopies: int = 0


@dataclass(frozen=True)
class RequestSupplement:
    """Everything that is missing, once, in writing, with the reason (form 02)."""

    items: Sequence[MissingPaper]
    reason: str
    due_at: datetime | None = None

    def check(self, change: Change) -> None:
        _reason(self.reason)
        if not self.items:
            _refuse(items=_("Name at least one paper."))
        for item in self.items:
            if not nfc(item.name) or len(nfc(item.name)) > 300:
                _refuse(items=_("Each paper needs a name of at most 300 characters."))
            if not item.original and item.copies + item.photocopies < 1:
                _refuse(items=_("Say of each paper: the original, or how many copies."))
        if self.due_at is not None:
            _check_date(self.due_at, change.at)

    def write(self, change: Change) -> None:
        dossier = change.dossier
        request = SupplementRequest.objects.create(
            dossier=dossier,
            number=dossier.supplement_requests.count() + 1,
            is_before_acceptance=not dossier.is_accepted,
            reason=_reason(self.reason),
            due_at=self.due_at or default_due(dossier, change.at),
            requested_at=change.at,
            requested_by=change.officer,
        )
        SupplementItem.objects.bulk_create(
            SupplementItem(
                request=request,
                position=position,
                key=item.key,
                name=nfc(item.name),
                original=item.original,
                copies=item.copies,
                photocopies=item.photocopies,
            )
            for position, item in enumerate(self.items, start=1)
        )
        mark_papers(dossier, keys=[i.key for i in self.items], state=PaperState.MISSING)
        step = change.position.step
        office = step.office if step else dossier.receiving_office
        freeze_supplement(request, office=office, officer=change.officer)
        change.payload |= {
            "request": request.id,
            "number": request.number,
            "items": len(self.items),
            "due": request.due_at.isoformat(),
        }


@dataclass(frozen=True)
class ReceiveSupplement:
    """Everything that was asked for is in; before acceptance this accepts the dossier."""

    def check(self, change: Change) -> None:
        """The guards of the table say all."""

    def write(self, change: Change) -> None:
        dossier = change.dossier
        request = dossier.supplement_requests.get(closed_at=None)
        request.closed_at = change.at
        request.save(update_fields=["closed_at"])
        for item in request.items.all():
            state = PaperState.ORIGINAL if item.original else PaperState.COPY
            count = 1 if item.original else item.copies + item.photocopies
            mark_papers(dossier, keys=[item.key], state=state, count=count)
        change.payload["request"] = request.id
        freeze_receipt(dossier, officer=change.officer)


@dataclass(frozen=True)
class Complete:
    """The result is where the citizen gets it: early, on time or late is fixed now."""

    outcome: str
    note: str = ""
    parcel_code: str = ""

    def check(self, change: Change) -> None:
        if self.outcome not in Outcome.values:
            _refuse(outcome=_("Choose the outcome."))
        by_post = change.dossier.result_channel == ResultChannel.POST
        is_sent = by_post and self.outcome == Outcome.GRANTED  # a denial waits at the counter
        if is_sent and not nfc(self.parcel_code):
            _refuse(parcel_code=_("A result sent by post needs its parcel code."))
        if len(nfc(self.parcel_code)) > 30:
            _refuse(parcel_code=_("At most %(n)s characters.") % {"n": 30})
        if len(nfc(self.note)) > _LONGEST:
            _refuse(note=_("At most %(n)s characters.") % {"n": _LONGEST})

    def write(self, change: Change) -> None:
        dossier = change.dossier
        promised = dossier.promises.latest("id").due_at
        dossier.ready_at = change.at
        dossier.outcome = self.outcome
        dossier.timeliness, dossier.early_days = came(dossier, change.at)
        dossier.parcel_code = nfc(self.parcel_code)
        HandOver(self.note).write(change)
        change.payload |= {
            "outcome": self.outcome,
            "timeliness": dossier.timeliness,
            "early_days": dossier.early_days,
            "due": promised.isoformat(),
            "channel": dossier.result_channel,
        }


@dataclass(frozen=True)
class ReturnResult:
    """The citizen, or who is authorised, has the result in hand."""

    collected_by: str

    def check(self, change: Change) -> None:
        name = nfc(self.collected_by)
        if not any(c.isalpha() for c in name) or len(name) > 80:
            _refuse(collected_by=_("Enter the name of the person who collects the result."))

    def write(self, change: Change) -> None:
        change.dossier.collected_by = nfc(self.collected_by)


@dataclass(frozen=True)
class Close:
    """An end without result, with the reason that the citizen is told."""

    reason: str

    def check(self, change: Change) -> None:
        _reason(self.reason)

    def write(self, change: Change) -> None:
        dossier = change.dossier
        dossier.closing_reason = _reason(self.reason)
        dossier.supplement_requests.filter(closed_at=None).update(closed_at=change.at)
