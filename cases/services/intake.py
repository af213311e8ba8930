"""A dossier comes in at the counter: person, procedure, papers, all in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from cases.deadlines import Unit
from cases.models import (
    Dossier,
    DossierEvent,
    DossierOffice,
    DossierPaper,
    ProcedureCase,
    RequiredDocument,
)
from cases.services import actions
from cases.services.inputs import MissingPaper
from cases.workflow import Event, PaperState, ResultChannel, Status
from citizens.identity import parse_identity_number
from citizens.models import Citizen
from citizens.services import Applicant, find_or_add_citizen
from common import clock
from common.errors import DomainError, RoleMissingError
from common.fields import keyed_hash
from common.text import nfc
from offices.models import Commune, Office, Officer
from offices.selectors.officers import receiving_offices
from offices.selectors.tree import resolve_office


@dataclass(frozen=True)
class PaperCheck:
    """One line of the checklist as the front desk ticked it."""

    key: str
    state: PaperState
    count: int = 1


@dataclass(frozen=True)
class NewDossier:
    """What the front desk took in. Without `papers` all required ones are there.

    `commune` is the competent one (where the land lies); None means the applicant's.
    `submission_key` makes a form post idempotent: the same key finds the first dossier, and is
    refused for another person or case.
    """

    case: ProcedureCase
    applicant: Applicant
    commune: Commune | None = None
    papers: Sequence[PaperCheck] | None = None
    result_channel: ResultChannel = ResultChannel.COUNTER
    submission_key: str | None = None


def take_in(*, new: NewDossier, officer: Officer) -> Dossier:
    """Accepts the dossier, or asks for the required papers that are missing.

    Raises DomainError with texts per field; then nothing at all is kept.
    """
    with transaction.atomic():
        if (known := _already_taken_in(new, officer)) is not None:
            return known
        dossier = hand_in(new=new, officer=officer)
        missing = list(dossier.papers.filter(required=True, state=PaperState.MISSING))
        if not missing:
            return actions.accept(dossier=dossier, officer=officer, version=dossier.version)
        return actions.request_supplement(
            dossier=dossier,
            officer=officer,
            version=dossier.version,
            items=[_as_missing(paper, new.case) for paper in missing],
            reason=_missing_reason(missing),
        )


def turn_away(*, new: NewDossier, officer: Officer, reason: str) -> Dossier:
    """Records the dossier and refuses its acceptance with the reason (form 03)."""
    with transaction.atomic():
        if (known := _already_taken_in(new, officer)) is not None:
            return known
        dossier = hand_in(new=new, officer=officer)
        return actions.refuse(
            dossier=dossier, officer=officer, version=dossier.version, reason=reason
        )


@transaction.atomic
def hand_in(*, new: NewDossier, officer: Officer) -> Dossier:
    """The dossier as submitted: person, papers and look-up secrets are kept, no code, no clock."""
    office = counter_of(officer)
    _refuse_foreign(new.case)
    citizen = find_or_add_citizen(applicant=new.applicant, officer=officer)
    dossier = _create(new, citizen, office, officer)
    _write_checklist(dossier, new)
    DossierOffice.objects.bulk_create(
        DossierOffice(dossier=dossier, office_id=office_id)
        for office_id in {office.pk, dossier.deciding_office_id}
    )
    DossierEvent.objects.create(
        event=Event.SUBMITTED,
        at=dossier.submitted_at,
        dossier=dossier,
        dossier_version=dossier.version,
        actor=officer,
        office=office,
        status_after=dossier.status,
    )
    return dossier


def _already_taken_in(new: NewDossier, officer: Officer) -> Dossier | None:
    """The dossier of an earlier post of the same form; a post that comes meanwhile waits for it.

    Raises DomainError for a form that another officer has sent, or that was for something else.
    """
    if new.submission_key is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [new.submission_key]
        )
    known = (
        Dossier.objects.select_related("citizen", "case", "procedure_version")
        .filter(submission_key=new.submission_key)
        .first()
    )
    if known is None:
        return None
    if known.submitted_by_id != officer.pk:
        raise DomainError(_("Another officer has sent this form. Open a new one."), status=409)
    if not _is_the_same(known, new):
        message = _("This form was already sent as %(code)s. Open a new one.")
        raise DomainError(message % {"code": known.handle}, status=409)
    return known


def _is_the_same(known: Dossier, new: NewDossier) -> bool:
    """Whether the dossier is of the same person, procedure and case."""
    number = parse_identity_number(new.applicant.identity_number)
    return (
        known.citizen.identity_hash == keyed_hash(number)
        and known.procedure_version.procedure_id == new.case.version.procedure_id
        and known.case.code == new.case.code
    )


def counter_of(officer: Officer) -> Office:
    """The counter at which the officer takes dossiers in. Raises RoleMissingError for any other."""
    desks = receiving_offices(officer)
    if not desks:
        raise RoleMissingError(_("Only the front desk of a receiving office takes dossiers in."))
    return desks[0]


def _refuse_foreign(case: ProcedureCase) -> None:
    version = case.version
    if version.external_system:
        message = _("This procedure is handled in another system: %(system)s.") % {
            "system": version.external_system_name
        }
        raise DomainError(message, code="external_system", fields={"procedure": [message]})
    if version.procedure.current_id != version.pk:
        message = _("This version of the procedure is not the current one.")
        raise DomainError(message, fields={"procedure": [message]})


def _create(new: NewDossier, citizen: Citizen, office: Office, officer: Officer) -> Dossier:
    case, version = new.case, new.case.version
    commune = new.commune or citizen.commune
    return Dossier.objects.create(
        status=Status.SUBMITTED,
        procedure_version=version,
        case=case,
        citizen=citizen,
        commune=commune,
        receiving_office=office,
        deciding_office=resolve_office(
            version.deciding_office, "", commune=commune, receiving=office
        ),
        submitted_at=clock.now(),
        submitted_by=officer,
        submission_key=new.submission_key,
        budget_amount=0 if case.same_day else case.deadline_amount,
        budget_unit=Unit(case.deadline_unit),
        result_channel=new.result_channel,
    )


def _write_checklist(dossier: Dossier, new: NewDossier) -> None:
    checks = None if new.papers is None else {check.key: check for check in new.papers}
    documents = counter_documents(new.case)
    unknown = set(checks or {}) - {document.key for document in documents}
    if unknown:
        message = _("The procedure has no paper “%(key)s”.") % {"key": min(unknown)}
        raise DomainError(message, fields={"documents": [message]})
    DossierPaper.objects.bulk_create(_paper(dossier, document, checks) for document in documents)


def counter_documents(case: ProcedureCase) -> list[RequiredDocument]:
    """The papers of the case that are needed when filing at the counter, in order."""
    return [d for d in case.documents.all() if d.channels is None or "counter" in d.channels]


def _paper(
    dossier: Dossier, document: RequiredDocument, checks: dict[str, PaperCheck] | None
) -> DossierPaper:
    if checks is None:
        state = PaperState.ORIGINAL if document.required else PaperState.MISSING
        check = PaperCheck(document.key, state, document.originals or document.copies)
    else:
        check = checks.get(document.key) or PaperCheck(document.key, PaperState.MISSING, 0)
    if check.state == PaperState.DATABASE and not document.from_database:
        message = _("“%(paper)s” is in no database.") % {"paper": document.short_name}
        raise DomainError(message, fields={"documents": [message]})
    return DossierPaper(
        dossier=dossier,
        position=document.position,
        key=document.key,
        name=document.name,
        short_name=document.short_name,
        required=document.required,
        state=check.state,
        count=0 if check.state == PaperState.MISSING else max(check.count, 0),
    )


def _as_missing(paper: DossierPaper, case: ProcedureCase) -> MissingPaper:
    document = next(d for d in case.documents.all() if d.key == paper.key)
    return MissingPaper(
        name=document.short_name,
        original=document.originals > 0,
        copies=document.copies,
        key=document.key,
    )


def _missing_reason(missing: Sequence[DossierPaper]) -> str:
    """Words for the citizen, so Vietnamese whatever the officer's screen speaks."""
    return nfc(f"Chưa có {len(missing)} giấy tờ bắt buộc của thủ tục")
