"""Who is behind a Zalo account: proven in the chat by the receipt's codes, or a one-time code."""

from dataclasses import dataclass

from cases.models import Dossier
from cases.services.lookup import find_token
from citizens.models import Purpose
from citizens.services import link_citizen, record_consent, redeem_link_code
from common import limits
from common.errors import DomainError
from common.fields import keyed_hash
from offices.models import Officer

# The words of the welcome and of the answer "linked": what the person agrees to by linking.
CHAT_WORDING = "chat-2026-11"
_ONE_TIME_TRIES, _ONE_TIME_WINDOW_S = 10, 900


@dataclass(frozen=True)
class TooMany:
    """The limits of the look-up are reached for this account, this code, or in all."""

    minutes: int


@dataclass(frozen=True)
class Proven:
    """Code and second secret belong together."""

    dossier: Dossier


def prove(*, user_id: str, code: str, secret: str) -> Proven | TooMany | None:
    """The dossier of a right pair; None for a wrong one, known code or not.

    The limits are those of the typed look-up, with the account in place of the address.
    """
    try:
        token = find_token(code=code, secret=secret, address=f"zalo {user_id}")
    except DomainError as error:
        if error.retry_after_s is None:
            return None
        return TooMany(-(-error.retry_after_s // 60))
    if token is None:
        return None
    return Proven(Dossier.objects.select_related("citizen").get(lookup_token=token))


def link_by_dossier(*, user_id: str, dossier: Dossier) -> bool:
    """Ties the account to the filer of a proven dossier; True when it was somebody else's before.

    By linking the person asks for messages about dossiers: this is recorded as their consent.
    """
    was_anothers = link_citizen(user_id=user_id, citizen=dossier.citizen)
    record_consent(
        citizen=dossier.citizen,
        purpose=Purpose.DOSSIER,
        granted=True,
        officer=None,
        wording_version=CHAT_WORDING,
    )
    return was_anothers


def link_officer(*, user_id: str, code: str) -> Officer | TooMany | None:
    """Ties the account to the officer whose one-time code this is; None for any other code."""
    keys = {f"linkcode:{keyed_hash(user_id)[:32]}": _ONE_TIME_TRIES}
    wait_s = limits.charge(keys, window_s=_ONE_TIME_WINDOW_S)
    if wait_s:
        return TooMany(-(-wait_s // 60))
    officer = redeem_link_code(user_id=user_id, code=code)
    if officer is not None:
        limits.refund(keys)
    return officer
