"""Form 01 as issued: the data are frozen at acceptance, the PDF at its first print."""

import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from cases import printing
from cases.models import Dossier, IssuedForm
from cases.workflow import PaperState
from citizens.models import Citizen
from common import clock
from common.errors import NotFoundError
from offices.models import Officer


def freeze_receipt(dossier: Dossier, *, officer: Officer) -> None:
    """Keeps what form 01 says at acceptance. A second call for a dossier changes nothing."""
    if IssuedForm.objects.filter(dossier=dossier, kind=IssuedForm.Kind.RECEIPT).exists():
        return
    IssuedForm.objects.create(
        dossier=dossier,
        kind=IssuedForm.Kind.RECEIPT,
        data=json.dumps(receipt_data(dossier, officer=officer), ensure_ascii=False),
        issued_at=clock.now(),
        issued_by=officer,
    )


@transaction.atomic
def receipt_pdf(dossier: Dossier) -> bytes:
    """Form 01 as issued, byte for byte the same at every call.

    Printed at the first call and kept. Raises NotFoundError where no receipt was issued.
    """
    form = (
        IssuedForm.objects.select_for_update()
        .filter(dossier=dossier, kind=IssuedForm.Kind.RECEIPT)
        .first()
    )
    if form is None:
        raise NotFoundError(_("This dossier has no receipt yet."))
    if form.pdf is None:
        form.pdf = printing.receipt_pdf(json.loads(form.data))
        form.save(update_fields=["pdf"])
    return bytes(form.pdf)


def receipt_data(dossier: Dossier, *, officer: Officer) -> dict[str, Any]:
    """All fields of form 01 (Circular 03/2025, annex I) as plain values; instants ISO 8601."""
    citizen, office = dossier.citizen, dossier.receiving_office
    return {
        "code": dossier.code,
        "lookup_url": lookup_url(dossier),
        "lookup_code": dossier.lookup_code,
        "office": office.name,
        "office_parent": office.parent.name if office.parent else "",
        "office_address": office.address,
        "office_phone": office.phone,
        "full_name": citizen.full_name,
        "address": _postal_address(citizen),
        "phone": citizen.phone,
        "email": citizen.email,
        "procedure": dossier.procedure_version.name,
        "procedure_code": dossier.procedure_version.procedure.code,
        "case": dossier.case.name,
        "papers": [
            {"name": paper.name, "state": paper.state, "count": paper.count}
            for paper in dossier.papers.exclude(state=PaperState.MISSING)
        ],
        "budget_amount": dossier.budget_amount,
        "budget_unit": dossier.budget_unit,
        "received_at": dossier.received_at.isoformat() if dossier.received_at else "",
        "due_at": dossier.due_at.isoformat() if dossier.due_at else "",
        "result_channel": dossier.result_channel,
        "officer": officer.full_name,
    }


def _postal_address(citizen: Citizen) -> str:
    """House and street with the commune, without which no result sent by post arrives."""
    street, commune = citizen.address, citizen.commune
    if not street:
        return str(commune)
    return street if commune.name.lower() in street.lower() else f"{street}, {commune.name}"


def lookup_url(dossier: Dossier) -> str:
    """The absolute address behind the QR: a random token and nothing else."""
    return f"{settings.ONESTOP_PUBLIC_URL}/t/{dossier.lookup_token}"
