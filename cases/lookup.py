"""What a citizen types to find a dossier, brought to the spelling of the receipt. Plain rules."""

import re

from common.text import nfc

_CODE = re.compile(r"^[A-Z]\d{2}(\.\d{2,3}){0,3}-\d{6}-\d{4,7}$")
_OWN = re.compile(r"([A-Z]\d{2})[.-]?(\d{3})[.-]?(\d{6})[.-]?(\d{4})")
_DASHES = re.compile(r"[\u2010-\u2015\u2212_]")


def normal_code(text: str) -> str:
    """Upper case, no spaces, 0 for the letter O: "h2o.118 -261117-0043" is H20.118-261117-0043.

    A code of the province is known without its marks too: "H20 118 261117 0043".
    """
    plain = _DASHES.sub("-", nfc(text).upper().replace(" ", "")).replace("O", "0")
    return _OWN.sub(r"\1.\2-\3-\4", plain) if _OWN.fullmatch(plain) else plain


def is_code(text: str) -> bool:
    """True for a well-formed dossier code (onestop-rules 2), of this province or another."""
    return bool(_CODE.match(text))


def normal_secret(text: str) -> str:
    """The look-up code as printed, or the last four digits of a phone number."""
    return nfc(text).upper().replace(" ", "")
