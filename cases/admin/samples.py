"""What a version would give the next citizen, on the page on which it is published."""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString

from cases import printing
from cases.models import Dossier, IssuedForm, ProcedureCase, ProcedureVersion
from cases.services.catalogue import rehearse
from common import panels
from common.errors import DomainError


@dataclass(frozen=True)
class Sample:
    """A dossier that was taken in to look at and is gone again.

    `pages` are data addresses of pictures of form 01; `refusal` says why there is nothing to see.
    """

    cases: Sequence[ProcedureCase]
    case: ProcedureCase
    due_at: datetime | None = None
    pages: Sequence[str] = ()
    panels: Sequence[SafeString] = ()
    refusal: str = ""


def sample_of(request: HttpRequest, version: ProcedureVersion) -> Sample | None:
    """The case that the address names, else the first; None for a version without cases."""
    cases = list(version.cases.select_related("version__procedure").order_by("position"))
    chosen = [case for case in cases if case.code == request.GET.get("case")]
    case = next(iter(chosen or cases), None)
    if case is None:
        return None
    try:
        receipt, due_at, told = rehearse(case, look=lambda dossier: _look(request, dossier))
    except DomainError as error:
        return Sample(cases, case, refusal=str(error))
    pages = [_address(png) for png in printing.receipt_pictures(json.loads(receipt))]
    return Sample(cases, case, due_at, pages, told)


def _look(
    request: HttpRequest, dossier: Dossier
) -> tuple[str, datetime | None, Sequence[SafeString]]:
    receipt = dossier.forms.get(kind=IssuedForm.Kind.RECEIPT)
    return receipt.data, dossier.due_at, panels.render(settings.SAMPLE_PANELS, request, dossier)


def _address(png: bytes) -> str:
    return f"data:image/png;base64,{b64encode(png).decode()}"
