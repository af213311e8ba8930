"""Forms 01 and 02 as issued: what they say is frozen then, the PDF of each size at its first print.

Their fields are those of Circular 03/2025, annex I (onestop-rules 1.5).
"""

import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from cases import printing
from cases.models import Dossier, FormPrint, IssuedForm, SupplementRequest
from cases.printing import Sheet
from cases.services.codes import draw_form_number
from cases.workflow import PaperState
from citizens.models import Citizen
from common import clock
from common.errors import NotFoundError
from offices.models import Office, Officer

_PRINTERS = {
    IssuedForm.Kind.RECEIPT: printing.receipt_pdf,
    IssuedForm.Kind.SUPPLEMENT: printing.supplement_pdf,
}


def freeze_receipt(dossier: Dossier, *, officer: Officer) -> None:
    """Keeps what form 01 says at acceptance. A second call for a dossier changes nothing."""
    if IssuedForm.objects.filter(dossier=dossier, kind=IssuedForm.Kind.RECEIPT).exists():
        return
    IssuedForm.objects.create(
        dossier=dossier,
        kind=IssuedForm.Kind.RECEIPT,
        data=_frozen(receipt_data(dossier, officer=officer)),
        issued_at=clock.now(),
        issued_by=officer,
    )


def freeze_supplement(request: SupplementRequest, *, office: Office, officer: Officer) -> None:
    """Keeps what form 02 says, under the next number of `office`, which asks for the papers."""
    serial = draw_form_number(
        office=office, kind=IssuedForm.Kind.SUPPLEMENT, at=request.requested_at
    )
    data = supplement_data(request, serial=serial, office=office, officer=officer)
    IssuedForm.objects.create(
        dossier=request.dossier,
        kind=IssuedForm.Kind.SUPPLEMENT,
        number=request.number,
        serial=serial,
        data=_frozen(data),
        issued_at=request.requested_at,
        issued_by=officer,
    )


def receipt_pdf(dossier: Dossier, *, sheet: Sheet = Sheet.A5) -> bytes:
    """Form 01 as issued, byte for byte the same at every call.

    Printed at the first call and kept. Raises NotFoundError where no receipt was issued.
    """
    return _pdf(dossier, IssuedForm.Kind.RECEIPT, 1, sheet, _("This dossier has no receipt yet."))


def supplement_pdf(dossier: Dossier, *, number: int, sheet: Sheet = Sheet.A5) -> bytes:
    """Form 02 of request `number`, as `receipt_pdf`."""
    missing = _("This dossier has no such request for papers.")
    return _pdf(dossier, IssuedForm.Kind.SUPPLEMENT, number, sheet, missing)


def printable_requests(dossier: Dossier) -> set[int]:
    """The numbers of the requests for papers that have a form 02; one query."""
    forms = dossier.forms.filter(kind=IssuedForm.Kind.SUPPLEMENT)
    return set(forms.values_list("number", flat=True))


@transaction.atomic
def _pdf(dossier: Dossier, kind: IssuedForm.Kind, number: int, sheet: Sheet, missing: str) -> bytes:
    form = (
        IssuedForm.objects.select_for_update()
        .filter(dossier=dossier, kind=kind, number=number)
        .first()
    )
    if form is None:
        raise NotFoundError(missing)
    kept = form.prints.filter(sheet=sheet).first()
    if kept is not None and kept.pdf is not None:
        return bytes(kept.pdf)
    pdf = _PRINTERS[kind](json.loads(form.data), sheet)
    FormPrint.objects.create(form=form, sheet=sheet, pdf=pdf)
    return pdf


def receipt_data(dossier: Dossier, *, officer: Officer) -> dict[str, Any]:
    """All fields of form 01 as plain values; instants ISO 8601."""
    office = dossier.receiving_office
    return _head(dossier, office, officer) | {
        "office_address": office.address,
        "papers": [
            {"name": paper.name, "state": paper.state, "count": paper.count}
            for paper in dossier.papers.exclude(state=PaperState.MISSING)
        ],
        "budget_amount": dossier.budget_amount,
        "budget_unit": dossier.budget_unit,
        "received_at": dossier.received_at.isoformat() if dossier.received_at else "",
        "due_at": dossier.due_at.isoformat() if dossier.due_at else "",
        "result_channel": dossier.result_channel,
    }


def supplement_data(
    request: SupplementRequest, *, serial: int, office: Office, officer: Officer
) -> dict[str, Any]:
    """All fields of form 02 as plain values; instants ISO 8601."""
    dossier = request.dossier
    return _head(dossier, office, officer) | {
        "serial": serial,
        "items": [
            {
                "name": item.name,
                "originals": int(item.original),
                "copies": item.copies,
                "photocopies": item.photocopies,
            }
            for item in request.items.all()
        ],
        "reason": request.reason,
        "due_at": request.due_at.isoformat(),
        "requested_at": request.requested_at.isoformat(),
        "place": dossier.receiving_office.name,
        "place_address": dossier.receiving_office.address,
        "site": f"{settings.ONESTOP_PUBLIC_URL}/tra-cuu/",
    }


def _head(dossier: Dossier, office: Office, officer: Officer) -> dict[str, Any]:
    citizen = dossier.citizen
    return {
        "code": dossier.code or "",
        "lookup_url": lookup_url(dossier),
        "lookup_code": dossier.lookup_code,
        "office": office.name,
        "office_parent": office.parent.name if office.parent else "",
        "office_phone": office.phone,
        "full_name": citizen.full_name,
        "address": _postal_address(citizen),
        "phone": citizen.phone,
        "email": citizen.email,
        "procedure": dossier.procedure_version.name,
        "procedure_code": dossier.procedure_version.procedure.code,
        "case": dossier.case.name,
        "officer": officer.full_name,
    }


def _postal_address(citizen: Citizen) -> str:
    """House and street with the commune, without which no result sent by post arrives."""
    street, commune = citizen.address, citizen.commune
    if not street:
        return str(commune)
    return street if commune.name.lower() in street.lower() else f"{street}, {commune.name}"


def _frozen(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)


def lookup_url(dossier: Dossier) -> str:
    """The absolute address behind the QR: a random token and nothing else."""
    return f"{settings.ONESTOP_PUBLIC_URL}/t/{dossier.lookup_token}"
