"""Citizens of the demo, who plainly do not exist.

Identity numbers have the form that is asked for, and belong to nobody: the fourth digit, which
tells century and sex, is 8 or 9, the 24th century. Phones begin with 095, which no operator holds;
a phone that ends in 00 has no Zalo.
"""

import hashlib
from dataclasses import dataclass
from random import Random

from citizens.identity import international
from citizens.models import Purpose
from citizens.services import Applicant
from offices.models import Commune
from onestop.seed.names import citizen_name

_PROVINCES = ("082", "087")  # Tiền Giang and Đồng Tháp before the merger
# Where most of them live, so that one counter's list is worth looking at.
_HOME = ("28261", "28261", "28261", "28249", "29869", "29905", "28297", "28306")
_STREETS = ("Cá Linh", "Bông Súng", "Nước Nổi", "Chợ Nổi", "Vườn Cò", "Cầu Khỉ", "Bến Đò")


@dataclass(frozen=True)
class Person:
    """Somebody who hands in dossiers; a linked one has written to the official account."""

    applicant: Applicant
    is_linked: bool


def people(count: int, communes: dict[str, Commune]) -> list[Person]:
    """`count` persons, always the same ones, a third of them in phường Mỹ Tho and around."""
    chance = Random("people")
    homes = [communes[code] for code in _HOME if code in communes]
    everywhere = [communes[code] for code in sorted(communes)]
    return [
        _person(chance, number, chance.choice(homes if chance.random() < 0.6 else everywhere))
        for number in range(count)
    ]


def _person(chance: Random, number: int, commune: Commune) -> Person:
    has_phone = number % 25 != 11
    has_zalo = number % 13 != 7
    tail = f"{number:03d}{chance.randrange(1, 100):02d}" if has_zalo else f"{number:03d}00"
    phone = f"09500{tail}" if has_phone else ""
    applicant = Applicant(
        identity_number=(
            f"{chance.choice(_PROVINCES)}{chance.choice('89')}"
            f"{chance.randrange(100):02d}{number:06d}"
        ),
        full_name=citizen_name(chance),
        commune=commune,
        phone=phone,
        address=f"Số {chance.randrange(1, 400)} đường {chance.choice(_STREETS)}",
        consents={
            Purpose.DOSSIER: chance.random() < 0.9,
            Purpose.NEWS: chance.random() < 0.5,
        },
    )
    return Person(applicant, is_linked=has_phone and has_zalo and chance.random() < 0.1)


def zalo_user_id(phone: str) -> str:
    """The account that the sandbox gives to this phone, so that its screen shows one person."""
    number = hashlib.sha256(international(phone).encode()).digest()[:8]
    return f"66{int.from_bytes(number, 'big') % 10**17:017d}"
