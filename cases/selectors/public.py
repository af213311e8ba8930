"""What anybody with the receipt's token may see of a dossier (design: privacy).

Never an identity number, an address of a person or a full phone number of a citizen. The look-up
page and the API's `lookup/` show the same facts.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.deadlines import Due, NoWorkingDay, Share, Timeliness, share
from cases.models import Dossier, DossierStep
from cases.selectors.legal_clock import reckon_and_explain
from cases.selectors.timeline import TimelineEntry, public_timeline_of
from cases.workflow import Outcome, ResultChannel, Stage, Status, StepState
from common import clock, dates
from common.errors import NotFoundError
from common.text import mask_name
from offices.kinds import Role
from offices.models import Office
from offices.selectors.calendars import counter_calendar_for

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,30}")


class Sentence(StrEnum):
    """Which one sentence tells the citizen where the dossier stands."""

    AWAITING = "awaiting"
    PAPERS_MISSING = "papers_missing"
    IN_PROGRESS = "in_progress"
    LATE = "late"
    READY = "ready"
    READY_EARLY = "ready_early"
    READY_POST = "ready_post"
    READY_ELECTRONIC = "ready_electronic"
    DENIED = "denied"
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class PublicOffice:
    """An office with its office phone."""

    name: str
    phone: str


@dataclass(frozen=True)
class PublicOfficer:
    """The officer who has the dossier, with the office phone, never a private one."""

    name: str
    phone: str


@dataclass(frozen=True)
class MissingPaper:
    """A paper that the citizen shall bring: the original, certified copies, plain photocopies."""

    name: str
    original: bool
    copies: int
    photocopies: int


@dataclass(frozen=True)
class MissingPapers:
    """The open request: what, why, by when."""

    reason: str
    due_at: datetime
    papers: tuple[MissingPaper, ...]


@dataclass(frozen=True)
class Collecting:
    """Where the result is collected; `hours` in words of the active language."""

    channel: ResultChannel
    place: str
    address: str
    phone: str
    hours: str
    parcel_code: str


@dataclass(frozen=True)
class PublicView:
    """A dossier as its filer sees it. Instants are aware UTC, texts in the active language.

    `office` and `officer` have it now, or decided it once it is ready. `why` says in sentences how
    the due date came about, `share` how the time was used; both are empty before acceptance.
    """

    code: str | None
    procedure: str  # short name
    applicant: str  # masked: Nguyễn V** T**
    received_by: str  # short name of the counter
    stage: Stage
    status: Status
    sentence: Sentence
    received_at: datetime | None
    promised_at: datetime | None
    due_at: datetime | None
    paused_since: datetime | None
    ready_at: datetime | None
    closed_at: datetime | None
    outcome: str
    timeliness: str
    early_days: int
    is_late: bool
    closing_reason: str  # told to the citizen: refusal, withdrawal, undone acceptance
    office: PublicOffice
    officer: PublicOfficer | None
    missing: MissingPapers | None
    collecting: Collecting
    timeline: tuple[TimelineEntry, ...]
    why: tuple[str, ...]
    share: Share | None
    shown_at: datetime


def dossier_by_token(token: str) -> Dossier:
    """The dossier behind a receipt's QR. Raises NotFoundError for any other text."""
    dossier = None
    if _TOKEN.fullmatch(token):
        dossier = (
            Dossier.objects.select_related(
                "citizen",
                "case",
                "procedure_version__procedure",
                "receiving_office",
                "deciding_office",
                "submitted_by__office",
            )
            .filter(lookup_token=token)
            .first()
        )
    if dossier is None:
        raise NotFoundError(
            _(
                "This QR code no longer works. Use the dossier code or ask for a new one "
                "at the counter."
            )
        )
    return dossier


def public_view(token: str) -> PublicView:
    """The facts of the public page. Raises NotFoundError for a token that is not there."""
    return view_of(dossier_by_token(token))


def view_of(dossier: Dossier) -> PublicView:
    """The facts of the public page for a dossier; a constant number of queries."""
    now = clock.now()
    holder = _holder(dossier)
    reckoned, why = _reckoned(dossier)
    is_late = _is_late(dossier, now)
    return PublicView(
        code=dossier.code,
        procedure=dossier.procedure_version.short_name,
        applicant=mask_name(dossier.citizen.full_name),
        received_by=dossier.receiving_office.named_at(dossier.received_at).short_name,
        stage=dossier.stage,
        status=Status(dossier.status),
        sentence=_sentence_key(dossier, is_late=is_late),
        received_at=dossier.received_at,
        promised_at=dossier.promised_at,
        due_at=dossier.due_at,
        paused_since=dossier.paused_at,
        ready_at=dossier.ready_at,
        closed_at=dossier.closed_at,
        outcome=dossier.outcome,
        timeliness=dossier.timeliness,
        early_days=dossier.early_days,
        is_late=is_late,
        closing_reason=dossier.closing_reason,
        office=_office(dossier, holder),
        officer=_officer(dossier, holder),
        missing=_missing(dossier),
        collecting=_collecting(dossier),
        timeline=tuple(public_timeline_of(dossier)),
        why=tuple(why),
        share=share(reckoned, now) if reckoned else None,
        shown_at=now,
    )


def _reckoned(dossier: Dossier) -> tuple[Due | None, list[str]]:
    """Nothing before acceptance, nor while the calendar of the offices is broken."""
    if not dossier.is_accepted:
        return None, []
    try:
        return reckon_and_explain(dossier)
    except NoWorkingDay:
        return None, []


def _is_late(dossier: Dossier, now: datetime) -> bool:
    if dossier.timeliness:
        return dossier.timeliness == Timeliness.LATE
    is_running = dossier.closed_at is None and dossier.paused_at is None
    return is_running and dossier.due_at is not None and now > dossier.due_at


# ---- who has it ----------------------------------------------------------------------------------


def _holder(dossier: Dossier) -> DossierStep | None:
    """The first open step; when none is open, the last one done outside the counter."""
    steps = list(dossier.steps.select_related("office", "officer__office").order_by("position"))
    opened = [step for step in steps if step.state == StepState.OPEN]
    decided = [s for s in steps if s.state == StepState.DONE and s.role != Role.FRONT_DESK]
    return next(iter([*opened, *reversed(decided)]), None)


def _office(dossier: Dossier, holder: DossierStep | None) -> PublicOffice:
    """Of a closed dossier by the name of that time; the phone is the one to call today."""
    office: Office = holder.office if holder else dossier.receiving_office
    return PublicOffice(office.named_at(dossier.closed_at).name, office.phone)


def _officer(dossier: Dossier, holder: DossierStep | None) -> PublicOfficer | None:
    officer = holder.officer if holder else dossier.submitted_by
    return None if officer is None else PublicOfficer(officer.full_name, officer.contact_phone)


# ---- what to do ----------------------------------------------------------------------------------


def _missing(dossier: Dossier) -> MissingPapers | None:
    request = (
        dossier.supplement_requests.filter(closed_at=None).prefetch_related("items").first()
        if dossier.status == Status.SUPPLEMENT_REQUESTED
        else None
    )
    if request is None:
        return None
    papers = (
        MissingPaper(item.name, item.original, item.copies, item.photocopies)
        for item in request.items.all()
    )
    return MissingPapers(request.reason, request.due_at, tuple(papers))


def _collecting(dossier: Dossier) -> Collecting:
    office = dossier.receiving_office
    return Collecting(
        channel=ResultChannel(dossier.result_channel),
        place=office.name,
        address=office.address,
        phone=office.phone,
        hours=dates.week_hours_phrase(counter_calendar_for(office).weekly),
        parcel_code=dossier.parcel_code,
    )


# ---- the one sentence ----------------------------------------------------------------------------

_BY_STATUS: dict[Status, Sentence] = {
    Status.SUBMITTED: Sentence.AWAITING,
    Status.SUPPLEMENT_REQUESTED: Sentence.PAPERS_MISSING,
    Status.RECEIVED: Sentence.IN_PROGRESS,
    Status.PROCESSING: Sentence.IN_PROGRESS,
    Status.READY: Sentence.READY,
    Status.RETURNED: Sentence.RETURNED,
    Status.REFUSED: Sentence.REFUSED,
    Status.WITHDRAWN: Sentence.WITHDRAWN,
    Status.CANCELLED: Sentence.CANCELLED,
}
_BY_CHANNEL = {
    ResultChannel.POST: Sentence.READY_POST,
    ResultChannel.ELECTRONIC: Sentence.READY_ELECTRONIC,
}


def _sentence_key(dossier: Dossier, *, is_late: bool) -> Sentence:
    key = _BY_STATUS[Status(dossier.status)]
    if key == Sentence.IN_PROGRESS and is_late:
        return Sentence.LATE
    if key != Sentence.READY:
        return key
    if dossier.outcome == Outcome.DENIED:
        return Sentence.DENIED
    by_channel = _BY_CHANNEL.get(ResultChannel(dossier.result_channel))
    return by_channel or (Sentence.READY_EARLY if dossier.early_days else Sentence.READY)


def sentence_of(view: PublicView, *, no_break: bool = False) -> str:
    """Where the dossier stands and what to do, in the active language.

    With `no_break` no line of a page ends inside a day.
    """
    facts = _facts(view, no_break)
    if view.sentence == Sentence.PAPERS_MISSING and view.missing:
        facts["n"] = str(len(view.missing.papers))
        facts["due"] = dates.due_phrase(view.missing.due_at, no_break=no_break)
        return (
            ngettext(
                "Please hand in %(n)s more paper by %(due)s.",
                "Please hand in %(n)s more papers by %(due)s.",
                len(view.missing.papers),
            )
            % facts
        )
    return _words(view.sentence) % facts


def _facts(view: PublicView, no_break: bool) -> dict[str, str]:
    due, closed = view.due_at, view.closed_at
    return {
        "office": view.office.name,
        "place": view.collecting.place,
        "due": dates.due_phrase(due, no_break=no_break) if due else "",
        "early": dates.duration_days_phrase(view.early_days),
        "parcel": view.collecting.parcel_code,
        "at": dates.due_phrase(closed, no_break=no_break) if closed else "",
    }


def _words(sentence: Sentence) -> str:
    return {
        Sentence.AWAITING: _("Your dossier is waiting to be checked. You need do nothing."),
        Sentence.PAPERS_MISSING: _("Papers are missing. The counter tells you which."),
        Sentence.IN_PROGRESS: _(
            "%(office)s is working on your dossier. Your result is due by %(due)s."
        ),
        Sentence.LATE: _("We are sorry: your result was due by %(due)s and is late."),
        Sentence.READY: _("Your result is ready. Please collect it at %(place)s."),
        Sentence.READY_EARLY: _(
            "Your result is ready, %(early)s earlier than promised. Please collect it at %(place)s."
        ),
        Sentence.READY_POST: _("Your result was posted, parcel %(parcel)s."),
        Sentence.READY_ELECTRONIC: _(
            "Your electronic result is ready. Ask for the file at %(place)s."
        ),
        Sentence.DENIED: _(
            "Your request was not granted. A written answer with reasons is at %(place)s."
        ),
        Sentence.RETURNED: _("The result was handed over at %(at)s."),
        Sentence.REFUSED: _("We could not accept your dossier."),
        Sentence.WITHDRAWN: _("Processing stopped at your request."),
        Sentence.CANCELLED: _("The acceptance of your dossier was undone."),
    }[sentence]
