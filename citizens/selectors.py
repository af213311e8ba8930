"""Reads about citizens."""

from citizens.identity import parse_identity_number
from citizens.models import Citizen, Consent, Purpose
from common.fields import keyed_hash


def has_consent(citizen: Citizen, purpose: Purpose) -> bool | None:
    """The newest answer for the purpose; None when the citizen was never asked."""
    return (
        Consent.objects.filter(citizen=citizen, purpose=purpose)
        .order_by("-id")
        .values_list("granted", flat=True)
        .first()
    )


def consents_of(citizen: Citizen) -> dict[str, bool]:
    """The newest answer for each purpose that the citizen was ever asked about; one query."""
    newest = Consent.objects.filter(citizen=citizen).order_by("purpose", "-id").distinct("purpose")
    return dict(newest.values_list("purpose", "granted"))


def by_identity_number(text: str) -> Citizen | None:
    """The citizen with exactly this number. Raises DomainError when it is no number."""
    return (
        Citizen.objects.select_related("commune")
        .filter(identity_hash=keyed_hash(parse_identity_number(text)))
        .first()
    )
