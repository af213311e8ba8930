"""Finding dossiers by what an officer scans or types: code, receipt, card, number, phone, name."""

import re

from django.db.models import Q, QuerySet

from cases.models import Dossier
from cases.selectors import dossiers
from cases.selectors.access import HANDLE, visible_to
from citizens.identity import parse_card_text
from common.errors import DomainError
from common.text import fold, nfc
from offices.models import Officer

_RECEIPT = re.compile(r"/t/([\w-]{10,40})")


def exact(officer: Officer, text: str) -> Dossier | None:
    """The one dossier whose code, reference or receipt (the address in its QR) the text is."""
    receipt, word = _RECEIPT.search(text), "".join(text.split())
    if receipt:
        condition = Q(lookup_token=receipt.group(1))
    elif HANDLE.fullmatch(word):
        condition = Q(code=word.upper()) | Q(ref=word.lower())
    else:
        return None
    return visible_to(officer).filter(condition).only("code", "ref").first()


def matching(officer: Officer, text: str) -> QuerySet[Dossier]:
    """The officer's dossiers that fit the text, newest first.

    A whole identity number, the QR text of a card or a phone number fits exactly; anything else is
    words of code and filer's name, accents ignored.
    """
    words = _number_on_card(text) or nfc(text.replace("\0", ""))
    return dossiers.search(officer, text=words) if fold(words) else Dossier.objects.none()


def _number_on_card(text: str) -> str:
    try:
        return parse_card_text(text).identity_number
    except DomainError:
        return ""
