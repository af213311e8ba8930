"""Bearer tokens of the REST API."""

from common import tokens
from common.text import nfc
from offices.models import ApiToken, Officer


def create_api_token(*, officer: Officer, label: str = "") -> str:
    """A new token of the officer, given out once: only its digest is stored."""
    token = tokens.api_token()
    ApiToken.objects.create(officer=officer, digest=tokens.digest(token), label=nfc(label)[:60])
    return token
