"""Citizens for tests of every app, the journeys through a running demo included."""

from citizens.models import Citizen, Consent, Purpose
from offices.models import Commune

NAME = "Nguyễn Thị Ưởng"
"""Everybody's name: plainly fictional, and with the letters that go wrong first."""


def identity_number_of(number: int) -> str:
    """The identity number of the person with this number; it tells several apart."""
    return f"0821990{number:05d}"


def phone_of(number: int) -> str:
    """The phone of the person with this number, which nobody holds."""
    return f"0951{number:05d}1"


def add_citizen(
    number: int = 1,
    *,
    commune: str = "28261",
    consents: tuple[Purpose, ...] = (Purpose.DOSSIER,),
) -> Citizen:
    """A plainly fictional person with a phone that nobody holds; `number` tells several apart."""
    citizen = Citizen.objects.create(
        identity_number=identity_number_of(number),
        full_name=NAME,
        phone=phone_of(number),
        address="12 đường Thử Nghiệm",
        commune=Commune.objects.get(code=commune),
    )
    for purpose in consents:
        Consent.objects.create(
            citizen=citizen, purpose=purpose, granted=True, wording_version="test"
        )
    return citizen
