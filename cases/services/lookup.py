"""The typed look-up: code and second secret, limited by waiting."""

import hmac
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext as _

from cases.lookup import is_code, normal_code, normal_secret
from cases.models import Dossier
from cases.selectors.rules import portal_settings
from common import limits
from common.errors import DomainError
from common.fields import decrypt, encrypt, keyed_hash

EXAMPLE = "H20.118-261117-0043"
# The secret of an unknown code, or of a filer without phone: `normal_secret` leaves no space, so
# nobody can type it.
_NOTHING = " " * 4


def find_token(*, code: str, secret: str, address: str) -> str | None:
    """The look-up token for the right pair; None for an unknown code and a wrong secret alike.

    Raises DomainError: at field `code` when it is empty or no code at all, and with status 429 and
    the waiting time after too many wrong tries for the code, the address, or in all.
    """
    typed = normal_code(code)
    if not typed:
        raise DomainError("", fields={"code": [_("Enter the dossier code.")]})
    if not is_code(typed):
        raise DomainError(
            "", fields={"code": [_("A code looks like %(example)s.") % {"example": EXAMPLE}]}
        )
    keys = _limits(typed, address)
    _charge(keys)
    token, secrets = _secrets_of(typed)
    if not _is_one_of(normal_secret(secret), secrets) or token is None:
        return None
    limits.refund(keys)
    return token


def _limits(code: str, address: str) -> dict[str, int]:
    """Keys carry hashes: neither a code nor an address is readable in the broker."""
    most = portal_settings()
    return {
        f"lookup:code:{keyed_hash(code)[:32]}": most.lookup_tries_per_code,
        f"lookup:address:{keyed_hash(address)[:32]}": most.lookup_tries_per_address,
        "lookup:all": most.lookup_tries_in_all,
    }


def _charge(keys: dict[str, int]) -> None:
    wait_s = limits.charge(keys, window_s=settings.LOOKUP_WINDOW_S)
    if wait_s:
        message = _("Too many tries. Try again in %(n)s minutes or call %(hotline)s.") % {
            "n": -(-wait_s // 60),
            "hotline": settings.HOTLINE,
        }
        raise DomainError(message, code="too_many", status=429, retry_after_s=wait_s)


def _secrets_of(code: str) -> tuple[str | None, tuple[str, str]]:
    """The token and the two secrets of a dossier; for an unknown code the same work for nothing."""
    row = (
        Dossier.objects.filter(code=code)
        .values_list("lookup_token", "lookup_code", "citizen__phone")
        .first()
    )
    if row is None:
        decrypt(_nobodys_phone())
        return None, (_NOTHING, _NOTHING)
    token, lookup_code, phone = row
    return token, (lookup_code, phone[-4:] or _NOTHING)


@lru_cache(maxsize=1)
def _nobodys_phone() -> str:
    return encrypt("0950000000")


def _is_one_of(secret: str, secrets: tuple[str, str]) -> bool:
    """Compares with both, always, in constant time."""
    matches = [hmac.compare_digest(known.encode(), secret.encode()) for known in secrets]
    return any(matches)
