"""Citizens for tests of every app."""

from citizens.models import Citizen, Consent, Purpose
from offices.models import Commune


def add_citizen(
    number: int = 1,
    *,
    commune: str = "28261",
    consents: tuple[Purpose, ...] = (Purpose.DOSSIER,),
) -> Citizen:
    """A plainly fictional person with a phone that nobody holds; `number` tells several apart."""
    citizen = Citizen.objects.create(
        identity_number=f"0821990{number:05d}",
        full_name="Nguyễn Thị Ưởng",
        phone=f"0951{number:05d}1",
        address="12 đường Thử Nghiệm",
        commune=Commune.objects.get(code=commune),
    )
    for purpose in consents:
        Consent.objects.create(
            citizen=citizen, purpose=purpose, granted=True, wording_version="test"
        )
    return citizen
