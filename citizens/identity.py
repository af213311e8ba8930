"""Identity numbers, phone numbers and the text in a citizen card's QR: plain rules, no ORM."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from common.errors import DomainError
from common.text import nfc

LONGEST_NAME = 80
_MOBILE = re.compile(r"^0\d{9}$")
_LONG_NUMBER = re.compile(r"\d{6}")


def parse_identity_number(text: str) -> str:
    """The 12 digits of a citizen's identity number (số căn cước), spaces and dots dropped.

    Raises DomainError with the number of digits that were found.
    """
    digits = re.sub(r"[\s.\-]", "", nfc(text))
    if not digits.isascii() or not digits.isdigit() or len(digits) != 12:
        found = sum(c.isdigit() for c in digits)
        message = _("An ID number has 12 digits; this has %(found)s.") % {"found": found}
        raise DomainError(message, fields={"identity_number": [message]})
    return digits


def parse_full_name(text: str) -> str:
    """The name of a person or an organisation, NFC. Raises DomainError at field `full_name`.

    Digits belong to some ("Hợp tác xã số 2"); a number typed into the wrong field is no name.
    """
    name = nfc(text)
    if not name:
        raise _bad_name(_("Enter the full name."))
    is_number = _LONG_NUMBER.search(re.sub(r"[ .]", "", name)) is not None
    if is_number or len(name) > LONGEST_NAME or not any(c.isalpha() for c in name):
        words = _("Write the name in words, at most %(n)s characters.")
        raise _bad_name(words % {"n": LONGEST_NAME})
    return name


def _bad_name(message: str) -> DomainError:
    return DomainError(message, fields={"full_name": [message]})


def parse_phone(text: str) -> str:
    """A Vietnamese phone number as ten digits beginning with 0, from any usual spelling.

    Accepts +84, 84 and 0 in front, with spaces, dots or dashes. Raises DomainError otherwise.
    """
    digits = re.sub(r"[\s.\-()]", "", nfc(text))
    digits = re.sub(r"^\+?84(?=\d{9}$)", "0", digits)
    if not digits.isascii() or not _MOBILE.match(digits):
        message = _("A phone number has 10 digits and starts with 0.")
        raise DomainError(message, fields={"phone": [message]})
    return digits


def international(phone: str) -> str:
    """0951234567 as 84951234567, the spelling of the Zalo contract (3.1)."""
    return "84" + phone.removeprefix("0")


@dataclass(frozen=True)
class CardText:
    """What the QR of a citizen card (CCCD) says."""

    identity_number: str
    full_name: str
    birth_date: date | None
    gender: str
    address: str


def parse_card_text(text: str) -> CardText:
    """The fields of a card's QR text: number|old number|name|DDMMYYYY|gender|address|issued.

    Raises DomainError when it is no card text, and names a Vietnamese typing tool that has
    garbled it when the separators or letters show that.
    """
    parts = [part.strip() for part in nfc(text).split("|")]
    if len(parts) < 6:
        message = _("This is not the QR of a citizen card. Scan it again or type the number.")
        raise DomainError(message, code="not_a_card", fields={"scan": [message]})
    number = parse_identity_number(parts[0])
    name = nfc(parts[2])
    if not name or any(c.isdigit() or c == "\ufffd" for c in name):
        message = _(
            "A Vietnamese typing tool has garbled the card. "
            "Switch it off (Ctrl+Shift) and scan again."
        )
        raise DomainError(message, code="garbled_card", fields={"scan": [message]})
    return CardText(number, name, _birth_date(parts[3]), parts[4], nfc(parts[5]))


def _birth_date(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d%m%Y").date()
    except ValueError:
        return None
